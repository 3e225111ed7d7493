package chat

import (
	"cmp"
	"context"
	"slices"

	"parley/db"
)

// maxPins is the most messages of a room that may be pinned at a time.
const maxPins = 10

// Pins is what is pinned in a room, as far as one member may see it.
type Pins struct {
	Count  int
	Newest Quote // of the one that was pinned last
}

// Pin puts a message above a room that I moderate.
func (c *Chat) Pin(ctx context.Context, me db.User, room, seq uint64) error {
	return c.moderate(ctx, me, room, db.AuditEntry{Action: db.AuditPin, Seq: seq}, func(tx *db.DB, r db.Room) (*db.Message, error) {
		reader, err := c.readerOf(ctx, tx, me, room)
		if err != nil {
			return nil, err
		}
		if _, err := reader.message(ctx, seq); err != nil {
			return nil, err
		}
		pins, err := tx.PinsOf(ctx, room)
		switch {
		case err != nil:
			return nil, err
		case slices.ContainsFunc(pins, func(p db.Pin) bool { return p.Seq == seq }):
			return nil, nil
		case len(pins) >= maxPins:
			return nil, ErrTooManyPins
		}
		return &db.Message{Kind: db.KindPinned, TargetSeq: seq, Body: onOff(true)}, tx.AddPin(ctx, &db.Pin{RoomID: room, Seq: seq, PinnedSeq: r.LastSeq})
	})
}

// Unpin takes that back. It has no effect if the message is not pinned.
func (c *Chat) Unpin(ctx context.Context, me db.User, room, seq uint64) error {
	return c.moderate(ctx, me, room, db.AuditEntry{Action: db.AuditUnpin, Seq: seq}, func(tx *db.DB, _ db.Room) (*db.Message, error) {
		if was, err := tx.RemovePin(ctx, room, seq); err != nil || !was {
			return nil, err
		}
		return &db.Message{Kind: db.KindPinned, TargetSeq: seq, Body: onOff(false)}, nil
	})
}

// PinnedPage is what is pinned in a room.
type PinnedPage struct {
	Room      db.Room
	Entries   []Entry // the one that was pinned last before the others
	Moderates bool    // the reader moderates the room
}

// Pinned reads what is pinned in a room that I am in.
func (c *Chat) Pinned(ctx context.Context, me db.User, room uint64) (v PinnedPage, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		if in.Room.Kind == db.RoomDirect {
			return ErrNotFound
		}
		v = PinnedPage{Room: in.Room, Moderates: moderates(in.Room, in.Member)}
		pins, err := reader.visiblePins(ctx)
		if err != nil {
			return err
		}
		v.Entries, err = reader.pinned(ctx, in.Room, pins)
		return err
	})
	return v, notFound(err)
}

// NewestPin reads what is shown above a room that I am in.
func (c *Chat) NewestPin(ctx context.Context, me db.User, room uint64) (p Pins, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err == nil {
			p, err = reader.pins(ctx, in.Room)
		}
		return err
	})
	return p, notFound(err)
}

// pins returns what is shown above a room. Most have nothing pinned, which costs no query.
func (r roomReader) pins(ctx context.Context, room db.Room) (p Pins, err error) {
	if room.PinCount == 0 {
		return p, nil
	}
	pins, err := r.visiblePins(ctx)
	if err != nil || len(pins) == 0 {
		return p, err
	}
	newest, err := r.pinned(ctx, room, pins[:1])
	if err != nil || len(newest) == 0 {
		return p, err
	}
	return Pins{Count: len(pins), Newest: Permalink{Entry: newest[0]}.AsQuote()}, nil
}

// visiblePins lists the pins of messages that this reader may see, the newest first.
func (r roomReader) visiblePins(ctx context.Context) ([]db.Pin, error) {
	pins, err := r.tx.PinsOf(ctx, r.room)
	return slices.DeleteFunc(pins, func(p db.Pin) bool { return !r.spans.Has(p.Seq) }), err
}

// pinned reads the messages of pins, in their order.
func (r roomReader) pinned(ctx context.Context, room db.Room, pins []db.Pin) ([]Entry, error) {
	order, seqs := map[uint64]int{}, make([]uint64, len(pins))
	for i, p := range pins {
		order[p.Seq], seqs[i] = i, p.Seq
	}
	found, err := r.tx.MessagesAt(ctx, r.room, seqs)
	if err != nil {
		return nil, err
	}
	rows := make([]db.Message, 0, len(found))
	for _, m := range found {
		rows = append(rows, m)
	}
	slices.SortFunc(rows, func(a, b db.Message) int { return cmp.Compare(a.Seq, b.Seq) })
	list, err := r.entries(ctx, rows, room.LastSeq)
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(order[a.Seq], order[b.Seq]) })
	return list, err
}
