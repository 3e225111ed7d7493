package web

import (
	"context"

	"parley/app/live"
	"parley/db"
	"parley/views"
)

// hereIn is who is in a room and who writes, for the pages that show it. A streamed page cannot take
// back what it shows, so it is spared who writes.
func (s *Server) hereIn(ctx context.Context, room uint64, here, writing []uint64) ([]uint64, func(*live.Viewer) []byte, error) {
	p, err := s.chat.Present(ctx, room, here, writing)
	if err != nil {
		return nil, nil, err
	}
	shown := make([]uint64, len(p.Here))
	for i, u := range p.Here {
		shown[i] = u.ID
	}
	return shown, func(v *live.Viewer) []byte {
		here, writing := p.For(v.User)
		w := s.mannerOf(parseVariant(v.Variant)).words
		if v.WithoutLists {
			return s.renderForStream(views.StreamedPresence(w, here))
		}
		return s.renderForStream(views.PresenceUpdate(w, here, writing))
	}, nil
}

// othersHere is who is in a room beside me, as far as this process knows.
func (s *Server) othersHere(ctx context.Context, me db.User, room uint64) ([]db.User, error) {
	ids := s.hub.Here(room)
	if len(ids) == 0 {
		return nil, nil
	}
	p, err := s.chat.Present(ctx, room, append(ids, me.ID), nil) // with me, for the blocks
	here, _ := p.For(me.ID)
	return here, err
}
