package web

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/bus"
	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// postMessage posts without a socket. A problem gives the page back with the text.
func (s *Server) postMessage(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	draft, err := s.readDraft(c)
	if err == nil && c.has("describe") && !isPartial(c.Ctx) {
		return s.giveBackInRoom(c, room, draft, nil)
	}
	seq := uint64(0)
	switch {
	case err == nil:
		draft.Session = c.unchecked()
		seq, err = s.post(c.ctx, "form", c.me, room, draft.Draft)
	case c.isRecent: // whoever is signed out learns nothing from it
		err = cmp.Or(s.checkSession(c), err)
	}
	switch {
	case errors.Is(err, chat.ErrSignedOut):
		return err
	case isPartial(c.Ctx):
		return s.respondToScript(c, room, draft.Draft, seq, err)
	case err != nil:
		return s.giveBackInRoom(c, room, draft, err)
	}
	s.markAnswered(c, room, draft.Draft, seq)
	if after, err := bus.ParseCursor(c.field("after")); err == nil { // the form was on a waiting page
		return c.goTo(views.WaitPath(room, after.String()))
	}
	if as := requestedMode(c.field("as")); as != "" {
		return c.goToPosted(views.RoomPath(room)+"?as="+as, seq)
	}
	return c.goToPosted(views.RoomPath(room), seq)
}

// markAnswered marks a room as read for somebody who has just written on a page of it: whoever answers has
// read. A script marks by itself. The message is posted by now, so a failure here is not shown to them.
func (s *Server) markAnswered(c *call, room uint64, d chat.Draft, seq uint64) {
	if !chat.IsPageKey(d.Key) {
		return
	}
	if err := s.chat.Read(c.ctx, c.me, room, seq); err != nil {
		s.options.Log.Warn("marking an answered room as read failed", "error", err)
	}
}

// giveBackInRoom shows the room with a message that was not sent, and why.
func (s *Server) giveBackInRoom(c *call, room uint64, d formDraft, why error) error {
	v, err := s.history(c, room, chat.Place{})
	if err != nil {
		return err
	}
	reply, err := s.replyTo(c, room, d.ReplyTo)
	if err != nil {
		return err
	}
	a, err := s.giveBack(c, room, d, why)
	if err != nil {
		return err
	}
	a.draft.Reply = reply
	return a.renderRoom(s, c, v)
}

// respondToScript responds to a post of our own script as its socket would.
func (s *Server) respondToScript(c *call, room uint64, draft chat.Draft, seq uint64, why error) error {
	if why == nil {
		return c.render(fiber.StatusOK, views.Receipt(c.words(), draft.Key, seq, chat.NewKey()))
	}
	a := draftAnswer{room: room, draft: views.Draft{Key: draft.Key}}
	if err := a.explain(c, why); err != nil {
		return err
	}
	return a.renderPartial(c, why)
}

// post posts a message; forms and sockets share it.
func (s *Server) post(ctx context.Context, transport string, me db.User, room uint64, draft chat.Draft) (uint64, error) {
	start := time.Now()
	seq, err := s.chat.Post(ctx, me, room, draft)
	s.metrics.observePost(transport, start, err)
	return seq, err
}
