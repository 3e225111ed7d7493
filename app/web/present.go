package web

import (
	"context"

	"parley/app/chat"
	"parley/db"
)

// presentWith returns who is present in a room, as far as this process knows, for one person to see.
func (s *Server) presentWith(ctx context.Context, me db.User, room uint64) (chat.Present, error) {
	ids := s.hub.Present(room)
	if len(ids) == 0 {
		return chat.Present{}, nil
	}
	return s.chat.Present(ctx, room, append(ids, me.ID), nil) // with me, for the blocks
}
