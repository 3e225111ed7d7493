package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// showLiveness says that the process responds.
func (s *Server) showLiveness(c *call) error { return c.SendString("ok\n") }

// showReadiness says whether requests should be sent to this process.
func (s *Server) showReadiness(c *call) error {
	ctx, cancel := context.WithTimeout(c.ctx, 2*time.Second)
	defer cancel()
	reason := s.options.Trouble()
	switch {
	case reason != "":
	case s.draining.Load():
		reason = "going down"
	case s.store.Ping(ctx) != nil:
		reason = "the database does not answer"
	}
	if reason != "" {
		return c.Status(fiber.StatusServiceUnavailable).SendString(reason + "\n")
	}
	return c.SendString("ready\n")
}
