package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// The number of rooms on a page of the room list. Beside an open room the list must not weigh more than the
// room, and it is sent again with every message in any of them; a window shows about as many.
const (
	roomsPerPage = 30
	roomsBeside  = 15
)

// roomList returns a page of the room list of the caller, who has this much waiting.
func (s *Server) roomList(c *call, after *db.RoomPosition, waiting db.Waiting) (views.RoomList, error) {
	lines, next, err := s.chat.Rooms(c.ctx, c.me, chat.RoomsPage{After: after, Size: roomsPerPage})
	if err != nil {
		return views.RoomList{}, err
	}
	list := s.roomListView(lines, next, c.me, openRoom{}, s.locale(c))
	list.CanLeave = true
	if err := s.addNews(c.ctx, c.me, waiting, &list); err != nil {
		return views.RoomList{}, err
	}
	if after != nil {
		list.After = formatRoomPosition(*after)
	}
	return list, nil
}

// foundRooms returns the rooms of the caller whose name, or whose person, is like the query; all of the
// upper ones if it is empty.
func (s *Server) foundRooms(c *call, query string) ([]views.RoomSummary, error) {
	lines, err := s.chat.FindRooms(c.ctx, c.me, query, roomsPerPage)
	if err != nil {
		return nil, err
	}
	return s.roomSummaries(lines, c.me, openRoom{}, s.locale(c)), nil
}

// openRoom is the room beside which a room list is shown. It counts as read, unless its page was opened
// above the end of the room: then it counts what has not been in view yet, apart from the last few.
type openRoom struct {
	id     uint64 // 0 if none
	hasGap bool
}

// inView is the number of messages at the end of an open room that are assumed to be in view, though the page has not
// said so yet: it waits for a second or two.
const inView = 5

// counts reports whether a room's unread messages are shown in the list.
func (o openRoom) counts(l chat.RoomSummary) bool {
	return l.RoomID != o.id || o.hasGap && l.Unread > inView
}

// roomListBeside returns the room list beside an open room of the caller.
func (s *Server) roomListBeside(c *call, open openRoom, waiting db.Waiting) (views.RoomList, error) {
	lines, next, err := s.chat.Rooms(c.ctx, c.me, chat.RoomsPage{Size: roomsBeside, With: open.id})
	if err != nil {
		return views.RoomList{}, err
	}
	list := s.roomListView(lines, next, c.me, open, s.locale(c))
	err = s.addNews(c.ctx, c.me, waiting, &list)
	return list, err
}

// addNews fills in what the room list shows besides the rooms: answers to reports, reports that wait for one, and
// what somebody without rooms can do first.
func (s *Server) addNews(ctx context.Context, me db.User, waiting db.Waiting, list *views.RoomList) (err error) {
	list.Answered = waiting.Answered
	if list.Reports, err = s.chat.OpenReports(ctx, me); err != nil {
		return err
	}
	if len(list.Rooms) == 0 {
		list.First = views.First{MayInvite: s.invites.CheckInvite(ctx, me) == nil, IsAdmin: me.IsAdmin}
	}
	return nil
}

func (s *Server) roomListView(lines []chat.RoomSummary, next *db.RoomPosition, me db.User, open openRoom, loc locale) views.RoomList {
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

func (s *Server) roomSummaries(lines []chat.RoomSummary, me db.User, open openRoom, loc locale) []views.RoomSummary {
	now := s.options.Now().In(loc.zone)
	out := make([]views.RoomSummary, len(lines))
	for i, l := range lines {
		friend := l.Friend()
		out[i] = views.RoomSummary{
			ID:      l.RoomID,
			Title:   roomTitle(friend, l.Name),
			Friend:  friend,
			IsGroup: l.Kind != db.RoomDirect,
			IsOpen:  l.Kind == db.RoomOpen,
			PhotoID: l.PhotoID,
			Owned:   l.OwnerID == me.ID,
			Alone:   l.Alone,
			Unread:  l.Unread,
			Muted:   l.Level() == db.NotifyNothing,
			Quiet:   l.Level() == db.NotifyMentions,
			Current: l.RoomID == open.id,
		}
		out[i].LastAuthor, out[i].Preview, out[i].Kind = s.lastMessage(l, me, loc.words)
		out[i].Mentions = l.Mentions
		out[i].Mentioned = out[i].IsGroup && l.Mentions > 0 // in a direct room everything is for me
		if out[i].Current {
			out[i].UnreadHere = out[i].Unread
		}
		if !open.counts(l) {
			out[i].Unread, out[i].Mentions, out[i].Mentioned = 0, 0, false
		}
		if l.SaidAt != nil {
			out[i].At = l.SaidAt.In(loc.zone)
			out[i].When = loc.words.Dates.When(out[i].At, now)
		}
		out[i].Line = s.items.line(me.ID, views.RoomLine(loc.words, out[i]))
	}
	return out
}
