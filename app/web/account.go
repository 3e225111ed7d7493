package web

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/settings"
	"parley/db"
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
	may, err := s.accounts.MaySignUp(c.ctx)
	if err != nil {
		return err
	}
	if !may {
		f.Problem, f.Closed = s.whyNoSignUp(c), true
	}
	return s.renderSignUp(c, fiber.StatusOK, f)
}

// whyNoSignUp returns why there is no sign-up, and what to do instead.
func (s *Server) whyNoSignUp(c *call) string {
	if s.settings.Get(c.ctx).SignUp == settings.SignUpInvited {
		return c.words().Invite.Needed
	}
	return c.words().Account.SignUpClosed
}

func (s *Server) renderSignUp(c *call, status int, f views.SignUp) error {
	f.Front = s.front(c)
	title := c.words().Account.SignUp
	if f.Front.Empty {
		title = c.words().Admin.FirstHeading
	}
	return c.render(status, views.SignUpPage(s.publicPage(c, title), f))
}

func (s *Server) signUp(c *call) error {
	f := views.SignUp{DisplayName: c.field("display_name"), Username: c.field("username"), ServerName: c.field("server_name"), Next: s.safeNext(c.field("next"))}
	var name, problem string
	var err error
	if strings.TrimSpace(f.DisplayName) != "" { // whoever gives no name is called by their username
		if name, problem, err = c.checked(auth.DisplayName(f.DisplayName)); err != nil {
			return err
		}
	}
	f.NameProblem = problem
	if strings.TrimSpace(f.ServerName) != "" {
		if err := settings.Check(settings.Name, f.ServerName); err != nil {
			f.ServerProblem = c.explainSetting(err)
		}
	}
	may, err := s.accounts.MaySignUp(c.ctx)
	if err != nil {
		return err
	}
	var u db.User
	if problem+f.ServerProblem == "" || !may {
		u, err = s.accounts.SignUpNamed(c.ctx, c.addr, f.Username, name, c.field("password"), c.field("time_zone"))
		s.metrics.observeSignUp(err)
	} else if err = auth.CheckSignUp(f.Username, c.field("password")); err == nil {
		return s.renderSignUp(c, fiber.StatusUnprocessableEntity, f)
	}
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
		if f.Problem = sentence; errors.Is(err, auth.ErrClosed) {
			f.Problem = s.whyNoSignUp(c)
		}
		return s.renderSignUp(c, status, f)
	}
	if u.IsAdmin && strings.TrimSpace(f.ServerName) != "" && !s.settings.IsFixed(settings.Name) {
		if err := s.settings.Change(c.ctx, u.ID, map[string]string{settings.Name: f.ServerName}, s.options.Now().UTC()); err != nil {
			return err
		}
	}
	s.joinDefaultRooms(c, u)
	return s.startSession(c, u, f.Next)
}

func (s *Server) showSignIn(c *call) error {
	if c.isSignedIn() {
		return c.goTo(s.safeNext(c.Query("next")))
	}
	return s.renderSignIn(c, fiber.StatusOK, views.SignIn{Next: s.safeNext(c.Query("next")), Notice: s.leavingNotice(c), Problem: s.visitProblem(c)})
}

func (s *Server) renderSignIn(c *call, status int, f views.SignIn) error {
	w := c.words()
	_, ok := s.passkeySite(c)
	f.Passkeys = ok && !c.isTextBrowser() && !s.options.PasswordsOff // which have no scripts, without which there are none
	f.Front = s.front(c)
	title := w.Account.SignIn
	if f.Front.Empty {
		title = w.Admin.FirstHeading
	}
	return c.render(status, views.SignInPage(s.publicPage(c, title), f))
}

func (s *Server) signIn(c *call) error {
	f := views.SignIn{Username: c.field("username"), Next: s.safeNext(c.field("next"))}
	u, err := s.accounts.SignIn(c.ctx, c.addr, f.Username, c.field("password"))
	s.metrics.observeSignIn(err)
	if err != nil {
		c.Locals(errorLocal, err) // so that whoever runs the server sees guesses, and can block their source
		status, sentence, ok := c.explain(inSignIn, err)
		if !ok {
			return err
		}
		f.Problem = sentence
		return s.renderSignIn(c, status, f)
	}
	s.joinDefaultRooms(c, u)
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
		f.CurrentProblem = sentence
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
