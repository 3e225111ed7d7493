package web

import (
	"context"
	"slices"

	"parley/app/chat"
	"parley/db"
)

// presentWith returns who is present in a room, as far as this process knows, as one person may see it. For a crowd it
// is what the open pages show.
func (s *Server) presentWith(ctx context.Context, me db.User, room uint64) (chat.Present, error) {
	if visible := s.hub.Visible(room); len(visible) > chat.MaxPresentNamed {
		return chat.Crowd(visible), nil
	}
	ids := s.hub.Present(room)
	if !slices.ContainsFunc(ids, func(id uint64) bool { return id != me.ID }) { // only the others are shown
		return chat.Present{}, nil
	}
	return s.chat.Present(ctx, room, append(ids, me.ID), nil) // with me, for the blocks
}

// presentAmong is presentWith for some of a room's people.
func (s *Server) presentAmong(ctx context.Context, me db.User, room uint64, people []db.User) (chat.Present, error) {
	ids := make([]uint64, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	if ids = s.hub.PresentAmong(room, ids); len(ids) == 0 {
		return chat.Present{}, nil
	}
	return s.chat.Present(ctx, room, append(ids, me.ID), nil)
}
