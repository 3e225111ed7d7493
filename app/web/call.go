package web

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/db"
)

// The time limits of a request: for reading it, and separately for handling it.
const (
	requestTime = 10 * time.Second
	workTime    = 4500 * time.Millisecond
)

// streamPatience is how much longer a stream waits for the database than a page does. When a network comes back,
// thousands ask for theirs at once; they are looked up in order, and whoever is refused asks again and is last in line.
// Pages give a stream more time with each attempt (stream.js), and hidden ones as long as it takes (notify.js).
const streamPatience = 2 * time.Second

// call is a request and the person who made it.
type call struct {
	*fiber.Ctx
	ctx      context.Context // ends before the caller gives up; never outlives the request
	addr     netip.Addr
	me       db.User
	session  db.Session
	isRecent bool                  // the session was looked up some time ago: what is posted has to check it
	waiting  *db.Waiting           // for me, if it was looked up with the session
	opens    uint64                // the room that was looked up with the session; 0 if none
	entrance *db.Entrance          // to that room; nil if it is not for me
	askedAt  time.Time             // when that began to be looked up
	cookie   string                // the name of the cookie that the session came in
	received map[string][]formFile // the files of an upload, by their fields
	endTurn  func()                // gives up the caller's turn; may be called again
	filesErr error                 // why the files of the form are missing, although its text is there
}

// handler wraps a route in what all routes share: the checks of the request, the session, and the limits
// on time and body.
func (s *Server) handler(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(routeLocal, r.path)
		setHeaders(c, s.options.PublicURL)
		if err := s.checkOrigin(c, r); err != nil {
			return err
		}
		s.noticeProxy(c)
		ctx, cancel := context.WithTimeout(context.Background(), s.timeLimit(c, r))
		defer cancel()
		k := &call{Ctx: c, ctx: ctx, addr: s.clientAddr(c)}
		err := error(fiber.ErrInternalServerError) // if it panics
		s.recovering("a handler", func() { err = s.serve(k, r) })
		s.absoluteForLynx(c)
		err = s.recognize(k, err)
		if err != nil && r.kind == post {
			return s.respondUnread(k, err)
		}
		if err != nil && r.kind == iframe {
			return s.respondInIframe(k, err)
		}
		return err
	}
}

// serve reads the body, identifies the caller and runs the route. Text is read before the session is
// looked up, so that it can be given back when the database is away; photos are read after it, so that
// nobody who is signed out can make us hold them in memory.
func (s *Server) serve(c *call, r route) error {
	big := isUpload(c.Ctx, r)
	if !big {
		if err := s.readBody(c); err != nil {
			return err
		}
		if err := beginRequest(c.Ctx); err != nil {
			return err
		}
	}
	if r.access != sessionless {
		err := s.identify(c, r)
		if errors.Is(err, auth.ErrNoSession) && r.access != public {
			if big && (isNavigation(c.Ctx) || r.kind == iframe) {
				c.readTextOnly()
			}
			return s.respondSignedOut(c, r)
		}
		if err != nil && !errors.Is(err, auth.ErrNoSession) {
			return err
		}
	}
	if big {
		if err := beginRequest(c.Ctx); err != nil {
			return err
		}
		done, err := s.readUpload(c, r.body)
		if err != nil {
			return err
		}
		defer done()
	}
	if r.access == admin && !c.me.IsAdmin {
		return fiber.ErrNotFound
	}
	if r.access == admin {
		if lacks, err := s.lacksSecondFactor(c); err != nil {
			return err
		} else if lacks {
			return c.goTo(secondFactorPath)
		}
	}
	if r.access != public && r.access != sessionless && c.isFromAnother(r) {
		return s.respondSignedOut(c, r)
	}
	switch err := s.takeTurn(c); {
	case errors.Is(err, auth.ErrNoSession):
		return s.respondSignedOut(c, r)
	case err != nil:
		return err
	}
	defer func() { c.endTurn() }() // a page that waits has another turn in the end
	return s.run(c, r)
}

// requestsAtOnce is the number of requests of one person that are handled at a time: T42 in docs/threats.md. A page
// with everything on it takes many times what a post does, and without a bound somebody with a hundred connections has
// a hundred pages rendered while the post of somebody else waits for the same processors and database connections. Two
// may be uploads, which take longer than pages.
const requestsAtOnce = ownUploads + 1

