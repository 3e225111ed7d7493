package web

import (
	"context"
	"time"

	"parley/app/live"
	"parley/db"
	"parley/views"
)

// source is what the hub reads, rendered by the same components as the pages.
func (s *Server) source() live.Source {
	return live.Source{
		Heads:           s.chat.Heads,
		After:           s.recordsAfter,
		Lists:           s.listsOf,
		Presence:        s.presenceIn,
		ObserveDelivery: func(d time.Duration) { s.metrics.delivered.Observe(d.Seconds()) },
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
			return s.renderForStream(views.StreamedRooms(w, s.roomSummaries(lines, me, v.beside, v.locale))), true
		}
		if v.chosen != "" && v.chosen != views.Locale(me) {
			return nil, false
		}
		state := views.Lists{Words: w, Rooms: s.roomSummaries(lines, me, viewer.Room, v.locale), Requests: len(people.Incoming)}
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

// presenceIn reads who is present in a room and who is typing there, for the pages that show it. A
// streamed page cannot remove what it shows, so it does not show who is typing.
func (s *Server) presenceIn(ctx context.Context, room uint64, present, typing []uint64) ([]uint64, func(*live.Viewer) []byte, error) {
	p, err := s.chat.Present(ctx, room, present, typing)
	if err != nil {
		return nil, nil, err
	}
	visible := make([]uint64, len(p.Here))
	for i, u := range p.Here {
		visible[i] = u.ID
	}
	return visible, func(viewer *live.Viewer) []byte {
		here, typing := p.For(viewer.User)
		v := variantOf(viewer)
		if v.streamed {
			return s.renderForStream(views.StreamedPresence(v.locale.words, here))
		}
		return s.renderForStream(views.PresenceUpdate(v.locale.words, here, typing))
	}, nil
}
