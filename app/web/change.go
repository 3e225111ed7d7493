package web

import (
	"errors"

	"parley/app/chat"
	"parley/views"
)

// showMessage shows a message by itself, with what the one who asks may do about it.
func (s *Server) showMessage(c *call) error {
	return s.answerMessage(c, 200, views.Detail{})
}

// answerMessage sends the page of the message in the path, with what was typed on it and what is
// wrong with that.
func (s *Server) answerMessage(c *call, status int, d views.Detail) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	m, err := s.chat.Permalink(c.ctx, c.me, room, seq)
	if err != nil {
		return err
	}
	p, err := s.page(c, c.words().Detail.Title, "rooms")
	if err != nil {
		return err
	}
	as := s.locale(c)
	d.Entry, d.Mine, d.Title, d.Key = entryView(m.Entry, as), m.AuthorID == c.me.ID, friendOr(m.Friend, m.Room.Name), chat.NewKey()
	d.Two = m.Friend.ID != 0
	d.Entry.Continues = false // it stands alone
	for _, text := range m.Texts[:len(m.Texts)-1] {
		d.Texts = append(d.Texts, views.Version{Text: text.Body, At: text.CreatedAt.In(as.zone)})
	}
	if d.EditProblem == "" {
		d.Draft = m.Body
	}
	return c.render(status, views.DetailPage(p, d))
}

func (s *Server) editMessage(c *call) error {
	body := c.field("body")
	return s.changeMessage(c, views.Detail{Draft: body}, func(room, seq uint64) error {
		return s.chat.Edit(c.ctx, c.me, room, seq, body)
	})
}

func (s *Server) deleteMessage(c *call) error {
	return s.changeMessage(c, views.Detail{}, func(room, seq uint64) error {
		return s.chat.Delete(c.ctx, c.me, room, seq)
	})
}

func (s *Server) reactToMessage(c *call) error {
	emoji := c.field("emoji")
	return s.changeMessage(c, views.Detail{Emoji: emoji}, func(room, seq uint64) error {
		return s.chat.React(c.ctx, c.me, room, seq, emoji)
	})
}

// changeMessage applies a rule to the message in the path, and goes back to it among the others. A
// refusal gives its page with what was typed. Nothing is swapped in for htmx: the change comes over
// the stream, as it does for everybody.
func (s *Server) changeMessage(c *call, typed views.Detail, rule func(room, seq uint64) error) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	err = rule(room, seq)
	if err == nil && isPartial(c.Ctx) {
		return c.SendStatus(204)
	}
	if err == nil {
		return s.goBackTo(c, room, seq)
	}
	status, sentence := refusal(c.words(), err)
	switch {
	case sentence == "":
		return err
	case errors.Is(err, chat.ErrBadEmoji), errors.Is(err, chat.ErrTooManyEmojis):
		typed.EmojiProblem = sentence
	case errors.Is(err, chat.ErrEmpty):
		typed.EditProblem = c.words().Refusals.Emptied
	case typed.Draft != "":
		typed.EditProblem = sentence
	default:
		typed.Other = sentence
	}
	setRetryAfter(c.Ctx, status, err)
	return s.answerMessage(c, status, typed)
}

// goBackTo shows a message in its room: at the end, where the page is live, if it is there.
func (s *Server) goBackTo(c *call, room, seq uint64) error {
	_, head, err := s.chat.Enter(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	if head.Seq-seq < chat.PageSize {
		return c.goTo(views.RoomPath(room) + "#" + views.Anchor(seq))
	}
	return c.goTo(views.Place(room, seq))
}

// message reads the place of a message from the path.
func (c *call) message() (room, seq uint64, err error) {
	if room, err = c.number("room"); err != nil {
		return 0, 0, err
	}
	seq, err = c.number("seq")
	return room, seq, err
}

// replyTo is what the composer of a room answers; nil when there is nothing to answer any more.
func (s *Server) replyTo(c *call, room, seq uint64) (*views.Reply, error) {
	if seq == 0 {
		return nil, nil
	}
	m, err := s.chat.Permalink(c.ctx, c.me, room, seq)
	if errors.Is(err, chat.ErrNotFound) {
		return nil, nil
	}
	return &views.Reply{Room: room, Quote: quoteView(m.AsQuote())}, err
}
