package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/photo"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

// formDraft is a message as a form brought it.
type formDraft struct {
	chat.Draft
	kept  []db.Photo // those of its photos that an earlier response to the form kept
	files []formFile // and those that came with it
}

// readDraft reads a message from a form: its text, and photos with their descriptions.
func (s *Server) readDraft(c *call) (d formDraft, err error) {
	d.Draft = chat.Draft{Key: c.field("key"), Body: c.field("body"), ReplyTo: parseSeq(c.field("reply_to"))}
	if err := s.readKept(c, &d); err != nil {
		return d, err
	}
	if d.files, err = c.files("photo"); err != nil {
		return d, err
	}
	alts, uploads := c.fields("alt"), make([][]byte, len(d.files))
	for i, f := range d.files {
		sum := sha256.Sum256(f.data)
		upload := chat.Upload{Sum: hex.EncodeToString(sum[:])}
		if i < len(alts) {
			upload.Alt = alts[i]
		}
		d.Photos, uploads[i] = append(d.Photos, upload), f.data
	}
	d.Keep = func(ctx context.Context) ([]uint64, error) {
		ids, err := s.photos.SaveAll(ctx, c.me.ID, uploads, photo.PurposeMessage)
		var refused *photo.UploadError
		if errors.As(err, &refused) && len(uploads) > 1 {
			err = &fileError{text.Truncate(d.files[refused.Index].name, 60), err}
		}
		return ids, err
	}
	return d, nil
}

// draftAnswer gives a message back to its author, with the reason why it was not sent. It is built the
// same way wherever the message came from, and rendered in the form that each place needs.
type draftAnswer struct {
	room   uint64
	status int
	draft  views.Draft // the reason is its Problem
}

// giveBack makes the answer to a message that was refused, or without a reason to one whose author wants
// to describe the photos first. The photos are stored for the next try, so the caller has checked that the
// author is a member of the room: a stranger must not be able to store any.
func (s *Server) giveBack(c *call, room uint64, d formDraft, why error) (draftAnswer, error) {
	a := draftAnswer{room: room, status: fiber.StatusOK, draft: views.Draft{Body: d.Body, Key: d.Key}}
	if why != nil {
		if err := a.explain(c, why); err != nil {
			return a, err
		}
	}
	attached, lost, failed := s.keepPhotos(c, d)
	if why == nil && failed != nil {
		if err := a.explain(c, failed); err != nil {
			return a, err
		}
		why = failed
	}
	a.draft.Attachments = attached
	if lost > refusedPhotos(why) {
		a.draft.Problem += " " + c.words().Refusals.ChooseAgain
	}
	if errors.Is(why, chat.ErrBadKey) || errors.Is(why, chat.ErrKeyReused) {
		a.draft.Key = chat.NewKey()
	}
	return a, nil
}

// explain sets the status and the reason. It returns the error if there is nothing to say about it here.
func (a *draftAnswer) explain(c *call, why error) error {
	status, sentence, ok := c.explain(inMessage, why)
	if !ok {
		return why
	}
	a.status, a.draft.Problem = status, sentence
	return nil
}

// giveBackUnread makes the answer to a message that could not even be looked at, because the database is
// away or the session over; ok is false if there is no text to give back. Only a request that has passed
// checkOrigin may come here: another site must not be able to put its words into a form of ours.
func giveBackUnread(c *call, why error) (a draftAnswer, ok bool) {
	room, malformed := c.number("room")
	a = draftAnswer{room: room, draft: views.Draft{Body: c.field("body"), Key: c.field("key")}}
	a.status, a.draft.Problem, _ = c.explain(inMessage, why)
	a.draft.SignIn = a.status == fiber.StatusUnauthorized
	return a, malformed == nil && a.draft.Body != ""
}

// respondUnread gives back a message that a route of kind post could not look at. Any other request gets
// the page of the error.
func (s *Server) respondUnread(c *call, err error) error {
	a, ok := giveBackUnread(c, err)
	if !ok || a.status < fiber.StatusInternalServerError && a.status != fiber.StatusUnauthorized || isPartial(c.Ctx) {
		return err
	}
	c.Locals(errorLocal, err)
	return a.renderUnsent(c)
}

// renderRoom shows the draft in the composer of its room.
func (a draftAnswer) renderRoom(s *Server, c *call, v chat.HistoryPage) error {
	return s.renderRoom(c, a.status, v, views.Room{Draft: a.draft, ChosenMode: requestedMode(c.field("as")), Waiting: c.field("after") != ""})
}

// renderUnsent shows the draft on a page of its own, which needs no database.
func (a draftAnswer) renderUnsent(c *call) error {
	w := c.words()
	unsent := views.Unsent{
		Room:       a.room,
		Body:       a.draft.Body,
		Key:        a.draft.Key,
		ReplyTo:    c.field("reply_to"),
		LostPhotos: c.hasFiles(),
		Sentence:   cmp.Or(a.draft.Problem, w.Refusals.NotNow),
		SignIn:     a.draft.SignIn,
	}
	unsent.Edit, _ = c.number("seq")
	return c.render(a.status, views.UnsentPage(views.Page{Words: w, Title: views.ProblemOf(w, a.status).Title}, unsent))
}

// renderIframe shows the draft in the composer's own iframe.
func (a draftAnswer) renderIframe(c *call) error {
	return c.render(a.status, views.ComposerPage(c.words(), a.room, a.draft))
}

// renderPartial says to our own script what its socket would: it keeps the draft itself.
func (a draftAnswer) renderPartial(c *call, why error) error {
	return c.render(a.status, views.Refusal(a.draft.Key, statusForScript(a.status, why), a.draft.Problem, errors.Is(why, chat.ErrBadReply)))
}
