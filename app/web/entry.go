package web

import (
	"time"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// groupingTime is how far apart messages of one author may be and still share one heading.
const groupingTime = 5 * time.Minute

// entryView returns an entry as a locale shows it: the same on every page and stream, for everybody with
// that locale.
func entryView(e chat.Entry, l locale) views.Entry {
	at := e.CreatedAt.In(l.zone)
	v := views.Entry{
		Words:     l.words,
		Message:   e.Message,
		Author:    e.Author,
		At:        at,
		Mentioned: e.Mentioned,
		Photos:    e.Pictures,
		Edited:    e.Edited,
		Deleted:   e.DeleteSeq != 0,
		Expired:   e.DeleteSeq == e.Seq,
		FewEmojis: chat.IsFewEmojis(e.Body),
	}
	if by := e.DeletedBy; by.ID != 0 {
		v.DeletedBy = &by
	}
	if !e.IsText() {
		v.Event = &views.Event{Subject: e.About, MemberCount: e.Members, JoinedNext: e.JoinedNext, JoinedToo: e.JoinedToo, NewLookalikes: e.NewLookalikes}
	}
	if e.IsText() && e.Body != "" {
		v.Text = e.Text()
	}
	for _, r := range e.Reactions {
		v.Reactions = append(v.Reactions, views.Reaction{Emoji: r.Emoji, By: r.By})
	}
	if e.Quote != nil {
		q := quoteView(*e.Quote)
		v.Quote = &q
	}
	before := e.RedactedBefore
	if before == nil || !sameDay(before.CreatedAt.In(l.zone), at) {
		v.Day = l.words.Dates.Day(at)
		return v
	}
	v.Continues = e.IsText() && before.IsText() && before.AuthorID == e.AuthorID && e.CreatedAt.Sub(before.CreatedAt) < groupingTime
	v.SameMinute = v.Continues && before.CreatedAt.Truncate(time.Minute).Equal(e.CreatedAt.Truncate(time.Minute))
	return v
}

func quoteView(q chat.Quote) views.Quote {
	return views.Quote{Seq: q.Seq, Author: q.Author, Text: q.Text, Photos: q.Photos, Hidden: q.Hidden}
}

// arrival returns an entry for an open page: a new one in the list, or a change of one that is there.
func (s *Server) arrival(e chat.Entry, l locale) component {
	switch {
	case e.Kind == db.KindJoinedToo && e.Target != nil:
		return views.JoinedToo(entryView(e, l), s.items.entry(0, *e.Target, l))
	case e.Kind == db.KindCameBack, e.Kind == db.KindWentAway:
		return views.MembersChanged(entryView(e, l))
	case e.Target != nil:
		return views.UpdatedMessage(s.items.entry(0, *e.Target, l), changeText(e, l))
	}
	return views.NewEntry(s.items.entry(0, e, l))
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
