package web

import (
	"errors"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/conn"
	"parley/app/photo"
	"parley/db"
	"parley/views"
)

// statusOf is the status that goes with what went wrong. What is not known here is ours to explain
// in the log, and nobody else's.
func statusOf(err error) int {
	var throttled *auth.Throttled
	var ofFiber *fiber.Error
	switch {
	case errors.Is(err, chat.ErrNotFound), errors.Is(err, db.ErrNotFound):
		return 404
	case errors.Is(err, auth.ErrWrongPassword): // the password was changed while somebody signed in with it
		return 422
	case errors.As(err, &throttled), errors.Is(err, conn.ErrTooMany), errors.Is(err, chat.ErrTooFast):
		return 429
	case errors.Is(err, chat.ErrUnknownOutcome), errors.Is(err, db.ErrUnknown), errors.Is(err, db.ErrUnavailable),
		errors.Is(err, auth.ErrBusy), errors.Is(err, photo.ErrBusy), errors.Is(err, conn.ErrFull), errors.Is(err, conn.ErrDraining):
		return 503
	case errors.Is(err, fasthttp.ErrBodyTooLarge), errors.Is(err, errTooMuch):
		return 413
	case errors.As(err, &ofFiber):
		return ofFiber.Code
	}
	return 500
}

// answerError is the one place where an error becomes an answer. It may be called when nothing of
// the request was checked or read, so it looks at the headers alone.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	w := wordsOf(c)
	p := views.ProblemOf(w, statusOf(err))
	c.Locals(errorLocal, err)
	setHeaders(c, s.o.PublicURL)
	setRetryAfter(c, p.Status, err)
	if isPartial(c) {
		return renderTo(c, p.Status, views.ProblemFragment(p))
	}
	me, _ := c.Locals(meLocal).(*db.User)
	return renderTo(c, p.Status, views.ProblemPage(views.Page{Words: w, Title: p.Title, Me: me}, p))
}

// giveBack answers a post that could not even be looked at, because the database is away or the
// session over, with what was typed. Only a request that has passed checkOrigin comes here: another
// site must not be able to put its words into a form of ours.
func (s *Server) giveBack(c *call, err error) error {
	w := c.words()
	p := views.ProblemOf(w, statusOf(err))
	body := c.field("body")
	room, malformed := c.number("room")
	if p.Status < 500 && p.Status != 401 || body == "" || malformed != nil || isPartial(c.Ctx) {
		return err
	}
	unsent := views.Unsent{
		Room: room, Body: body, Key: c.field("key"), ReplyTo: c.field("reply_to"), Photos: c.hasFiles(),
		Sentence: w.Refusals.NotNow, SignIn: p.Status == 401,
	}
	if unsent.SignIn {
		unsent.Sentence = w.Refusals.SignedOut
	}
	unsent.Edit, _ = c.number("seq")
	c.Locals(errorLocal, err)
	setRetryAfter(c.Ctx, p.Status, err)
	return c.render(p.Status, views.UnsentPage(views.Page{Words: w, Title: p.Title}, unsent))
}

// setRetryAfter says when a request that was refused for now may come again, in seconds.
func setRetryAfter(c *fiber.Ctx, status int, err error) {
	var throttled *auth.Throttled
	switch {
	case errors.As(err, &throttled):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(throttled.RetryAfter.Seconds()))))
	case status == 429:
		c.Set(fiber.HeaderRetryAfter, "1")
	case status == 503:
		c.Set(fiber.HeaderRetryAfter, "2")
	}
}
