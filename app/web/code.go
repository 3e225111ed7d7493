package web

import (
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/db"
	"parley/views"
)

// What the cookies of an unfinished sign-in are for. Their names begin like that of the session, and no
// number follows, so none of them is mistaken for one (tokens).
const (
	codeCookie    = "code"
	passkeyCookie = "passkey"
)

// stepCookie returns the name of a cookie of an unfinished sign-in.
func (s *Server) stepCookie(c *call, what string) string {
	return cookieName(s.origin(c.Ctx), s.isHTTPS()) + "-" + what
}

func (s *Server) stepToken(c *call, what string) string { return c.Cookies(s.stepCookie(c, what)) }

func (s *Server) setStepToken(c *call, what, token string, age time.Duration) {
	c.Cookie(s.cookie(s.stepCookie(c, what), token, "/", int(age.Seconds())))
}

// clearStepToken deletes the cookie, if the browser has it.
func (s *Server) clearStepToken(c *call, what string) {
	if s.stepToken(c, what) != "" {
		c.Cookie(s.cookie(s.stepCookie(c, what), "", "/", -1))
	}
}

func codePath(next string) string {
	if next == "/rooms" {
		return "/sign-in/code"
	}
	return "/sign-in/code?next=" + url.QueryEscape(next)
}

// startSession signs in somebody who has proved one factor, or leads to the page that asks for the second.
func (s *Server) startSession(c *call, u db.User, next string) error {
	token, _, err := s.accounts.StartSession(c.ctx, u, c.Get(fiber.HeaderUserAgent))
	if errors.Is(err, auth.ErrCodeNeeded) {
		s.setStepToken(c, codeCookie, token, auth.StepTime)
		return c.goTo(codePath(next))
	}
	if err != nil {
		return err
	}
	return s.enter(c, u, token, next)
}

// startProven signs in somebody who has proved all their factors.
func (s *Server) startProven(c *call, u db.User, next string) error {
	token, _, err := s.accounts.CreateSession(c.ctx, u, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	return s.enter(c, u, token, next)
}

// showCode asks for the code of a sign-in whose password was right.
func (s *Server) showCode(c *call) error {
	next := s.safeNext(c.Query("next"))
	half, err := s.accounts.IsHalfSession(c.ctx, s.stepToken(c, codeCookie))
	switch {
	case err != nil:
		return err
	case half:
		return s.renderCode(c, fiber.StatusOK, views.Code{Next: next})
	case c.isSignedIn():
		return c.goTo(next)
	}
	return c.goTo(signInPath(next))
}

func (s *Server) renderCode(c *call, status int, f views.Code) error {
	f.Front = s.front(c)
	return c.render(status, views.CodePage(s.publicPage(c, c.words().SecondFactor.Enter), f))
}

func (s *Server) enterCode(c *call) error {
	f := views.Code{Next: s.safeNext(c.field("next"))}
	u, origin, err := s.accounts.FinishCode(c.ctx, s.stepToken(c, codeCookie), c.field("code"))
	s.metrics.observeSignIn(err)
	if errors.Is(err, auth.ErrNoSession) {
		s.clearStepToken(c, codeCookie)
		return s.renderSignIn(c, fiber.StatusUnprocessableEntity, views.SignIn{Next: f.Next, Problem: c.words().SecondFactor.Late})
	}
	var token string
	if err == nil {
		token, _, err = s.accounts.CreateVouched(c.ctx, u, origin, c.Get(fiber.HeaderUserAgent))
	}
	if err != nil {
		status, sentence, ok := c.explain(inCode, err)
		if !ok {
			return err
		}
		c.Locals(errorLocal, err) // so that whoever runs the server sees guesses
		f.Problem = sentence
		return s.renderCode(c, status, f)
	}
	s.clearStepToken(c, codeCookie)
	return s.enter(c, u, token, f.Next)
}
