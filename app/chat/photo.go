package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

const (
	// MaxPhotos is how many photos one message may have.
	MaxPhotos = 10
	// MaxAlt is the longest description of a photo, in characters.
	MaxAlt = 500
)

// Upload is a photo on its way in. Those that are stored already come before the others.
type Upload struct {
	ID  uint64 // of one that is stored already, 0 for others
	Sum string // SHA-256 of its bytes, in hex: the same bytes are the same photo
	Alt string // what it shows, in words
}

func cleanUploads(uploads []Upload) ([]Upload, error) {
	if len(uploads) > MaxPhotos {
		return nil, ErrTooManyPhotos
	}
	clean := slices.Clone(uploads)
	for i := range clean {
		if clean[i].ID != 0 && clean[i].Sum == "" {
			return nil, ErrPhotoGone
		}
		var err error
		if clean[i].Alt, err = cleanAlt(clean[i].Alt); err != nil {
			return nil, err
		}
	}
	return clean, nil
}

// cleanAlt makes one line of what somebody wrote about a photo.
func cleanAlt(alt string) (string, error) {
	alt = text.OneLine(alt)
	if !utf8.ValidString(alt) || utf8.RuneCountInString(alt) > MaxAlt || strings.ContainsFunc(alt, text.IsControl) {
		return "", ErrBadAlt
	}
	return alt, nil
}

// keep stores the photos of a draft for a member, before the room's lock is taken: that takes its time.
func (c *Chat) keep(ctx context.Context, me db.User, room uint64, draft Draft) ([]db.Photo, error) {
	if len(draft.Photos) == 0 {
		return nil, nil
	}
	if _, _, err := c.store.RoomOf(ctx, me.ID, room); err != nil {
		return nil, hidden(err)
	}
	var ids []uint64
	for _, one := range draft.Photos[:draft.stored()] {
		ids = append(ids, one.ID)
	}
	if len(ids) < len(draft.Photos) {
		fresh, err := draft.Keep(ctx)
		if err != nil {
			return nil, err
		}
		ids = append(ids, fresh...)
	}
	if len(ids) != len(draft.Photos) {
		return nil, fmt.Errorf("chat: %d of %d photos were kept", len(ids), len(draft.Photos))
	}
	photos := make([]db.Photo, len(ids))
	for i, id := range ids {
		photos[i] = db.Photo{ID: id, OwnerID: me.ID, RoomID: room, Place: i + 1, Alt: draft.Photos[i].Alt, Sum: draft.Photos[i].Sum}
	}
	return photos, nil
}

// stored is how many of the photos of a draft were stored before.
func (d Draft) stored() int {
	n := slices.IndexFunc(d.Photos, func(u Upload) bool { return u.ID == 0 })
	if n < 0 {
		return len(d.Photos)
	}
	return n
}

// drop removes the photos of a message that was not taken. If that fails too, they are swept later.
func (c *Chat) drop(me db.User, photos []db.Photo) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	ids := make([]uint64, len(photos))
	for i, p := range photos {
		ids[i] = p.ID
	}
	_ = c.store.DeleteUnusedPhotos(ctx, me.ID, ids)
}

// claim puts photos into the entries that they came with. Whoever reads those sees them whole.
func claim(ctx context.Context, tx *db.DB, group []*waiting) error {
	for _, one := range group {
		for _, p := range one.photos {
			p.Seq = one.entry.Seq
			err := tx.ClaimPhoto(ctx, p)
			if errors.Is(err, db.ErrNotFound) {
				return ErrPhotoGone
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// isSame tells whether a stored message is what a draft says.
func (c *Chat) isSame(ctx context.Context, m db.Message, draft Draft) (bool, error) {
	if m.Body != draft.Body || m.TargetSeq != draft.ReplyTo || m.PhotoCount != len(draft.Photos) {
		return false, nil
	}
	if m.PhotoCount == 0 {
		return true, nil
	}
	found, err := c.store.PhotosOf(ctx, m.RoomID, []uint64{m.Seq})
	return slices.EqualFunc(found[m.Seq], draft.Photos, func(p db.Photo, u Upload) bool { return p.Sum == u.Sum }), err
}

// MaySeePhoto tells whether I may see a photo now: one in a message as a member who was there, the
// face of a group as a member, and any other as the face of somebody whom I may see.
func (c *Chat) MaySeePhoto(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	if p.RoomID == 0 {
		return c.maySeeFace(ctx, me, p)
	}
	if _, _, err := c.store.RoomOf(ctx, me.ID, p.RoomID); err != nil {
		if errors.Is(err, db.ErrNotFound) {
			err = nil
		}
		return false, err
	}
	if p.Seq == 0 {
		return true, nil
	}
	spans, err := c.store.SpansOf(ctx, me.ID, p.RoomID)
	return slices.ContainsFunc(spans, func(s db.Span) bool { return s.Has(p.Seq) }), err
}

// maySeeFace shows a photo that nobody wears, because it is on its way, to its owner alone.
func (c *Chat) maySeeFace(ctx context.Context, me db.User, p db.Photo) (bool, error) {
	if p.OwnerID == me.ID {
		return true, nil
	}
	owner, err := c.store.UserByID(ctx, p.OwnerID)
	if err != nil || owner.PhotoID != p.ID {
		return false, err
	}
	return c.MaySeePerson(ctx, me, p.OwnerID)
}
