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
	if isPartial(c.Ctx) { // a script: Accept would not tell, because text browsers accept anything
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

// muteRoom mutes or unmutes a room, and redirects to the page with its mute button.
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
