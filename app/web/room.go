package web

import (
	"cmp"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

func (s *Server) showRooms(c *call) error {
	p, err := s.page(c, c.words().Nav.Rooms, "rooms")
	if err != nil {
		return err
	}
	lines, err := s.roomLines(c, 0)
	if err != nil {
		return err
	}
	p.Unread = views.Unread(lines)
	return c.render(200, views.RoomsPage(p, lines))
}

// showRoom shows the end of a room's log, or a page of its history. What is
// shown has been read, unless there is something unread above it.
func (s *Server) showRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	at := chat.Place{Before: seqOf(c.Query("before")), After: seqOf(c.Query("after")), Around: seqOf(c.Query("around"))}
	v, err := s.chat.History(c.ctx, c.me, id, at)
	if err != nil {
		return err
	}
	if err := s.readShown(c, v); err != nil {
		return err
	}
	reply, err := s.replyTo(c, id, seqOf(c.Query("reply")))
	if err != nil {
		return err
	}
	return s.answerRoom(c, 200, v, views.Room{Key: chat.NewKey(), Reply: reply, Marked: at.Around, As: ladderOf(c.Query("as"))})
}

// readShown marks as read what a page shows, for those who are really shown it.
func (s *Server) readShown(c *call, v chat.HistoryPage) error {
	if v.Reads == 0 || c.Method() != fiber.MethodGet {
		return nil
	}
	return s.chat.Read(c.ctx, c.me, v.Room.ID, v.Reads)
}

// answerRoom sends the page of a room with a composer that holds what was typed.
func (s *Server) answerRoom(c *call, status int, v chat.HistoryPage, r views.Room) error {
	p, err := s.page(c, friendOr(v.Friend, v.Room.Name), "rooms")
	if err != nil {
		return err
	}
	lines, err := s.roomLines(c, v.Room.ID)
	if err != nil {
		return err
	}
	p.Unread = views.Unread(lines)
	shown := roomView(v, s.locale(c))
	if shown.Here, err = s.othersHere(c.ctx, c.me, v.Room.ID); err != nil {
		return err
	}
	shown.Body, shown.Attached, shown.Key, shown.Problem, shown.Reply, shown.Marked = r.Body, r.Attached, r.Key, r.Problem, r.Reply, r.Marked
	shown.As, shown.Ladder, shown.Waiting = r.As, cmp.Or(r.As, ladderOf(c.me.ReadingMode), "live"), r.Waiting
	shown.NewestFirst = c.me.NewestFirst && (shown.Waiting || shown.Ladder == "plain")
	for i := range shown.Entries {
		shown.Entries[i].Marked = shown.Entries[i].Message.Seq == r.Marked
	}
	return c.render(status, views.RoomPage(p, lines, shown))
}

// roomView is a part of a room as its pages show it.
func roomView(v chat.HistoryPage, l locale) views.Room {
	r := views.Room{ID: v.Room.ID, Title: friendOr(v.Friend, v.Room.Name), Friend: v.Friend, PhotoID: v.Room.PhotoID, Members: v.Members, Cursor: v.Cursor.String(),
		ReadSeq: v.ReadSeq, Older: v.Older, Newer: !v.AtEnd, Unseen: v.Unseen, Entries: make([]views.Entry, len(v.Entries))}
	for i, e := range v.Entries {
		r.Entries[i] = entryView(e, l)
		r.Newest = e.Seq
	}
	return r
}

// ladderOf is a way to read a room without scripts, "" when there is none of that name.
func ladderOf(name string) string {
	switch name {
	case "live", "wait", "plain":
		return name
	}
	return ""
}

// seqOf reads a seq from a query or a form; what is none is 0, the end.
func seqOf(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return n
}

func friendOr(u db.User, name string) string {
	if u.ID == 0 {
		return name
	}
	return u.DisplayName
}
