package chat

import (
	"context"
	"errors"
	"slices"
	"strings"

	"parley/app/search"
	"parley/db"
)

// reactionsEach is how many different emojis one message may carry.
const reactionsEach = 20

// errNothingNew undoes a transaction that has nothing to add, which gives its seq back.
var errNothingNew = errors.New("chat: nothing new")

// add appends an entry that nobody said to a room that I am in. The room's lock comes first, as in
// a post; fn then looks at the room as nobody can change it, and makes the entry.
func (c *Chat) add(ctx context.Context, me db.User, room uint64, fn func(tx *db.DB, r db.Room) (*db.Message, error)) error {
	if c.pace != nil && !c.pace.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	var rang *db.Room
	err := c.store.Tx(ctx, func(tx *db.DB) error {
		rang = nil
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
		rang = &r
		return tx.InsertMessage(ctx, entry)
	})
	if errors.Is(err, errNothingNew) {
		return nil
	}
	if err == nil && rang != nil {
		c.rang(*rang)
	}
	return hidden(err)
}

// said finds a message that I may see and that has not been deleted.
func (c *Chat) said(ctx context.Context, tx *db.DB, me db.User, room, seq uint64) (db.Message, error) {
	spans, err := tx.SpansOf(ctx, me.ID, room)
	if err != nil {
		return db.Message{}, err
	}
	found, err := tx.MessagesAt(ctx, room, []uint64{seq})
	if err != nil {
		return db.Message{}, err
	}
	m, ok := found[seq]
	if !ok || m.Kind != db.KindText || m.DeleteSeq != 0 || !slices.ContainsFunc(spans, func(s db.Span) bool { return s.Has(seq) }) {
		return db.Message{}, ErrNotFound
	}
	return m, nil
}

// Edit gives a message of mine another text. The earlier ones stay for the members to see.
func (c *Chat) Edit(ctx context.Context, me db.User, room, seq uint64, body string) error {
	body, err := cleanBody(body)
	empty := errors.Is(err, ErrEmpty)
	if err != nil && !empty {
		return err
	}
	names := mentionedIn(body)
	return c.add(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		m, err := c.said(ctx, tx, me, room, seq)
		if err != nil {
			return nil, err
		}
		if m.AuthorID != me.ID {
			return nil, ErrNotFound
		}
		if empty && m.PhotoCount == 0 {
			return nil, ErrEmpty
		}
		now := m
		if m.EditSeq != 0 {
			found, err := tx.MessagesAt(ctx, room, []uint64{m.EditSeq})
			if err != nil {
				return nil, err
			}
			now = found[m.EditSeq]
		}
		if now.Body == body {
			return nil, nil
		}
		already, err := mentionedBefore(ctx, tx, room, seq)
		if err != nil {
			return nil, err
		}
		if err := mention(ctx, tx, room, r.LastSeq, names, already); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindEdit, TargetSeq: seq, Body: body}, tx.SetEdited(ctx, room, seq, r.LastSeq)
	})
}

// SetAltText says in other words what the n-th photo of a message of mine shows.
func (c *Chat) SetAltText(ctx context.Context, me db.User, room, seq uint64, n int, alt string) error {
	alt, err := cleanAlt(alt)
	if err != nil {
		return err
	}
	return c.add(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		m, err := c.said(ctx, tx, me, room, seq)
		if err != nil {
			return nil, err
		}
		dressed, err := entries(ctx, tx, room, []db.Message{m}, r.LastSeq, everybody)
		if err != nil {
			return nil, err
		}
		list := dressed[0].Pictures
		if m.AuthorID != me.ID || n < 1 || n > len(list) {
			return nil, ErrNotFound
		}
		if list[n-1].Alt == alt {
			return nil, nil
		}
		return &db.Message{Kind: db.KindAltText, TargetSeq: seq, PhotoID: list[n-1].ID, Body: alt}, nil
	})
}

// Delete takes a message of mine back. A mark stays; the text is gone from the database and its index
// too, and so are the photos.
func (c *Chat) Delete(ctx context.Context, me db.User, room, seq uint64) error {
	return c.add(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		m, err := c.said(ctx, tx, me, room, seq)
		if err != nil {
			return nil, err
		}
		if m.AuthorID != me.ID {
			return nil, ErrNotFound
		}
		if err := search.Remove(ctx, tx, m); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindDelete, TargetSeq: seq}, tx.EraseMessage(ctx, room, seq, r.LastSeq)
	})
}

// React puts my emoji below a message, or takes it away when it is there.
func (c *Chat) React(ctx context.Context, me db.User, room, seq uint64, emoji string) error {
	emoji = strings.TrimSpace(emoji)
	if !isEmoji(emoji) {
		return ErrBadEmoji
	}
	return c.add(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		m, err := c.said(ctx, tx, me, room, seq)
		if err != nil {
			return nil, err
		}
		dressed, err := entries(ctx, tx, room, []db.Message{m}, r.LastSeq, everybody)
		if err != nil {
			return nil, err
		}
		given := dressed[0].Reactions
		i := slices.IndexFunc(given, func(g Reaction) bool { return looksLike(g.Emoji, emoji) })
		if i < 0 && len(given) >= reactionsEach {
			return nil, ErrTooManyEmojis
		}
		sign := "+"
		if i >= 0 {
			emoji = given[i].Emoji
			if slices.ContainsFunc(given[i].By, func(u db.User) bool { return u.ID == me.ID }) {
				sign = "-"
			}
		}
		return &db.Message{Kind: db.KindReaction, TargetSeq: seq, Body: sign + emoji}, nil
	})
}

// Versions lists the texts that a message had, the first one first, with when it got each.
func (c *Chat) Versions(ctx context.Context, me db.User, room, seq uint64) ([]db.Message, error) {
	if _, _, err := c.store.RoomOf(ctx, me.ID, room); err != nil {
		return nil, hidden(err)
	}
	m, err := c.said(ctx, c.store, me, room, seq)
	if err != nil {
		return nil, err
	}
	spans, err := c.store.SpansOf(ctx, me.ID, room)
	if err != nil {
		return nil, err
	}
	return versions(ctx, c.store, m, seenIn(spans))
}
