package chat

import (
	"context"
	"maps"
	"slices"
	"strings"

	"parley/db"
)

// loaded is a batch of rows of one room's log with everything that they refer to.
type loaded struct {
	rows      map[uint64]db.Message          // the rows and what they refer to
	before    map[uint64]*db.Message         // the shown entry before each row that has a place of its own
	changes   map[uint64][]db.Message        // by target, oldest first: those that decide what some reader sees
	photos    map[uint64][]db.Photo          // by the entry that they belong to
	mentioned map[uint64][]db.MessageMention // by message
	people    map[uint64]db.User
	like      likeNames
	joined    map[uint64]joinedToo // by the line of those who joined
}

// entryLoader loads a batch in a few queries for all of its rows.
type entryLoader struct {
	tx    *db.DB
	room  uint64
	spans db.Spans
	at    uint64      // a seq, or atItsTime
	above *db.Message // the entry above the batch that the reader may see, if it was read
	cast  *cast       // of a page that may be shown again; nil otherwise
	loaded
}

func (l *entryLoader) load(ctx context.Context, rows []db.Message) error {
	if err := l.loadRows(ctx, rows); err != nil {
		return err
	}
	if err := l.loadChanges(ctx, rows); err != nil {
		return err
	}
	if err := l.loadMentions(ctx); err != nil {
		return err
	}
	if err := l.loadBefore(ctx, rows); err != nil {
		return err
	}
	if err := l.loadJoined(ctx, rows); err != nil {
		return err
	}
	return l.loadPeople(ctx)
}

// loadRows finds what the rows refer to, and what that replies to in its turn.
func (l *entryLoader) loadRows(ctx context.Context, rows []db.Message) error {
	l.rows = make(map[uint64]db.Message, len(rows))
	for _, m := range rows {
		l.rows[m.Seq] = m
	}
	for range 2 {
		var missing []uint64
		for _, m := range l.rows {
			if _, have := l.rows[m.TargetSeq]; m.TargetSeq != 0 && !have {
				missing = append(missing, m.TargetSeq)
			}
		}
		found, err := l.tx.MessagesAt(ctx, l.room, missing)
		if err != nil {
			return err
		}
		maps.Copy(l.rows, found)
	}
	return nil
}

// loadMentions finds who is mentioned in the texts of a batch. Most have no @ at all.
func (l *entryLoader) loadMentions(ctx context.Context) error {
	var messages []uint64
	for seq, m := range l.rows {
		mentions := func(change db.Message) bool { return change.Kind == db.KindEdit && strings.Contains(change.Body, "@") }
		if m.Kind == db.KindText && (strings.Contains(m.Body, "@") || slices.ContainsFunc(l.changes[seq], mentions)) {
			messages = append(messages, seq)
		}
	}
	list, err := l.tx.MentionsOf(ctx, l.room, messages)
	l.mentioned = map[uint64][]db.MessageMention{}
	for _, m := range list {
		l.mentioned[m.MessageSeq] = append(l.mentioned[m.MessageSeq], m)
	}
	if l.cast != nil {
		l.cast.addMentions(messages, list)
	}
	return err
}

// loadBefore finds the shown entry before each shown row. Most have theirs in the batch, or just above it. It is
// another one where the reader was away in between. The target of a change is somewhere above the batch.
func (l *entryLoader) loadBefore(ctx context.Context, rows []db.Message) error {
	l.before = map[uint64]*db.Message{}
	above := l.above
	for i, m := range rows {
		if !m.IsListed() {
			continue
		}
		if above != nil && l.spans.HasAll(above.Seq, m.Seq) {
			l.before[m.Seq] = above
		} else if err := l.findBefore(ctx, m.Seq); err != nil {
			return err
		}
		above = &rows[i]
	}
	for _, m := range rows {
		if _, have := l.before[m.TargetSeq]; !m.IsListed() && !have {
			if err := l.findBefore(ctx, m.TargetSeq); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *entryLoader) findBefore(ctx context.Context, seq uint64) error {
	above, err := l.tx.MessagesBefore(ctx, l.room, seq, everything, 1)
	if err == nil && len(above) > 0 {
		l.before[seq] = &above[0]
	}
	return err
}

func (l *entryLoader) loadPeople(ctx context.Context) (err error) {
	ids := map[uint64]bool{}
	for _, m := range l.rows {
		ids[m.AuthorID], ids[m.AboutID], ids[m.DeletedBy] = true, true, true
	}
	for _, changes := range l.changes {
		for _, m := range changes {
			ids[m.AuthorID] = true
		}
	}
	for _, j := range l.joined {
		ids[j.first] = true
	}
	for _, mentions := range l.mentioned {
		for _, m := range mentions {
			ids[m.UserID] = true
		}
	}
	if l.cast != nil {
		l.like = l.cast.like
	} else if l.like, err = likeNamesIn(ctx, l.tx, l.room); err != nil {
		return err
	}
	for id, since := range l.like.since {
		if l.rows[since].ChangesMembers() { // an entry of the batch, which tells open pages
			ids[id] = true
		}
	}
	delete(ids, 0)
	list := slices.Sorted(maps.Keys(ids))
	if l.cast != nil {
		l.people, err = l.cast.find(ctx, l.tx, list)
	} else {
		l.people, err = l.tx.UsersByID(ctx, list)
	}
	return err
}
