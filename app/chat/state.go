package chat

import (
	"iter"
	"maps"
	"slices"

	"parley/app/markup"
	"parley/db"
)

// state is the log as it stood at a seq, for a reader with these spans.
type state struct {
	*loaded
	at    uint64
	spans db.Spans
	texts *markup.Cache
}

// entryAt returns a row with the message that it changes.
func (s state) entryAt(m db.Message) Entry {
	e := s.withoutTarget(m)
	if target, ok := s.rows[m.TargetSeq]; ok && !m.IsListed() {
		changed := s.withoutTarget(target)
		e.Target = &changed
	}
	return e
}

func (s state) withoutTarget(m db.Message) Entry {
	e := Entry{Message: m, texts: s.texts, Author: s.person(m.AuthorID), About: s.person(m.AboutID), RedactedBefore: s.before[m.Seq]}
	if m.DeletedBy != 0 {
		e.DeletedBy = s.person(m.DeletedBy)
	}
	if m.Kind == db.KindPinned {
		e.Quote = s.quoteFor(m)
	}
	if m.IsJoinLine() {
		e.JoinedNext, e.JoinedToo = s.joinedWith(m.Seq)
	}
	if m.Kind != db.KindText {
		return e
	}
	e.Body, e.Edited = s.textOf(m)
	if m.DeleteSeq == 0 {
		e.Reactions, e.Pictures, e.Mentioned = s.reactionsTo(m.Seq), s.photosOf(m.Seq), s.mentionedIn(m.Seq)
	}
	if m.TargetSeq != 0 && m.DeleteSeq == 0 { // a placeholder quotes nothing
		e.Quote = s.quoteFor(m)
	}
	return e
}

// person is somebody as they are shown then.
func (s state) person(id uint64) db.User { return s.like.mark(s.people[id], s.at) }

// newLookalikes lists whoever shares a name since an entry.
func (s state) newLookalikes(seq uint64) (list []db.User) {
	for _, id := range slices.Sorted(maps.Keys(s.like.since)) {
		if s.like.since[id] == seq {
			list = append(list, s.person(id))
		}
	}
	return list
}

// quoteFor is what a reply quotes: the text that the message had when the reply came.
func (s state) quoteFor(reply db.Message) *Quote {
	m := s.rows[reply.TargetSeq]
	author := s.person(m.AuthorID)
	s.at = reply.Seq
	text, _ := s.textOf(m)
	return &Quote{Seq: m.Seq, Author: author, Text: s.texts.Text(text).FirstLine(maxQuote), Photos: m.PhotoCount}
}

// changesOf are the changes of a message that decide what is shown of it, oldest first. Those from parts of
// the log that the reader was not there for are left out: an edit may bring a new text.
func (s state) changesOf(seq uint64) iter.Seq[db.Message] {
	return func(yield func(db.Message) bool) {
		for _, change := range s.changes[seq] {
			if change.Seq <= s.at && s.spans.Has(change.Seq) && !yield(change) {
				return
			}
		}
	}
}

func (s state) textOf(m db.Message) (text string, edited bool) {
	text = m.Body
	for change := range s.changesOf(m.Seq) {
		if change.Kind == db.KindEdit && m.DeleteSeq == 0 {
			text, edited = change.Body, true
		}
	}
	return text, edited
}

func (s state) photosOf(seq uint64) []db.Photo {
	return withAltTexts(slices.Clone(s.photos[seq]), s.changesOf(seq))
}

// withAltTexts gives photos the alt texts that the changes of their message brought.
func withAltTexts(photos []db.Photo, changes iter.Seq[db.Message]) []db.Photo {
	for change := range changes {
		for i := range photos {
			if change.Kind == db.KindAltText && change.PhotoID == photos[i].ID {
				photos[i].Alt = change.Body
			}
		}
	}
	return photos
}

func (s state) reactionsTo(seq uint64) []Reaction {
	var list []Reaction
	for _, g := range givenReactions(s.changesOf(seq)) {
		r := Reaction{Emoji: g.emoji}
		for _, user := range g.users {
			r.By = append(r.By, s.person(user))
		}
		list = append(list, r)
	}
	return list
}

// given is an emoji and who gave it, the first of them first.
type given struct {
	emoji string
	users []uint64
}

// givenReactions sums up the changes of a message to the reactions that it has.
func givenReactions(changes iter.Seq[db.Message]) (list []given) {
	for change := range changes {
		if change.Kind != db.KindReaction || change.Body == "" {
			continue
		}
		sign, emoji := change.Body[0], change.Body[1:]
		i := slices.IndexFunc(list, func(g given) bool { return g.emoji == emoji })
		if i < 0 {
			i, list = len(list), append(list, given{emoji: emoji})
		}
		list[i].users = slices.DeleteFunc(list[i].users, func(user uint64) bool { return user == change.AuthorID })
		if sign == '+' {
			list[i].users = append(list[i].users, change.AuthorID)
		}
	}
	return slices.DeleteFunc(list, func(g given) bool { return len(g.users) == 0 })
}

func (s state) mentionedIn(seq uint64) (list []db.User) {
	for _, m := range s.mentioned[seq] {
		if m.Seq == seq || m.Seq <= s.at && s.spans.Has(m.Seq) {
			list = append(list, s.person(m.UserID))
		}
	}
	return list
}
