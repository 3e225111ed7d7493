package chat

import (
	"context"
	"errors"

	"parley/db"
)

// SetGroupAvatar gives my group the photo that keep stores. keep is called for the owner only.
func (c *Chat) SetGroupAvatar(ctx context.Context, me db.User, room uint64, keep func(context.Context) (uint64, error)) error {
	r, _, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return notFound(err)
	}
	if !isOwner(r, me) {
		return ErrNotFound
	}
	id, err := keep(ctx)
	if err != nil {
		return err
	}
	err = c.setAvatar(ctx, me, room, id)
	if err != nil && !errors.Is(err, db.ErrUnknown) {
		c.deletePhotos(me, []db.Photo{{ID: id}})
	}
	return err
}

// RemoveGroupAvatar removes the photo of my group.
func (c *Chat) RemoveGroupAvatar(ctx context.Context, me db.User, room uint64) error {
	return c.setAvatar(ctx, me, room, 0)
}

func (c *Chat) setAvatar(ctx context.Context, me db.User, room, id uint64) error {
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) {
			return nil, ErrNotFound
		}
		if r.PhotoID == id {
			return nil, nil
		}
		if id != 0 {
			if err := tx.ClaimPhoto(ctx, db.Photo{ID: id, OwnerID: me.ID, RoomID: room}); err != nil {
				return nil, err
			}
		}
		return &db.Message{Kind: db.KindAvatarChanged, PhotoID: id}, tx.SetRoomPhoto(ctx, room, id)
	})
}
