package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/db"
	"parley/views"
)

func (s *Server) markRead(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.Read(c.ctx, c.me, id, parseSeq(c.field("seq"))); err != nil {
		return err
	}
	if isPartial(c.Ctx) { // a script: the Accept header would not show it, because text browsers accept anything
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.goTo(views.RoomPath(id))
}

// markUnread redirects to the room list, because opening the room would mark it as read again.
func (s *Server) markUnread(c *call) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	if err := s.chat.MarkUnread(c.ctx, c.me, room, seq); err != nil {
		return err
	}
	return c.goTo("/rooms")
}

// muteRoom sets which messages of a room notify its reader: a level, or with the button in the head of the room all or
// nothing. It returns to the page that it is on: the room, whose button shows it, or the settings of a group or the profile of
// a friend, which say that it was saved.
func (s *Server) muteRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	level := db.NotifyAll
	switch {
	case c.has("level"):
		level = db.NotifyLevel(c.field("level"))
	case c.field("muted") == "yes":
		level = db.NotifyNothing
	}
	if err := s.chat.SetNotifyLevel(c.ctx, c.me, id, level); err != nil {
		return err
	}
	if c.field("from") == "room" {
		if isPartial(c.Ctx) {
			return c.render(fiber.StatusOK, views.MuteTool(c.words().Rooms, id, level == db.NotifyNothing))
		}
		return c.goTo(views.RoomPath(id))
	}
	friend, err := s.chat.Partner(c.ctx, c.me, id)
	if err != nil {
		return err
	}
	if friend.ID != 0 {
		return c.goTo("/people/" + friend.Username + "?saved=1")
	}
	return c.goTo(views.RoomPath(id) + "/members?saved=1")
}
