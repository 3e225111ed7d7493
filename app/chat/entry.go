package chat

import (
	"context"
	"iter"
	"maps"
	"slices"

	"parley/app/markup"
	"parley/db"
)

// Entry is one entry of a room's log with what it takes to show it. What is shown depends on
// nothing else: not on who looks, and not on which page or stream it is.
type Entry struct {
	db.Message
	Author         db.User
	About          db.User     // who joins, leaves or becomes the owner
	Members        int         // who were in the room after it, where that changed
	RedactedBefore *db.Message // the shown entry before it in the log; nil for the first
	Edited         bool        // Body is the text of its newest edit
	Reactions      []Reaction
	Pictures       []db.Photo // with what they are said to show
	Mentioned      []db.User  // who is named in it, and was in the room when that was written
	Quote          *Quote     // of the message that this one replies to
	Target         *Entry     // for an edit, a deletion or a reaction: the message, as it is after it

	// Dresses it anew for somebody who saw less. It is nil where it refers to nothing earlier.
	dressed func(seen func(seq uint64) bool) Entry
}

// Reaction is an emoji below a message, and who gave it, the first of them first.
type Reaction struct {
	Emoji string
	By    []db.User
}

// Quote is a line of an earlier message, as it was when somebody replied to it: an edit changes
// the message and not what was answered. Only a deletion reaches it.
type Quote struct {
	Seq    uint64
	Author db.User
	Text   string // empty when it was deleted, is hidden, or has photos alone
	Photos int
	Hidden bool // said when the reader was not there
}

// maxQuote is how much of a message a quote shows, in characters.
const maxQuote = 140

// eachAtItsTime shows every entry as it was when it came. A replay then sends the same bytes as
// the first time, however often something was changed later; only deletions reach back.
const eachAtItsTime = 0

// entries dresses rows of one room's log, as they stand at a seq, with the changes that a reader saw.
func entries(ctx context.Context, tx *db.DB, room uint64, rows []db.Message, at uint64, seen func(seq uint64) bool) ([]Entry, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	d := dresser{ctx: ctx, tx: tx, room: room, seen: seen}
	if err := d.load(rows); err != nil {
		return nil, err
	}
	list := make([]Entry, len(rows))
	for i, m := range rows {
		when := at
		if when == eachAtItsTime {
			when = m.Seq
		}
		list[i] = d.whole(m, when)
		if m.TargetSeq != 0 {
			list[i].dressed = func(seen func(seq uint64) bool) Entry {
				theirs := d
				theirs.seen = seen
				return theirs.whole(m, when)
			}
		}
		if m.Kind == db.KindJoin || m.Kind == db.KindLeave {
			n, err := tx.MembersAt(ctx, room, m.Seq)
			if err != nil {
				return nil, err
			}
			list[i].Members = n
		}
	}
	return list, nil
}

// dresser holds what a batch of rows needs, loaded in a few queries for all of them.
type dresser struct {
	ctx     context.Context
	tx      *db.DB
	room    uint64
	seen    func(seq uint64) bool   // who looks was there for an entry
	rows    map[uint64]db.Message   // the rows and what they refer to
	before  map[uint64]*db.Message  // the shown entry before each row that has a place of its own
	changes map[uint64][]db.Message // by target, oldest first
	photos  map[uint64][]db.Photo   // by the entry that they stand in
	named   map[uint64][]uint64     // by the seq of a message or an edit
	people  map[uint64]db.User
}

func (d *dresser) load(rows []db.Message) (err error) {
	d.rows = map[uint64]db.Message{}
	var referred []uint64
	for _, m := range rows {
		d.rows[m.Seq] = m
	}
	for _, m := range rows {
		if _, have := d.rows[m.TargetSeq]; m.TargetSeq != 0 && !have {
			referred = append(referred, m.TargetSeq)
		}
	}
	if err := d.add(referred); err != nil {
		return err
	}
	var quoted, changed, pictured []uint64
	for _, m := range d.rows {
		if _, have := d.rows[m.TargetSeq]; m.TargetSeq != 0 && !have { // a target that is itself a reply
			quoted = append(quoted, m.TargetSeq)
		}
	}
	if err := d.add(quoted); err != nil {
		return err
	}
	for seq, m := range d.rows {
		if m.Kind == db.KindText {
			changed = append(changed, seq)
		}
		if m.PhotoCount > 0 {
			pictured = append(pictured, seq)
		}
	}
	if d.photos, err = d.tx.PhotosOf(d.ctx, d.room, pictured); err != nil {
		return err
	}
	changes, err := d.tx.ChangesOf(d.ctx, d.room, changed)
	if err != nil {
		return err
	}
	d.changes = map[uint64][]db.Message{}
	for _, m := range changes {
		d.changes[m.TargetSeq] = append(d.changes[m.TargetSeq], m)
		if target := d.rows[m.TargetSeq]; m.Kind == db.KindDelete && target.DeleteSeq == 0 {
			// Between two of our queries: its edits are erased already.
			target.DeleteSeq, target.Body, target.PhotoCount = m.Seq, "", 0
			d.rows[m.TargetSeq] = target
		}
	}
	if err := d.loadNamed(changes); err != nil {
		return err
	}
	if err := d.loadBefore(rows); err != nil {
		return err
	}
	return d.loadPeople(changes)
}

func (d *dresser) add(seqs []uint64) error {
	found, err := d.tx.MessagesAt(d.ctx, d.room, seqs)
	for seq, m := range found {
		d.rows[seq] = m
	}
	return err
}

