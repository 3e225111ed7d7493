package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/app/chat"
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
		Visible:         s.chat.Visible,
		Crowd:           s.crowdIn,
		ObserveDelivery: func(d time.Duration) { s.metrics.delivered.Observe(d.Seconds()) },
	}
}

func (s *Server) recordsAfter(ctx context.Context, room, seq uint64, limit int) (uint64, []live.Record, error) {
	epoch, entries, err := s.chat.After(ctx, room, seq, limit)
	if err != nil {
		return 0, nil, err
	}
	return epoch, s.records(entries), nil
}

// passOn gives the hub what was committed here.
func (s *Server) passOn(posts chat.Committed) {
	s.hub.HandOver(posts.Room, live.Batch{Epoch: posts.Epoch, First: posts.First(), Last: posts.Last(),
		Records: func(ctx context.Context, before any) ([]live.Record, error) {
			row, _ := before.(*db.Message)
			entries, err := s.chat.Entries(ctx, posts, row)
			return s.records(entries), err
		}})
}

func (s *Server) records(entries []chat.Entry) []live.Record {
	records := make([]live.Record, len(entries))
	for i, e := range entries {
		records[i] = live.Record{Seq: e.Seq, Row: &e.Message, At: e.CreatedAt, ErasesEarlier: e.Kind == db.KindDelete, Reloads: e.Kind == db.KindOpenness,
			Render: func(v any, sees string) []byte { return s.renderEntry(e, v.(variant), spanKey(sees)) }}
		if from := e.Earliest(); from < e.Seq {
			records[i].Hides = func(sees string) bool { return !spanKey(sees).hasAll(from, e.Seq) }
		}
		if e.IsText() {
			records[i].Author = e.AuthorID
		}
		if users, all := e.EndsFor(); all || len(users) > 0 {
			records[i].Ends = func(user uint64) bool { return all || users[0] == user }
		}
	}
	return records
}

// listsOf reads what changes beside the messages on the pages of these users.
func (s *Server) listsOf(ctx context.Context, users []uint64) (map[uint64]live.Lists, error) {
	lists, err := s.chat.Lists(ctx, users)
	if err != nil {
		return nil, err
	}
	of := make(map[uint64]live.Lists, len(lists))
	for user, list := range lists {
		l := userLists{server: s, me: list.Me, list: list, waiting: list.Waiting, pages: map[pageOfRooms]roomLines{}}
		of[user] = live.Lists{Rooms: list.RoomIDs, Render: l.render}
	}
	return of, nil
}

// userLists are the lists of one user. What chat.Lists has not read is read when the first page shows it.
type userLists struct {
	server  *Server
	me      db.User
	list    *chat.List
	waiting db.Waiting
	pages   map[pageOfRooms]roomLines
	people  *chat.People
}

// pageOfRooms is a page of the room list, with a room further down that is open.
type pageOfRooms struct {
	size int
	open uint64
}

type roomLines struct {
	rooms []chat.RoomSummary
	next  *db.RoomPosition
}

// render renders what a page shows. A page in another language or time zone than its reader has chosen since
// has to reload, because what is sent would not fit what it shows; so does one of a room that has been
// hidden from them.
func (l *userLists) render(ctx context.Context, viewer *live.Viewer) (state []byte, current bool, err error) {
	v, s := variantOf(viewer), l.server
	if viewer.Room != 0 && !slices.Contains(l.list.RoomIDs, viewer.Room) {
		if hidden, err := s.chat.IsHidden(ctx, l.me, viewer.Room); hidden || err != nil {
			return nil, false, err
		}
	}
	if v.streamed && v.page != roomListPage {
		return nil, true, nil // its lists are in a frame of their own
	}
	if v.page == hiddenPage {
		state, err := l.notifications(ctx, v.locale)
		return state, true, err
	}
	w := v.locale.words
	list, friend, err := l.roomList(ctx, v, viewer.Room)
	if err != nil {
		return nil, false, err
	}
	if v.page == roomListPage {
		return s.renderForStream(views.StreamedRooms(w, *list)), true, nil
	}
	if v.chosen != "" && v.chosen != views.Locale(l.me) {
		return nil, false, nil
	}
	update := views.Lists{Words: w, Rooms: list, Friend: friend, Requests: l.waiting.Requests}
	if update.Open, err = l.openRoom(ctx, cmp.Or(viewer.Room, v.beside)); err != nil {
		return nil, false, err
	}
	if v.page == friendsPage {
		if l.people == nil {
			people, err := s.chat.People(ctx, l.me)
			if err != nil {
				return nil, false, err
			}
			l.people = &people
		}
		f := l.server.friendsView(l.me.ID, *l.people, views.Friends{Words: w, Me: l.me.Username})
		update.Friends = &f
	}
	return s.renderForStream(views.ListUpdates(update)), true, nil
}

