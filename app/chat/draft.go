package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

const (
	// MaxPhotos is the most photos that one message may have.
	MaxPhotos = 10
	// MaxAlt is the longest alt text of a photo, in characters.
	MaxAlt = 500
)

// Draft is a message on its way in.
type Draft struct {
	Key     string // the client's idempotency key; without one the post cannot be repeated
	Body    string
	ReplyTo uint64 // the seq of the message that this one answers; 0 for none
	Session uint64 // its author's, which is checked when the message is stored; 0 if the caller has checked it
	Photos  []Upload
	Keep    func(context.Context) ([]uint64, error) // stores those uploads that are not yet, once it is known that they are wanted
}

// Upload is a photo on its way in. Those that are stored already come before the others.
type Upload struct {
	ID  uint64 // of one that is stored already, 0 for others
	Sum string // SHA-256 of its bytes, in hex: the same bytes are the same photo
	Alt string // what it shows, in words
}

// cleanDraft returns a draft as it is stored. With photos there need not be a text.
func cleanDraft(draft Draft) (Draft, error) {
	var err error
	if draft.Body, err = cleanBody(draft.Body); errors.Is(err, ErrEmpty) && len(draft.Photos) > 0 {
		draft.Body, err = "", nil
	}
	if err != nil {
		return draft, err
	}
	draft.Photos, err = cleanUploads(draft.Photos)
	return draft, err
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
	alt, err := text.Line(alt)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadAlt, err)
	}
	if utf8.RuneCountInString(alt) > MaxAlt {
		return "", ErrBadAlt
	}
	return alt, nil
}

// storePhotos stores the photos of a draft for a member, before the room's lock is taken: that takes
// its time.
func (c *Chat) storePhotos(ctx context.Context, me db.User, room uint64, draft Draft) ([]db.Photo, error) {
	if len(draft.Photos) == 0 {
		return nil, nil
	}
	if err := c.CheckMember(ctx, me, room); err != nil {
		return nil, err
	}
	var ids []uint64
	for _, u := range draft.Photos[:draft.stored()] {
		ids = append(ids, u.ID)
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

// stored returns the number of photos of a draft that were stored before.
func (d Draft) stored() int {
	n := slices.IndexFunc(d.Photos, func(u Upload) bool { return u.ID == 0 })
	if n < 0 {
		return len(d.Photos)
	}
	return n
}

// deletePhotos removes the photos of a message that was refused. If that fails too, they are
// removed later as unused.
func (c *Chat) deletePhotos(me db.User, photos []db.Photo) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	ids := make([]uint64, len(photos))
	for i, p := range photos {
		ids[i] = p.ID
	}
	_ = c.store.DeleteUnusedPhotos(ctx, me.ID, ids)
}

// isSame reports whether a stored message is what a draft says.
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
