package chat

import (
	"context"

	"parley/app/markup"
	"parley/db"
)

// roomReader is somebody who reads a room, in one transaction or outside of any.
type roomReader struct {
	tx    *db.DB
	room  uint64
	spans db.Spans // what they may see of its log
	texts *markup.Cache
	cast  *cast // of a page that may be shown again; nil otherwise
}

// everything is the span of a reader that nothing is hidden from. What it reads reaches people
// through Entry.VisibleTo.
var everything = db.Spans{{}}

// readerOf is a person who reads a room; without any spans if they never were in it.
func (c *Chat) readerOf(ctx context.Context, tx *db.DB, me db.User, room uint64) (roomReader, error) {
	spans, err := tx.SpansOf(ctx, me.ID, room)
	return roomReader{tx: tx, room: room, spans: spans, texts: c.Texts}, err
}

// readerIn is readerOf for somebody who is in the room now; db.ErrNotFound for everybody else.
func (c *Chat) readerIn(ctx context.Context, tx *db.DB, me db.User, room uint64) (db.Entrance, roomReader, error) {
	in, err := tx.EntranceOf(ctx, me.ID, room)
	return in, c.readerWith(tx, in), err
}

// readerWith is the reader of a room whom an entrance has let in.
func (c *Chat) readerWith(tx *db.DB, in db.Entrance) roomReader {
	return roomReader{tx: tx, room: in.Room.ID, spans: in.Spans, texts: c.Texts}
}

// atItsTime shows every entry as it was when it came. A replay then sends the same bytes as the first
// time, however often something was changed later; only deletions reach back.
const atItsTime = 0

// load returns the entries of rows, as they stand at a seq, with the changes that this reader saw. They
// still quote and change what this reader may not have seen. The entry above them is nil if it is not known.
func (r roomReader) load(ctx context.Context, above *db.Message, rows []db.Message, at uint64) (list []Entry, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	l := entryLoader{tx: r.tx, room: r.room, spans: r.spans, at: at, above: above, cast: r.cast}
	if err := l.load(ctx, rows); err != nil {
		return nil, err
	}
	list = make([]Entry, len(rows))
	for i, m := range rows {
		m = l.rows[m.Seq]
		s := state{loaded: &l.loaded, at: at, spans: r.spans, texts: r.texts}
		if at == atItsTime {
			s.at = m.Seq
		}
		list[i] = s.entryAt(m)
		if m.TargetSeq != 0 {
			list[i].resolve = func(spans db.Spans) Entry {
				theirs := s
				theirs.spans = spans
				return theirs.entryAt(m)
			}
		}
		if m.ChangesMembers() {
			if m.Members == 0 {
				if list[i].Members, err = r.tx.MembersAt(ctx, r.room, m.Seq); err != nil {
					return nil, err
				}
			}
			list[i].NewLookalikes = s.newLookalikes(m.Seq)
		}
	}
	return list, nil
}

// entries returns the entries of rows as this reader sees them.
func (r roomReader) entries(ctx context.Context, rows []db.Message, at uint64) ([]Entry, error) {
	return r.entriesBelow(ctx, nil, rows, at)
}

// entriesBelow is entries for rows of which the entry above them has been read as well.
func (r roomReader) entriesBelow(ctx context.Context, above *db.Message, rows []db.Message, at uint64) ([]Entry, error) {
	list, err := r.load(ctx, above, rows, at)
	for i := range list {
		list[i], _ = list[i].VisibleTo(r.spans)
	}
	return list, err
}

// message finds a message that this reader may see and that has not been deleted. ErrNotFound means
// any other.
func (r roomReader) message(ctx context.Context, seq uint64) (db.Message, error) {
	found, err := r.tx.MessagesAt(ctx, r.room, []uint64{seq})
	if err != nil {
		return db.Message{}, err
	}
	m, ok := found[seq]
	if !ok || m.Kind != db.KindText || m.DeleteSeq != 0 || !r.spans.Has(seq) {
		return db.Message{}, ErrNotFound
	}
	return m, nil
}

// versions returns up to limit texts that a message had and this reader saw, those before a seq, oldest
// first, each with when it came; older is the seq before which there are more, or 0.
func (r roomReader) versions(ctx context.Context, m db.Message, before uint64, limit int) (list []db.Message, older uint64, err error) {
	edits, err := r.tx.EditsBefore(ctx, r.room, m.Seq, before, r.spans, limit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(edits) <= limit {
		list = []db.Message{m}
	}
	if list = append(list, edits...); len(list) > limit {
		list = list[len(list)-limit:]
		older = list[0].Seq
	}
	return list, older, nil
}
