package chat

import (
	"context"
	"time"

	"parley/db"
)

// checkMayPost returns ErrOnlyModerators if only moderators may post in a room, and somebody is not one.
func checkMayPost(ctx context.Context, tx *db.DB, r db.Room, user uint64) error {
	if !r.OnlyModerators {
		return nil
	}
	moderators, err := tx.ModeratorsAmong(ctx, r.ID, []uint64{user})
	if err == nil && !moderators[user] && r.OwnerID != user {
		err = ErrOnlyModerators
	}
	return err
}

// MayPost reports whether I may write in a room that I am in.
func (c *Chat) MayPost(ctx context.Context, me db.User, room uint64) (bool, error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	return !r.OnlyModerators || moderates(r, m), notFound(err)
}

// checkPace checks that posts keep to what the moderators of their rooms have set, who are exempt from it. It runs with
// the rooms' locks, so posts that come at the same moment, through whichever process, are looked at one after the other.
func (w *writing) checkPace(ctx context.Context, exempt func(*pending) bool) error {
	var slow []*pending
	for _, p := range w.batch {
		if w.rooms[p.entry.RoomID].SlowSeconds > 0 && !exempt(p) {
			slow = append(slow, p)
		}
	}
	last, err := w.tx.LastPosts(ctx, authors(slow))
	if err != nil {
		return err
	}
	var posted []db.RoomUser
	w.keep(func(p *pending) error {
		r, who := w.rooms[p.entry.RoomID], p.author()
		if !r.OnlyModerators && r.SlowSeconds == 0 || exempt(p) {
			return nil
		}
		if r.OnlyModerators {
			return ErrOnlyModerators
		}
		pace := time.Duration(r.SlowSeconds) * time.Second
		if at, before := last[who]; before && w.now.Sub(at) < pace {
			return &Later{Reason: ErrSlowMode, RetryAfter: min(pace-w.now.Sub(at), pace)}
		}
		last[who], posted = w.now, append(posted, who)
		return nil
	})
	return w.tx.SetLastPosts(ctx, posted, w.now)
}
