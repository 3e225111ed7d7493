package chat

import (
	"context"
	"errors"

	"parley/db"
)

// MaySeePhoto reports whether I may see a photo now: one in a message if I was there, the avatar of a
// group if I am a member, and any other as the avatar of somebody whom I may see.
func (c *Chat) MaySeePhoto(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	if p.RoomID == 0 {
		return c.maySeeAvatar(ctx, me, p)
	}
	err := c.IsMember(ctx, me, p.RoomID)
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case p.Seq == 0:
		return true, nil
	}
	spans, err := c.store.SpansOf(ctx, me.ID, p.RoomID)
	return spans.Has(p.Seq), err
}

// maySeeAvatar reports whether I may see a photo outside of rooms. One that is not yet anybody's avatar
// is visible only to its owner.
func (c *Chat) maySeeAvatar(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	if p.OwnerID == me.ID {
		return true, nil
	}
	owner, err := c.store.UserByID(ctx, p.OwnerID)
	if err != nil || owner.PhotoID != p.ID {
		return false, err
	}
	return c.maySeePerson(ctx, me, p.OwnerID)
}

// maySeePerson reports whether I may see the avatar of an account.
func (c *Chat) maySeePerson(ctx context.Context, me db.User, other uint64) (bool, error) {
	if other == me.ID {
		return true, nil
	}
	f, err := c.store.Pair(ctx, me.ID, other)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, err
	}
	if r := relation(f, me.ID); err == nil && (r == RelationFriend || r == RequestReceived) {
		return true, nil
	}
	return c.store.ShareGroup(ctx, me.ID, other)
}
