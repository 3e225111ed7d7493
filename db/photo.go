package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Photo is one uploaded image. Its bytes are in PhotoSize rows, one for each derived size. It belongs
// to an entry of a room (RoomID and Seq), is the avatar of a group (RoomID alone) or of its owner, or
// was uploaded and never used.
type Photo struct {
	ID        uint64    `gorm:"primaryKey"`
	OwnerID   uint64    `gorm:"not null;index"`
	Type      string    `gorm:"size:32;not null"` // MIME type of what we encoded
	Width     int       `gorm:"not null"`         // of the largest size, in pixels
	Height    int       `gorm:"not null"`
	Bytes     int       `gorm:"not null"` // of all sizes together
	CreatedAt time.Time `gorm:"precision:6;not null;index"`
	// Seq comes first in the index, so that all photos without an entry are adjacent.
	Seq    uint64 `gorm:"not null;default:0;index:of_photos,priority:1"`
	RoomID uint64 `gorm:"not null;default:0;index:of_photos,priority:2;index:of_room"`
	Place  int    `gorm:"not null;default:0"`           // position among the photos of its entry, from 1
	Alt    string `gorm:"size:500;not null;default:''"` // alt text
	Sum    string `gorm:"size:64;not null;default:''"`  // SHA-256 of the upload, in hex
}

func (p *Photo) columns() columns[Photo] {
	return columns[Photo]{
		{"id", (*unsigned)(&p.ID)}, {"owner_id", (*unsigned)(&p.OwnerID)}, {"type", (*text)(&p.Type)}, {"width", (*number)(&p.Width)},
		{"height", (*number)(&p.Height)}, {"bytes", (*number)(&p.Bytes)}, {"created_at", (*moment)(&p.CreatedAt)}, {"seq", (*unsigned)(&p.Seq)},
		{"room_id", (*unsigned)(&p.RoomID)}, {"place", (*number)(&p.Place)}, {"alt", (*text)(&p.Alt)}, {"sum", (*text)(&p.Sum)},
	}
}

// PhotoSize holds the bytes of one size of a photo, in a table of its own so that lists never load them.
type PhotoSize struct {
	PhotoID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Size    string `gorm:"primaryKey;size:16"` // a name: "small", "large"
	Width   int    `gorm:"not null"`
	Height  int    `gorm:"not null"`
	Data    []byte `gorm:"size:16777215;not null"`
}

// TooLargeError is ErrTooLarge with figures, in bytes.
type TooLargeError struct{ Size, Limit int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("%v: %d bytes, and max_allowed_packet is %d", ErrTooLarge, e.Size, e.Limit)
}

func (e *TooLargeError) Unwrap() error { return ErrTooLarge }

// packetMargin is for what a statement has besides the largest value, in bytes.
const packetMargin = 1024

