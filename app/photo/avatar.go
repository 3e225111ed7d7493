package photo

import (
	"context"

	"parley/db"
)

// SetAvatar sets the avatar of a photo's owner, 0 for none, and deletes the previous one.
func (s *Store) SetAvatar(ctx context.Context, owner db.User, id uint64) error {
	if err := s.store.SetUserPhoto(ctx, owner.ID, id); err != nil || owner.PhotoID == 0 {
		return err
	}
	return s.Delete(ctx, owner.ID, owner.PhotoID)
}
