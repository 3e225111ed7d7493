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

// NewKey returns a key for a page: 128 random bits.
func NewKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return pageKey + hex.EncodeToString(b[:])
}

// IsPageKey reports whether a key was written into a page, so that whoever sends it has seen the room.
func IsPageKey(key string) bool { return strings.HasPrefix(key, pageKey) }

// Post appends a message to a room and returns its seq once it is committed. The same key takes
// effect once, through whichever process it comes. If the draft has a session that is over, it returns ErrSignedOut,
// whatever else is wrong with it, unless the database is in trouble.
func (c *Chat) Post(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	seq, written, err := c.post(ctx, me, room, draft)
	if written || draft.Session == 0 || errors.Is(err, ErrSignedOut) || errors.Is(err, ErrUnknownOutcome) || errors.Is(err, db.ErrUnavailable) {
		return seq, err
	}
	live, failed := c.store.LiveSessions(ctx, []uint64{draft.Session}, c.now())
	switch {
	case failed != nil && err == nil: // it is there, but for whom?
		return 0, ErrUnknownOutcome
	case failed != nil:
		return 0, err
	case !live[draft.Session]:
		return 0, ErrSignedOut
	}
	return seq, err
}

// post is Post for whoever is signed in. If the message was written just now, the session was checked with it.
func (c *Chat) post(ctx context.Context, me db.User, room uint64, draft Draft) (seq uint64, written bool, err error) {
	draft, err = cleanDraft(draft)
	if err != nil {
		return 0, false, err
	}
	if draft.Key, err = storedKey(draft, room); err != nil {
		return 0, false, err
	}
	if len(draft.Photos) > 0 { // which would be stored a second time
		if seq, err := c.posted(ctx, me, room, draft); !errors.Is(err, db.ErrNotFound) {
			return seq, false, err
		}
	}
	seq, err = c.append(ctx, me, room, draft)
	switch {
	case errors.Is(err, db.ErrUnknown):
		seq, err = c.settle(ctx, me, room, draft)
		return seq, false, err
	case mayBeThere(err):
		if seq, found := c.posted(ctx, me, room, draft); !errors.Is(found, db.ErrNotFound) {
			return seq, false, found
		}
	}
	return seq, err == nil, notFound(err)
}

// append appends a message whose key was most likely not used before; if it was, the database says so.
func (c *Chat) append(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	if err := ctx.Err(); err != nil { // nobody waits for it, and nothing is stored yet
		return 0, fmt.Errorf("%w: %w", db.ErrUnavailable, err)
	}
	if !c.postLimit.allow(me.ID, c.now()) {
		return 0, ErrTooFast
	}
	if err := c.checkReply(ctx, me, room, draft.ReplyTo); err != nil {
		return 0, err
	}
	photos, err := c.storePhotos(ctx, me, room, draft)
	if err != nil {
		return 0, err
	}
	seq, err := c.posts.append(ctx, db.Message{RoomID: room, Kind: db.KindText, AuthorID: me.ID, ClientKey: &draft.Key,
		Body: draft.Body, TargetSeq: draft.ReplyTo, PhotoCount: len(photos)}, photos, draft.Session)
	if err != nil && !errors.Is(err, db.ErrUnknown) {
		c.deletePhotos(me, photos[draft.stored():])
	}
	return seq, err
}

// mayBeThere reports whether a post was refused because it is there already, or for a reason that does not matter if
// it is: the target of its reply is gone, say.
func mayBeThere(err error) bool {
	for _, reason := range []error{db.ErrDuplicate, ErrTooFast, ErrBadReply, ErrSlowMode, ErrOnlyModerators, ErrPhotoGone} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// posted looks for an earlier post with this key: db.ErrNotFound if there is none.
func (c *Chat) posted(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	m, err := c.store.MessageByKey(ctx, room, me.ID, draft.Key)
	if err != nil {
		return 0, err
	}
	if err := c.CheckMember(ctx, me, room); err != nil {
		return 0, err
	}
	if same, err := c.isSame(ctx, m, draft); err != nil {
		return 0, err
	} else if !same {
		return 0, ErrKeyReused
	}
	c.Stats.Repeats.Add(1)
	return m.Seq, nil
}

// checkReply checks that the message to reply to is there, and mine to see.
func (c *Chat) checkReply(ctx context.Context, me db.User, room, seq uint64) error {
	if seq == 0 {
		return nil
	}
	reader, err := c.readerOf(ctx, c.store, me, room)
	if err == nil {
		_, err = reader.message(ctx, seq)
	}
	if errors.Is(err, ErrNotFound) {
		return ErrBadReply
	}
	return err
}

// settle finds out what became of a post whose connection was lost while it was committing:
// three tries in two seconds, on new connections. It never reports that the post failed, because
// it may still be there.
func (c *Chat) settle(ctx context.Context, me db.User, room uint64, draft Draft) (uint64, error) {
	for range 3 {
		seq, err := c.posted(ctx, me, room, draft)
		if err == nil {
			if r, _, err := c.store.RoomOf(ctx, me.ID, room); err == nil {
				c.notifyRoom(r)
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

// cleanBody returns the stored form of a text, and refuses what cannot be shown as it was meant.
func cleanBody(body string) (string, error) {
	body, err := text.Body(body)
	switch {
	case errors.Is(err, text.ErrNothing):
		return "", ErrEmpty
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrBadText, err)
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
	content := fmt.Appendf(nil, "%s\n%d\n%s", key, room, draft.Body)
	if draft.ReplyTo != 0 {
		content = fmt.Appendf(content, "\x00%d", draft.ReplyTo) // no text has a zero in it
	}
	for _, p := range draft.Photos {
		content = append(append(content, 0), p.Sum...)
	}
	sum := sha256.Sum256(content)
	return pageKey + hex.EncodeToString(sum[:])[:maxKey-len(pageKey)], nil
}
