package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/assets"
	"parley/views"
)

// sendAsset sends a built file. Its name is made of its content, so it may be kept for ever.
func (s *Server) sendAsset(c *call) error {
	file, ok := assets.Open(c.Params("name"))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	accepts := c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case len(file.Brotli) > 0 && strings.Contains(accepts, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(file.Brotli)
	case len(file.Gzip) > 0 && strings.Contains(accepts, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.Gzip)
	}
	return c.Send(file.Plain)
}

// sendOwnStyle sends the few rules that tell one's own messages apart. They cannot be in the
// messages, which are the same bytes for everybody. They name who is signed in, so they are not
// kept either.
func (s *Server) sendOwnStyle(c *call) error {
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(views.OwnStyle(c.me.Username))
}
