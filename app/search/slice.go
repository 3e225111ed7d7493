package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/db"
)

const (
	sliceTime  = 12 * time.Millisecond // of the writer, for the statements of one slice; then it commits
	sliceTerms = 1000                  // that one slice adds or removes at most, about 13 ms
	stepTerms  = 100                   // between two looks at the clock
	readTexts  = 50                    // that are read at once
)

// slice is some work on the index, in one transaction.
type slice struct {
	engine *Engine
	store  *db.DB
	plans  []*roomPlan
	terms  int // that may still be added or removed

	wait   time.Duration // how long it waits for others who write at most; 0 is as long as the context lasts
	waited time.Duration
}

// roomPlan is what a slice does for one room. It was made before the transaction, from texts that
// were read after the mark.
type roomPlan struct {
	slice *slice
	mark  db.IndexMark // as it was before
	after db.IndexMark // as it is after the steps so far
	steps []step
	done  int  // steps
	more  bool // there is more to do than the steps
}

// step is a part of a plan after which the transaction may end.
type step struct {
	terms int                                        // that it adds or removes
	do    func(ctx context.Context, tx *db.DB) error // may be nil
	mark  db.IndexMark                               // after it
}

// run plans a slice for these rooms with add, and does as much of it as there is time for. It returns the rooms
// that need more, those first that had nothing of this slice.
func (s *slice) run(ctx context.Context, rooms []uint64, add func(p *roomPlan, ctx context.Context) error) (behind []uint64, err error) {
	part := rooms[:min(len(rooms), indexRooms)]
	marks, err := s.store.IndexMarks(ctx, part)
	if err != nil {
		return nil, err
	}
	for _, room := range part {
		if s.terms <= 0 {
			break
		}
		mark, found := marks[room]
		if !found {
			mark = db.IndexMark{RoomID: room, Version: db.IndexVersion}
		}
		p := &roomPlan{slice: s, mark: mark, after: mark}
		if err := add(p, ctx); err != nil {
			return nil, err
		}
		s.plans = append(s.plans, p)
	}
	behind = slices.Clone(rooms[len(s.plans):])
	if slices.ContainsFunc(s.plans, func(p *roomPlan) bool { return len(p.steps) > 0 }) {
		if err := s.commit(ctx); err != nil {
			return nil, err
		}
	}
	for _, p := range s.plans {
		if p.more || p.done < len(p.steps) {
			behind = append(behind, p.mark.RoomID)
		}
	}
	return behind, nil
}

// commit runs the transaction. db.ErrUnavailable: others have been writing for too long.
func (s *slice) commit(ctx context.Context) error {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	start, entered := time.Now(), func() {}
	if s.wait > 0 {
		timer := time.AfterFunc(s.wait, giveUp)
		defer timer.Stop()
		entered = func() {
			timer.Stop()
			s.waited = time.Since(start)
		}
	}
	return s.store.Tx(ctx, func(tx *db.DB) error { return s.do(ctx, tx, entered) })
}

// do is the transaction of a slice; it calls entered as soon as it has the lock. The marks are its lock: Remove takes it too, so that no text gets into the
// index after it was deleted.
func (s *slice) do(ctx context.Context, tx *db.DB, entered func()) error {
	start, terms := time.Now(), 0
	var rooms []uint64
	for _, p := range s.plans {
		if p.done = 0; len(p.steps) > 0 {
			rooms = append(rooms, p.mark.RoomID)
		}
	}
	slices.Sort(rooms)
	marks, err := tx.LockIndexMarks(ctx, rooms)
	if err != nil {
		return err
	}
	entered()
	for _, p := range s.plans {
		if len(p.steps) == 0 || marks[p.mark.RoomID] != p.mark { // somebody else was here, and the plan is for what was before
			continue
		}
		for _, step := range p.steps {
			if terms > 0 && time.Since(start) > sliceTime {
				break
			}
			if step.do != nil {
				if err := step.do(ctx, tx); err != nil {
					return err
				}
			}
			terms += step.terms
			p.done++
		}
		if p.done > 0 {
			if err := tx.SetIndexMark(ctx, p.steps[p.done-1].mark); err != nil {
				return err
			}
		}
	}
	if s.engine.onSlice != nil {
		s.engine.onSlice(terms)
	}
	return nil
}

func (p *roomPlan) addStep(terms int, do func(ctx context.Context, tx *db.DB) error) {
	p.steps = append(p.steps, step{terms: terms, do: do, mark: p.after})
	p.slice.terms -= terms
}

// isFull reports whether the slice has as much to do as it may have, and notes that there is more.
func (p *roomPlan) isFull() bool {
	p.more = p.slice.terms <= 0
	return p.more
}

// addAll plans everything that has to be done for a room: words of deleted messages first, then new messages,
// then those that an earlier version has indexed.
func (p *roomPlan) addAll(ctx context.Context) error {
	for _, add := range []func(ctx context.Context) error{p.addRemovals, p.addVersion, p.addNew, p.addAgain, p.addCleaning} {
		if err := add(ctx); err != nil || p.more {
			return err
		}
	}
	return nil
}

