package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

// MaxBody is the longest message, in characters.
const MaxBody = 4000

// maxKey is the longest key that a client may choose, in bytes.
const maxKey = 64

// pageKey begins the keys that we write into pages ourselves. A page without scripts has one key
// for whatever is typed into it, so what is stored is a hash of the key with the text and the
// photos: sending the form twice is one message, going back and changing something is another.
const pageKey = "n."

// Draft is a message on its way in.
type Draft struct {
	Key     string // the client's idempotency key; without one the post cannot be repeated
	Body    string
	ReplyTo uint64 // the seq of the message that this one answers; 0 for none
	Photos  []Upload
	Keep    func(context.Context) ([]uint64, error) // stores those uploads that are not yet, once it is known that they are wanted
}

// NewKey makes a key for a page: 128 random bits.
func NewKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return pageKey + hex.EncodeToString(b[:])
}

// Post appends what somebody says to a room and answers its seq once it is committed. The same
// key takes effect once, through whichever process it comes.
func (c *Chat) Post(ctx context.Context, me db.User, room uint64, draft Draft) (seq uint64, err error) {
	if draft, err = cleanDraft(draft); err != nil {
		return 0, err
	}
	if draft.Key, err = storedKey(draft, room); err != nil {
		return 0, err
	}
	if seq, err := c.posted(ctx, me, room, draft); !errors.Is(err, db.ErrNotFound) {
		return seq, err
	}
	if c.pace != nil && !c.pace.allow(me.ID, c.now()) {
		return 0, ErrTooFast
	}
	if draft.ReplyTo != 0 {
		if _, err := c.said(ctx, c.store, me, room, draft.ReplyTo); errors.Is(err, ErrNotFound) {
			return 0, ErrBadReply
		} else if err != nil {
			return 0, err
		}
	}
	photos, err := c.keep(ctx, me, room, draft)
	if err != nil {
		return 0, err
	}
	entry := db.Message{RoomID: room, Kind: db.KindText, AuthorID: me.ID, ClientKey: &draft.Key, Body: draft.Body, TargetSeq: draft.ReplyTo, PhotoCount: len(photos)}
	seq, err = c.writers.write(ctx, entry, photos)
	if errors.Is(err, db.ErrUnknown) {
		return c.settle(ctx, me, room, draft)
	}
	if err != nil {
		c.drop(me, photos[draft.stored():])
	}
	if errors.Is(err, db.ErrDuplicate) { // the same post came a second time while the first was under way
		return c.posted(ctx, me, room, draft)
	}
	return seq, hidden(err)
}

// posted looks for an earlier post with this key: db.ErrNotFound when there is none.
func (c *Chat) posted(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	m, err := c.store.MessageByKey(ctx, room, me.ID, draft.Key)
	if err != nil {
		return 0, err
	}
	if _, _, err := c.store.RoomOf(ctx, me.ID, room); err != nil {
		return 0, hidden(err)
	}
	if same, err := c.isSame(ctx, m, draft); err != nil {
		return 0, err
	} else if !same {
		return 0, ErrKeyReused
	}
	c.Stats.Repeats.Add(1)
	return m.Seq, nil
}

// settle finds out what became of a post whose connection was lost while it was committing:
// three tries in two seconds, on new connections. It never says that the post failed, because
// it may still be there.
func (c *Chat) settle(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	for range 3 {
		seq, err := c.posted(ctx, me, room, draft)
		if err == nil {
			if r, _, err := c.store.RoomOf(ctx, me.ID, room); err == nil {
				c.rang(r)
			}
			return seq, nil
		}
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrKeyReused) {
			return 0, err
		}
		select {
		case <-time.After(600 * time.Millisecond):
		case <-ctx.Done():
			return 0, ErrUnknownOutcome
		}
	}
	return 0, ErrUnknownOutcome
}

// cleanDraft is a draft as it is stored; next to photos there need not be a text.
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

// cleanBody gives a text one kind of line break and refuses what cannot come back as it was.
func cleanBody(body string) (string, error) {
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
	switch {
	case !utf8.ValidString(body), strings.ContainsFunc(body, text.IsControl):
		return "", ErrBadText
	case !strings.ContainsFunc(body, text.IsVisible):
		return "", ErrEmpty
	case utf8.RuneCountInString(body) > MaxBody:
		return "", ErrTooLong
	}
	return body, nil
}

// storedKey is what the database keeps of a client's key.
func storedKey(draft Draft, room uint64) (string, error) {
	key := draft.Key
	if key == "" {
		key = NewKey()
	}
	if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", ErrBadKey
	}
	if !strings.HasPrefix(key, pageKey) {
		return key, nil
	}
	said := fmt.Appendf(nil, "%s\n%d\n%s", key, room, draft.Body)
	if draft.ReplyTo != 0 {
		said = fmt.Appendf(said, "\x00%d", draft.ReplyTo) // no text has a zero in it
	}
	for _, p := range draft.Photos {
		said = append(append(said, 0), p.Sum...)
	}
	sum := sha256.Sum256(said)
	return pageKey + hex.EncodeToString(sum[:])[:maxKey-len(pageKey)], nil
}
