package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/db"
	"parley/views"
)

func (s *Server) showForgot(c *call) error {
	if s.options.PasswordsOff {
		return c.goTo("/sign-in")
	}
	return s.renderForgot(c, fiber.StatusOK, views.Forgot{})
}

func (s *Server) renderForgot(c *call, status int, f views.Forgot) error {
	w := c.words()
	f.Mail = s.mail != nil
	return c.render(status, views.ForgotPage(s.publicPage(c, w.Recovery.Forgot), s.front(c), f))
}

// askForMail answers before anybody checks whether there is such an account: what happens in the background cannot be
// inferred from the answer or its time.
func (s *Server) askForMail(c *call) error {
	if s.options.PasswordsOff {
		return auth.ErrPasswordsOff
	}
	f := views.Forgot{Username: c.field("username"), Sent: true}
	if s.mail == nil {
		return s.showForgot(c)
	}
	err := s.accounts.AskForMail(c.ctx, c.addr, f.Username)
	if err == nil {
		err = s.mailReset(c.words(), f.Username)
	}
	if err != nil {
		status, sentence, ok := c.explain(inRecovery, err)
		if !ok {
			return err
		}
		f.Sent, f.Problem = false, sentence
		return s.renderForgot(c, status, f)
	}
	return s.renderForgot(c, fiber.StatusOK, f)
}

func (s *Server) showRecover(c *call) error {
	if s.options.PasswordsOff {
		return c.goTo("/sign-in")
	}
	return s.renderRecover(c, fiber.StatusOK, views.Recover{})
}

func (s *Server) renderRecover(c *call, status int, f views.Recover) error {
	w := c.words()
	return c.render(status, views.RecoverPage(s.publicPage(c, w.Recovery.UseCode), s.front(c), f))
}

// recoverAccount sets a new password with a recovery code.
func (s *Server) recoverAccount(c *call) error {
	f := views.Recover{Username: c.field("username"), Code: c.field("code")}
	u, ended, err := s.accounts.Recover(c.ctx, c.addr, f.Username, f.Code, c.field("password"))
	s.publishSessionsEnded(ended...) // even if only some of them ended before an error
	if err == nil {
		s.mailNotice(c.words(), u)
		next, err := s.afterReturn(c, u)
		if err != nil {
			return err
		}
		return s.startProven(c, u, next) // a recovery code counts as the second factor
	}
	c.Locals(errorLocal, err) // so that whoever runs the server sees guesses
	status, problem, password, ok := c.explainReturn(err)
	if !ok {
		return err
	}
	f.Problem, f.PasswordProblem = problem, password
	return s.renderRecover(c, status, f)
}

// explainReturn is explain for the forms that set a new password: the sentence is about the password, or
// about the rest.
func (c *call) explainReturn(err error) (status int, problem, password string, ok bool) {
	var invalid *auth.Invalid
	if errors.As(err, &invalid) {
		return fiber.StatusUnprocessableEntity, "", c.flaw(invalid.Password), true
	}
	status, problem, ok = c.explain(inRecovery, err)
	return status, problem, "", ok
}

// returnTo signs in whoever has just set a new password, and tells the owner of the account.
func (s *Server) returnTo(c *call, u db.User) error {
	s.mailNotice(c.words(), u)
	next, err := s.afterReturn(c, u)
	if err != nil {
		return err
	}
	return s.startSession(c, u, next)
}

// afterReturn returns the page for whoever has just set a new password without the old one. Passkeys still work
// then, because the owner did not say that they lost them, so whoever has some reviews them first: one may be an
// intruder's.
func (s *Server) afterReturn(c *call, u db.User) (string, error) {
	keys, err := s.accounts.Passkeys(c.ctx, u)
	if err != nil || len(keys) == 0 {
		return "/rooms", err
	}
	return passkeysPath + "?saved=reset", nil
}

func (s *Server) showReset(c *call) error {
	u, err := s.accounts.ResetLink(c.ctx, c.addr, c.Params("token"))
	if err != nil {
		return s.respondDeadLink(c, err)
	}
	return s.renderReset(c, fiber.StatusOK, views.Reset{Username: u.Username})
}

