package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/views"
)

func signInPath(next string) string {
	if next == "/rooms" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

func (s *Server) redirectHome(c *call) error {
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
	if s.options.SignUp != "open" {
		f.Problem = c.words().Account.SignUpClosed
	}
	return s.renderSignUp(c, fiber.StatusOK, f)
}

func (s *Server) renderSignUp(c *call, status int, f views.SignUp) error {
	w := c.words()
	return c.render(status, views.SignUpPage(views.Page{Words: w, Title: w.Account.SignUp}, f))
}

func (s *Server) signUp(c *call) error {
	f := views.SignUp{Username: c.field("username"), Next: s.safeNext(c.field("next"))}
	u, err := s.accounts.SignUp(c.ctx, c.addr, f.Username, c.field("password"), c.field("time_zone"))
	var invalid *auth.Invalid
	switch {
	case errors.As(err, &invalid):
		f.UsernameProblem, f.PasswordProblem = c.flaw(invalid.Username), c.flaw(invalid.Password)
		f.Problem = c.flaw(invalid.Reason)
		return s.renderSignUp(c, fiber.StatusUnprocessableEntity, f)
	case err != nil:
		status, sentence, ok := c.explain(inSignUp, err)
		if !ok {
			return err
		}
		c.Locals(errorLocal, err)
		f.Problem = sentence
		return s.renderSignUp(c, status, f)
	}
	return s.startSession(c, u, f.Next)
}

func (s *Server) showSignIn(c *call) error {
	if c.isSignedIn() {
		return c.goTo(s.safeNext(c.Query("next")))
	}
	return s.renderSignIn(c, fiber.StatusOK, views.SignIn{Next: s.safeNext(c.Query("next"))})
}

func (s *Server) renderSignIn(c *call, status int, f views.SignIn) error {
	w := c.words()
	f.SignUpOpen = s.options.SignUp == "open"
	return c.render(status, views.SignInPage(views.Page{Words: w, Title: w.Account.SignIn}, f))
}

func (s *Server) signIn(c *call) error {
	f := views.SignIn{Username: c.field("username"), Next: s.safeNext(c.field("next"))}
	u, err := s.accounts.SignIn(c.ctx, c.addr, f.Username, c.field("password"))
	s.metrics.observeSignIn(err)
	if err != nil {
		c.Locals(errorLocal, err) // so that whoever runs the server sees who guesses, and can lock them out
		status, sentence, ok := c.explain(inSignIn, err)
		if !ok {
			return err
		}
		f.Problem = sentence
		return s.renderSignIn(c, status, f)
	}
	return s.startSession(c, u, f.Next)
}

func (s *Server) signOut(c *call) error {
	if c.isSignedIn() {
		if err := s.endSession(c, c.me.ID, c.session.ID); err != nil {
			return err
		}
	}
	s.clearSessionCookie(c)
	return c.goTo("/sign-in")
}

// changePassword ends every other session, and gives this browser a new token: whoever knows the old
// password or has the old cookie is signed out.
func (s *Server) changePassword(c *call) error {
	f := profileOf(c.me)
	ended, err := s.accounts.ChangePassword(c.ctx, c.me, c.field("current"), c.field("password"), c.session.ID)
	s.publishSessionsEnded(ended...) // even if only some of them ended before an error
	var invalid *auth.Invalid
	if errors.As(err, &invalid) {
		f.PasswordProblem = c.flaw(invalid.Password + invalid.Reason)
		return s.renderProfile(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		c.Locals(errorLocal, err)
		status, sentence, ok := c.explain(inPassword, err)
		if !ok {
			return err
		}
		f.PasswordProblem = sentence
		return s.renderProfile(c, status, f)
	}
	token, _, err := s.accounts.RotateSession(c.ctx, c.me.ID, c.session.ID, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	s.publishSessionsEnded(c.session.ID)
	s.setSessionCookie(c, token)
	return c.goTo("/profile?saved=1")
}
