package chat

import (
	"context"
	"math"
	"slices"

	"parley/db"
)

// versionsPerPage is the number of earlier texts of a message on a page. With the longest texts that makes half
// a megabyte.
const versionsPerPage = 20

// Permalink is one message with everything that is known of it.
type Permalink struct {
	Entry
	Room   db.Room
	Friend db.User      // the other person of a direct room, without what no list shows
	Texts  []db.Message // the newest that it had, oldest first; the last is the one it has
	Older  uint64       // Texts go on before this seq; 0 if those are all

	Moderates bool // the reader moderates the room
	Pinned    bool
}

// Permalink reads a message that I may see and that has not been deleted; ErrNotFound for all others.
func (c *Chat) Permalink(ctx context.Context, me db.User, room, seq uint64) (Permalink, error) {
	return c.PermalinkBefore(ctx, me, room, seq, 0)
}

// PermalinkBefore is Permalink with the texts that came before the seq of one of them; 0 is the newest.
func (c *Chat) PermalinkBefore(ctx context.Context, me db.User, room, seq, before uint64) (p Permalink, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		m, err := reader.message(ctx, seq)
		if err != nil {
			return err
		}
		list, err := reader.entries(ctx, []db.Message{m}, in.Room.LastSeq)
		if err != nil {
			return err
		}
		p = Permalink{Entry: list[0], Room: in.Room, Friend: in.Partner, Moderates: moderates(in.Room, in.Member)}
		if p.Moderates && in.Room.PinCount > 0 {
			pins, err := tx.PinsOf(ctx, room)
			if err != nil {
				return err
			}
			p.Pinned = slices.ContainsFunc(pins, func(pin db.Pin) bool { return pin.Seq == seq })
		}
		n := versionsPerPage
		if before == 0 { // and the one that it has
			before, n = math.MaxUint64, n+1
		}
		p.Texts, p.Older, err = reader.versions(ctx, m, before, n)
		return err
	})
	return p, notFound(err)
}

// AsQuote is how a reply to a message shows it.
func (p Permalink) AsQuote() Quote {
	return Quote{Seq: p.Seq, Author: p.Author, Text: p.Text().FirstLine(maxQuote), Photos: p.PhotoCount}
}
