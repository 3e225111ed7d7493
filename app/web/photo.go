package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
)

// sendPhoto sends one size of a photo to those who may see its owner. The right to see it is
// asked for first each time, also when the browser only wants to know whether it has changed.
func (s *Server) sendPhoto(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	p, err := s.album.Find(c.ctx, id)
	if err != nil {
		return err
	}
	may, err := s.chat.MaySee(c.ctx, c.me, p.OwnerID)
	if err != nil {
		return err
	}
	if !may {
		return chat.ErrNotFound
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("%d-%s", id, c.Params("size")))
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	p, size, err := s.album.Bytes(c.ctx, id, c.Params("size"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderContentType, p.Type)
	return c.Send(size.Data)
}
