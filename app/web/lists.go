package web

import (
	"fmt"
	"strconv"
	"strings"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// How many rooms a page of the room list shows. Beside an open room the list must not weigh more than the
// room, and it is sent again with every message in any of them; a window shows about as many.
const (
	roomsPerPage = 30
	roomsBeside  = 15
)

// roomList returns a page of the room list of the caller.
func (s *Server) roomList(c *call, after *db.RoomPosition) (views.RoomList, error) {
	lines, next, err := s.chat.Rooms(c.ctx, c.me, chat.RoomsPage{After: after, Size: roomsPerPage})
	if err != nil {
		return views.RoomList{}, err
	}
	list := s.roomListView(lines, next, c.me, 0, s.locale(c))
	list.CanLeave = true
	if after != nil {
		list.After = formatRoomPosition(*after)
	}
	return list, nil
}

// roomListBeside returns the room list beside an open room of the caller. The open room counts as read.
func (s *Server) roomListBeside(c *call, open uint64) (views.RoomList, error) {
	lines, next, err := s.chat.Rooms(c.ctx, c.me, chat.RoomsPage{Size: roomsBeside, With: open})
	if err != nil {
		return views.RoomList{}, err
	}
	return s.roomListView(lines, next, c.me, open, s.locale(c)), nil
}

func (s *Server) roomListView(lines []chat.RoomSummary, next *db.RoomPosition, me db.User, open uint64, loc locale) views.RoomList {
	list := views.RoomList{Rooms: s.roomSummaries(lines, me, open, loc)}
	if next != nil {
		list.Next = formatRoomPosition(*next)
	}
	return list
}

// formatRoomPosition writes a position in the room list for an address.
func formatRoomPosition(p db.RoomPosition) string { return formatPair(p.At, p.RoomID) }

// parseRoomPosition reads it again; nil, the beginning of the list, is for anything else.
func parseRoomPosition(text string) *db.RoomPosition {
	at, id, ok := parsePair(text)
	if !ok {
		return nil
	}
	return &db.RoomPosition{At: at, RoomID: id}
}

// formatPair writes a time in microseconds and an id for an address.
func formatPair(at int64, id uint64) string { return fmt.Sprintf("%d-%d", at, id) }

func parsePair(text string) (at int64, id uint64, ok bool) {
	before, after, found := strings.Cut(text, "-")
	at, err := strconv.ParseInt(before, 10, 64)
	id = parseSeq(after)
	return at, id, found && err == nil && at > 0 && at < maxMicroseconds && id > 0
}

// maxMicroseconds is the end of the year 9999, after which no database has a time.
const maxMicroseconds = 253_402_300_800_000_000

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
			Owned:   l.OwnerID == me.ID,
			Alone:   l.Alone,
			Unread:  l.Unread,
			Muted:   l.Muted,
			Current: l.RoomID == open,
		}
		out[i].LastAuthor, out[i].Preview = s.lastMessage(l, me, loc.words)
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