// roomList returns the room list that a page shows, nil if it shows none, and the friend whose room is open.
func (l *userLists) roomList(ctx context.Context, v variant, streaming uint64) (*views.RoomList, db.User, error) {
	open, size := cmp.Or(streaming, v.beside), roomsBeside
	switch {
	case v.page == friendsPage || v.page == otherPage:
		return nil, db.User{}, nil
	case open == 0:
		size = roomsPerPage
	}
	lines, err := l.lines(ctx, size, open)
	if err != nil {
		return nil, db.User{}, err
	}
	list := l.server.roomListView(lines.rooms, lines.next, l.me, openRoom{open, v.hasGap}, v.locale)
	list.CanLeave = open == 0
	if err := l.server.addNews(ctx, l.me, l.waiting, &list); err != nil {
		return nil, db.User{}, err
	}
	var friend db.User
	for _, r := range lines.rooms {
		if r.RoomID == streaming {
			friend = r.Friend() // whose name or photo may have changed
		}
	}
	return &list, friend, nil
}

// openRoom returns what a page shows above and below the messages of an open group; nil for any other room.
func (l *userLists) openRoom(ctx context.Context, id uint64) (*views.OpenRoom, error) {
	for _, page := range l.pages {
		for _, r := range page.rooms {
			if r.RoomID != id || r.Kind == db.RoomDirect {
				continue
			}
			open := &views.OpenRoom{ID: id, MayPost: r.MayPost(l.me.ID)}
			if r.PinCount > 0 {
				pins, err := l.server.chat.NewestPin(ctx, l.me, id)
				if err != nil {
					return nil, err
				}
				open.Pins = pinsView(pins)
			}
			return open, nil
		}
	}
	return nil, nil
}

func (l *userLists) lines(ctx context.Context, size int, open uint64) (roomLines, error) {
	key := pageOfRooms{size, open}
	if slices.Contains(l.list.RoomIDs[:min(size, len(l.list.RoomIDs))], open) {
		key.open = 0
	}
	if page, have := l.pages[key]; have {
		return page, nil
	}
	rooms, next, err := l.server.chat.RoomsOf(ctx, l.list, size, key.open)
	if err != nil {
		return roomLines{}, err
	}
	l.pages[key] = roomLines{rooms, next}
	return l.pages[key], nil
}

// presenceIn reads who is present in a room and who is typing there, for the pages that show it. A
// streamed page cannot remove what it shows, so it does not show who is typing.
func (s *Server) presenceIn(ctx context.Context, room uint64, present, typing []uint64) ([]uint64, func(*live.Viewer) []byte, error) {
	p, err := s.chat.Present(ctx, room, present, typing)
	if err != nil {
		return nil, nil, err
	}
	return p.Visible, s.presenceOf(p), nil
}

// crowdIn is presenceIn for a crowd.
func (s *Server) crowdIn(ctx context.Context, room uint64, visible, typing []uint64) (func(*live.Viewer) []byte, error) {
	p, err := s.chat.PresentCrowd(ctx, room, visible, typing)
	return s.presenceOf(p), err
}

func (s *Server) presenceOf(p chat.Present) func(*live.Viewer) []byte {
	return func(viewer *live.Viewer) []byte {
		others, v := p.OthersFor(viewer.User), variantOf(viewer)
		if v.streamed {
			return s.renderForStream(views.StreamedPresence(v.locale.words, others.Here, others.One))
		}
		return s.renderForStream(views.PresenceUpdate(v.locale.words, others.Here, others.One, others.Writing))
	}
}
