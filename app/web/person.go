package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/views"
)

func (s *Server) showPerson(c *call) error {
	who, standing, room, err := s.chat.Person(c.ctx, c.me, c.Params("username"))
	if err != nil {
		return err
	}
	p, err := s.page(c, who.DisplayName, "")
	if err != nil {
		return err
	}
	v := views.Person{User: who, State: string(standing), RoomID: room, LevelSaved: c.Query("saved") != ""}
	if room != 0 {
		if v.Level, err = s.chat.NotifyLevel(c.ctx, c.me, room); err != nil {
			return err
		}
	}
	return c.render(fiber.StatusOK, views.PersonPage(p, v))
}
