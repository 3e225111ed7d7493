package web

import (
	"errors"

	"parley/app/chat"
	"parley/views"
)

// showComposer shows the composer in a frame of its own.
func (s *Server) showComposer(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.IsMember(c.ctx, c.me, room); err != nil {
		return err
	}
	return c.render(200, views.ComposerPage(views.Draft{Words: c.words(), Room: room, Key: chat.NewKey()}))
}

// postFromFrame posts what was written there, and gives back an empty composer, or the text with
// what is wrong with it. The messages in the frame beside it stay as they are.
func (s *Server) postFromFrame(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	draft, err := s.draftOf(c)
	if err == nil {
		_, err = s.post(c.ctx, "form", c.me, room, draft.Draft)
	}
	if err == nil {
		return c.goTo(views.RoomPath(room) + "/composer")
	}
	status, sentence := refusal(c.words(), err)
	if sentence == "" {
		return err
	}
	if errors.Is(err, chat.ErrBadKey) || errors.Is(err, chat.ErrKeyReused) {
		draft.Key = chat.NewKey()
	}
	if err := s.chat.IsMember(c.ctx, c.me, room); err != nil { // before anything is kept for strangers
		return err
	}
	attached, lost, _ := s.attached(c, draft)
	if lost > refusedPhotos(err) {
		sentence += " " + c.words().Refusals.ChooseAgain
	}
	setRetryAfter(c.Ctx, status, err)
	return c.render(status, views.ComposerPage(views.Draft{Words: c.words(), Room: room, Body: draft.Body, Key: draft.Key, Attached: attached, Problem: sentence}))
}

// answerInFrame says in a frame what is wrong. What was typed comes back with it.
func (s *Server) answerInFrame(c *call, err error) error {
	p := views.ProblemOf(c.words(), statusOf(err))
	c.Locals(errorLocal, err)
	setRetryAfter(c.Ctx, p.Status, err)
	room, malformed := c.number("room")
	body := c.field("body")
	if _, sentence := refusal(c.words(), err); sentence != "" && body != "" && malformed == nil {
		return c.render(p.Status, views.ComposerPage(views.Draft{Words: c.words(), Room: room, Body: body, Key: c.field("key"), Problem: sentence}))
	}
	answer := views.InFrame{Words: c.words(), Problem: p, Link: "/rooms", Label: c.words().Room.YourRooms, Text: body}
	if body == "" && (p.Status >= 500 || p.Status == 429) {
		answer.Again = c.Path()
	}
	if p.Status == 404 {
		answer.Problem.Sentence = c.words().Room.NotInAnyMore
	}
	return c.render(p.Status, views.FrameProblem(answer))
}

// answerFrameSignedOut says in a frame that the session is over, once. A redirect would show the
// sign-in where it makes no sense, and the text would be gone.
func (s *Server) answerFrameSignedOut(c *call) error {
	room, malformed := c.number("room")
	next := "/rooms"
	if malformed == nil {
		next = views.RoomPath(room)
	}
	if body := c.field("body"); body != "" && malformed == nil {
		return c.render(401, views.ComposerPage(views.Draft{Words: c.words(), Room: room, Body: body, Key: c.field("key"),
			Problem: c.words().Refusals.SignedOut, SignIn: true}))
	}
	p := views.ProblemOf(c.words(), 401)
	return c.render(401, views.FrameProblem(views.InFrame{Words: c.words(), Problem: p, Link: signInPath(next), Label: c.words().Nav.SignIn}))
}
