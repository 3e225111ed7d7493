package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/views"
)

func (s *Server) markRead(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.Read(c.ctx, c.me, id, seqOf(c.field("seq"))); err != nil {
		return err
	}
	if isPartial(c.Ctx) { // a script; text browsers that take anything want a page
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.goTo(views.RoomPath(id))
}

// markUnread leads away from the room: to open it again is to read it.
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

// muteRoom makes a room quiet, or ends that, and goes back to where that is told.
func (s *Server) muteRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.SetMuted(c.ctx, c.me, id, c.field("muted") == "yes"); err != nil {
		return err
	}
	friend, err := s.chat.Partner(c.ctx, c.me, id)
	if err != nil {
		return err
	}
	if friend.ID != 0 {
		return c.goTo("/people/" + friend.Username)
	}
	return c.goTo(views.RoomPath(id) + "/members")
}
