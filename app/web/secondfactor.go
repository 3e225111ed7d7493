package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/qr"
	"parley/views"
)

const secondFactorPath = "/profile/second-factor"

func (s *Server) showSecondFactor(c *call) error {
	f := views.SecondFactor{}
	w := c.words()
	f.Notice = map[string]string{"on": w.SecondFactor.TurnedOn, "off": w.SecondFactor.TurnedOff}[c.Query("saved")]
	return s.renderSecondFactor(c, fiber.StatusOK, f)
}

func (s *Server) renderSecondFactor(c *call, status int, f views.SecondFactor) error {
	p, err := s.page(c, c.words().SecondFactor.Title, "profile")
	if err != nil {
		return err
	}
	since, err := s.accounts.SecondFactorSince(c.ctx, c.me.ID)
	if err != nil {
		return err
	}
	if f.Required, err = s.lacksSecondFactor(c); err != nil {
		return err
	}
	if l := s.locale(c); !since.IsZero() {
		f.Since = l.words.Dates.Day(since.In(l.zone))
	} else if f.Setup, err = s.appSetup(c); err != nil {
		return err
	}
	return c.render(status, views.SecondFactorPage(p, f))
}

// appSetup returns what this session's page tells an app, or nil if none is being set up.
func (s *Server) appSetup(c *call) (*views.AppSetup, error) {
	app, err := s.accounts.SecondFactorInSetup(c.ctx, c.me, c.session.ID)
	if errors.Is(err, auth.ErrNoSession) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	picture, err := qr.DataURI(app.Address)
	if err != nil {
		return nil, err
	}
	return &views.AppSetup{Key: app.Secret, Address: app.Address, QR: picture}, nil
}

func (s *Server) beginSecondFactor(c *call) error {
	if err := s.accounts.BeginSecondFactor(c.ctx, c.me, c.session.ID, c.field("password"), s.site().Name); err != nil {
		return s.refuseSecondFactor(c, err)
	}
	return c.goTo(secondFactorPath)
}

func (s *Server) confirmSecondFactor(c *call) error {
	ended, err := s.accounts.ConfirmSecondFactor(c.ctx, c.me, c.session.ID, c.field("code"))
	s.publishSessionsEnded(ended...) // even if only some of them ended before an error
	if err != nil {
		return s.refuseSecondFactor(c, err)
	}
	s.mailChange(c)
	return c.goTo(secondFactorPath + "?saved=on")
}

func (s *Server) removeSecondFactor(c *call) error {
	if err := s.accounts.RemoveSecondFactor(c.ctx, c.me, c.session.ID, c.field("password"), c.field("code")); err != nil {
		return s.refuseSecondFactor(c, err)
	}
	s.mailChange(c)
	return c.goTo(secondFactorPath + "?saved=off")
}

// refuseSecondFactor gives the page back with the reason at the field that it is about.
func (s *Server) refuseSecondFactor(c *call, why error) error {
	in := setupScope(why)
	status, sentence, ok := c.explain(in, why)
	if !ok {
		return why
	}
	c.Locals(errorLocal, why) // so that whoever runs the server sees guesses
	f := views.SecondFactor{}
	switch {
	case errors.Is(why, auth.ErrWrongPassword), in == inPassword:
		f.PasswordProblem = sentence
	case errors.Is(why, auth.ErrBadCode), in == inCode:
		f.CodeProblem = sentence
	default:
		f.Problem = sentence
	}
	return s.renderSecondFactor(c, status, f)
}

// setupScope returns where an error of a page that asks for the password and a code is explained.
func setupScope(why error) scope {
	var throttled *auth.Throttled
	switch {
	case !errors.As(why, &throttled):
		return inSetup
	case throttled.OfCode:
		return inCode
	}
	return inPassword
}

// lacksSecondFactor reports whether somebody is an administrator who has to set up a second factor before they get
// any further. A passkey is enough for the sessions that were begun with it.
func (s *Server) lacksSecondFactor(c *call) (bool, error) {
	if !c.me.IsAdmin || c.session.ByPasskey || !s.settings.Get(c.ctx).AdminsNeedSecondFactor {
		return false, nil
	}
	since, err := s.accounts.SecondFactorSince(c.ctx, c.me.ID)
	return since.IsZero(), err
}
