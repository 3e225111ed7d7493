package photo

import (
	"context"

	"parley/db"
)

// Photo answers the row of a photo, db.ErrNotFound when there is none.
func (a *Store) Photo(ctx context.Context, id uint64) (db.Photo, error) {
	return a.store.PhotoByID(ctx, id)
}

// SetAvatar makes a photo the face of its owner, 0 none, and drops the one before it.
func (a *Store) SetAvatar(ctx context.Context, owner db.User, id uint64) error {
	if err := a.store.SetUserPhoto(ctx, owner.ID, id); err != nil || owner.PhotoID == 0 {
		return err
	}
	return a.Delete(ctx, owner.ID, owner.PhotoID)
}
