package web

import (
	"cmp"
	"time"

	"parley/app/chat"
	"parley/app/markup"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// groupTime is how long messages of one author stand together under one name.
const groupTime = 5 * time.Minute

// entryView is an entry in a locale. It is the same on every page and stream, and for everybody with
// that locale.
func entryView(e chat.Entry, l locale) views.Entry {
	at := e.CreatedAt.In(l.zone)
	v := views.Entry{Words: l.words, Message: e.Message, Author: e.Author, About: e.About, Members: e.Members, At: at, Mentioned: e.Mentioned, Pictures: e.Pictures}
	v.Edited, v.Gone = e.Edited, e.DeleteSeq != 0
	for _, r := range e.Reactions {
		v.Reactions = append(v.Reactions, views.Reaction{Emoji: r.Emoji, By: r.By})
	}
	if e.Quote != nil {
		q := quoteView(*e.Quote)
		v.Quote = &q
	}
	if e.RedactedBefore == nil || !sameDay(e.RedactedBefore.CreatedAt.In(l.zone), at) {
		v.Day = l.words.Dates.Day(at)
		return v
	}
	v.Continues = e.IsText() && e.RedactedBefore.IsText() && e.RedactedBefore.AuthorID == e.AuthorID && e.CreatedAt.Sub(e.RedactedBefore.CreatedAt) < groupTime
	return v
}

func quoteView(q chat.Quote) views.Quote {
	return views.Quote{Seq: q.Seq, Author: q.Author, Text: q.Text, Photos: q.Photos, Hidden: q.Hidden}
}

// arrival is an entry as it comes to an open page: new in the list, or a change of what is there.
func arrival(e chat.Entry, l locale) component {
	if e.Target != nil {
		return views.Changed(entryView(*e.Target, l))
	}
	return views.Arrival(entryView(e, l))
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// said is the one line that a room list has for what was said last, and in a group by whom.
func said(l chat.RoomSummary, me db.User, w *words.Catalog) (by, text string) {
	if l.SaidBy == 0 {
		return "", ""
	}
	if l.SaidGone != 0 {
		return "", w.Message.Deleted
	}
	text = clipped(cmp.Or(markup.Plain(l.Said), w.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "", words.Fill(w.Rooms.You, "{what}", text)
	}
	return l.By.DisplayName, text
}
