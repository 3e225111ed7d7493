package web

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
)

func (s *Server) showRooms(c *call) error {
	p, err := s.page(c, c.words().Nav.Rooms, "rooms")
	if err != nil {
		return err
	}
	list, err := s.roomList(c, parseRoomPosition(c.Query("after")))
	if err != nil {
		return err
	}
	if list.After != "" && len(list.Rooms) == 0 { // all that were on it have been left, or have moved up
		return c.goTo("/rooms")
	}
	p.Unread = views.TotalUnread(list.Rooms)
	return c.render(fiber.StatusOK, views.RoomsPage(p, list))
}

// showRoom shows the end of a room's log, or a page of its history. What it shows counts as read, unless
// there is something unread above it.
func (s *Server) showRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	at := chat.Place{Before: parseSeq(c.Query("before")), After: parseSeq(c.Query("after")), Around: parseSeq(c.Query("around"))}
	v, err := s.chat.History(c.ctx, c.me, id, at)
	if err != nil {
		return err
	}
	if err := s.markShown(c, v); err != nil {
		return err
	}
	reply, err := s.replyTo(c, id, parseSeq(c.Query("reply")))
	if err != nil {
		return err
	}
	return s.renderRoom(c, fiber.StatusOK, v, views.Room{
		Draft:       views.Draft{Key: chat.NewKey(), Reply: reply},
		Highlighted: at.Around,
		ChosenMode:  requestedMode(c.Query("as")),
	})
}

// markShown marks what a page shows as read. A HEAD request shows nothing.
func (s *Server) markShown(c *call, v chat.HistoryPage) error {
	if v.Reads == 0 || c.Method() != fiber.MethodGet {
		return nil
	}
	return s.chat.Read(c.ctx, c.me, v.Room.ID, v.Reads)
}

// renderRoom shows a room with a draft in its composer.
func (s *Server) renderRoom(c *call, status int, v chat.HistoryPage, r views.Room) error {
	p, err := s.page(c, roomTitle(v.Friend, v.Room.Name), "rooms")
	if err != nil {
		return err
	}
	list, err := s.roomListBeside(c, v.Room.ID)
	if err != nil {
		return err
	}
	p.Unread = views.TotalUnread(list.Rooms)
	shown := roomView(v, s.locale(c))
	if shown.Present, err = s.othersHere(c.ctx, c.me, v.Room.ID); err != nil {
		return err
	}
	shown.Draft, shown.Highlighted, shown.ChosenMode, shown.Waiting = r.Draft, r.Highlighted, r.ChosenMode, r.Waiting
	shown.ReadingMode = cmp.Or(r.ChosenMode, c.me.ReadingMode.String())
	shown.NewestFirst = c.me.NewestFirst && (shown.Waiting || shown.ReadingMode == "plain")
	for i := range shown.Entries {
		shown.Entries[i].Highlighted = shown.Entries[i].Message.Seq == r.Highlighted
	}
	return c.render(status, views.RoomPage(p, list, shown))
}

// roomView returns a stretch of a room's log as its pages show it.
func roomView(v chat.HistoryPage, l locale) views.Room {
	r := views.Room{
		ID:          v.Room.ID,
		Title:       roomTitle(v.Friend, v.Room.Name),
		Friend:      v.Friend,
		PhotoID:     v.Room.PhotoID,
		MemberCount: v.Members,
		Cursor:      v.Cursor.String(),
		ReadSeq:     v.ReadSeq,
		Older:       v.Older,
		History:     !v.AtEnd,
		FirstUnseen: v.Unseen,
		Entries:     make([]views.Entry, len(v.Entries)),
	}
	for i, e := range v.Entries {
		r.Entries[i] = entryView(e, l)
		r.LastShown = e.Seq
	}
	return r
}
