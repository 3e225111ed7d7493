package chat

import (
	"context"
	"errors"

	"parley/db"
)

// SetGroupAvatar gives my group the photo that keep stores. Only the owner is let as far as that.
func (c *Chat) SetGroupAvatar(ctx context.Context, me db.User, room uint64, keep func(context.Context) (uint64, error)) error {
	r, _, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return hidden(err)
	}
	if !mayChangeFace(r, me) {
		return ErrNotFound
	}
	id, err := keep(ctx)
	if err != nil {
		return err
	}
	err = c.face(ctx, me, room, id)
	if err != nil && !errors.Is(err, db.ErrUnknown) {
		c.drop(me, []db.Photo{{ID: id}})
	}
	return err
}

// RemoveGroupAvatar takes the photo of my group away.
func (c *Chat) RemoveGroupAvatar(ctx context.Context, me db.User, room uint64) error {
	return c.face(ctx, me, room, 0)
}

func (c *Chat) face(ctx context.Context, me db.User, room, id uint64) error {
	return c.add(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !mayChangeFace(r, me) {
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

func mayChangeFace(r db.Room, me db.User) bool { return r.Kind == db.RoomGroup && r.OwnerID == me.ID }
