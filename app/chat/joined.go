package chat

import (
	"context"

	"parley/db"
)

// joinedToo is who has joined an open room soon after the first of a line.
type joinedToo struct {
	base  int          // the number before the batch
	first uint64       // the first of those
	later []db.Message // those in the batch, oldest first
}

// loadJoined finds who is in the lines of a batch: on a page up to its seq, and otherwise up to the batch,
// whose entries add to them one by one. The reader sees a line up to the end of the span that it is in.
func (l *entryLoader) loadJoined(ctx context.Context, rows []db.Message) error {
	bounds := map[uint64]uint64{}
	for seq, m := range l.rows {
		if !m.IsJoinLine() {
			continue
		}
		bounds[seq] = l.at
		if l.at == atItsTime {
			bounds[seq] = rows[0].Seq - 1
		}
		for _, span := range l.spans {
			if span.Has(seq) && span.To != 0 {
				bounds[seq] = min(bounds[seq], span.To)
			}
		}
	}
	counts, err := l.tx.JoinedTooUpTo(ctx, l.room, bounds)
	if err != nil {
		return err
	}
	var firsts []uint64
	for _, n := range counts {
		if n.Count > 0 {
			firsts = append(firsts, n.FirstSeq)
		}
	}
	found, err := l.tx.MessagesAt(ctx, l.room, firsts)
	l.joined = map[uint64]joinedToo{}
	for _, n := range counts {
		j := joinedToo{base: n.Count, first: found[n.FirstSeq].AboutID}
		for _, m := range rows {
			if l.at == atItsTime && m.Kind == db.KindJoinedToo && m.TargetSeq == n.TargetSeq {
				j.later = append(j.later, m)
			}
		}
		l.joined[n.TargetSeq] = j
	}
	return err
}

// joinedWith returns who joined next after the first of a line, and the number of all who joined after the first.
func (s state) joinedWith(line uint64) (next db.User, n int) {
	j := s.joined[line]
	who := j.first
	n = j.base
	for _, m := range j.later {
		if m.Seq > s.at {
			break
		}
		if n++; n == 1 {
			who = m.AboutID
		}
	}
	if n == 0 {
		return db.User{}, 0
	}
	return s.person(who), n
}
