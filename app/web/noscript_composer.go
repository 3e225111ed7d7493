package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
)

// showComposer shows the composer in an iframe of its own.
func (s *Server) showComposer(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	may, err := s.chat.MayPost(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.ComposerPage(c.words(), room, views.Draft{Key: chat.NewKey(), Owner: c.me.ID, ReadOnly: !may}))
}

// postFromIframe posts from that iframe, and responds with an empty composer, or with the text and what is
// wrong with it. The messages in the iframe beside it stay as they are.
func (s *Server) postFromIframe(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	seq := uint64(0)
	draft, err := s.readDraft(c)
	if err == nil {
		seq, err = s.post(c.ctx, "form", c.me, room, draft.Draft)
	}
	if err == nil {
		s.markAnswered(c, room, draft.Draft, seq)
		return c.goTo(views.RoomPath(room) + "/composer")
	}
	if err := s.chat.CheckMember(c.ctx, c.me, room); err != nil {
		return err
	}
	a, err := s.giveBack(c, room, draft, err)
	if err != nil {
		return err
	}
	return a.renderIframe(c)
}

// respondInIframe shows in an iframe what went wrong, with what was typed.
func (s *Server) respondInIframe(c *call, why error) error {
	c.Locals(errorLocal, why)
	return s.renderInIframe(c, why)
}

// respondSignedOutInIframe says in an iframe that the session is over. A redirect would show the sign-in inside
// the room, and the text would be lost.
func (s *Server) respondSignedOutInIframe(c *call) error {
	return s.renderInIframe(c, fiber.ErrUnauthorized)
}

func (s *Server) renderInIframe(c *call, why error) error {
	w := c.words()
	a, ok := giveBackUnread(c, why)
	if ok && a.draft.Problem != "" {
		return a.renderIframe(c)
	}
	setRetryAfter(c.Ctx, a.status, why)
	p := views.IframeProblem{Words: w, Problem: views.ProblemOf(w, a.status), Link: "/rooms", Label: w.Room.YourRooms, Text: a.draft.Body}
	switch {
	case a.status == fiber.StatusUnauthorized:
		next := "/rooms"
		if a.room != 0 {
			next = views.RoomPath(a.room)
		}
		p.Link, p.Label = signInPath(next), w.Nav.SignIn
	case a.status == fiber.StatusNotFound:
		p.Problem.Sentence = w.Room.NotMember
	case p.Text == "" && (a.status >= fiber.StatusInternalServerError || a.status == fiber.StatusTooManyRequests):
		p.RetryPath = c.Path()
	}
	return c.render(a.status, views.IframeProblemPage(p))
}
