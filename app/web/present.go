package web

import (
	"context"
	"slices"

	"parley/app/chat"
	"parley/db"
)

// presentWith returns who is present in a room, as far as this process knows, for one person to see. Of a crowd it is
// what the open pages show.
func (s *Server) presentWith(ctx context.Context, me db.User, room uint64) (chat.Present, error) {
	ids := s.hub.Present(room)
	switch {
	case len(ids) == 0:
		return chat.Present{}, nil
	case len(ids) > chat.MaxPresentNamed:
		return chat.Crowd(s.hub.Visible(room)), nil
	}
	return s.chat.Present(ctx, room, append(ids, me.ID), nil) // with me, for the blocks
}

// presentAmong is presentWith for some of a room's people.
func (s *Server) presentAmong(ctx context.Context, me db.User, room uint64, people []db.User) (chat.Present, error) {
	present := s.hub.Present(room) // in order
	var ids []uint64
	for _, u := range people {
		if _, is := slices.BinarySearch(present, u.ID); is {
			ids = append(ids, u.ID)
		}
	}
	if len(ids) == 0 {
		return chat.Present{}, nil
	}
	return s.chat.Present(ctx, room, append(ids, me.ID), nil)
}