// CreatePhoto stores a photo with all its sizes and sets its ID. It returns a TooLargeError if the
// server does not accept one of them.
func (d *DB) CreatePhoto(ctx context.Context, p *Photo, sizes []PhotoSize) error {
	if err := d.checkPacket(ctx, sizes); err != nil {
		return err
	}
	return d.Tx(ctx, func(tx *DB) error {
		p.ID = 0
		if err := tx.create(ctx, p); err != nil {
			return err
		}
		for i := range sizes { // one by one, because the server bounds a statement
			sizes[i].PhotoID = p.ID
			if err := tx.create(ctx, &sizes[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkPacket asks beforehand, because a server ends the connection at a packet that is too large.
func (d *DB) checkPacket(ctx context.Context, sizes []PhotoSize) error {
	if d.sqlite {
		return nil
	}
	limit, err := d.maxPacket(ctx)
	if err != nil {
		return err
	}
	for _, s := range sizes {
		if len(s.Data)+packetMargin > limit {
			return &TooLargeError{Size: len(s.Data), Limit: limit}
		}
	}
	return nil
}

// PhotoByID returns a photo, or ErrNotFound.
func (d *DB) PhotoByID(ctx context.Context, id uint64) (Photo, error) {
	return one[Photo](d.in(ctx).Where("id = ?", id))
}

// PhotoBytes returns one size of a photo by its name, or ErrNotFound.
func (d *DB) PhotoBytes(ctx context.Context, id uint64, size string) (PhotoSize, error) {
	return one[PhotoSize](d.in(ctx).Where("photo_id = ? AND size = ?", id, size))
}

// PhotoUse returns the bytes that a person has stored, and the number of photos since a moment.
func (d *DB) PhotoUse(ctx context.Context, owner uint64, since time.Time) (bytes int64, recent int, err error) {
	var use struct {
		Bytes  int64
		Recent int
	}
	// The casts are for servers whose SUM is not a whole number.
	err = d.in(ctx).Raw("SELECT CAST(COALESCE(SUM(bytes), 0) AS SIGNED) AS bytes, "+
		"CAST(COALESCE(SUM(CASE WHEN created_at > ? THEN 1 ELSE 0 END), 0) AS SIGNED) AS recent FROM photos WHERE owner_id = ?",
		since, owner).Scan(&use).Error
	return use.Bytes, use.Recent, translate(err)
}

// DeletePhoto removes an owner's photo and its bytes.
func (d *DB) DeletePhoto(ctx context.Context, owner, id uint64) error {
	return d.deletePhoto(ctx, "id = ? AND owner_id = ?", id, owner)
}

// deletePhoto removes a photo, if a condition holds. Its bytes take the writer some 15 ms, so there is no
// way to remove several at once. A photo that a report keeps stays.
func (d *DB) deletePhoto(ctx context.Context, which string, values ...any) error {
	which += " AND " + notKept
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "DELETE FROM photo_sizes WHERE photo_id IN (SELECT id FROM photos WHERE "+which+")", values...); err != nil {
			return err
		}
		return tx.exec(ctx, "DELETE FROM photos WHERE "+which, values...)
	})
}

// dropPhotos takes photos away from everybody at once, and deletes them after the transaction, one by one. If
// that fails, DeleteOldPhotos does it.
func (d *DB) dropPhotos(ctx context.Context, which string, values ...any) error {
	n, err := d.affect(ctx, "UPDATE photos SET owner_id = 0, room_id = 0, seq = 0, place = 0, alt = '', sum = '', created_at = ? WHERE "+which,
		append([]any{time.Unix(0, 0).UTC()}, values...)...)
	if err != nil || n == 0 {
		return err
	}
	d.deleteDroppedAfter(ctx)
	return nil
}

// deleteDroppedAfter deletes photos that nobody owns after the transaction.
func (d *DB) deleteDroppedAfter(ctx context.Context) {
	d.afterCommit(func(d *DB) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, _ = d.deleteDropped(ctx)
	})
}

// deleteDropped deletes photos that nobody owns.
func (d *DB) deleteDropped(ctx context.Context) (n int, err error) {
	return d.deleteEach(ctx, d.in(ctx).Where("owner_id = 0 AND "+notKept), deleteBatch, "owner_id = 0")
}

// deleteEach deletes the photos of a query, up to limit, if a condition still holds. It returns the number of photos
// found.
func (d *DB) deleteEach(ctx context.Context, query *gorm.DB, limit int, which string) (int, error) {
	var ids []uint64
	if err := query.Model(&Photo{}).Order("id").Limit(limit).Pluck("id", &ids).Error; err != nil {
		return 0, translate(err)
	}
	for _, id := range ids {
		if err := d.deletePhoto(ctx, "id = ? AND "+which, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// unusedPhotos is the condition for photos that belong to no message, are nobody's avatar, and are not the
// server's logo. Only the user, the room or the setting that shows one refers to it. A setting is compared
// as a number: MySQL gives a number that becomes text another collation.
const unusedPhotos = "seq = 0 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = photos.owner_id AND u.photo_id = photos.id) " +
	"AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.id = photos.room_id AND r.photo_id = photos.id) " +
	"AND " + notLogo + " AND " + notKept

// notLogo is the condition for photos that are not the server's logo, whoever uploaded it.
const notLogo = "NOT EXISTS (SELECT 1 FROM settings s WHERE s.name = 'logo' AND photos.id = CAST(s.value AS UNSIGNED))"

// ClaimPhoto attaches an uploaded photo to an entry of a room, or to the room itself if Seq is 0.
// It returns ErrNotFound if the photo is not the owner's or belongs to a room already.
func (d *DB) ClaimPhoto(ctx context.Context, p Photo) error {
	n, err := d.affect(ctx, "UPDATE photos SET room_id = ?, seq = ?, place = ?, alt = ?, sum = ? WHERE id = ? AND owner_id = ? AND room_id = 0",
		p.RoomID, p.Seq, p.Place, p.Alt, p.Sum, p.ID, p.OwnerID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// PhotosOf maps entries of a room to their photos, in the order in which they are shown.
func (d *DB) PhotosOf(ctx context.Context, room uint64, seqs []uint64) (map[uint64][]Photo, error) {
	found := make(map[uint64][]Photo, len(seqs))
	for batch := range slices.Chunk(seqs, 500) {
		rows, err := all[Photo](d.in(ctx).Where("room_id = ? AND seq IN ?", room, batch).Order("seq, place"))
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			found[p.Seq] = append(found[p.Seq], p)
		}
	}
	return found, nil
}

// DeleteUnusedPhotos removes those of an owner's uploads that belong to no room.
func (d *DB) DeleteUnusedPhotos(ctx context.Context, owner uint64, ids []uint64) error {
	for _, id := range ids {
		if err := d.deletePhoto(ctx, "id = ? AND owner_id = ? AND room_id = 0", id, owner); err != nil {
			return err
		}
	}
	return nil
}

// DeleteOldPhotos removes up to limit unused photos uploaded before a moment, and returns the number that
// it found.
func (d *DB) DeleteOldPhotos(ctx context.Context, before time.Time, limit int) (int, error) {
	// The condition is repeated because one of them may have been used since.
	return d.deleteEach(ctx, d.in(ctx).Where(unusedPhotos+" AND created_at < ?", before), limit, unusedPhotos)
}