// loadBefore finds the shown entry before each shown row. Most have theirs in the batch. Not the
// first; not who joins, because above it there may be what this reader was not there for; and a
// target stands somewhere above.
func (d *dresser) loadBefore(rows []db.Message) error {
	d.before = map[uint64]*db.Message{}
	var above *db.Message
	for i, m := range rows {
		if !m.IsListed() {
			continue
		}
		if above == nil || m.Kind == db.KindJoin {
			if err := d.findBefore(m.Seq); err != nil {
				return err
			}
		} else {
			d.before[m.Seq] = above
		}
		above = &rows[i]
	}
	for _, m := range rows {
		if _, have := d.before[m.TargetSeq]; !m.IsListed() && !have {
			if err := d.findBefore(m.TargetSeq); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *dresser) findBefore(seq uint64) error {
	above, err := d.tx.MessagesBefore(d.ctx, d.room, seq, []db.Span{{From: 1}}, 1)
	if err == nil && len(above) > 0 {
		d.before[seq] = &above[0]
	}
	return err
}

func (d *dresser) loadPeople(changes []db.Message) (err error) {
	ids := map[uint64]bool{}
	for _, m := range d.rows {
		ids[m.AuthorID], ids[m.AboutID] = true, true
	}
	for _, m := range changes {
		ids[m.AuthorID] = true
	}
	for _, users := range d.named {
		for _, u := range users {
			ids[u] = true
		}
	}
	delete(ids, 0)
	d.people, err = d.tx.UsersByID(d.ctx, slices.Sorted(maps.Keys(ids)))
	return err
}

// whole shows a row with the message that it changes.
func (d *dresser) whole(m db.Message, at uint64) Entry {
	e := d.dress(m, at)
	if target, ok := d.rows[m.TargetSeq]; ok && !m.IsListed() {
		dressed := d.dress(target, at)
		e.Target = &dressed
	}
	return e
}

// dress shows a row as it stands at a seq.
func (d *dresser) dress(m db.Message, at uint64) Entry {
	e := Entry{Message: m, Author: d.people[m.AuthorID], About: d.people[m.AboutID], RedactedBefore: d.before[m.Seq]}
	if m.Kind != db.KindText {
		return e
	}
	e.Body, e.Edited = d.textAt(m, at)
	if m.DeleteSeq == 0 {
		e.Reactions, e.Pictures = d.reactionsAt(m.Seq, at), d.photosAt(m.Seq, at)
		e.Mentioned = d.namedAt(m.Seq, at)
	}
	if m.TargetSeq != 0 {
		to := d.rows[m.TargetSeq]
		text, _ := d.textAt(to, m.Seq)
		e.Quote = &Quote{Seq: to.Seq, Author: d.people[to.AuthorID], Text: markup.FirstLine(text, maxQuote), Photos: to.PhotoCount}
	}
	return e
}

// VisibleTo is the entry for a reader who was there for these spans of the log only. What refers to
// something from outside them loses what it tells of it; ok is false where nothing is left to show.
func (e Entry) VisibleTo(seen func(seq uint64) bool) (inside Entry, ok bool) {
	if e.dressed != nil {
		e = e.dressed(seen)
	}
	if e.Quote != nil && !seen(e.Quote.Seq) {
		e.Quote = &Quote{Seq: e.Quote.Seq, Hidden: true}
	}
	if e.Target != nil {
		if e.Kind != db.KindDelete && !seen(e.Target.Seq) {
			return e, false
		}
		target, _ := e.Target.VisibleTo(seen)
		e.Target = &target
	}
	return e, true
}

// changesAt are the changes of a message up to a seq, oldest first. An edit may say what was not said
// before: whoever was away then does not learn of it later.
func (d *dresser) changesAt(seq, at uint64) iter.Seq[db.Message] {
	return func(yield func(db.Message) bool) {
		for _, change := range d.changes[seq] {
			if change.Seq <= at && d.seen(change.Seq) && !yield(change) {
				return
			}
		}
	}
}

// textAt is the text of a message after the edits up to a seq.
func (d *dresser) textAt(m db.Message, at uint64) (text string, edited bool) {
	text = m.Body
	for change := range d.changesAt(m.Seq, at) {
		if change.Kind == db.KindEdit && m.DeleteSeq == 0 {
			text, edited = change.Body, true
		}
	}
	return text, edited
}

// photosAt are the photos of a message with what was said of them up to a seq.
func (d *dresser) photosAt(seq, at uint64) []db.Photo {
	list := slices.Clone(d.photos[seq])
	for change := range d.changesAt(seq, at) {
		for i := range list {
			if change.Kind == db.KindAltText && change.PhotoID == list[i].ID {
				list[i].Alt = change.Body
			}
		}
	}
	return list
}

func (d *dresser) reactionsAt(seq, at uint64) (list []Reaction) {
	for change := range d.changesAt(seq, at) {
		if change.Kind != db.KindReaction || change.Body == "" {
			continue
		}
		emoji, who := change.Body[1:], d.people[change.AuthorID]
		i := slices.IndexFunc(list, func(r Reaction) bool { return r.Emoji == emoji })
		if i < 0 {
			i, list = len(list), append(list, Reaction{Emoji: emoji})
		}
		list[i].By = slices.DeleteFunc(list[i].By, func(u db.User) bool { return u.ID == who.ID })
		if change.Body[0] == '+' {
			list[i].By = append(list[i].By, who)
		}
	}
	return slices.DeleteFunc(list, func(r Reaction) bool { return len(r.By) == 0 })
}
