package web

import (
	"cmp"
	"time"

	"parley/app/chat"
	"parley/app/markup"
	"parley/app/text"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// groupTime is how long messages of one author stand together under one name.
const groupTime = 5 * time.Minute

// entryView is an entry as it is shown in a manner: the same on every page and every stream, and for
// everybody with that manner.
func entryView(e chat.Entry, m manner) views.Entry {
	at := e.CreatedAt.In(m.zone)
	v := views.Entry{Words: m.words, Message: e.Message, Author: e.Author, About: e.About, Members: e.Members, At: at, Mentioned: e.Mentioned, Pictures: e.Pictures}
	v.Edited, v.Gone = e.Edited, e.DeleteSeq != 0
	for _, r := range e.Reactions {
		v.Reactions = append(v.Reactions, views.Reaction{Emoji: r.Emoji, By: r.By})
	}
	if e.Quote != nil {
		q := quoteView(*e.Quote)
		v.Quote = &q
	}
	if e.RedactedBefore == nil || !sameDay(e.RedactedBefore.CreatedAt.In(m.zone), at) {
		v.Day = m.words.Dates.Day(at)
		return v
	}
	v.Continues = e.IsText() && e.RedactedBefore.IsText() && e.RedactedBefore.AuthorID == e.AuthorID && e.CreatedAt.Sub(e.RedactedBefore.CreatedAt) < groupTime
	return v
}

func quoteView(q chat.Quote) views.Quote {
	return views.Quote{Seq: q.Seq, Author: q.Author, Text: q.Text, Photos: q.Photos, Hidden: q.Hidden}
}

// arrival is an entry as it comes to an open page: new in the list, or a change of what is there.
func arrival(e chat.Entry, m manner) component {
	if e.Target != nil {
		return views.Changed(entryView(*e.Target, m))
	}
	return views.Arrival(entryView(e, m))
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// said is the one line that a room list has for what was said last, and in a group by whom.
func said(l chat.RoomSummary, me db.User, w *words.Catalog) (by, line string) {
	if l.SaidBy == 0 {
		return "", ""
	}
	if l.SaidGone != 0 {
		return "", w.Message.Deleted
	}
	line = text.Truncate(cmp.Or(markup.Plain(l.Said), w.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "", words.Fill(w.Rooms.You, "{what}", line)
	}
	return l.By.DisplayName, line
}
