package web

import (
	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// roomList returns the room list of the caller. The open room counts as read.
func (s *Server) roomList(c *call, open uint64) ([]views.RoomSummary, error) {
	lines, err := s.chat.Rooms(c.ctx, c.me)
	if err != nil {
		return nil, err
	}
	return s.roomSummaries(lines, c.me, open, s.locale(c)), nil
}

func (s *Server) roomSummaries(lines []chat.RoomSummary, me db.User, open uint64, loc locale) []views.RoomSummary {
	now := s.options.Now().In(loc.zone)
	out := make([]views.RoomSummary, len(lines))
	for i, l := range lines {
		out[i] = views.RoomSummary{
			ID:      l.RoomID,
			Title:   roomTitle(l.Friend, l.Name),
			Friend:  l.Friend,
			IsGroup: l.Kind == db.RoomGroup,
			PhotoID: l.PhotoID,
			Unread:  l.Unread,
			Muted:   l.Muted,
			Current: l.RoomID == open,
		}
		out[i].LastAuthor, out[i].Preview = lastMessage(l, me, loc.words)
		out[i].Mentioned = out[i].IsGroup && l.Mentions > 0 // in a direct room everything is for me
		if out[i].Current {                                 // it is being read
			out[i].Unread, out[i].Mentioned = 0, false
		}
		if l.SaidAt != nil {
			out[i].At = l.SaidAt.In(loc.zone)
			out[i].When = loc.words.Dates.Brief(out[i].At, now)
		}
	}
	return out
}
