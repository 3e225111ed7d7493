// Package photo checks, resizes and stores uploaded photos. No upload is ever served as it is: its type
// is detected from its content, its header is checked before anything is decoded, and only pixels that
// were encoded again are stored, in the few sizes that pages show. A hostile file can at most be
// refused, and location and camera data are removed.
package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"parley/db"
)

// The errors for uploads; app/web has a sentence for each.
var (
	ErrNotImage      = errors.New("photo: not a JPEG, PNG, GIF or WebP image")
	ErrDamaged       = errors.New("photo: damaged, or of a kind that nothing writes any more")
	ErrTooLarge      = errors.New("photo: more than 10 MiB")
	ErrTooManyPixels = errors.New("photo: more than 64 megapixels")
	ErrTooLong       = errors.New("photo: a side of more than 30,000 pixels")
	ErrTooManyWhole  = errors.New("photo: more than 12 megapixels of a kind that is not decoded row by row")
	ErrTooManyDeep   = errors.New("photo: a PNG of more than 50 megapixels with alpha, or 25 with 16 bits per channel")
	ErrTooComplex    = errors.New("photo: a JPEG of more than 64 scans")
	ErrBusy          = errors.New("photo: other photos are being decoded")
	ErrQuota         = errors.New("photo: the owner has stored too much")
)

// MaxBytes is the size of the largest accepted upload.
const MaxBytes = 10 << 20

// Bounds are what administrators allow, in bytes.
type Bounds struct {
	Upload int   // of a file, up to MaxBytes
	Stored int64 // of all photos of one person
}

// DefaultBounds are those of a server whose administrators have not decided.
var DefaultBounds = Bounds{Upload: MaxBytes, Stored: 200 << 20}

// BoundError is ErrTooLarge or ErrQuota with the bound, which differs by server.
type BoundError struct {
	Reason error
	Bytes  int64
}

func (b *BoundError) Error() string { return b.Reason.Error() }

// Unwrap returns the reason.
func (b *BoundError) Unwrap() error { return b.Reason }

const (
	quotaPhotos   = 60               // uploaded per person and hour
	decodeTimeout = 10 * time.Second // per photo, with time to spare for a busy machine
	unusedTTL     = 24 * time.Hour   // for an upload that is never used
)

// Store stores photos, and decodes one at a time.
type Store struct {
	store  *db.DB
	now    func() time.Time
	bounds func(ctx context.Context) Bounds
	turns  *turns
	Stats  Stats
}

// Stats counts the outcomes of uploads since the start.
type Stats struct {
	Stored  atomic.Uint64
	Refused atomic.Uint64 // because of what was sent, or of whoever sent it
	Failed  atomic.Uint64 // because of the server, or because it was busy
}

// refusals are the errors of uploads that are refused for what they are, or for how much their owner has.
var refusals = []error{ErrNotImage, ErrDamaged, ErrTooLarge, ErrTooManyPixels, ErrTooLong, ErrTooManyWhole, ErrTooManyDeep, ErrTooComplex, ErrQuota}

func (s *Stats) count(err error) {
	switch {
	case err == nil:
		s.Stored.Add(1)
	case slices.ContainsFunc(refusals, func(why error) bool { return errors.Is(err, why) }):
		s.Refused.Add(1)
	default:
		s.Failed.Add(1)
	}
}

// New returns the Store of this process. There must be only one, because it decodes one photo at a time.
func New(store *db.DB, now func() time.Time, bounds func(ctx context.Context) Bounds) *Store {
	return &Store{store: store, now: now, bounds: bounds, turns: newTurns(now)}
}

// Save stores an upload in the sizes of its purpose and returns its row.
func (s *Store) Save(ctx context.Context, owner uint64, data []byte, p Purpose) (db.Photo, error) {
	row, err := s.save(ctx, owner, data, p)
	s.Stats.count(err)
	return row, err
}

