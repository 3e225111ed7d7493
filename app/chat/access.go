package chat

import (
	"cmp"
	"context"
	"errors"

	"parley/db"
)

// MaySeePhoto reports whether I may see a photo now: one in a message if I was there, the avatar of a
// group if I am a member, and any other as the avatar of somebody whom I may see. The zero Photo stands
// for one that does not exist: all that are refused take the same queries, so that the time of an
// answer does not reveal which photos there are.
func (c *Chat) MaySeePhoto(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	may, err := c.mayInRoom(ctx, me, p)
	if may || err != nil {
		return may, err
	}
	visible, err := c.maySeeAvatar(ctx, me, p)
	return visible && p.RoomID == 0, err
}

func (c *Chat) mayInRoom(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	member := c.CheckMember(ctx, me, p.RoomID)
	if member != nil && !errors.Is(member, ErrNotFound) {
		return false, member
	}
	spans, err := c.store.SpansOf(ctx, me.ID, p.RoomID)
	return err == nil && member == nil && (p.Seq == 0 || spans.Has(p.Seq)), err
}

// maySeeAvatar reports whether I may see a photo outside of rooms. One that is not yet anybody's avatar
// is visible only to its owner.
func (c *Chat) maySeeAvatar(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	owner, err := c.store.UserByID(ctx, cmp.Or(p.OwnerID, me.ID))
	if err != nil {
		return false, err
	}
	if p.OwnerID == me.ID {
		return true, nil
	}
	may, err := c.maySeePerson(ctx, me, p.OwnerID)
	return may && owner.PhotoID == p.ID, err
}

// maySeePerson reports whether I may see the avatar of an account; 0 is nobody's.
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
