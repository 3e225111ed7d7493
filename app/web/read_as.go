package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
)

// setReadingMode stores how somebody's pages work where there are no scripts.
func (s *Server) setReadingMode(c *call) error {
	mode, err := auth.ReadingMode(c.field("as"))
	if errors.Is(err, auth.ErrUnknownReadingMode) {
		f := profileOf(c.me)
		f.ReadProblem = c.words().Profile.AsNone
		return s.renderProfile(c, fiber.StatusUnprocessableEntity, f)
	}
	if err := s.accounts.SetReadingMode(c.ctx, c.me, mode, c.field("newest") == "first"); err != nil {
		return err
	}
	return c.goTo("/profile?saved=1")
}