func (s *Store) save(ctx context.Context, owner uint64, data []byte, p Purpose) (db.Photo, error) {
	sizes := p.sizes()
	if len(sizes) == 0 {
		return db.Photo{}, fmt.Errorf("photo: unknown purpose: %d", p)
	}
	bounds := s.bounds(ctx)
	if len(data) > bounds.Upload {
		return db.Photo{}, &BoundError{ErrTooLarge, int64(bounds.Upload)}
	}
	h, err := checkHeader(data, sizes)
	if err != nil {
		return db.Photo{}, err
	}
	done, err := s.turns.acquire(ctx, owner, h.width*h.height)
	if err != nil {
		return db.Photo{}, err
	}
	defer done()
	stored, err := s.checkQuota(ctx, owner, bounds)
	if err != nil {
		return db.Photo{}, err
	}
	made, err := process(ctx, h, sizes)
	if err != nil {
		return db.Photo{}, err
	}
	row := db.Photo{OwnerID: owner, Type: made.mime, Width: made.width, Height: made.height, CreatedAt: s.nowUTC()}
	if p == PurposeMessage { // so that a repeated post is recognized
		sum := sha256.Sum256(data)
		row.Sum = hex.EncodeToString(sum[:])
	}
	for _, r := range made.sizes {
		row.Bytes += len(r.Data)
	}
	if stored+int64(row.Bytes) > bounds.Stored {
		return db.Photo{}, &BoundError{ErrQuota, bounds.Stored}
	}
	err = s.store.CreatePhoto(ctx, &row, made.sizes)
	return row, err
}

// Waiting returns the number of photos that wait to be decoded.
func (s *Store) Waiting() int { return s.turns.length() }

// Photo returns the row of a photo, or db.ErrNotFound.
func (s *Store) Photo(ctx context.Context, id uint64) (db.Photo, error) {
	return s.store.PhotoByID(ctx, id)
}

// Bytes returns a photo with the bytes of one of its sizes, or db.ErrNotFound.
func (s *Store) Bytes(ctx context.Context, id uint64, size string) (db.Photo, db.PhotoSize, error) {
	if size != Small && size != Large {
		return db.Photo{}, db.PhotoSize{}, db.ErrNotFound
	}
	row, err := s.store.PhotoByID(ctx, id)
	if err != nil {
		return db.Photo{}, db.PhotoSize{}, err
	}
	pixels, err := s.store.PhotoBytes(ctx, id, size)
	return row, pixels, err
}

// Delete deletes an owner's photo. It is not an error if there is none.
func (s *Store) Delete(ctx context.Context, owner, id uint64) error {
	return s.store.DeletePhoto(ctx, owner, id)
}

// nowUTC returns the time in UTC, truncated to what the databases store.
func (s *Store) nowUTC() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// checkQuota counts an upload and returns the bytes that its owner has stored, or ErrQuota over either
// limit. Uploads are counted apart from stored photos, because replacing a photo again and again
// stores nothing more, but decodes every time.
func (s *Store) checkQuota(ctx context.Context, owner uint64, bounds Bounds) (stored int64, err error) {
	now := s.nowUTC()
	stored, recent, err := s.store.PhotoUse(ctx, owner, now.Add(-time.Hour))
	if err != nil {
		return 0, err
	}
	if stored >= bounds.Stored || recent >= quotaPhotos {
		return 0, &BoundError{ErrQuota, bounds.Stored}
	}
	uploads, err := s.store.CountUp(ctx, fmt.Sprintf("photo/%d", owner), time.Hour, now)
	if err != nil {
		return 0, err
	}
	if uploads > quotaPhotos {
		return 0, &BoundError{ErrQuota, bounds.Stored}
	}
	return stored, nil
}

// DeleteUnused deletes uploads that were never used. It is to be called from time to time, by any process;
// two at once do no harm.
func (s *Store) DeleteUnused(ctx context.Context) error {
	const batch = 100
	for n := batch; n == batch; {
		var err error
		if n, err = s.store.WithPriority(db.Idle).DeleteOldPhotos(ctx, s.nowUTC().Add(-unusedTTL), batch); err != nil {
			return err
		}
	}
	return nil
}
