package invite

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/db"
)

// Wish is what an invitation should be.
type Wish struct {
	Uses, Days int
	Rooms      []uint64
	ServerWide bool // an administrator's: whoever comes does not become their friend
}

// check returns what is wrong with a wish.
func (w Wish) check() error {
	switch {
	case w.Uses < 1 || w.Uses > MaxUses:
		return ErrUses
	case w.Days < 1 || w.Days > MaxDays:
		return ErrDays
	case len(w.Rooms) > MaxRooms:
		return ErrRooms
	}
	return nil
}

// tokenBytes are 128 bits.
const tokenBytes = 16

// Make makes an invitation and returns the token for its link, which is not stored.
func (i *Invitations) Make(ctx context.Context, me db.User, w Wish) (token string, err error) {
	if err := i.CheckInvite(ctx, me); err != nil {
		return "", err
	}
	slices.Sort(w.Rooms)
	w.Rooms = slices.Compact(w.Rooms)
	if err := w.check(); err != nil {
		return "", err
	}
	secret := make([]byte, tokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(secret)
	now := i.now()
	err = i.store.Tx(ctx, func(tx *db.DB) error {
		if err := i.count(ctx, tx, "invite/"+strconv.FormatUint(me.ID, 10), maxPerDay, ErrTooMany); err != nil {
			return err
		}
		rooms, err := tx.RoomsOf(ctx, me.ID, w.Rooms)
		if err != nil {
			return err
		}
		if len(rooms) != len(w.Rooms) || slices.ContainsFunc(rooms, func(r db.Room) bool { return !leadsInto(r, me) }) {
			return ErrRooms
		}
		return tx.AddInvitation(ctx, &db.Invitation{TokenHash: hashOf(token), InviterID: me.ID, Uses: w.Uses, Befriends: !w.ServerWide || !me.IsAdmin,
			CreatedAt: now, ExpiresAt: now.Add(time.Duration(w.Days) * 24 * time.Hour)}, w.Rooms)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// leadsInto reports whether an invitation of somebody can lead into a room that they are in.
func leadsInto(r db.Room, inviter db.User) bool {
	return r.IsOpen && (r.Kind == db.RoomOpen || r.Kind == db.RoomGroup && r.OwnerID == inviter.ID)
}

// RoomsToOffer lists the rooms that I can invite people to.
func (i *Invitations) RoomsToOffer(ctx context.Context, me db.User) ([]db.Room, error) {
	return i.chat.RoomsToOffer(ctx, me)
}

// hashOf returns what is stored of a token.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// isToken reports whether a text can be a token that Make has returned, in its only spelling.
func isToken(text string) bool {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(secret) == tokenBytes && len(text) == base64.RawURLEncoding.EncodedLen(tokenBytes)
}
