package web

import (
	"cmp"
	"sync"
	"time"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// groupTime is how long messages of one author stand together under one name.
const groupTime = 5 * time.Minute

// entryView is an entry as it is shown in a time zone: the same on every page and every stream,
// and for everybody in that zone.
func entryView(e chat.Entry, zone *time.Location) views.Entry {
	at := e.CreatedAt.In(zone)
	v := views.Entry{Message: e.Message, Author: e.Author, About: e.About, Members: e.Members, At: at, Mentioned: e.Mentioned, Pictures: e.Pictures}
	v.Edited, v.Gone = e.Edited, e.GoneSeq != 0
	for _, r := range e.Reactions {
		v.Reactions = append(v.Reactions, views.Reaction{Emoji: r.Emoji, By: r.By})
	}
	if e.Quote != nil {
		q := quoteView(*e.Quote)
		v.Quote = &q
	}
	if e.Before == nil || !sameDay(e.Before.CreatedAt.In(zone), at) {
		v.Day = at.Format("Monday, 2 January 2006")
		return v
	}
	v.Continues = e.IsSaid() && e.Before.IsSaid() && e.Before.AuthorID == e.AuthorID && e.CreatedAt.Sub(e.Before.CreatedAt) < groupTime
	return v
}

func quoteView(q chat.Quote) views.Quote {
	return views.Quote{Seq: q.Seq, Author: q.Author, Text: views.Plain(q.Text), Photos: q.Photos, Hidden: q.Hidden}
}

// arrival is an entry as it comes to an open page: new in the list, or a change of what is there.
func arrival(e chat.Entry, zone *time.Location) component {
	if e.Target != nil {
		return views.Changed(entryView(*e.Target, zone))
	}
	return views.Arrival(entryView(e, zone))
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// shortTime is a moment in a list: the clock today, the date before that.
func shortTime(at, now time.Time) string {
	switch {
	case sameDay(at, now):
		return at.Format("15:04")
	case at.Year() == now.Year():
		return at.Format("2 Jan")
	}
	return at.Format("2 Jan 2006")
}

// said is the one line that a room list has for what was said last.
func said(l chat.Line, me db.User) string {
	if l.SaidBy == 0 {
		return ""
	}
	if l.SaidGone != 0 {
		return "Message deleted"
	}
	text := clipped(cmp.Or(views.Plain(l.Said), views.Photos(l.Photos)), 140)
	if l.SaidBy == me.ID {
		return "You: " + text
	}
	if l.By.ID != 0 {
		return l.By.DisplayName + ": " + text
	}
	return text
}

// zones remembers the time zones that were asked for; there are only as many as have names.
type zones struct {
	mu    sync.Mutex
	known map[string]*time.Location
}

// named answers UTC for a name that this program does not know.
func (z *zones) named(name string) *time.Location {
	z.mu.Lock()
	defer z.mu.Unlock()
	if zone := z.known[name]; zone != nil {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	if z.known == nil {
		z.known = map[string]*time.Location{}
	}
	z.known[name] = zone
	return zone
}
