package photo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// unusedTTL is how long an upload may wait for what it was uploaded for.
const unusedTTL = 24 * time.Hour

// UploadError is why one of several uploads was not taken.
type UploadError struct {
	Index int
	Err   error
}

func (r *UploadError) Error() string { return fmt.Sprintf("upload %d: %v", r.Index+1, r.Err) }
func (r *UploadError) Unwrap() error { return r.Err }

// SaveAll stores all of these uploads or none, and answers their ids.
func (a *Store) SaveAll(ctx context.Context, owner uint64, uploads [][]byte, p Purpose) (ids []uint64, err error) {
	for i, data := range uploads { // before the first is decoded, because that is what costs
		if _, err := checkHeader(data); err != nil {
			return nil, &UploadError{i, err}
		}
	}
	for i, data := range uploads {
		row, err := a.Save(ctx, owner, data, p)
		if err != nil {
			return nil, errors.Join(&UploadError{i, err}, a.store.DeleteUnusedPhotos(context.WithoutCancel(ctx), owner, ids))
		}
		ids = append(ids, row.ID)
	}
	return ids, nil
}

// DeleteUnused removes the uploads that were never used. It is meant to be called now and then, by any
// process; two at once do no harm.
func (a *Store) DeleteUnused(ctx context.Context) error {
	const batch = 100
	for n := batch; n == batch; {
		var err error
		if n, err = a.store.DeleteOldPhotos(ctx, a.nowUTC().Add(-unusedTTL), batch); err != nil {
			return err
		}
	}
	return nil
}
