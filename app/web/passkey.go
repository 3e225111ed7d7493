package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/passkey"
	"parley/views"
)

const passkeysPath = "/profile/passkeys"

// passkeySite returns this server as the caller's browser knows it, and whether it has passkeys there.
func (s *Server) passkeySite(c *call) (passkey.Site, bool) {
	return passkey.At(s.origin(c.Ctx), s.site().Name)
}

func (s *Server) showPasskeys(c *call) error {
	w := c.words()
	f := views.Passkeys{Name: browserName(w.Profile, c.Get(fiber.HeaderUserAgent))}
	f.Notice = map[string]string{"added": w.Passkeys.IsAdded, "removed": w.Passkeys.IsRemoved, "reset": w.Passkeys.Remain, "1": w.Profile.Saved}[c.Query("saved")]
	return s.renderPasskeys(c, fiber.StatusOK, f)
}

func (s *Server) renderPasskeys(c *call, status int, f views.Passkeys) error {
	p, err := s.page(c, c.words().Passkeys.Title, "profile")
	if err != nil {
		return err
	}
	list, err := s.accounts.Passkeys(c.ctx, c.me)
	if err != nil {
		return err
	}
	since, err := s.accounts.SecondFactorSince(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	l := s.locale(c)
	for _, k := range list {
		key := views.PasskeySummary{ID: k.ID, Name: k.Name, Added: l.words.Dates.Day(k.CreatedAt.In(l.zone))}
		if k.UsedAt != nil {
			key.Used = l.words.Dates.Day(k.UsedAt.In(l.zone))
		}
		f.List = append(f.List, key)
	}
	_, f.Possible = s.passkeySite(c)
	f.WithCode = !since.IsZero()
	return c.render(status, views.PasskeysPage(p, f))
}

// beginPasskey leads to the page on which the browser makes a passkey.
func (s *Server) beginPasskey(c *call) error {
	site, ok := s.passkeySite(c)
	if !ok {
		return s.renderPasskeys(c, fiber.StatusUnprocessableEntity, views.Passkeys{})
	}
	f := views.Passkeys{Name: c.field("name")}
	err := s.accounts.BeginNewPasskey(c.ctx, c.me, c.session.ID, site, f.Name, c.field("password"), c.field("code"))
	if err != nil {
		return s.refusePasskey(c, f, err)
	}
	return c.goTo(passkeysPath + "/new")
}

// refusePasskey gives the page back with the reason at the field that it is about.
func (s *Server) refusePasskey(c *call, f views.Passkeys, why error) error {
	var invalid *auth.Invalid
	if errors.As(why, &invalid) {
		var err error
		if _, f.NameProblem, err = c.checked("", why); err != nil {
			return err
		}
		return s.renderPasskeys(c, fiber.StatusUnprocessableEntity, f)
	}
	in := setupScope(why)
	status, sentence, ok := c.explain(in, why)
	if !ok {
		return why
	}
	c.Locals(errorLocal, why)
	switch {
	case errors.Is(why, auth.ErrWrongPassword):
		f.PasswordProblem = sentence
	case errors.Is(why, auth.ErrBadCode), in == inCode:
		f.CodeProblem = sentence
	default:
		f.Problem = sentence
	}
	return s.renderPasskeys(c, status, f)
}

func (s *Server) showNewPasskey(c *call) error {
	name, options, err := s.accounts.NewPasskey(c.ctx, c.me, c.session.ID)
	if errors.Is(err, auth.ErrNoSession) {
		return c.goTo(passkeysPath)
	}
	if err != nil {
		return err
	}
	p, err := s.page(c, c.words().Passkeys.New, "profile")
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.NewPasskeyPage(p, views.Ceremony{Name: name, Options: options}))
}

func (s *Server) addPasskey(c *call) error {
	site, _ := s.passkeySite(c)
	if err := s.accounts.AddPasskey(c.ctx, c.me, c.session.ID, site, c.field("credential")); err != nil {
		return s.refusePasskey(c, views.Passkeys{}, err)
	}
	s.mailChange(c)
	return c.goTo(passkeysPath + "?saved=added")
}

func (s *Server) renamePasskey(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if err := s.accounts.RenamePasskey(c.ctx, c.me, id, c.field("name")); err != nil {
		return s.refuseRename(c, err)
	}
	return c.goTo(passkeysPath + "?saved=1")
}

func (s *Server) refuseRename(c *call, why error) error {
	_, sentence, err := c.checked("", why)
	if err != nil {
		return err
	}
	return s.renderPasskeys(c, fiber.StatusUnprocessableEntity, views.Passkeys{Problem: sentence})
}

func (s *Server) removePasskey(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if err := s.accounts.RemovePasskey(c.ctx, c.me, id); err != nil {
		return err
	}
	s.mailChange(c)
	return c.goTo(passkeysPath + "?saved=removed")
}

// showPasskeySignIn is the page on which a browser uses a passkey.
func (s *Server) showPasskeySignIn(c *call) error {
	f := views.Ceremony{Next: s.safeNext(c.Query("next"))}
	if c.isSignedIn() {
		return c.goTo(f.Next)
	}
	if s.options.PasswordsOff {
		return c.goTo(signInPath(f.Next))
	}
	return s.renderPasskeySignIn(c, fiber.StatusOK, f)
}

func (s *Server) renderPasskeySignIn(c *call, status int, f views.Ceremony) error {
	if site, ok := s.passkeySite(c); ok {
		before := s.stepToken(c, passkeyCookie)
		token, options, err := s.accounts.BeginPasskey(c.ctx, c.addr, site, before)
		if err != nil {
			return err
		}
		if f.Options = options; token != before {
			s.setStepToken(c, passkeyCookie, token, auth.StepTime)
		}
	}
	p := s.publicPage(c, c.words().Passkeys.SignIn)
	p.TextBrowser, f.Front = c.isTextBrowser(), s.front(c)
	return c.render(status, views.PasskeyPage(p, f))
}

func (s *Server) signInWithPasskey(c *call) error {
	f := views.Ceremony{Next: s.safeNext(c.field("next"))}
	site, _ := s.passkeySite(c)
	u, err := s.accounts.FinishPasskey(c.ctx, site, s.stepToken(c, passkeyCookie), c.field("credential"))
	s.metrics.observeSignIn(err)
	var token string
	if err == nil {
		token, _, err = s.accounts.CreatePasskeySession(c.ctx, u, c.Get(fiber.HeaderUserAgent))
	}
	if err != nil {
		status, sentence, ok := c.explain(inPasskey, err)
		if !ok {
			return err
		}
		c.Locals(errorLocal, err)
		f.Problem = sentence
		return s.renderPasskeySignIn(c, status, f)
	}
	s.clearStepToken(c, passkeyCookie)
	return s.enter(c, u, token, f.Next)
}
