package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/views"
)

// suggestPeople answers the composer's script with the people of a room whom somebody may mean by an @.
func (s *Server) suggestPeople(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	people, err := s.chat.PeopleNamed(c.ctx, c.me, room, c.Query("q"))
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.Suggestions(people))
}
