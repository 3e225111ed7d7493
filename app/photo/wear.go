package photo

import (
	"context"

	"parley/db"
)

// Find answers the row of a photo, db.ErrNotFound when there is none.
func (a *Album) Find(ctx context.Context, id uint64) (db.Photo, error) {
	return a.store.PhotoByID(ctx, id)
}

// Wear makes a photo the face of its owner, 0 none, and drops the one before it.
func (a *Album) Wear(ctx context.Context, owner db.User, id uint64) error {
	if err := a.store.SetUserPhoto(ctx, owner.ID, id); err != nil || owner.PhotoID == 0 {
		return err
	}
	return a.Drop(ctx, owner.ID, owner.PhotoID)
}
