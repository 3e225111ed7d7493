package chat

import (
	"context"

	"parley/db"
)

// extent is which entries a page shows, and what is above and below them.
type extent struct {
	lines    []line
	hasAbove bool
	isEnd    bool
}

// line is an entry of a page, as far as it counts as unread.
type line struct {
	seq, author uint64
	isMessage   bool // that is not deleted
}

func (p stretch) extent() extent {
	e := extent{lines: make([]line, len(p.rows)), hasAbove: p.hasAbove, isEnd: p.isEnd}
	for i, row := range p.rows {
		e.lines[i] = line{row.Seq, row.AuthorID, row.IsText() && row.DeleteSeq == 0}
	}
	return e
}

// firstUnread returns the first entry of the room that counts as unread for a member, or 0. A page that reaches from
// what they have read to the end of the log has the answer.
func (e extent) firstUnread(ctx context.Context, tx *db.DB, in db.Entrance) (uint64, error) {
	m, last := in.Member, in.Room.LastSeq
	if m.ReadSeq >= last {
		return 0, nil
	}
	if !e.isEnd || len(e.lines) == 0 || e.lines[0].seq > m.ReadSeq {
		first, err := tx.FirstUnread(ctx, m.UserID, m.RoomID, m.ReadSeq)
		if first > last { // it was said since
			first = 0
		}
		return first, err
	}
	for _, l := range e.lines {
		if l.seq > m.ReadSeq && l.isMessage && l.author != m.UserID {
			return l.seq, nil
		}
	}
	return 0, nil
}

// opensAfter returns the entry after which a room with this end opens: the one before the first that is unread, if
// that is above the end. 0 means that it opens at its end.
func (e extent) opensAfter(first uint64) uint64 {
	if first > 1 && e.hasAbove && first < e.lines[0].seq {
		return first - 1
	}
	return 0
}

// setReads sets how much of a room counts as read with a page of it. There is one mark for a room, so
// a page below something that was not shown yet must not move it.
func (v *HistoryPage) setReads(first uint64, e extent) {
	switch n := len(e.lines); {
	case first != 0 && n > 0 && first < e.lines[0].seq:
		v.Unseen = first
	case v.AtEnd:
		v.Reads = v.Room.LastSeq
	case n > 0 && first <= e.lines[n-1].seq:
		v.Reads = e.lines[n-1].seq
	}
}
