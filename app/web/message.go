package web

import (
	"context"
	"errors"
	"time"

	"parley/app/bus"
	"parley/app/chat"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// postMessage is the way to post without a socket. A problem gives the page back with the text.
func (s *Server) postMessage(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	draft, err := s.draftOf(c)
	if err == nil && c.has("describe") && !isPartial(c.Ctx) {
		return s.giveBackDraft(c, id, draft, nil)
	}
	seq := uint64(0)
	if err == nil {
		seq, err = s.post(c.ctx, "form", c.me, id, draft.Draft)
	}
	if isPartial(c.Ctx) {
		return s.answerScript(c, draft.Draft, seq, err)
	}
	if err == nil {
		if after, err := bus.ParseCursor(c.field("after")); err == nil { // from a page that was waited for
			return c.goTo(views.WaitPath(id, after.String()))
		}
		if as := ladderOf(c.field("as")); as != "" {
			return c.goTo(views.RoomPath(id) + "?as=" + as)
		}
		return c.goTo(views.RoomPath(id))
	}
	return s.giveBackDraft(c, id, draft, err)
}

// giveBackDraft shows the room with a message that was not sent, and why; without a reason somebody
// wants to see the photos that they chose, to describe them.
func (s *Server) giveBackDraft(c *call, room uint64, draft sentDraft, why error) error {
	v, err := s.chat.History(c.ctx, c.me, room, chat.Place{})
	if err != nil {
		return err
	}
	reply, err := s.replyTo(c, room, draft.ReplyTo)
	if err != nil {
		return err
	}
	attached, lost, failed := s.attached(c, draft)
	if why == nil {
		why = failed
	}
	status, sentence := 200, ""
	if why != nil {
		if status, sentence = refusal(c.words(), why); sentence == "" {
			return why
		}
	}
	if lost > refusedPhotos(why) {
		sentence += " " + c.words().Refusals.ChooseAgain
	}
	if errors.Is(why, chat.ErrBadKey) || errors.Is(why, chat.ErrKeyReused) {
		draft.Key = chat.NewKey()
	}
	setRetryAfter(c.Ctx, status, why)
	return s.answerRoom(c, status, v, views.Room{Body: draft.Body, Key: draft.Key, Attachments: attached, Problem: sentence, Reply: reply,
		ChosenMode: ladderOf(c.field("as")), Waiting: c.field("after") != ""})
}

// post is what forms and sockets do alike.
func (s *Server) post(ctx context.Context, transport string, me db.User, room uint64, draft chat.Draft) (uint64, error) {
	start := time.Now()
	seq, err := s.chat.Post(ctx, me, room, draft)
	s.meters.tookPost(transport, start, err)
	return seq, err
}

// refusal says why a message was not taken; an empty sentence is an error that is not about it.
func refusal(words *words.Catalog, err error) (status int, sentence string) {
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
	case errors.Is(err, chat.ErrTooManyEmojis):
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
