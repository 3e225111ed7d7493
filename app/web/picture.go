package web

import (
	"errors"

	"parley/app/chat"
	"parley/views"
	"parley/views/words"
)

// fileError is a refused upload with its name, which is for its owner and not for the log.
type fileError struct {
	name string
	error
}

func (b *fileError) Unwrap() error { return b.error }

// uploadRefusal says why photos were not taken, and which of them it was.
func uploadRefusal(words *words.Catalog, err error) (status int, sentence string) {
	switch {
	case errors.Is(err, chat.ErrTooManyPhotos):
		return 422, words.Refusals.ManyPhotos
	case errors.Is(err, chat.ErrBadAlt):
		return 422, words.Refusals.BadAlt
	case errors.Is(err, chat.ErrPhotoGone):
		return 422, words.Refusals.PhotoGone
	}
	status, sentence = photoProblem(words, err)
	var bad *fileError
	if sentence != "" && errors.As(err, &bad) {
		sentence = bad.name + ": " + sentence
	}
	return status, sentence
}

// answerScript answers a post of our own script as its socket would.
func (s *Server) answerScript(c *call, draft chat.Draft, seq uint64, err error) error {
	if err == nil {
		return c.render(200, views.Receipt(c.words(), draft.Key, seq, chat.NewKey()))
	}
	status, sentence := refusal(c.words(), err)
	if sentence == "" {
		return err
	}
	setRetryAfter(c.Ctx, status, err)
	return c.render(status, views.Refusal(draft.Key, status, sentence, errors.Is(err, chat.ErrBadReply)))
}

// showMessagePhoto shows one photo of a message as large as there is room.
func (s *Server) showMessagePhoto(c *call) error {
	return s.answerMessagePhoto(c, 200, views.Picture{})
}

func (s *Server) answerMessagePhoto(c *call, status int, shown views.Picture) error {
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
	shown.Entry, shown.N = entryView(m.Entry, s.locale(c)), int(n)
	shown.Mine, shown.Title, shown.Two = m.AuthorID == c.me.ID, friendOr(m.Friend, m.Room.Name), m.Friend.ID != 0
	if shown.Problem == "" {
		shown.Typed = m.Pictures[n-1].Alt
	}
	return c.render(status, views.PicturePage(p, shown))
}

// describePhoto changes what a photo of mine is said to show.
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
	status, sentence := refusal(c.words(), err)
	if sentence == "" {
		return err
	}
	setRetryAfter(c.Ctx, status, err)
	return s.answerMessagePhoto(c, status, views.Picture{Typed: c.field("alt"), Problem: sentence})
}
