package chat

import (
	"context"

	"parley/app/markup"
	"parley/db"
)

// Permalink is one message with all that is known of it.
type Permalink struct {
	Entry
	Room   db.Room
	Friend db.User      // the other person of a direct room
	Texts  []db.Message // all that it had, the first one first; the last is the one it has
}

// Permalink reads a message that I may see and that has not been deleted; ErrNotFound for all others.
func (c *Chat) Permalink(ctx context.Context, me db.User, room, seq uint64) (m Permalink, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		r, _, err := tx.RoomOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		row, err := c.said(ctx, tx, me, room, seq)
		if err != nil {
			return err
		}
		spans, err := tx.SpansOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		list, err := within(ctx, tx, room, []db.Message{row}, r.LastSeq, spans)
		if err != nil {
			return err
		}
		m = Permalink{Entry: list[0], Room: r}
		if m.Texts, err = versions(ctx, tx, row, seenIn(spans)); err != nil || r.Kind != db.RoomDirect {
			return err
		}
		m.Friend, err = partner(ctx, tx, me.ID, room)
		return err
	})
	return m, hidden(err)
}

// AsQuote is how a reply to a message shows it.
func (m Permalink) AsQuote() Quote {
	return Quote{Seq: m.Seq, Author: m.Author, Text: markup.FirstLine(m.Body, maxQuote), Photos: m.PhotoCount}
}

// versions lists the texts that a message had and a reader saw, each with when it got it.
func versions(ctx context.Context, tx *db.DB, m db.Message, seen func(seq uint64) bool) ([]db.Message, error) {
	changes, err := tx.ChangesOf(ctx, m.RoomID, []uint64{m.Seq})
	list := []db.Message{m}
	for _, change := range changes {
		if change.Kind == db.KindEdit && seen(change.Seq) {
			list = append(list, change)
		}
	}
	return list, err
}
