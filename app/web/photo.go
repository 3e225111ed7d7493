package web

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/photo"
	"parley/db"
)

// sendPhoto sends one size of a photo to those who may see it. The right to see it is checked first every
// time, even when the browser only asks whether the photo has changed.
func (s *Server) sendPhoto(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	p, err := s.photos.Photo(c.ctx, id)
	if err != nil && !errors.Is(err, db.ErrNotFound) { // what does not exist is refused like what is not theirs
		return err
	}
	may, err := s.chat.MaySeePhoto(c.ctx, c.me, p)
	if err != nil {
		return err
	}
	if !may {
		if may, err = s.chat.MaySeeEvidence(c.ctx, c.me, id); err != nil {
			return err
		}
	}
	if !may {
		return chat.ErrNotFound
	}
	size := c.Params("size")
	if size != photo.Small && size != photo.Large {
		return chat.ErrNotFound
	}
	tag := fmt.Sprintf(`"%d-%s"`, id, size)
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if matchesETag(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	p, bytes, err := s.photos.Bytes(c.ctx, id, size)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, p.Type)
	return c.Send(bytes.Data)
}

// matchesETag reports whether an If-None-Match names this tag; a cache may have made it weak.
func matchesETag(header, tag string) bool {
	for name := range strings.SplitSeq(header, ",") {
		if name = strings.TrimSpace(name); name == "*" || strings.TrimPrefix(name, "W/") == tag {
			return true
		}
	}
	return false
}
