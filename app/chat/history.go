package chat

import (
	"context"
	"slices"

	"parley/app/bus"
	"parley/db"
)

// PageSize is the number of entries on a page of a room.
const PageSize = 50

// Place is the part of a room's log to show. The zero Place is its end.
type Place struct {
	Before uint64 // the page of entries below this seq
	After  uint64 // the page of entries above this seq
	Around uint64 // the page that has this seq in its middle
	Unread bool   // the page that begins with the first unread message if more than a page is unread, else the end
}

// HistoryPage is a part of a room as one member sees it, and where its stream goes on from.
type HistoryPage struct {
	Room     db.Room
	Friend   db.User // the other person of a direct room, without what no list shows
	Members  int     // of a group
	Level    db.NotifyLevel
	Spans    db.Spans
	Cursor   bus.Cursor
	Entries  []Entry
	Rendered any    // in place of Entries, from Opening
	First    uint64 // the seq of the first entry; 0 if there is none
	Older    uint64 // the Before of the page above; 0 if there is none
	AtEnd    bool   // nothing that is shown is newer than the last entry
	ReadSeq  uint64 // what this member had read before
	Unseen   uint64 // the first unread message, if it is above this page; 0 if not
	Opened   bool   // the page begins with the first unread message
	MayPost  bool   // this member may write
	Pins     Pins   // what is shown above the room
	Reads    uint64 // up to where the room has been read with this page; 0 if that does not change
}

// History reads a part of a room, in one snapshot: a stream that starts at the cursor misses
// nothing and repeats nothing.
func (c *Chat) History(ctx context.Context, me db.User, room uint64, at Place) (v HistoryPage, err error) {
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		in, reader, err := c.readerIn(ctx, tx, me, room)
		if err != nil {
			return err
		}
		r, err := reader.read(ctx, in, at)
		if err != nil {
			return err
		}
		v = newHistoryPage(in, r.extent, r.first)
		v.Opened, v.Entries, v.Pins = r.after > 0, r.entries, r.pins
		return nil
	})
	return v, notFound(err)
}

// newHistoryPage returns the page of a member that shows an extent. first is what counts as unread first.
func newHistoryPage(in db.Entrance, e extent, first uint64) HistoryPage {
	r, m := in.Room, in.Member
	v := HistoryPage{
		Room: r, Friend: in.Partner, Level: m.Level(), MayPost: !r.OnlyModerators || moderates(r, m), ReadSeq: m.ReadSeq,
		Spans: in.Spans, Cursor: bus.Cursor{Epoch: r.Epoch, Seq: r.LastSeq}, AtEnd: e.isEnd,
	}
	if r.Kind != db.RoomDirect {
		v.Members = r.MemberCount
	}
	if len(e.lines) > 0 {
		v.First = e.lines[0].seq
	}
	if e.hasAbove {
		v.Older = v.First
	}
	v.setReads(first, e)
	return v
}

// reading is a part of a log that was read.
type reading struct {
	end     extent // of the place that was asked for
	extent         // of the part that is shown
	first   uint64 // the first entry that counts as unread; 0 if there is none
	after   uint64 // the page begins after this entry, because more is unread than the end shows; 0 if it does not
	entries []Entry
	pins    Pins
}

// read reads the part of a room that a member sees at a place.
func (r roomReader) read(ctx context.Context, in db.Entrance, at Place) (found reading, err error) {
	last := in.Room.LastSeq
	p, err := r.page(ctx, at, last)
	if err != nil {
		return found, err
	}
	found.end = p.extent()
	if found.first, err = found.end.firstUnread(ctx, r.tx, in); err != nil {
		return found, err
	}
	if at.Unread {
		found.after = found.end.opensAfter(found.first)
	}
	if found.after > 0 {
		if p, err = r.page(ctx, Place{After: found.after}, last); err != nil {
			return found, err
		}
	}
	found.extent = p.extent()
	if found.entries, err = r.entriesBelow(ctx, p.above, p.rows, last); err != nil {
		return found, err
	}
	found.pins, err = r.pins(ctx, in.Room)
	return found, err
}

// stretch is the part of a log that a page shows.
type stretch struct {
	rows     []db.Message // up to PageSize
	above    *db.Message  // the entry above them that its reader may see, if it was read
	hasAbove bool         // there is a page above
	isEnd    bool         // nothing is shown below. The log may well go on: edits and reactions have no place of their own
}

// page reads the part of a log that is shown at a place. It reads one entry more at each end, to know what lies beyond.
func (r roomReader) page(ctx context.Context, at Place, last uint64) (stretch, error) {
	switch {
	case at.Before > 0:
		p, err := r.pageBefore(ctx, min(at.Before, last+1))
		if err != nil || len(p.rows) == 0 {
			return p, err
		}
		below, err := r.tx.MessagesFrom(ctx, r.room, p.rows[len(p.rows)-1].Seq+1, r.spans, 1)
		p.isEnd = len(below) == 0
		return p, err
	case at.After > 0:
		return r.pageFrom(ctx, min(at.After, last)+1, PageSize)
	case at.Around > 0:
		below, err := r.pageFrom(ctx, min(at.Around, last), PageSize/2)
		if err != nil {
			return stretch{}, err
		}
		if len(below.rows) == 0 { // only changes of others from there on, so this is the end
			break
		}
		rows, err := r.tx.MessagesBefore(ctx, r.room, below.rows[0].Seq, r.spans, PageSize+1-len(below.rows))
		p := newStretch(slices.Concat(rows, below.rows))
		p.isEnd = below.isEnd
		return p, err
	}
	p, err := r.pageBefore(ctx, last+1)
	p.isEnd = true
	return p, err
}

// pageBefore reads the entries before a seq.
func (r roomReader) pageBefore(ctx context.Context, seq uint64) (stretch, error) {
	rows, err := r.tx.MessagesBefore(ctx, r.room, seq, r.spans, PageSize+1)
	return newStretch(rows), err
}

// newStretch returns the stretch that ends with these rows, of which one too many shows that there are others above.
func newStretch(rows []db.Message) stretch {
	if len(rows) <= PageSize {
		return stretch{rows: rows}
	}
	return stretch{rows: rows[1:], above: &rows[0], hasAbove: true}
}

// pageFrom reads n entries from a seq on.
func (r roomReader) pageFrom(ctx context.Context, seq uint64, n int) (stretch, error) {
	rows, err := r.tx.MessagesFrom(ctx, r.room, seq, r.spans, n+1)
	return stretch{rows: rows[:min(n, len(rows))], hasAbove: true, isEnd: len(rows) > 0 && len(rows) <= n}, err
}
