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
	Unread bool   // the page that begins with the first unread message if more than a page is unread, else the end
}

// HistoryPage is a part of a room as one member sees it, and where its stream goes on from.
type HistoryPage struct {
	Room    db.Room
	Friend  db.User // the other person of a direct room
	Members int     // of a group
	Level   db.NotifyLevel
	Spans   db.Spans
	Cursor  bus.Cursor
	Entries []Entry
	Older   uint64 // the Before of the page above; 0 if there is none
	AtEnd   bool   // nothing that is shown is newer than the last entry
	ReadSeq uint64 // what this member had read before
	Unseen  uint64 // the first unread message, if it is above this page; 0 if not
	Opened  bool   // the page begins with the first unread message
	MayPost bool   // this member may write
	Pins    Pins   // what stands above the room
	Reads   uint64 // up to where the room has been read with this page; 0 if that does not change
}

// History reads a part of a room, in one snapshot: a stream that starts at the cursor misses
// nothing and repeats nothing.
func (c *Chat) History(ctx context.Context, me db.User, room uint64, at Place) (v HistoryPage, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		r, m := in.Room, in.Member
		v = HistoryPage{Room: r, Friend: in.Partner, Level: m.Level(), MayPost: !r.OnlyModerators || moderates(r, m), ReadSeq: m.ReadSeq, Spans: in.Spans, Cursor: bus.Cursor{Epoch: r.Epoch, Seq: r.LastSeq}}
		first, err := tx.FirstUnread(ctx, m.UserID, m.RoomID, m.ReadSeq)
		if err != nil {
			return err
		}
		unread := at.Unread
		at.Unread = false
		rows, err := reader.page(ctx, at, r.LastSeq)
		if err == nil && unread && first > 1 && len(rows) > PageSize && first < rows[1].Seq {
			at, v.Opened = Place{After: first - 1}, true
			rows, err = reader.page(ctx, at, r.LastSeq)
		}
		if err != nil {
			return err
		}
		if v.AtEnd, err = reader.isEnd(ctx, at, rows); err != nil {
			return err
		}
		if len(rows) > PageSize { // one more was read, to know that there is a page above
			rows = rows[1:]
			v.Older = rows[0].Seq
		}
		if at.After > 0 && len(rows) > 0 {
			v.Older = rows[0].Seq
		}
		if v.Entries, err = reader.entries(ctx, rows, r.LastSeq); err != nil {
			return err
		}
		v.setReads(first, rows)
		if v.Pins, err = reader.pins(ctx, r); err != nil {
			return err
		}
		if r.Kind != db.RoomDirect {
			v.Members, err = tx.CountMembers(ctx, room)
		}
		return err
	})
	return v, notFound(err)
}

// page reads up to PageSize entries and one more above them.
func (r roomReader) page(ctx context.Context, at Place, last uint64) ([]db.Message, error) {
	before := last + 1
	switch {
	case at.Before > 0:
		before = min(at.Before, before)
	case at.After > 0:
		return r.tx.MessagesFrom(ctx, r.room, min(at.After, last)+1, r.spans, PageSize)
	case at.Around > 0:
		after, err := r.tx.MessagesFrom(ctx, r.room, min(at.Around, last), r.spans, PageSize/2)
		if err != nil {
			return nil, err
		}
		if len(after) == 0 { // only changes of others from there on, so this is the end
			break
		}
		above, err := r.tx.MessagesBefore(ctx, r.room, after[0].Seq, r.spans, PageSize+1-len(after))
		return slices.Concat(above, after), err
	}
	return r.tx.MessagesBefore(ctx, r.room, before, r.spans, PageSize+1)
}

// isEnd reports whether nothing is shown below these rows. The log may well go on: edits and
// reactions have no place of their own.
func (r roomReader) isEnd(ctx context.Context, at Place, rows []db.Message) (bool, error) {
	if at == (Place{}) || len(rows) == 0 {
		return at == Place{}, nil
	}
	below, err := r.tx.MessagesFrom(ctx, r.room, rows[len(rows)-1].Seq+1, r.spans, 1)
	return len(below) == 0, err
}

// setReads says how much of a room has been read with a page of it. There is one mark for a room, so
// a page below something that was not shown yet must not move it.
func (v *HistoryPage) setReads(first uint64, rows []db.Message) {
	switch {
	case first != 0 && len(rows) > 0 && first < rows[0].Seq:
		v.Unseen = first
	case v.AtEnd:
		v.Reads = v.Room.LastSeq
	case len(rows) > 0 && first <= rows[len(rows)-1].Seq:
		v.Reads = rows[len(rows)-1].Seq
	}
}
