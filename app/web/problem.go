package web

import (
	"errors"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/live"
	"parley/app/photo"
	"parley/db"
	"parley/views"
)

// problemOf says in plain words what went wrong, with the status that goes with it. What is not
// known here is ours to explain in the log, and nobody else's.
func problemOf(err error) views.Problem {
	var throttled *auth.Throttled
	var ofFiber *fiber.Error
	switch {
	case errors.Is(err, chat.ErrNotFound), errors.Is(err, db.ErrNotFound):
		return views.Problem{Status: 404}
	case errors.Is(err, auth.ErrWrong): // the password was changed while somebody signed in with it
		return views.Problem{Status: 422}
	case errors.As(err, &throttled), errors.Is(err, live.ErrTooManyLines), errors.Is(err, chat.ErrTooFast):
		return views.Problem{Status: 429}
	case errors.Is(err, chat.ErrUnsure), errors.Is(err, db.ErrUnknown), errors.Is(err, db.ErrUnavailable),
		errors.Is(err, auth.ErrBusy), errors.Is(err, photo.ErrBusy), errors.Is(err, live.ErrFull), errors.Is(err, live.ErrDrained):
		return views.Problem{Status: 503}
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return views.Problem{Status: 413}
	case errors.As(err, &ofFiber):
		return views.Problem{Status: ofFiber.Code}
	}
	return views.Problem{Status: 500}
}

// worded adds the words that go with a status.
func worded(p views.Problem) views.Problem {
	switch p.Status {
	case 400:
		p.Title, p.Sentence = "That did not make sense", "Your browser sent something that we could not read."
	case 401:
		p.Title, p.Sentence = "You are signed out", "Sign in again to go on."
	case 403:
		p.Title, p.Sentence = "That was refused", "The request came from another site or an old page. Go back, load the page again and try once more."
	case 404:
		p.Title, p.Sentence = "There is nothing here", "The page does not exist, or it is not yours to see."
	case 405:
		p.Title, p.Sentence = "That is not possible here", "This address cannot do what was asked of it."
	case 408:
		p.Title, p.Sentence = "That took too long", "Your connection was too slow to bring all of it. Please try again."
	case 413:
		p.Title, p.Sentence = "That is too large", "Photos may have up to 10 MiB each and 11 MiB together, everything else 64 KiB."
	case 421:
		p.Title, p.Sentence = "Wrong address", "This server does not answer to the name that you used."
	case 422:
		p.Title, p.Sentence = "That does not work", "Something about it has to change first."
	case 429:
		p.Title, p.Sentence = "That was a little fast", "Please wait a moment and try again."
	case 431:
		p.Title, p.Sentence = "That is too large", "The address or the cookies are too long."
	case 503:
		p.Title, p.Sentence = "Not just now", "The server is busy or restarting. Nothing is lost: try again in a moment."
	default:
		if p.Status < 500 {
			p.Title, p.Sentence = "That did not work", "Your browser sent something that we could not use."
		} else {
			p.Title, p.Sentence = "Something went wrong", "It is our fault, and it has been noted. Try again in a moment."
		}
	}
	return p
}

// answerError is the one place where an error becomes an answer. It may be called when nothing of
// the request was checked or read, so it looks at the headers alone.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	p := worded(problemOf(err))
	c.Locals(errorLocal, err)
	setHeaders(c, s.o.PublicURL)
	setRetryAfter(c, p.Status, err)
	if isPartial(c) {
		return renderTo(c, p.Status, views.ProblemFragment(p))
	}
	me, _ := c.Locals(meLocal).(*db.User)
	return renderTo(c, p.Status, views.ProblemPage(views.Page{Title: p.Title, Me: me}, p))
}

// giveBack answers a post that could not even be looked at, because the database is away, with
// what was typed. Only a request that has passed checkOrigin comes here: another site must not be
// able to put its words into a form of ours.
func (s *Server) giveBack(c *call, err error) error {
	p := worded(problemOf(err))
	body := c.field("body")
	room, malformed := c.number("room")
	if p.Status < 500 || body == "" || malformed != nil || isPartial(c.Ctx) {
		return err
	}
	action := roomPath(room) + "/messages"
	if seq, err := c.number("seq"); err == nil {
		action += "/" + strconv.FormatUint(seq, 10) + "/edit"
	}
	c.Locals(errorLocal, err)
	setRetryAfter(c.Ctx, p.Status, err)
	return c.render(p.Status, views.UnsentPage(views.Page{Title: p.Title}, p,
		views.Unsent{Action: action, Body: body, Key: c.field("key"), Photos: c.hasFiles()}))
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
