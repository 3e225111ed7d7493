package web

import (
	"context"

	"parley/app/live"
	"parley/db"
	"parley/views"
)

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
