package web

import (
	"context"
	"errors"
	"time"

	"parley/app/chat"
	"parley/app/live"
	"parley/db"
	"parley/views"
)

// postMessage is the way to post without a socket. A problem gives the page back with the text.
func (s *Server) postMessage(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	draft, err := s.draftOf(c)
	if err != nil {
		return err
	}
	seq, err := s.post(c.ctx, "form", c.me, id, draft)
	if isPartial(c.Ctx) {
		return s.answerScript(c, draft, seq, err)
	}
	if err == nil {
		if after, err := live.ParseCursor(c.field("after")); err == nil { // from a page that was waited for
			return c.goTo(waitPath(id, after))
		}
		return c.goTo(roomPath(id))
	}
	status, sentence := refusal(c.words(), err)
	if sentence == "" {
		return err
	}
	if len(draft.Photos) > 0 {
		sentence += " " + c.words().Refusals.ChooseAgain // no page can put a file back into its form
	}
	v, broken := s.chat.Look(c.ctx, c.me, id, chat.Place{})
	if broken != nil {
		return broken
	}
	if errors.Is(err, chat.ErrBadKey) || errors.Is(err, chat.ErrKeyReused) {
		draft.Key = chat.NewKey()
	}
	reply, broken := s.replyTo(c, id, draft.ReplyTo)
	if broken != nil {
		return broken
	}
	setRetryAfter(c.Ctx, status, err)
	return s.answerRoom(c, status, v, views.Room{Body: draft.Body, Key: draft.Key, Alt: altOf(draft), Problem: sentence, Reply: reply,
		Waiting: c.field("after") != ""})
}

// post is what forms and sockets do alike.
func (s *Server) post(ctx context.Context, transport string, me db.User, room uint64, draft chat.Draft) (uint64, error) {
	start := time.Now()
	seq, err := s.chat.Post(ctx, me, room, draft)
	s.meters.tookPost(transport, start, err)
	return seq, err
}

// refusal says why a message was not taken; an empty sentence is an error that is not about it.
func refusal(words *views.Words, err error) (status int, sentence string) {
	w := words.Refusals
	switch {
	case errors.Is(err, chat.ErrEmpty):
		return 422, w.Empty
	case errors.Is(err, chat.ErrTooLong):
		return 422, w.Long
	case errors.Is(err, chat.ErrBadText):
		return 422, w.BadText
	case errors.Is(err, chat.ErrBadKey):
		return 422, w.OldPage
	case errors.Is(err, chat.ErrKeyReused):
		return 422, w.KeyReused
	case errors.Is(err, chat.ErrBadReply):
		return 422, w.ReplyGone
	case errors.Is(err, chat.ErrBadEmoji):
		return 422, w.BadEmoji
	case errors.Is(err, chat.ErrManyEmojis):
		return 422, w.ManyEmojis
	case errors.Is(err, chat.ErrTooFast):
		return 429, w.TooFast
	}
	if status, sentence := uploadRefusal(words, err); sentence != "" {
		return status, sentence
	}
	if statusOf(err) == 503 {
		return 503, w.NotNow
	}
	return 0, ""
}
