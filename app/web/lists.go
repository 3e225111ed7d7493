package web

import (
	"context"
	"time"

	"parley/app/chat"
	"parley/app/live"
	"parley/db"
	"parley/views"
)

// roomLines is the room list of a person; the open room counts as read.
func (s *Server) roomLines(c *call, open uint64) ([]views.RoomLine, error) {
	lines, err := s.chat.Rooms(c.ctx, c.me)
	if err != nil {
		return nil, err
	}
	return s.linesView(lines, c.me, open, s.locale(c)), nil
}

func (s *Server) linesView(lines []chat.RoomSummary, me db.User, open uint64, m locale) []views.RoomLine {
	now := s.o.Now().In(m.zone)
	out := make([]views.RoomLine, len(lines))
	for i, l := range lines {
		out[i] = views.RoomLine{ID: l.RoomID, Title: friendOr(l.Friend, l.Name), Face: l.Friend, IsGroup: l.Kind == db.RoomGroup, PhotoID: l.PhotoID,
			Unread: l.Unread, Muted: l.Muted, Current: l.RoomID == open}
		out[i].By, out[i].Last = said(l, me, m.words)
		out[i].Mentioned = out[i].IsGroup && l.Mentions > 0 // in a direct room everything is for me
		if out[i].Current {                                 // whoever looks at it reads it
			out[i].Unread, out[i].Mentioned = 0, false
		}
		if l.SaidAt != nil {
			out[i].At = l.SaidAt.In(m.zone)
			out[i].When = m.words.Dates.Brief(out[i].At, now)
		}
	}
	return out
}

// source is what the hub reads, rendered by the same components as the pages.
func (s *Server) source() live.Source {
	return live.Source{Heads: s.chat.Heads, After: s.recordsAfter, Alive: s.accounts.AliveSessions, Lists: s.listsOf, Here: s.hereIn,
		Delivered: func(d time.Duration) { s.meters.delivered.Observe(d.Seconds()) }}
}

func (s *Server) recordsAfter(ctx context.Context, room, seq uint64, limit int) (uint64, []live.Record, error) {
	epoch, entries, err := s.chat.After(ctx, room, seq, limit)
	if err != nil {
		return 0, nil, err
	}
	records := make([]live.Record, len(entries))
	for i, e := range entries {
		records[i] = live.Record{Seq: e.Seq, At: e.CreatedAt, Render: func(variant string) []byte { return s.renderEntry(e, variant) }}
		if e.IsText() {
			records[i].Author = e.AuthorID
		}
		records[i].ErasesEarlier = e.Kind == db.KindDelete
		if users, all := e.EndsFor(); all || len(users) > 0 {
			records[i].Ends = func(user uint64) bool { return all || users[0] == user }
		}
	}
	return epoch, records, nil
}

// listsOf is what changes beside the messages on the pages of one person. A page in another language
// or time zone than they want by now has to load again: what comes would not fit what it shows.
func (s *Server) listsOf(ctx context.Context, user uint64) ([]uint64, func(*live.Viewer) ([]byte, bool), error) {
	me, err := s.accounts.User(ctx, user)
	if err != nil {
		return nil, nil, err
	}
	lines, err := s.chat.Rooms(ctx, me)
	if err != nil {
		return nil, nil, err
	}
	people, err := s.chat.People(ctx, me)
	if err != nil {
		return nil, nil, err
	}
	rooms := make([]uint64, len(lines))
	for i, l := range lines {
		rooms[i] = l.RoomID
	}
	return rooms, func(v *live.Viewer) ([]byte, bool) {
		m := s.mannerOf(parseVariant(v.Variant))
		if v.Page == framePage {
			return s.renderForStream(views.RoomsNow(m.words, s.linesView(lines, me, v.Beside, m))), true
		}
		if v.Manner != "" && v.Manner != views.Manner(me) {
			return nil, false
		}
		state := views.Lists{Words: m.words, Rooms: s.linesView(lines, me, v.Room, m), Requests: len(people.Incoming)}
		for _, l := range lines {
			if l.RoomID == v.Room {
				state.Friend = l.Friend // who may have another name or photo by now
			}
		}
		if v.Page == friendsPage {
			f := friendsView(people, views.Friends{Words: m.words})
			state.Friends = &f
		}
		return s.renderForStream(views.LiveLists(state)), true
	}, nil
}
