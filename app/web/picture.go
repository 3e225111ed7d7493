package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
)

// showMessagePhoto shows one photo of a message as large as fits.
func (s *Server) showMessagePhoto(c *call) error {
	return s.renderMessagePhoto(c, fiber.StatusOK, views.PhotoDetail{})
}

func (s *Server) renderMessagePhoto(c *call, status int, shown views.PhotoDetail) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	n, err := c.number("place")
	if err != nil {
		return err
	}
	m, err := s.chat.Permalink(c.ctx, c.me, room, seq)
	if err != nil {
		return err
	}
	if n > uint64(len(m.Pictures)) {
		return chat.ErrNotFound
	}
	p, err := s.page(c, c.words().Message.Photo, "rooms")
	if err != nil {
		return err
	}
	shown.Entry, shown.N, shown.Mine = entryView(m.Entry, s.locale(c)), int(n), m.AuthorID == c.me.ID
	shown.Title, shown.Direct = roomTitle(m.Friend, m.Room.Name), m.Friend.ID != 0
	if shown.Problem == "" {
		shown.Alt = m.Pictures[n-1].Alt
	}
	return c.render(status, views.PhotoPage(p, shown))
}

// describePhoto changes the description of a photo of mine.
func (s *Server) describePhoto(c *call) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	n, err := c.number("place")
	if err != nil {
		return err
	}
	err = s.chat.SetAltText(c.ctx, c.me, room, seq, int(min(n, chat.MaxPhotos+1)), c.field("alt"))
	if err == nil {
		return c.goTo(c.Path())
	}
	status, sentence, ok := c.explain(inMessage, err)
	if !ok {
		return err
	}
	return s.renderMessagePhoto(c, status, views.PhotoDetail{Alt: c.field("alt"), Problem: sentence})
}
