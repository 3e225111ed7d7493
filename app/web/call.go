package web

import (
	"context"
	"errors"
	"net/netip"
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
	tooMuch bool // the form came with more than it may; its files are gone
}

// handler wraps a route in what all of them share: the checks of the request, the session, and
// the limits of time and body.
func (s *Server) handler(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		setHeaders(c, s.o.PublicURL)
		if err := s.checkOrigin(c, r); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), s.patience(c, r))
		defer cancel()
		k := &call{Ctx: c, ctx: ctx, addr: s.clientAddr(c)}
		err := error(fiber.ErrInternalServerError) // of a panic
		s.safely("a handler", func() { err = s.serve(k, r) })
		s.wholeForLynx(c)
		s.recognize(k, err)
		if err != nil && r.answer == post {
			return s.giveBack(k, err)
		}
		if err != nil && r.answer == frame {
			return s.answerInFrame(k, err)
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
		if err := s.readBody(c, smallBody); err != nil {
			return err
		}
	}
	if r.access != anybody {
		err := s.identify(c)
		if errors.Is(err, auth.ErrNoSession) && r.access == signedIn {
			if big && (isNavigation(c.Ctx) || r.answer == frame) {
				_ = c.Context().SetReadDeadline(time.Now().Add(lingerTime))
				text := typedIn(c.Ctx)
				turnAway(c.Context())
				c.takeText(text)
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

func (s *Server) patience(c *fiber.Ctx, r route) time.Duration {
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
	c.Locals(whoLocal, who{user: me.ID, session: session.TokenHash[:min(8, len(session.TokenHash))]})
	return nil
}

// recognize finds out for the page of a problem who gets it, where that was not asked: nobody knows the
// address or the method, or the body is too large to be read. Whoever is not found is anybody.
func (s *Server) recognize(c *call, err error) {
	if status := statusOf(err); c.Locals(meLocal) == nil && (status == 404 || status == 405 || status == 413) {
		s.safely("recognizing somebody", func() { _ = s.identify(c) })
	}
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

// field reads a text field of the form in the body, "" when there is none of that name.
func (c *call) field(name string) string {
	for _, value := range c.fields(name) {
		return value
	}
	return ""
}

// fields reads all values of a field that may be there several times. A query would do for
// FormValue too, and queries are written down by whoever passes a request on.
func (c *call) fields(name string) (values []string) {
	if c.Request().BodyStream() != nil { // readBody refused it; the parsers would read it to its end
		return nil
	}
	if form, err := c.MultipartForm(); err == nil {
		return form.Value[name]
	}
	for _, value := range c.Request().PostArgs().PeekMulti(name) {
		values = append(values, string(value))
	}
	return values
}

// has tells whether a form has a field at all.
func (c *call) has(name string) bool { return len(c.fields(name)) > 0 }

// goTo sends the browser on with a GET. The text browsers Links and Lynx show the page that they
// remember of an address, whatever was said about keeping it, so after a form they are sent to one
// they have not seen.
func (c *call) goTo(path string) error {
	agent := c.Get(fiber.HeaderUserAgent)
	if c.Method() == fiber.MethodPost && (strings.HasPrefix(agent, "Links (") || strings.HasPrefix(agent, "Lynx/")) {
		path = unseen(path, time.Now())
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// wholeForLynx names the site in a redirect. The text browser Lynx takes a path as well, but complains
// about it for a second, in which it eats what is typed.
func (s *Server) wholeForLynx(c *fiber.Ctx) {
	to := c.GetRespHeader(fiber.HeaderLocation)
	if strings.HasPrefix(to, "/") && strings.HasPrefix(c.Get(fiber.HeaderUserAgent), "Lynx/") {
		c.Set(fiber.HeaderLocation, s.origin(c).String()+to)
	}
}

// unseen adds to an address of ours what no page asks for.
func unseen(path string, now time.Time) string {
	path, fragment, _ := strings.Cut(path, "#")
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	path += mark + "at=" + strconv.FormatInt(now.UnixMilli(), 36)
	if fragment != "" {
		path += "#" + fragment
	}
	return path
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
		return sendEvent(c, signedOutEvent)
	case r.answer == frame:
		return s.answerFrameSignedOut(c)
	case r.answer == socket, r.answer == file && !isNavigation(c.Ctx):
		return fiber.ErrUnauthorized
	case isPartial(c.Ctx):
		c.Set("HX-Redirect", signInPath(next))
		return fiber.ErrUnauthorized
	case r.answer == post && isNavigation(c.Ctx) && c.field("body") != "":
		return s.giveBack(c, fiber.ErrUnauthorized)
	}
	return c.goTo(signInPath(next))
}
