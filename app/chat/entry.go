package chat

import (
	"parley/app/markup"
	"parley/db"
)

// Entry is one entry of a room's log with what it takes to show it. What is shown depends on the
// reader's spans and on nothing else, such as the page or the stream that it is on.
type Entry struct {
	db.Message
	Author         db.User
	About          db.User     // who joins, leaves, becomes the owner, is banned, or whose message is deleted
	DeletedBy      db.User     // the moderator who deleted it; the zero User if its author did
	JoinedNext     db.User     // in the line of those who joined an open room: the second of them
	JoinedToo      int         // and the number of people after the first
	NewLookalikes  []db.User   // people in the room who share a name with whoever came with it
	RedactedBefore *db.Message // the shown entry before it in the log; nil for the first
	Edited         bool        // Body is the text of its newest edit
	Reactions      []Reaction
	Pictures       []db.Photo // with their alt texts
	Mentioned      []db.User  // who is mentioned in it, and was in the room when that was written
	Quote          *Quote     // of the message that this one replies to, or pins
	Target         *Entry     // for an edit, a deletion or a reaction: the message, as it is after it

	texts *markup.Cache

	// resolve re-renders the entry for a reader with less history. Nil if it refers to no earlier entry.
	resolve func(spans db.Spans) Entry
}

// Text returns the body, parsed.
func (e Entry) Text() *markup.Text { return e.texts.Text(e.Body) }

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
	Text   string // empty when it was deleted, is hidden, or has only photos
	Photos int
	Hidden bool // from before the reader joined
}

// maxQuote is how much of a message a quote shows, in characters.
const maxQuote = 140

// VisibleTo returns the entry for a reader with these spans. Content from other parts of the log is
// left out, in quotes and reactions too; ok is false if nothing is left to show.
func (e Entry) VisibleTo(spans db.Spans) (visible Entry, ok bool) {
	if e.resolve != nil {
		e = e.resolve(spans)
	}
	if e.Quote != nil && !spans.Has(e.Quote.Seq) {
		e.Quote = &Quote{Seq: e.Quote.Seq, Hidden: true}
	}
	if e.Target != nil {
		if e.Kind != db.KindDelete && !spans.Has(e.Target.Seq) {
			return e, false
		}
		target, _ := e.Target.VisibleTo(spans)
		e.Target = &target
	}
	return e, true
}

// Earliest returns the earliest entry of which this one shows something, itself if there is no other. VisibleTo changes
// nothing for those who may see all from there on up to this entry.
func (e Entry) Earliest() uint64 {
	switch {
	case e.TargetSeq == 0:
		return e.Seq
	case e.Target != nil && e.Target.TargetSeq != 0: // which is a reply, or pins something
		return min(e.TargetSeq, e.Target.TargetSeq)
	}
	return e.TargetSeq
}

// EndsFor returns whose membership ends with this entry; all means everybody's.
func (e Entry) EndsFor() (users []uint64, all bool) {
	switch e.Kind {
	case db.KindClosed:
		return nil, true
	case db.KindLeave, db.KindWentAway, db.KindBanned:
		return []uint64{e.AboutID}, false
	}
	return nil, false
}
