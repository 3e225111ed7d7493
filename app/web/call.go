package web

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/chat"
	"parley/db"
)

// requestTime bounds a request: its reading, and separately its work.
const (
	requestTime = 10 * time.Second
	workTime    = 4500 * time.Millisecond
)

// call is one request with the person who makes it.
type call struct {
	*fiber.Ctx
	ctx     context.Context // ends before the caller loses patience; never outlives the request
	addr    netip.Addr
	me      db.User
	session db.Session
}

// handler wraps a route in what all of them share: the checks of the request, the session, and
// the limits of time and body.
func (s *Server) handler(r route) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				s.o.Log.Error("panic in a handler", "route", r.path, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				err = fiber.ErrInternalServerError
			}
		}()
		setHeaders(c, r, s.o.PublicURL)
		if err := s.checkOrigin(c, r); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), s.patience(r))
		defer cancel()
		k := &call{Ctx: c, ctx: ctx, addr: s.clientAddr(c)}
		if err := s.identify(k); err != nil && (r.access == signedIn || !errors.Is(err, auth.ErrNoSession)) {
			if errors.Is(err, auth.ErrNoSession) {
				return s.answerSignedOut(k, r)
			}
			if r.access == signedIn {
				return err
			}
		}
		if err := s.readBody(k, r); err != nil {
			return err
		}
		return r.run(s, k)
	}
}

func (s *Server) patience(r route) time.Duration {
	if r.body > smallBody {
		return uploadTime
	}
	return workTime
}

// identify finds out who calls; auth.ErrNoSession is nobody.
func (s *Server) identify(c *call) error {
	token := c.Cookies(s.cookieName())
	if token == "" {
		return auth.ErrNoSession
	}
	session, me, err := s.accounts.Find(c.ctx, token)
	if err != nil {
		return err
	}
	c.session, c.me = session, me
	c.Locals(whoLocal, who{user: me.ID, session: session.TokenHash[:min(8, len(session.TokenHash))]})
	return nil
}

// isSignedIn tells whether somebody calls.
func (c *call) isSignedIn() bool { return c.me.ID != 0 }

// isPartial tells that htmx asks for a fragment.
func isPartial(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Request-Type") != "full"
}

// number reads an id from the path. What is no number does not exist.
func (c *call) number(name string) (uint64, error) {
	n, err := strconv.ParseUint(c.Params(name), 10, 63)
	if err != nil || n == 0 || c.Params(name)[0] == '0' {
		return 0, chat.ErrNotFound
	}
	return n, nil
}

// field reads a text field of a form.
func (c *call) field(name string) string { return c.FormValue(name) }

// goTo sends the browser on with a GET.
func (c *call) goTo(path string) error {
	return c.Redirect(path, fiber.StatusSeeOther)
}

// safeNext is the path to go on to after signing in, if it stays on this site.
func safeNext(next string) string {
	if len(next) < 2 || len(next) > 2000 || next[0] != '/' || next[1] == '/' ||
		strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
		return "/rooms"
	}
	return next
}

// answerSignedOut sends a page to the sign-in, and tells a stream, a socket or a fragment in its
// own way: a redirect would make htmx ask again for ever.
func (s *Server) answerSignedOut(c *call, r route) error {
	next := "/rooms"
	if c.Method() == fiber.MethodGet && r.answer == page {
		next = safeNext(c.OriginalURL())
	}
	switch {
	case r.answer == stream:
		return sayOnce(c, frameSignedOut)
	case r.answer == socket, r.answer == file:
		return fiber.ErrUnauthorized
	case isPartial(c.Ctx):
		c.Set("HX-Redirect", signInPath(next))
		return fiber.ErrUnauthorized
	}
	return c.goTo(signInPath(next))
}
