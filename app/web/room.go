package web

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

func (s *Server) showRooms(c *call) error {
	query := text.OneLine(c.Query("q"))
	if isPartial(c.Ctx) {
		found, err := s.foundRooms(c, query)
		if err != nil {
			return err
		}
		return c.render(fiber.StatusOK, views.FoundRooms(c.words(), found))
	}
	waiting, err := s.waiting(c)
	if err != nil {
		return err
	}
	p := s.pageWith(c, c.words().Nav.Rooms, "rooms", waiting)
	var list views.RoomList
	if query != "" {
		list.Query = query
		list.Rooms, err = s.foundRooms(c, query)
	} else {
		list, err = s.roomList(c, parseRoomPosition(c.Query("after")), waiting)
	}
	if err != nil {
		return err
	}
	if list.After != "" && len(list.Rooms) == 0 { // all that were on it have been left, or have moved up
		return c.goTo("/rooms")
	}
	p.Unread, list.Notice = views.TotalUnread(list.Rooms), s.missedRooms(c)
	return c.render(fiber.StatusOK, views.RoomsPage(p, list))
}

// showRoom shows the end of a room's log, its first unread messages if they do not fit on that page, or a page
// of its history. What it shows counts as read, unless there is something unread above it. A script asks for
// pages of history without the rest (isPartial), and says itself what was seen of them.
func (s *Server) showRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	at := askedPlace(c)
	day := c.Query("on")
	if day != "" && at.Around == 0 {
		return s.jumpToDay(c, id, day)
	}
	replied := parseSeq(c.Query("reply"))
	opened := at == chat.Place{} && replied == 0
	at.Unread = opened && c.Query("at") != "end"
	v, err := s.history(c, id, at)
	if err != nil {
		return err
	}
	shown := views.Room{
		Draft:       views.Draft{Key: chat.NewKey()},
		Highlighted: at.Around,
		ChosenMode:  requestedMode(c.Query("as")),
	}
	if isPartial(c.Ctx) {
		return s.renderLog(c, v)
	}
	if mode := cmp.Or(shown.ChosenMode, c.me.ReadingMode.String()); !opened || mode == "plain" || !marksItself(c) {
		if err := s.markShown(c, v); err != nil {
			return err
		}
	}
	if shown.Reply, err = s.replyTo(c, id, replied); err != nil {
		return err
	}
	if day != "" {
		shown.Notice, shown.NoticeAt = s.noneOnDay(c, v, at.Around, day), at.Around
	}
	return s.renderRoom(c, fiber.StatusOK, v, shown)
}

// askedPlace returns the part of a room that an address asks for; the zero Place is what the room opens with.
func askedPlace(c *call) chat.Place {
	return chat.Place{Before: parseSeq(c.Query("before")), After: parseSeq(c.Query("after")), Around: parseSeq(c.Query("around"))}
}

// openedRoom returns the room that a request opens, or 0.
func openedRoom(c *call, r route) uint64 {
	id, err := c.number("room")
	if err != nil || r.path != roomRoute || askedPlace(c) != (chat.Place{}) {
		return 0
	}
	return id
}

// marksItself reports whether a browser loads what is in a page: the script, or without scripts the iframe, that
// marks as read what was seen. Text browsers and programs load nothing, and send no such header.
func marksItself(c *call) bool { return c.Get("Sec-Fetch-Dest") == "document" }

// renderLog sends a stretch of a room's log alone.
func (s *Server) renderLog(c *call, v chat.HistoryPage) error {
	shown := s.roomView(v, s.locale(c))
	s.setToday(c, &shown)
	return c.render(fiber.StatusOK, views.Log(views.Page{Site: s.site(), Words: c.words(), Me: &c.me}, shown))
}

// setToday lets a page say "Today". A stream may not: it outlives its day, and its bytes are shared.
func (s *Server) setToday(c *call, r *views.Room) {
	now := s.options.Now().In(s.locale(c).zone)
	for i := range r.Entries {
		r.Entries[i].Today = now
	}
}

// markShown marks what a page shows as read, if it was not read before. A HEAD request shows nothing.
func (s *Server) markShown(c *call, v chat.HistoryPage) error {
	if v.Reads <= v.ReadSeq || c.Method() != fiber.MethodGet {
		return nil
	}
	return s.chat.Read(c.ctx, c.me, v.Room.ID, v.Reads)
}

// renderRoom shows a room with a draft in its composer.
func (s *Server) renderRoom(c *call, status int, v chat.HistoryPage, r views.Room) error {
	waiting, err := s.waiting(c)
	if err != nil {
		return err
	}
	p := s.pageWith(c, roomTitle(v.Friend, v.Room.Name), "rooms", waiting)
	list, err := s.roomListBeside(c, openRoom{v.Room.ID, !v.AtEnd}, waiting)
	if err != nil {
		return err
	}
	p.Unread = views.TotalUnread(list.Rooms)
	shown := s.roomView(v, s.locale(c))
	present, err := s.presentWith(c.ctx, c.me, v.Room.ID)
	if err != nil {
		return err
	}
	others := present.OthersFor(c.me.ID)
	shown.Others, shown.Other = others.Here, others.One
	for _, line := range list.Rooms {
		shown.UnreadCount = max(shown.UnreadCount, line.UnreadHere)
	}
	s.setToday(c, &shown)
	shown.Notice, shown.NoticeAt = r.Notice, r.NoticeAt
	shown.Draft, shown.Highlighted, shown.ChosenMode, shown.Waiting = r.Draft, r.Highlighted, r.ChosenMode, r.Waiting
	shown.Owner = c.me.ID
	shown.ReadingMode, shown.TextBrowser = cmp.Or(r.ChosenMode, c.me.ReadingMode.String()), p.TextBrowser
	if p.TextBrowser {
		shown.ReadingMode = "plain"
	}
	shown.NewestFirst = c.me.NewestFirst && (shown.Waiting || shown.ReadingMode == "plain")
	shown.OpenAtNew(p)
	for i := range shown.Entries {
		if e := &shown.Entries[i]; e.Message.Seq == r.Highlighted {
			e.Highlighted, e.Item = true, views.Item{}
		}
	}
	return c.render(status, views.RoomPage(p, list, shown))
}

// roomView returns a stretch of a room's log as its pages show it.
func (s *Server) roomView(v chat.HistoryPage, l locale) views.Room {
	r := views.Room{
		ID:          v.Room.ID,
		Title:       roomTitle(v.Friend, v.Room.Name),
		Friend:      v.Friend,
		PhotoID:     v.Room.PhotoID,
		MemberCount: v.Members,
		Level:       v.Level,
		MayPost:     v.MayPost,
		Pins:        pinsView(v.Pins),
		About:       v.Room.About,
		IsOpen:      v.Room.Kind == db.RoomOpen,
		Cursor:      v.Cursor.String(),
		ReadSeq:     v.ReadSeq,
		Older:       v.Older,
		History:     !v.AtEnd,
		FirstUnseen: v.Unseen,
		AtUnread:    v.Opened,
		TimeZone:    l.zone.String(),
		Entries:     s.entriesIn(v, l),
	}
	if n := len(r.Entries); n > 0 {
		r.LastShown = r.Entries[n-1].Message.Seq
		r.Entries[0].Day = l.words.Dates.Day(r.Entries[0].At) // a date is in view wherever a page begins
	}
	return r
}
