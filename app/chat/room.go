package chat

import (
	"context"
	"slices"

	"parley/app/bus"
	"parley/db"
)

// PageSize is how many entries a page of a room shows.
const PageSize = 50

// Place says which part of a room's log to show. The zero Place is its end.
type Place struct {
	Before uint64 // the page of entries below this seq
	After  uint64 // the page of entries above this seq
	Around uint64 // the page that has this seq in its middle
}

// HistoryPage is a part of a room as one member sees it, and where its stream goes on from.
type HistoryPage struct {
	Room    db.Room
	Friend  db.User // the other person of a direct room
	Members int     // of a group
	Cursor  bus.Cursor
	Entries []Entry
	Older   uint64 // give this as Before for the page above; 0 when there is none
	AtEnd   bool   // nothing that is shown is newer than the last entry
	ReadSeq uint64 // what this member had seen before
	Unseen  uint64 // the first message that they had not, when it is above this page; 0 if it is not
	Reads   uint64 // up to where everything has been shown with this page; 0 when it changes nothing
}

// History reads a part of a room, in one snapshot: a stream that starts at the cursor misses
// nothing and repeats nothing.
func (c *Chat) History(ctx context.Context, me db.User, room uint64, at Place) (v HistoryPage, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		r, m, err := tx.RoomOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		v = HistoryPage{Room: r, ReadSeq: m.ReadSeq, Cursor: bus.Cursor{Epoch: r.Epoch, Seq: r.LastSeq}}
		spans, err := tx.SpansOf(ctx, me.ID, room)
		if err != nil {
			return err
		}
		rows, err := page(ctx, tx, room, spans, at, r.LastSeq)
		if err != nil {
			return err
		}
		if v.AtEnd, err = atEnd(ctx, tx, room, spans, at, rows); err != nil {
			return err
		}
		if len(rows) > PageSize { // one more was read, to know that there is a page above
			rows = rows[1:]
			v.Older = rows[0].Seq
		}
		if at.After > 0 && len(rows) > 0 {
			v.Older = rows[0].Seq
		}
		if v.Entries, err = within(ctx, tx, room, rows, r.LastSeq, spans); err != nil {
			return err
		}
		if err := v.setReads(ctx, tx, m, rows); err != nil {
			return err
		}
		if r.Kind == db.RoomDirect {
			v.Friend, err = partner(ctx, tx, me.ID, room)
			return err
		}
		ids, err := tx.MemberIDs(ctx, room)
		v.Members = len(ids)
		return err
	})
	return v, hidden(err)
}

// page reads up to PageSize entries and one more above them.
func page(ctx context.Context, tx *db.DB, room uint64, spans []db.Span, at Place, last uint64) ([]db.Message, error) {
	before := last + 1
	switch {
	case at.Before > 0:
		before = min(at.Before, before)
	case at.After > 0:
		return tx.MessagesFrom(ctx, room, min(at.After, last)+1, spans, PageSize)
	case at.Around > 0:
		after, err := tx.MessagesFrom(ctx, room, min(at.Around, last), spans, PageSize/2)
		if err != nil {
			return nil, err
		}
		if len(after) == 0 { // only changes of others from there on, so this is the end
			break
		}
		above, err := tx.MessagesBefore(ctx, room, after[0].Seq, spans, PageSize+1-len(after))
		return slices.Concat(above, after), err
	}
	return tx.MessagesBefore(ctx, room, before, spans, PageSize+1)
}

// within dresses rows for a reader who was there for these spans.
func within(ctx context.Context, tx *db.DB, room uint64, rows []db.Message, at uint64, spans []db.Span) ([]Entry, error) {
	list, err := entries(ctx, tx, room, rows, at, seenIn(spans))
	for i := range list {
		list[i], _ = list[i].VisibleTo(seenIn(spans))
	}
	return list, err
}

// everybody is the reader that nothing is kept from: what is for one person goes through Within.
func everybody(uint64) bool { return true }

// seenIn tells what a reader saw who was there for these spans.
func seenIn(spans []db.Span) func(seq uint64) bool {
	return func(seq uint64) bool {
		return slices.ContainsFunc(spans, func(s db.Span) bool { return s.Has(seq) })
	}
}

// setReads says how much of a room has been read with a page of it. There is one mark for a room, so
// a page below something that was not shown yet must not move it.
func (v *HistoryPage) setReads(ctx context.Context, tx *db.DB, m db.Member, rows []db.Message) error {
	first, err := tx.FirstUnread(ctx, m.UserID, m.RoomID, m.ReadSeq)
	switch {
	case err != nil:
		return err
	case first != 0 && len(rows) > 0 && first < rows[0].Seq:
		v.Unseen = first
	case v.AtEnd:
		v.Reads = v.Room.LastSeq
	case len(rows) > 0 && first <= rows[len(rows)-1].Seq:
		v.Reads = rows[len(rows)-1].Seq
	}
	return nil
}

// atEnd tells whether nothing is shown below these rows. The log may well go on: edits and
// reactions have no place of their own.
func atEnd(ctx context.Context, tx *db.DB, room uint64, spans []db.Span, at Place, rows []db.Message) (bool, error) {
	if at == (Place{}) || len(rows) == 0 {
		return at == Place{}, nil
	}
	below, err := tx.MessagesFrom(ctx, room, rows[len(rows)-1].Seq+1, spans, 1)
	return len(below) == 0, err
}

func partner(ctx context.Context, tx *db.DB, me, room uint64) (db.User, error) {
	ids, err := tx.MemberIDs(ctx, room)
	for _, id := range ids {
		if id != me {
			return tx.UserByID(ctx, id)
		}
	}
	return db.User{}, err
}

// Enter tells whether a member's stream may go on from a cursor: where the member's time began,
// and where the room's log ends now. ErrNotFound for everybody else.
func (c *Chat) Enter(ctx context.Context, me db.User, room uint64) (joined uint64, head bus.Cursor, err error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	return m.JoinedSeq, bus.Cursor{Epoch: r.Epoch, Seq: r.LastSeq}, hidden(err)
}

// Spans lists the parts of a room's log that a person was there for, oldest first. What comes on a
// stream may be about any of them.
func (c *Chat) Spans(ctx context.Context, me db.User, room uint64) ([]db.Span, error) {
	return c.store.SpansOf(ctx, me.ID, room)
}
