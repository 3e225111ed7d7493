package web

import (
	"context"

	"parley/db"
)

// othersHere returns who else is present in a room, as far as this process knows.
func (s *Server) othersHere(ctx context.Context, me db.User, room uint64) ([]db.User, error) {
	ids := s.hub.Present(room)
	if len(ids) == 0 {
		return nil, nil
	}
	p, err := s.chat.Present(ctx, room, append(ids, me.ID), nil) // with me, for the blocks
	here, _ := p.For(me.ID)
	return here, err
}
