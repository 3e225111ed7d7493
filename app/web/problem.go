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
	case errors.As(err, &throttled), errors.Is(err, live.ErrTooManyLines):
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
	case 413:
		p.Title, p.Sentence = "That is too large", "A photo may have up to 10 MiB, everything else 64 KiB."
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

// answerError is the one place where an error becomes an answer.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	p := worded(problemOf(err))
	c.Locals(errorLocal, err)
	var throttled *auth.Throttled
	if errors.As(err, &throttled) {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(throttled.RetryAfter.Seconds()))))
	} else if p.Status == 503 {
		c.Set(fiber.HeaderRetryAfter, "2")
	}
	if c.GetRespHeader(fiber.HeaderContentSecurityPolicy) == "" { // an address that no route knows
		setHeaders(c, route{}, s.o.PublicURL)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if isPartial(c) {
		return renderTo(c, p.Status, views.ProblemFragment(p))
	}
	if body := c.FormValue("body"); body != "" && c.Method() == fiber.MethodPost && p.Status != 404 {
		// A message that could not even be looked at, because the database is away. It comes back.
		return renderTo(c, p.Status, views.UnsentPage(views.Page{Title: p.Title}, p,
			views.Unsent{Action: c.Path(), Body: body, Key: c.FormValue("key")}))
	}
	return renderTo(c, p.Status, views.ProblemPage(views.Page{Title: p.Title}, p))
}
