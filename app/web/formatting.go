package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/views"
)

func (s *Server) showFormatting(c *call) error {
	p, err := s.page(c, c.words().Formatting.Title, "")
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.FormattingPage(p))
}
