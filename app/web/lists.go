package web

import (
	"context"
	"time"

	"parley/app/chat"
	"parley/app/live"
	"parley/db"
	"parley/views"
)

// roomLines returns the room list of the caller. The open room counts as read.
func (s *Server) roomLines(c *call, open uint64) ([]views.RoomSummary, error) {
	lines, err := s.chat.Rooms(c.ctx, c.me)
	if err != nil {
		return nil, err
	}
	return s.linesView(lines, c.me, open, s.locale(c)), nil
}

func (s *Server) linesView(lines []chat.RoomSummary, me db.User, open uint64, m locale) []views.RoomSummary {
	now := s.o.Now().In(m.zone)
	out := make([]views.RoomSummary, len(lines))
	for i, l := range lines {
		out[i] = views.RoomSummary{ID: l.RoomID, Title: friendOr(l.Friend, l.Name), Friend: l.Friend, IsGroup: l.Kind == db.RoomGroup, PhotoID: l.PhotoID,
			Unread: l.Unread, Muted: l.Muted, Current: l.RoomID == open}
		out[i].LastAuthor, out[i].Preview = said(l, me, m.words)
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
	return live.Source{
		Heads:           s.chat.Heads,
		After:           s.recordsAfter,
		Lists:           s.listsOf,
		Presence:        s.presenceIn,
		ObserveDelivery: func(d time.Duration) { s.meters.delivered.Observe(d.Seconds()) },
	}
}

func (s *Server) recordsAfter(ctx context.Context, room, seq uint64, limit int) (uint64, []live.Record, error) {
	epoch, entries, err := s.chat.After(ctx, room, seq, limit)
	if err != nil {
		return 0, nil, err
	}
	records := make([]live.Record, len(entries))
	for i, e := range entries {
		records[i] = live.Record{Seq: e.Seq, At: e.CreatedAt, ErasesEarlier: e.Kind == db.KindDelete,
			Render: func(v any) []byte { return s.renderEntry(e, v.(variant)) }}
		if e.IsText() {
			records[i].Author = e.AuthorID
		}
		if users, all := e.EndsFor(); all || len(users) > 0 {
			records[i].Ends = func(user uint64) bool { return all || users[0] == user }
		}
	}
	return epoch, records, nil
}

// listsOf reads what changes beside the messages on the pages of one user. A page in another language or
// time zone than they have chosen since has to reload: what is sent would not fit what it shows.
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
	return rooms, func(viewer *live.Viewer) ([]byte, bool) {
		v := variantOf(viewer)
		w := v.locale.words
		if v.page == roomListPage {
			return s.renderForStream(views.StreamedRooms(w, s.linesView(lines, me, v.beside, v.locale))), true
		}
		if v.chosen != "" && v.chosen != views.Locale(me) {
			return nil, false
		}
		state := views.Lists{Words: w, Rooms: s.linesView(lines, me, viewer.Room, v.locale), Requests: len(people.Incoming)}
		for _, l := range lines {
			if l.RoomID == viewer.Room {
				state.Friend = l.Friend // whose name or photo may have changed
			}
		}
		if v.page == friendsPage {
			f := friendsView(people, views.Friends{Words: w})
			state.Friends = &f
		}
		return s.renderForStream(views.ListUpdates(state)), true
	}, nil
}
