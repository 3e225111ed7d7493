package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/bus"
	"parley/db"
	"parley/views"
)

func signInPath(next string) string {
	if next == "/rooms" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

func (s *Server) showStart(c *call) error {
	if c.isSignedIn() {
		return c.goTo("/rooms")
	}
	return c.goTo("/sign-in")
}

func (s *Server) showSignUp(c *call) error {
	if c.isSignedIn() {
		return c.goTo("/rooms")
	}
	f := views.SignUp{Next: s.safeNext(c.Query("next"))}
	if s.o.SignUp != "open" {
		f.Problem = c.words().Account.SignUpClosed
	}
	return s.answerSignUp(c, 200, f)
}

func (s *Server) answerSignUp(c *call, status int, f views.SignUp) error {
	w := c.words()
	return c.render(status, views.SignUpPage(views.Page{Words: w, Title: w.Account.SignUp}, f))
}

func (s *Server) signUp(c *call) error {
	w := c.words()
	f := views.SignUp{Username: c.field("username"), Next: s.safeNext(c.field("next"))}
	u, err := s.accounts.SignUp(c.ctx, c.addr, f.Username, c.field("password"), c.field("time_zone"))
	var invalid *auth.Invalid
	switch {
	case errors.As(err, &invalid):
		f.UsernameProblem, f.PasswordProblem, f.Problem = flaw(w, invalid.Username), flaw(w, invalid.Password), flaw(w, invalid.Reason)
		return s.answerSignUp(c, 422, f)
	case errors.Is(err, auth.ErrClosed):
		f.Problem = w.Account.SignUpClosed
		return s.answerSignUp(c, 403, f)
	case err != nil:
		p := views.ProblemOf(w, statusOf(err))
		if p.Status != 429 && p.Status != 503 {
			return err
		}
		f.Problem = p.Sentence
		setRetryAfter(c.Ctx, p.Status, err)
		return s.answerSignUp(c, p.Status, f)
	}
	return s.begin(c, u, f.Next)
}

func (s *Server) showSignIn(c *call) error {
	if c.isSignedIn() {
		return c.goTo(s.safeNext(c.Query("next")))
	}
	return s.answerSignIn(c, 200, views.SignIn{Next: s.safeNext(c.Query("next"))})
}

func (s *Server) answerSignIn(c *call, status int, f views.SignIn) error {
	w := c.words()
	f.SignUpOpen = s.o.SignUp == "open"
	return c.render(status, views.SignInPage(views.Page{Words: w, Title: w.Account.SignIn}, f))
}

func (s *Server) signIn(c *call) error {
	w := c.words()
	f := views.SignIn{Username: c.field("username"), Next: s.safeNext(c.field("next"))}
	u, err := s.accounts.SignIn(c.ctx, c.addr, f.Username, c.field("password"))
	switch {
	case errors.Is(err, auth.ErrWrongPassword):
		f.Problem = w.Account.WrongCredentials
		return s.answerSignIn(c, 422, f)
	case err != nil:
		p := views.ProblemOf(w, statusOf(err))
		if p.Status == 429 {
			p.Sentence = w.Account.TooManyAttempts
		} else if p.Status != 503 {
			return err
		}
		f.Problem = p.Sentence
		setRetryAfter(c.Ctx, p.Status, err)
		return s.answerSignIn(c, p.Status, f)
	}
	return s.begin(c, u, f.Next)
}

// begin signs a browser in with a new token, whatever it had before.
func (s *Server) begin(c *call, u db.User, next string) error {
	token, _, err := s.accounts.CreateSession(c.ctx, u, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	if c.isSignedIn() {
		if err := s.end(c, c.me.ID, c.session.ID); err != nil {
			return err
		}
	}
	s.keepSignedIn(c, token)
	return c.goTo(next)
}

// end ends a session on the server, and the streams and sockets that live by it.
func (s *Server) end(c *call, user, session uint64) error {
	if err := s.accounts.EndSession(c.ctx, user, session); err != nil {
		return err
	}
	s.rangEnd(session)
	return nil
}

// rangEnd tells all processes that whatever runs under these sessions must end.
func (s *Server) rangEnd(sessions ...uint64) {
	for _, id := range sessions {
		s.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: id})
	}
}

func (s *Server) signOut(c *call) error {
	if c.isSignedIn() {
		if err := s.end(c, c.me.ID, c.session.ID); err != nil {
			return err
		}
	}
	s.forgetSignIn(c)
	return c.goTo("/sign-in")
}
