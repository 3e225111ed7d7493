package web

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
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
	ctx       context.Context // ends before the caller loses patience; never outlives the request
	addr      netip.Addr
	me        db.User
	session   db.Session
	oversized bool // the form came with more than it may; its files are gone
}

// handler wraps a route in what all of them share: the checks of the request, the session, and
// the limits of time and body.
func (s *Server) handler(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		setHeaders(c, s.o.PublicURL)
		if err := s.checkOrigin(c, r); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), s.timeLimit(c, r))
		defer cancel()
		k := &call{Ctx: c, ctx: ctx, addr: s.clientAddr(c)}
		err := error(fiber.ErrInternalServerError) // of a panic
		s.safely("a handler", func() { err = s.serve(k, r) })
		s.absoluteForLynx(c)
		s.recognize(k, err)
		if err != nil && r.answer == post {
			return s.respondUnread(k, err)
		}
		if err != nil && r.answer == iframe {
			return s.respondInIframe(k, err)
		}
		return err
	}
}

// serve finds out who calls and what they bring, and does what the route is for. What was typed
// is read first, so that it can be given back when the database is away; photos are read last, so
// that nobody who is signed out makes us hold them in memory.
func (s *Server) serve(c *call, r route) error {
	big := isUpload(c.Ctx, r)
	if !big {
		if err := s.readBody(c, formLimit); err != nil {
			return err
		}
	}
	if r.access != sessionless {
		err := s.identify(c)
		if errors.Is(err, auth.ErrNoSession) && r.access == signedIn {
			if big && (isNavigation(c.Ctx) || r.answer == iframe) {
				_ = c.Context().SetReadDeadline(time.Now().Add(lingerTime))
				text := textFields(c.Ctx)
				lingerClose(c.Context())
				c.setForm(text)
			}
			return s.answerSignedOut(c, r)
		}
		if err != nil && !errors.Is(err, auth.ErrNoSession) {
			return err
		}
	}
	if big {
		done, err := s.readUpload(c, r.body)
		if err != nil {
			return err
		}
		defer done()
	}
	return r.run(s, c)
}

func (s *Server) timeLimit(c *fiber.Ctx, r route) time.Duration {
	if isUpload(c, r) {
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
	session, me, err := s.accounts.SessionByToken(c.ctx, token)
	if err != nil {
		return err
	}
	c.session, c.me = session, me
	c.Locals(meLocal, &me)
	c.Locals(identityLocal, logIdentity{user: me.ID, session: session.TokenHash[:min(8, len(session.TokenHash))]})
	return nil
}

// recognize identifies the caller for the error page of a request that failed before its session was
// read: an unknown address or method, or a body too large to be read.
func (s *Server) recognize(c *call, err error) {
	if err == nil || c.Locals(meLocal) != nil {
		return
	}
	switch statusOf(err) {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed, fiber.StatusRequestEntityTooLarge:
		s.safely("recognizing somebody", func() { _ = s.identify(c) })
	}
}

// isSignedIn tells whether somebody calls.
func (c *call) isSignedIn() bool { return c.me.ID != 0 }

// isPartial tells that htmx asks for a fragment.
func isPartial(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Request-Type") != "full"
}

// answerSignedOut sends a page to the sign-in, and tells a stream, a socket or a fragment in its
// own way: a redirect would make htmx ask again for ever. A photo within a page is refused, because
// a form to sign in is no picture; whoever goes to its address is sent like everybody. A message is
// given back.
func (s *Server) answerSignedOut(c *call, r route) error {
	next := "/rooms"
	if c.Method() == fiber.MethodGet && r.answer == page {
		next = s.safeNext(c.OriginalURL())
	}
	switch {
	case r.answer == stream:
		return sayOnce(c, frameSignedOut)
	case r.answer == iframe:
		return s.answerFrameSignedOut(c)
	case r.answer == socket, r.answer == file && !isNavigation(c.Ctx):
		return fiber.ErrUnauthorized
	case isPartial(c.Ctx):
		c.Set("HX-Redirect", signInPath(next))
		return fiber.ErrUnauthorized
	case r.answer == post && isNavigation(c.Ctx) && c.field("body") != "":
		return s.respondUnread(c, fiber.ErrUnauthorized)
	}
	return c.goTo(signInPath(next))
}
