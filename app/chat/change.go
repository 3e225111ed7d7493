package chat

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"parley/db"
)

// maxEdits is the most further texts that a message may have, and alt texts that all its photos together may have.
// People correct a slip or two; a message that is kept up to date, as a list of who brings what, has some dozens.
const maxEdits = 100

// errNothingNew undoes a transaction that has nothing to append, which gives its seq back.
var errNothingNew = errors.New("chat: nothing new")

// appendEntry appends an entry that is no post to a room that I am in. The room's lock comes first,
// as it does for a post; fn then sees the room as nobody can change it, and returns the entry, or nil
// if there is nothing new.
func (c *Chat) appendEntry(ctx context.Context, me db.User, room uint64, fn func(tx *db.DB, r db.Room) (*db.Message, error)) error {
	if !c.postLimit.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	done, err := c.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	var grown db.Room
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		r, err := tx.NextSeq(ctx, room)
		if err != nil {
			return err
		}
		if _, _, err := tx.RoomOf(ctx, me.ID, room); err != nil {
			return err
		}
		entry, err := fn(tx, r)
		if err != nil {
			return err
		}
		if entry == nil {
			return errNothingNew
		}
		entry.RoomID, entry.Seq, entry.AuthorID, entry.CreatedAt = room, r.LastSeq, me.ID, c.now()
		grown = r
		return tx.InsertMessage(ctx, entry)
	})
	switch {
	case errors.Is(err, errNothingNew):
		return nil
	case err == nil:
		c.notifyRoom(grown)
	}
	return notFound(err)
}

// ownMessage finds a message of mine that has not been deleted. ErrNotFound means any other.
func (c *Chat) ownMessage(ctx context.Context, tx *db.DB, me db.User, room, seq uint64) (db.Message, error) {
	reader, err := c.readerOf(ctx, tx, me, room)
	if err != nil {
		return db.Message{}, err
	}
	m, err := reader.message(ctx, seq)
	if err == nil && m.AuthorID != me.ID {
		err = ErrNotFound
	}
	return m, err
}

// Edit gives a message of mine another text. The earlier ones stay for the members to see.
func (c *Chat) Edit(ctx context.Context, me db.User, room, seq uint64, body string) error {
	body, err := cleanBody(body)
	empty := errors.Is(err, ErrEmpty)
	if err != nil && !empty {
		return err
	}
	written := c.Texts.Text(body)
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		m, err := c.ownMessage(ctx, tx, me, room, seq)
		if err != nil {
			return nil, err
		}
		if err := checkMayPost(ctx, tx, r, me.ID); err != nil { // or an old message would carry new ones
			return nil, err
		}
		if empty && m.PhotoCount == 0 {
			return nil, ErrEmpty
		}
		current := m
		if m.EditSeq != 0 {
			found, err := tx.MessagesAt(ctx, room, []uint64{m.EditSeq})
			if err != nil {
				return nil, err
			}
			current = found[m.EditSeq]
		}
		if current.Body == body {
			return nil, nil
		}
		if n, err := tx.CountChanges(ctx, room, seq, db.KindEdit, maxEdits); err != nil || n >= maxEdits {
			return nil, cmp.Or(err, ErrTooManyEdits)
		}
		if err := setEditMentions(ctx, tx, r, m, written); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindEdit, TargetSeq: seq, Body: body}, tx.SetEdited(ctx, room, seq, r.LastSeq)
	})
}

// SetAltText gives the n-th photo of a message of mine another alt text.
func (c *Chat) SetAltText(ctx context.Context, me db.User, room, seq uint64, n int, alt string) error {
	alt, err := cleanAlt(alt)
	if err != nil {
		return err
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if _, err := c.ownMessage(ctx, tx, me, room, seq); err != nil {
			return nil, err
		}
		if err := checkMayPost(ctx, tx, r, me.ID); err != nil { // or an old photo would carry new messages
			return nil, err
		}
		found, err := tx.PhotosOf(ctx, room, []uint64{seq})
		if err != nil {
			return nil, err
		}
		if n < 1 || n > len(found[seq]) {
			return nil, ErrNotFound
		}
		// Counted first, so that no more are read.
		if n, err := tx.CountChanges(ctx, room, seq, db.KindAltText, maxEdits); err != nil || n >= maxEdits {
			return nil, cmp.Or(err, ErrTooManyAlts)
		}
		photo := found[seq][n-1]
		current, err := currentAlt(ctx, tx, photo)
		if err != nil || current == alt {
			return nil, err
		}
		return &db.Message{Kind: db.KindAltText, TargetSeq: seq, PhotoID: photo.ID, Body: alt}, nil
	})
}

// currentAlt returns the alt text that a photo of a message has now.
func currentAlt(ctx context.Context, tx *db.DB, photo db.Photo) (string, error) {
	changes, err := tx.ChangeSeqs(ctx, photo.RoomID, []uint64{photo.Seq}, db.KindAltText)
	if err != nil {
		return "", err
	}
	changes = slices.DeleteFunc(changes, func(c db.ChangeSeq) bool { return c.PhotoID != photo.ID })
	if len(changes) == 0 {
		return photo.Alt, nil
	}
	last := changes[len(changes)-1].Seq
	found, err := tx.MessagesAt(ctx, photo.RoomID, []uint64{last})
	return found[last].Body, err
}

// Delete deletes a message of mine, or one of somebody else's in a room that I moderate. A placeholder stays,
// which says so; the text is gone from the database and its index too, and so are the photos.
func (c *Chat) Delete(ctx context.Context, me db.User, room, seq uint64) error {
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		reader, err := c.readerOf(ctx, tx, me, room)
		if err != nil {
			return nil, err
		}
		m, err := reader.message(ctx, seq)
		if err != nil {
			return nil, err
		}
		entry := &db.Message{Kind: db.KindDelete, TargetSeq: seq}
		if m.AuthorID != me.ID {
			if err := checkModerates(ctx, tx, r, me); err != nil {
				return nil, err
			}
			entry.AboutID = m.AuthorID
			if err := tx.SetDeletedBy(ctx, room, seq, me.ID); err != nil {
				return nil, err
			}
			if err := c.audit(ctx, tx, me, db.AuditEntry{Action: db.AuditDeleteMessage, RoomID: room, UserID: m.AuthorID, Seq: seq}); err != nil {
				return nil, err
			}
		}
		return entry, eraseAt(ctx, tx, m, r.LastSeq)
	})
}
