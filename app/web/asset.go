package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/assets"
	"parley/views"
)

// sendAsset sends a built file. Its name has a hash of its content, so it may be cached forever.
func (s *Server) sendAsset(c *call) error {
	return sendFile(c, c.Params("name"), forever)
}

// sendManifest sends what a phone needs to put the site on its home screen. The phone remembers its
// address, so that has no hash.
func (s *Server) sendManifest(c *call) error {
	return sendFile(c, strings.TrimPrefix(assets.Path("parley.webmanifest"), "/assets/"), "public, max-age=3600")
}

// sendFile sends a built file, compressed for browsers that accept it.
func sendFile(c *call, name, cache string) error {
	file, ok := assets.Open(name)
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	switch {
	case len(file.Brotli) > 0 && accepts(c.Ctx, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(file.Brotli)
	case len(file.Gzip) > 0 && accepts(c.Ctx, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.Gzip)
	}
	return c.Send(file.Plain)
}

// sendOwnStyle sends the rules that set one's own messages apart. They cannot be in the messages, which
// are the same bytes for everybody. They name who is signed in, so they are not cached.
func (s *Server) sendOwnStyle(c *call) error {
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(views.OwnStyle(c.me.Username))
}
