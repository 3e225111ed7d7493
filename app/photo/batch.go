package photo

import (
	"context"
	"errors"
	"fmt"
)

// UploadError is the error for one of several uploads.
type UploadError struct {
	Index int
	Err   error
}

func (e *UploadError) Error() string { return fmt.Sprintf("upload %d: %v", e.Index+1, e.Err) }
func (e *UploadError) Unwrap() error { return e.Err }

// SaveAll stores all of these uploads or none, and returns their ids.
func (s *Store) SaveAll(ctx context.Context, owner uint64, uploads [][]byte, p Purpose) (ids []uint64, err error) {
	for i, data := range uploads { // before decoding the first, which is what costs
		if _, err := checkHeader(data, p.sizes()); err != nil {
			s.Stats.count(err)
			return nil, &UploadError{i, err}
		}
	}
	for i, data := range uploads {
		row, err := s.Save(ctx, owner, data, p)
		if err != nil {
			return nil, errors.Join(&UploadError{i, err}, s.store.DeleteUnusedPhotos(context.WithoutCancel(ctx), owner, ids))
		}
		ids = append(ids, row.ID)
	}
	return ids, nil
}
