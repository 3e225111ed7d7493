package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
)

// showMessage shows one message, with what the reader may do about it.
func (s *Server) showMessage(c *call) error {
	return s.renderMessage(c, fiber.StatusOK, views.Detail{})
}

// renderMessage sends the page of the message in the path, with what was typed there and what is wrong
// with it. A script gets the part of it that it has in the room: the menu, or the form for another text.
func (s *Server) renderMessage(c *call, status int, d views.Detail) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	before := parseSeq(c.Query("before"))
	m, err := s.chat.PermalinkBefore(c.ctx, c.me, room, seq, before)
	if err != nil {
		return err
	}
	l := s.locale(c)
	d.Entry, d.Quote, d.ViewerID, d.Mine = entryView(m.Entry, l), quoteView(m.AsQuote()), c.me.ID, m.AuthorID == c.me.ID
	d.Moderates, d.Pinned = m.Moderates, m.Pinned
	d.Title, d.Direct = roomTitle(m.Friend, m.Room.Name), m.Friend.ID != 0
	d.Entry.Continues = false // there is no message above it
	earlier := m.Texts
	if before == 0 {
		earlier = earlier[:len(earlier)-1] // the last is the one that it has
	}
	d.OlderTexts, d.NewerTexts = m.Older, before != 0
	for _, text := range earlier {
		d.Texts = append(d.Texts, views.Version{Text: s.chat.Texts.Text(text.Body), At: text.CreatedAt.In(l.zone)})
	}
	if d.EditProblem == "" {
		d.Draft = m.Body
	}
	switch {
	case isPartial(c.Ctx) && d.EditProblem != "":
		return c.render(status, views.Editor(c.words(), d))
	case isPartial(c.Ctx):
		return c.render(status, views.MessageMenu(c.words(), d))
	}
	p, err := s.page(c, c.words().Detail.Title, "rooms")
	if err != nil {
		return err
	}
	return c.render(status, views.DetailPage(p, d))
}

func (s *Server) editMessage(c *call) error {
	body := c.field("body")
	return s.changeMessage(c, inEdit, views.Detail{Draft: body}, func(room, seq uint64) error {
		return s.chat.Edit(c.ctx, c.me, room, seq, body)
	})
}

func (s *Server) deleteMessage(c *call) error {
	return s.changeMessage(c, anywhere, views.Detail{}, func(room, seq uint64) error {
		return s.chat.Delete(c.ctx, c.me, room, seq)
	})
}

func (s *Server) reactToMessage(c *call) error {
	emoji := c.field("emoji")
	return s.changeMessage(c, anywhere, views.Detail{Emoji: emoji}, func(room, seq uint64) error {
		return s.chat.React(c.ctx, c.me, room, seq, emoji)
	})
}

// changeMessage applies a rule to the message in the path, and returns to it among the others. A refusal
// shows its page with what was typed. htmx gets nothing to swap in: the change arrives over the stream, as
// it does for everybody.
func (s *Server) changeMessage(c *call, in scope, typed views.Detail, rule func(room, seq uint64) error) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	err = rule(room, seq)
	if err == nil && isPartial(c.Ctx) {
		return c.SendStatus(fiber.StatusNoContent)
	}
	if err == nil {
		return s.redirectToMessage(c, room, seq)
	}
	status, sentence, ok := c.explain(in, err)
	switch {
	case status == fiber.StatusNotFound && isPartial(c.Ctx):
		return c.render(status, views.MessageGone(c.words()))
	case !ok:
		return err
	case errors.Is(err, chat.ErrBadEmoji), errors.Is(err, chat.ErrTooManyEmojis), errors.Is(err, chat.ErrTooManyReactions), errors.Is(err, chat.ErrTooManyOwn):
		typed.EmojiProblem = sentence
	case errors.Is(err, chat.ErrEmpty), typed.Draft != "":
		typed.EditProblem = sentence
	default:
		typed.Problem = sentence
	}
	return s.renderMessage(c, status, typed)
}

// redirectToMessage shows a message in its room: on the live page at the end, if it is there.
func (s *Server) redirectToMessage(c *call, room, seq uint64) error {
	in, err := s.chat.Entrance(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	if in.Head.Seq-seq < chat.PageSize {
		return c.goTo(views.RoomPath(room) + "#" + views.Anchor(seq))
	}
	return c.goTo(views.Permalink(room, seq))
}

// message returns the room and the seq in the path.
func (c *call) message() (room, seq uint64, err error) {
	if room, err = c.number("room"); err != nil {
		return 0, 0, err
	}
	seq, err = c.number("seq")
	return room, seq, err
}

// replyTo returns the message that a draft replies to; nil if it replies to none, or to one that is gone.
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