func (s *Server) renderReset(c *call, status int, f views.Reset) error {
	w := c.words()
	return c.render(status, views.ResetPage(s.publicPage(c, w.Recovery.Reset), s.front(c), f))
}

// respondDeadLink says that a link does not work, in the same words whether or not it ever existed.
func (s *Server) respondDeadLink(c *call, err error) error {
	if !errors.Is(err, auth.ErrNoLink) && !errors.Is(err, auth.ErrSuspended) {
		return err
	}
	w := c.words()
	return c.render(fiber.StatusNotFound, views.DeadLinkPage(s.publicPage(c, w.Recovery.Dead)))
}

// resetPassword sets a new password with a link.
func (s *Server) resetPassword(c *call) error {
	u, ended, err := s.accounts.Reset(c.ctx, c.addr, c.Params("token"), c.field("password"))
	s.publishSessionsEnded(ended...)
	switch {
	case err == nil:
		return s.returnTo(c, u)
	case errors.Is(err, auth.ErrNoLink), errors.Is(err, auth.ErrSuspended):
		return s.respondDeadLink(c, err)
	}
	status, problem, password, ok := c.explainReturn(err)
	if !ok {
		return err
	}
	return s.renderReset(c, status, views.Reset{Username: u.Username, Problem: problem, PasswordProblem: password})
}

// makeCodes returns a page with the codes themselves: only their hashes are stored, so no other page could show them.
func (s *Server) makeCodes(c *call) error {
	codes, err := s.accounts.MakeRecoveryCodes(c.ctx, c.me, c.field("current"), c.session.ID)
	if err != nil {
		f := profileOf(c.me)
		status, sentence, ok := c.explain(inPassword, err)
		if !ok {
			return err
		}
		f.Ways.CodesProblem = sentence
		return s.renderProfile(c, status, f)
	}
	s.mailChange(c)
	p, err := s.page(c, c.words().Recovery.YourCodes, "profile")
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.RecoveryCodesPage(p, codes))
}

// addWays completes a profile with the ways back into the account.
func (s *Server) addWays(c *call, f *views.Profile) (err error) {
	f.Ways.Mail = s.mail != nil
	if f.Ways.Codes, err = s.accounts.RecoveryCodes(c.ctx, c.me); err == nil && f.Ways.Mail {
		f.Ways.Address, err = s.accounts.MailAddress(c.ctx, c.me)
	}
	return err
}

// noticeOf returns the notice that every page of a person shows until they dismiss it.
func (s *Server) noticeOf(c *call) string {
	if c.me.Notice.At == nil {
		return ""
	}
	return sentenceOf(c.words(), c.me, s.zones.named(c.me.TimeZone))
}

func (s *Server) dismissNotice(c *call) error {
	if err := s.accounts.DismissNotice(c.ctx, c.me); err != nil {
		return err
	}
	return c.goTo("/rooms")
}

// makeResetLink makes a link for somebody who has lost their password. The page after it shows it once.
func (s *Server) makeResetLink(c *call) error {
	id, err := s.accounts.MakeResetLink(c.ctx, c.me, c.Cookies(c.cookie), c.Params("username"))
	if err != nil {
		return err
	}
	return c.goTo(views.GivenLinkPath(id))
}

func (s *Server) showResetLink(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if c.Method() != fiber.MethodGet {
		return nil // HEAD shows nothing, so it must not use up the one time that it is shown
	}
	token, u, err := s.accounts.ShowResetLink(c.ctx, c.me, c.Cookies(c.cookie), id)
	if err != nil && !errors.Is(err, auth.ErrNoLink) {
		return err
	}
	l := views.GivenLink{Username: u.Username}
	if err == nil {
		l.Link = s.origin(c.Ctx).String() + "/reset/" + token
	} else {
		l.Username = ""
	}
	p, err := s.adminPage(c, c.words().Recovery.MakeLink)
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.GivenLinkPage(p, l))
}
