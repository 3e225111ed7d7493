// Package photo decides what is a photo. Nothing that a person uploads is ever served: the
// bytes are recognised by what they are, their header is weighed before anything is decoded,
// and only pixels that we encoded again are kept, in the few sizes that the pages show. So
// a hostile file can at most be refused, and place and camera data end here.
package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"parley/db"
)

// What can be wrong with an upload. The sentences for people are made above.
var (
	ErrNotImage      = errors.New("photo: not a JPEG, PNG, GIF or WebP image")
	ErrTooLarge      = errors.New("photo: more than 10 MiB")
	ErrTooManyPixels = errors.New("photo: too many pixels to decode")
	ErrBusy          = errors.New("photo: other photos are being decoded")
	ErrQuota         = errors.New("photo: the owner has stored too much")
)

// MaxBytes is the largest upload that is looked at.
const MaxBytes = 10 << 20

const (
	quotaBytes    = 200 << 20        // what one person may have stored
	quotaPhotos   = 60               // what one person may send in an hour
	maxWait       = 5 * time.Second  // for other photos
	decodeTimeout = 10 * time.Second // for one photo, on a machine that is busy
)

// Store keeps photos, and decodes one at a time.
type Store struct {
	store    *db.DB
	now      func() time.Time
	decoding chan struct{}
}

// New makes the album of this process; there must be one only, because it decodes one at a time.
func New(store *db.DB, now func() time.Time) *Store {
	return &Store{store: store, now: now, decoding: make(chan struct{}, 1)}
}

// Save stores an upload in the sizes of its purpose and answers its row.
func (a *Store) Save(ctx context.Context, owner uint64, data []byte, p Purpose) (db.Photo, error) {
	cuts := p.sizes()
	if len(cuts) == 0 {
		return db.Photo{}, fmt.Errorf("photo: no such purpose: %d", p)
	}
	h, err := checkHeader(data)
	if err != nil {
		return db.Photo{}, err
	}
	if err := a.acquire(ctx); err != nil {
		return db.Photo{}, err
	}
	defer func() { <-a.decoding }()
	stored, err := a.checkQuota(ctx, owner)
	if err != nil {
		return db.Photo{}, err
	}
	made, err := process(ctx, data, h, cuts)
	if err != nil {
		return db.Photo{}, err
	}
	row := db.Photo{OwnerID: owner, Type: made.mime, Width: made.width, Height: made.height, CreatedAt: a.nowUTC()}
	if p == PurposeMessage { // so that a message with it is known again
		sum := sha256.Sum256(data)
		row.Sum = hex.EncodeToString(sum[:])
	}
	for _, s := range made.sizes {
		row.Bytes += len(s.Data)
	}
	if stored+int64(row.Bytes) > quotaBytes {
		return db.Photo{}, ErrQuota
	}
	return row, a.store.CreatePhoto(ctx, &row, made.sizes)
}

// Bytes loads one size of a photo, db.ErrNotFound when there is none.
func (a *Store) Bytes(ctx context.Context, id uint64, size string) (db.Photo, db.PhotoSize, error) {
	if size != Small && size != Large {
		return db.Photo{}, db.PhotoSize{}, db.ErrNotFound
	}
	row, err := a.store.PhotoByID(ctx, id)
	if err != nil {
		return db.Photo{}, db.PhotoSize{}, err
	}
	pixels, err := a.store.PhotoBytes(ctx, id, size)
	return row, pixels, err
}

// Delete removes a photo of that owner; dropping what is gone is no error.
func (a *Store) Delete(ctx context.Context, owner, id uint64) error {
	return a.store.DeletePhoto(ctx, owner, id)
}

// nowUTC is the clock in UTC, no finer than the databases store it.
func (a *Store) nowUTC() time.Time { return a.now().UTC().Truncate(time.Microsecond) }

// checkQuota is what a person has stored; ErrQuota when that, or what they sent in this hour, is
// enough. What was sent is counted apart from what is stored: changing the same photo
// over and over stores nothing, and decodes every time.
func (a *Store) checkQuota(ctx context.Context, owner uint64) (stored int64, err error) {
	now := a.nowUTC()
	stored, recent, err := a.store.PhotoUse(ctx, owner, now.Add(-time.Hour))
	if err != nil {
		return 0, err
	}
	if stored >= quotaBytes || recent >= quotaPhotos {
		return 0, ErrQuota
	}
	sent, err := a.store.CountUp(ctx, fmt.Sprintf("photo/%d", owner), time.Hour, now)
	if err != nil {
		return 0, err
	}
	if sent > quotaPhotos {
		return 0, ErrQuota
	}
	return stored, nil
}

// acquire waits until no other photo is being decoded: two at once need twice the memory.
func (a *Store) acquire(ctx context.Context) error {
	late := time.NewTimer(maxWait)
	defer late.Stop()
	select {
	case a.decoding <- struct{}{}:
		return nil
	case <-late.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}