// takeTurn waits until whoever is signed in may have one more request handled. It returns auth.ErrNoSession if their
// session has ended while they waited.
func (s *Server) takeTurn(c *call) error {
	c.endTurn = func() {}
	if !c.isSignedIn() {
		return nil
	}
	since := time.Now()
	done, err := s.turns.Take(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	c.endTurn = sync.OnceFunc(done)
	if time.Since(since) < entranceTime {
		return nil
	}
	alive, err := s.accounts.AliveSessions(c.ctx, []uint64{c.session.ID})
	if err == nil && !alive[c.session.ID] {
		err = auth.ErrNoSession
	}
	if err != nil {
		c.endTurn()
	}
	return err
}

func (s *Server) timeLimit(c *fiber.Ctx, r route) time.Duration {
	switch {
	case isUpload(c, r):
		return uploadTime + workTime
	case r.kind == stream:
		return workTime + streamPatience
	}
	return workTime
}

// identify looks up the session of the caller, for a whole page with what waits for them, and for that of a room with
// their entrance; auth.ErrNoSession if there is none.
func (s *Server) identify(c *call, r route) error {
	names, tokens := s.tokens(c.Ctx)
	var in db.SignedIn
	err := auth.ErrNoSession
	c.waiting, c.opens, c.entrance, c.isRecent, c.askedAt = nil, 0, nil, false, time.Now()
	isPage := r.method == fiber.MethodGet && r.kind == page && !isPartial(c.Ctx)
	if isPage {
		c.opens = openedRoom(c, r)
	}
	for i, token := range tokens {
		c.cookie = names[i]
		switch {
		case c.opens != 0:
			var entrant db.Entrant
			entrant, err = s.accounts.EntrantByToken(c.ctx, token, c.opens)
			in, c.entrance = entrant.SignedIn, entrant.Entrance
		case isPage:
			in, err = s.accounts.ReaderByToken(c.ctx, token)
		case isScriptPost(c.Ctx, r) && len(tokens) == 1: // otherwise another may be the one that is good
			var checked bool
			in, checked, err = s.accounts.RecentByToken(c.ctx, token)
			c.isRecent = !checked
		default:
			in.Session, in.User, err = s.accounts.SessionByToken(c.ctx, token)
		}
		if !errors.Is(err, auth.ErrNoSession) {
			break
		}
	}
	if err != nil {
		c.cookie = ""
		return err
	}
	if isPage {
		c.waiting = &in.Waiting
	}
	c.session, c.me = in.Session, in.User
	c.Locals(meLocal, &in.User)
	c.Locals(identityLocal, logIdentity{user: c.me.ID, session: c.session.TokenHash[:min(8, len(c.session.TokenHash))]})
	return nil
}

// recognize identifies the caller for the error page of a request that failed before its session was
// read: an unknown address or method, or a body too large to be read. It returns the error that this caller may see:
// nobody but administrators learns which pages administrators have.
func (s *Server) recognize(c *call, err error) error {
	if err == nil || c.Locals(meLocal) != nil {
		return err
	}
	switch statusOf(err) {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed, fiber.StatusRequestEntityTooLarge:
		s.recovering("the look-up of a session", func() { _ = s.identify(c, route{}) })
		if strings.HasPrefix(c.Path(), "/admin") && !c.me.IsAdmin {
			c.Response().Header.Del(fiber.HeaderAllow)
			return fiber.ErrNotFound
		}
	}
	return err
}

// isSignedIn reports whether the caller has a session.
func (c *call) isSignedIn() bool { return c.me.ID != 0 }

// isFromAnother reports whether the requesting page belongs to somebody else than the session: they have signed in in
// another tab meanwhile. What waits on that page must not be sent in their name, nor may it get news of their rooms:
// T51 in docs/threats.md.
func (c *call) isFromAnother(r route) bool {
	switch {
	case r.kind == socket, r.kind == stream && c.Query("page") == "hidden":
		return c.isAnother(c.Query("me"))
	case r.kind == stream: // tells its page to reload (isOutdated)
		return false
	}
	return c.isAnother(c.field("me"))
}

func (c *call) isAnother(owner string) bool {
	return owner != "" && owner != strconv.FormatUint(c.me.ID, 10)
}

// isPartial reports whether htmx asks for a fragment and not for a page.
func isPartial(c *fiber.Ctx) bool {
	return c.Get("HX-Request") == "true" && c.Get("HX-Request-Type") != "full"
}

// respondSignedOut redirects a page to the sign-in. Streams, sockets and fragments get an answer of
// their own, because a redirect would make htmx repeat the request forever. A photo inside a page is
// refused, because the sign-in is no image; a visit to its address is redirected. A message is given back.
func (s *Server) respondSignedOut(c *call, r route) error {
	next := "/rooms"
	if c.Method() == fiber.MethodGet && r.kind == page {
		next = s.safeNext(c.OriginalURL())
	}
	switch {
	case r.kind == stream:
		return sendEvent(c, signedOutEvent)
	case r.kind == iframe:
		return s.respondSignedOutInIframe(c)
	case r.kind == socket, r.kind == file && !isNavigation(c.Ctx):
		return fiber.ErrUnauthorized
	case isPartial(c.Ctx):
		c.Set("HX-Redirect", signInPath(next))
		return fiber.ErrUnauthorized
	case r.kind == post && isNavigation(c.Ctx) && c.field("body") != "":
		return s.respondUnread(c, fiber.ErrUnauthorized)
	}
	return c.goTo(signInPath(next))
}
