package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/views"
)

// showKeys shows what keys do.
func (s *Server) showKeys(c *call) error {
	p, err := s.page(c, c.words().Keys.Title, "")
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.KeysPage(p))
}
