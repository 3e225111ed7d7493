package invite

import (
	"context"
	"errors"
	"net/netip"
	"strconv"

	"parley/app/auth"
	"parley/app/chat"
	"parley/db"
)

// Found is the invitation that a link leads to.
type Found struct {
	db.Invitation
	Inviter db.User
	Rooms   []db.Room // those that it still leads into
}

// Find returns the invitation of a token. ErrNone is the one answer for all that cannot be accepted: used up,
// expired, revoked, of somebody who may not invite any more, or unknown. Too many of those from one address
// are *auth.Throttled.
func (i *Invitations) Find(ctx context.Context, from netip.Addr, token string) (f Found, err error) {
	err = i.accounts.FollowLink(ctx, from, func() error {
		f, err = i.find(ctx, token)
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return Found{}, ErrNone
	}
	return f, err
}

// FindFor is Find for somebody who is signed in: ErrNone also for people whom the inviter blocks. used
// reports whether they have accepted it already, whatever happened to it since.
func (i *Invitations) FindFor(ctx context.Context, from netip.Addr, me db.User, token string) (f Found, used bool, err error) {
	if used, err := i.hasUsed(ctx, me, token); used || err != nil {
		return f, used, err
	}
	if f, err = i.Find(ctx, from, token); err != nil {
		return f, false, err
	}
	if err := i.chat.CheckArrive(ctx, f.Inviter, me); errors.Is(err, chat.ErrNotFound) {
		return Found{}, false, ErrNone
	} else if err != nil && !errors.Is(err, chat.ErrBlocking) { // which the button says
		return Found{}, false, err
	}
	return f, false, nil
}

// find is Find without counting. db.ErrNotFound is for what cannot be accepted.
func (i *Invitations) find(ctx context.Context, token string) (f Found, err error) {
	if !isToken(token) {
		return f, db.ErrNotFound
	}
	if f.Invitation, f.Inviter, err = i.store.InvitationByHash(ctx, hashOf(token)); err != nil {
		return f, err
	}
	if !f.IsOpen(i.now()) || f.Inviter.IsSuspended || f.Inviter.DeleteAt != nil || f.Inviter.IsDeleted || i.CheckInvite(ctx, f.Inviter) != nil {
		return f, db.ErrNotFound
	}
	rooms, err := i.store.RoomsOfInvitations(ctx, []uint64{f.ID})
	for _, r := range rooms[f.ID] {
		if leadsInto(r, f.Inviter) {
			f.Rooms = append(f.Rooms, r)
		}
	}
	return f, err
}

// Own reports whether a token is that of an invitation of mine that can be accepted.
func (i *Invitations) Own(ctx context.Context, me db.User, token string) (bool, error) {
	f, err := i.find(ctx, token)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil && f.InviterID == me.ID, err
}

// SignUp makes an account for somebody who comes by an invitation, and lets them in. Its errors are those of
// Find and of auth.SignUp.
func (i *Invitations) SignUp(ctx context.Context, from netip.Addr, token string, n auth.Newcomer) (u db.User, a chat.Arrival, err error) {
	f, err := i.Find(ctx, from, token)
	if err != nil {
		return db.User{}, a, err
	}
	u, err = i.accounts.SignUpThrough(ctx, from, n, func(create func(*db.DB) (db.User, error)) error {
		arrival, err := i.arrive(ctx, f, true, create)
		a = arrival
		return err
	})
	return u, a, err
}

// Accept lets somebody in who has an account. Whoever has everything that the invitation gives already takes no use,
// and whoever has accepted it before, with a button that was pressed twice, gets nothing again.
func (i *Invitations) Accept(ctx context.Context, from netip.Addr, me db.User, token string) (a chat.Arrival, err error) {
	if used, err := i.hasUsed(ctx, me, token); used || err != nil {
		return a, err
	}
	f, err := i.Find(ctx, from, token)
	switch {
	case err != nil:
		return a, err
	case f.InviterID == me.ID:
		return a, ErrOwn
	}
	a, err = i.arrive(ctx, f, false, func(tx *db.DB) (db.User, error) {
		return me, i.count(ctx, tx, "accept/"+strconv.FormatUint(me.ID, 10), maxAcceptances, ErrOften)
	})
	if errors.Is(err, db.ErrDuplicate) { // the same button, at the same moment
		return chat.Arrival{}, nil
	}
	return a, err
}

// hasUsed reports whether I have accepted the invitation of a token, whatever happened to it since.
func (i *Invitations) hasUsed(ctx context.Context, me db.User, token string) (bool, error) {
	if !isToken(token) {
		return false, nil
	}
	invitation, _, err := i.store.InvitationByHash(ctx, hashOf(token))
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return i.store.HasUsedInvitation(ctx, invitation.ID, me.ID)
}

// arrive takes a use for whoever who returns, and lets them in, all in one transaction.
func (i *Invitations) arrive(ctx context.Context, f Found, isNew bool, who func(tx *db.DB) (db.User, error)) (chat.Arrival, error) {
	rooms := make([]uint64, len(f.Rooms))
	for n, r := range f.Rooms {
		rooms[n] = r.ID
	}
	invited := chat.Invited{Inviter: f.Inviter, Befriends: f.Befriends, Rooms: rooms, IsNew: isNew}
	a, err := i.chat.Arrive(ctx, invited, func(tx *db.DB) (db.User, error) {
		if err := tx.UseInvitation(ctx, f.ID, i.now()); err != nil {
			return db.User{}, err
		}
		u, err := who(tx)
		if err != nil {
			return db.User{}, err
		}
		return u, tx.AddInvitationUse(ctx, f.ID, u.ID)
	})
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, chat.ErrNotFound) { // it was the last use, or a block
		return a, ErrNone
	}
	return a, err
}
