package web

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"parley/app/photo"
	"parley/app/settings"
	"parley/db"
	"parley/views"
)

// forever is the cache rule of what has another address as soon as it changes.
const forever = "public, max-age=31536000, immutable"

// sendSiteStyle sends the server's own color. Its address names the color.
func (s *Server) sendSiteStyle(c *call) error {
	light, dark, ok := s.settings.Get(c.ctx).Accents()
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "public, max-age=60")
	return c.SendString(views.SiteStyle(light, dark))
}

// sendLogo sends the server's own picture, and no other.
func (s *Server) sendLogo(c *call) error {
	id, err := c.number("id")
	if err != nil || id == 0 || id != s.settings.Get(c.ctx).LogoID {
		return fiber.ErrNotFound
	}
	p, pixels, err := s.photos.Bytes(c.ctx, id, photo.Small)
	if errors.Is(err, db.ErrNotFound) {
		return fiber.ErrNotFound
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, p.Type)
	c.Set(fiber.HeaderCacheControl, forever)
	return c.Send(pixels.Data)
}

// setLogo stores a picture, which anybody can see then.
func (s *Server) setLogo(c *call) error {
	upload, err := c.upload("photo")
	if err == nil && upload == nil {
		err = photo.ErrNotImage
	}
	var kept db.Photo
	if err == nil {
		kept, err = s.photos.Save(c.ctx, c.me.ID, upload, photo.PurposeAvatar)
	}
	if err != nil {
		status, sentence, ok := c.explain(anywhere, err)
		if !ok {
			return err
		}
		f := views.AdminSettings{Values: s.settings.Get(c.ctx).Texts(), Problems: map[string]string{settings.Logo: sentence}}
		return s.renderSettings(c, status, f)
	}
	return s.changeLogo(c, kept.ID)
}

func (s *Server) removeLogo(c *call) error { return s.changeLogo(c, 0) }

// changeLogo makes a photo the logo. The one before is deleted like every photo that is not used any more.
func (s *Server) changeLogo(c *call, id uint64) error {
	change := map[string]string{settings.Logo: strconv.FormatUint(id, 10)}
	if err := s.settings.Change(c.ctx, c.me.ID, change, s.options.Now().UTC()); err != nil {
		return err
	}
	return c.goTo("/admin/settings?saved=1")
}
