package chat

import (
	"context"
	"maps"
	"slices"
	"time"

	"parley/db"
)

// checkMayPost returns ErrOnlyModerators if a room is only for moderators to post in, and somebody is none.
func checkMayPost(ctx context.Context, tx *db.DB, r db.Room, user uint64) error {
	if !r.OnlyModerators {
		return nil
	}
	exempt, err := exemptIn(ctx, tx, r, []uint64{user})
	if err == nil && !exempt[user] {
		err = ErrOnlyModerators
	}
	return err
}

// MayPost reports whether I may write in a room that I am in.
func (c *Chat) MayPost(ctx context.Context, me db.User, room uint64) (bool, error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	return !r.OnlyModerators || moderates(r, m), notFound(err)
}

// exemptIn returns those of these people to whom the limits of a room do not apply.
func exemptIn(ctx context.Context, tx *db.DB, r db.Room, users []uint64) (map[uint64]bool, error) {
	exempt, err := tx.ModeratorsAmong(ctx, r.ID, users)
	if err == nil {
		exempt[r.OwnerID] = true
	}
	return exempt, err
}

// checkPosts holds that the posts of one transaction keep to what the moderators of their room have set. It
// runs with the room's lock, so posts that come at the same moment, through whichever process, are looked at
// one after the other.
func checkPosts(ctx context.Context, tx *db.DB, r db.Room, authors []uint64, batch []*pending, now time.Time) error {
	if r.SlowSeconds == 0 && !r.OnlyModerators {
		return nil
	}
	exempt, err := exemptIn(ctx, tx, r, authors)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(authors), func(a uint64) bool { return exempt[a] })
	if len(others) == 0 {
		return nil
	}
	if r.OnlyModerators {
		return ErrOnlyModerators
	}
	last, err := tx.LastPosts(ctx, r.ID, others)
	if err != nil {
		return err
	}
	pace := time.Duration(r.SlowSeconds) * time.Second
	posted := map[uint64]bool{}
	for _, p := range batch {
		author := p.entry.AuthorID
		if exempt[author] {
			continue
		}
		if at, before := last[author]; before && now.Sub(at) < pace {
			return &Later{Reason: ErrSlowMode, RetryAfter: min(pace-now.Sub(at), pace)}
		}
		last[author], posted[author] = now, true
	}
	return tx.SetLastPosts(ctx, r.ID, slices.Sorted(maps.Keys(posted)), now)
}