func (p *roomPlan) addRemovals(ctx context.Context) error {
	texts, err := p.slice.store.Removals(ctx, p.mark.RoomID, readTexts)
	if err != nil {
		return err
	}
	for _, text := range texts {
		all := indexTerms(text.Body, text.AuthorID)
		done := min(text.Done, len(all))
		for part := range slices.Chunk(all[done:], stepTerms) {
			if p.isFull() {
				return nil
			}
			done += len(part)
			done := done
			p.addStep(len(part), func(ctx context.Context, tx *db.DB) error {
				if err := tx.DeletePostings(ctx, text.RoomID, text.MessageSeq, text.At, part); err != nil {
					return err
				}
				if done < len(all) {
					return tx.SetRemoved(ctx, text, done)
				}
				return tx.DeleteRemoval(ctx, text)
			})
		}
	}
	p.more = len(texts) == readTexts
	return nil
}

// addVersion makes sure that a room that an earlier version has indexed is indexed again. What that left is
// found in the meantime.
func (p *roomPlan) addVersion(context.Context) error {
	if p.after.Version == db.IndexVersion {
		return nil
	}
	before := p.after.Indexed
	p.after.Version, p.after.Indexed = db.IndexVersion, db.Cursor{Seq: before.Seq}
	p.after.Again, p.after.AgainTo, p.after.AgainCleaned = db.Cursor{}, max(before.Seq, before.PartSeq), ""
	p.addStep(0, nil)
	return nil
}

func (p *roomPlan) addNew(ctx context.Context) error {
	return p.addEntries(ctx, &p.after.Indexed, 1<<63-1)
}

func (p *roomPlan) addAgain(ctx context.Context) error {
	return p.addEntries(ctx, &p.after.Again, p.after.AgainTo)
}

// addCleaning plans to remove what earlier versions have left, once all entries have been indexed again.
func (p *roomPlan) addCleaning(ctx context.Context) error {
	if p.after.AgainTo == 0 || p.isFull() {
		return nil
	}
	if p.after.Again != p.mark.Again || p.mark.Again.Seq < p.mark.AgainTo { // what this slice will index again still looks old
		p.more = true
		return nil
	}
	old, err := p.slice.store.OldPostings(ctx, p.mark.RoomID, p.after.AgainCleaned, p.slice.terms)
	if err != nil {
		return err
	}
	p.more = len(old) == p.slice.terms
	for part := range slices.Chunk(old, stepTerms) {
		p.after.AgainCleaned = part[len(part)-1].Term
		p.addStep(len(part), func(ctx context.Context, tx *db.DB) error {
			return tx.DeleteOldPostings(ctx, part)
		})
	}
	if !p.more {
		p.after.Again, p.after.AgainTo, p.after.AgainCleaned = db.Cursor{}, 0, ""
		p.addStep(0, nil)
	}
	return nil
}

// addEntries plans to index the entries of a room from a cursor on, which it moves along.
func (p *roomPlan) addEntries(ctx context.Context, at *db.Cursor, to uint64) error {
	var batch []db.Posting
	flush := func() {
		postings := batch
		slices.SortFunc(postings, func(a, b db.Posting) int { return strings.Compare(a.Term, b.Term) })
		p.addStep(len(postings), func(ctx context.Context, tx *db.DB) error { return tx.AddPostings(ctx, postings) })
		batch = nil
	}
	before := *at
	defer func() {
		if *at != before || len(batch) > 0 {
			flush()
		}
	}()
	for at.Seq < to && !p.isFull() {
		rows, err := p.slice.store.MessagesAfter(ctx, p.mark.RoomID, at.Seq, readTexts)
		if err != nil {
			return err
		}
		messages, err := p.slice.messagesOf(ctx, p.mark.RoomID, rows)
		if err != nil {
			return err
		}
		for i, row := range rows {
			if row.Seq > to {
				return nil
			}
			all, done := entryTerms(row, messages[i]), 0
			if at.PartSeq == row.Seq {
				done = min(at.PartTerms, len(all))
			}
			for done < len(all) {
				if p.slice.terms-len(batch) <= 0 {
					p.more = true
					return nil
				}
				n := min(len(all)-done, stepTerms-len(batch), p.slice.terms-len(batch))
				for _, term := range all[done : done+n] {
					batch = append(batch, db.Posting{RoomID: row.RoomID, Term: term, At: messages[i].CreatedAt.UnixMicro(), Seq: messages[i].Seq, Version: db.IndexVersion})
				}
				if done += n; done < len(all) {
					at.PartSeq, at.PartTerms = row.Seq, done
				} else {
					*at = db.Cursor{Seq: row.Seq}
				}
				if len(batch) == stepTerms {
					flush()
				}
			}
			*at = db.Cursor{Seq: row.Seq}
		}
		if len(rows) < readTexts {
			return nil
		}
	}
	return nil
}

// messagesOf returns the messages that these entries are about: the entry itself, or the target of an edit.
func (s *slice) messagesOf(ctx context.Context, room uint64, rows []db.Message) ([]db.Message, error) {
	var edited []uint64
	for _, m := range rows {
		if m.Kind == db.KindEdit {
			edited = append(edited, m.TargetSeq)
		}
	}
	targets, err := s.store.MessagesAt(ctx, room, edited)
	list := slices.Clone(rows)
	for i, m := range rows {
		if m.Kind == db.KindEdit {
			list[i] = targets[m.TargetSeq]
		}
	}
	return list, err
}

// entryTerms returns the terms that an entry adds to a message, its text or that of an edit. Those of an
// earlier text stay: it is still in the edit history, and people who were away since see it on the page.
func entryTerms(entry, message db.Message) []string {
	if !message.IsText() || message.DeleteSeq != 0 {
		return nil
	}
	return indexTerms(entry.Body, message.AuthorID)
}
