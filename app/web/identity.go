package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/sso"
	"parley/views"
)

// addIdentities completes a profile with the accounts elsewhere.
func (s *Server) addIdentities(c *call, f *views.Profile) error {
	list, err := s.accounts.Identities(c.ctx, c.me)
	if err != nil {
		return err
	}
	l := s.locale(c)
	known := map[string]bool{}
	for _, i := range list {
		known[i.Issuer] = true
		shown := views.IdentitySummary{ID: i.ID, Provider: s.issuerLabel(i.Issuer), Name: i.Name, Added: l.words.Dates.Day(i.CreatedAt.In(l.zone))}
		if i.UsedAt != nil {
			shown.Used = l.words.Dates.Day(i.UsedAt.In(l.zone))
		}
		f.Identities.List = append(f.Identities.List, shown)
	}
	for _, p := range s.options.Providers {
		if !known[p.Issuer] {
			f.Identities.Connect = append(f.Identities.Connect, views.Provider{Name: p.Name, Label: p.Label})
		}
	}
	return nil
}

// issuerLabel names a provider, by its host if it is not set up any more.
func (s *Server) issuerLabel(issuer string) string {
	for _, p := range s.options.Providers {
		if p.Issuer == issuer {
			return p.Label
		}
	}
	if u, err := url.Parse(issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return issuer
}

// identityNotice says on the profile how a visit to a provider ended.
func (s *Server) identityNotice(c *call, f *views.Profile) {
	w := c.words().SSO
	f.Identities.Notice = map[string]string{"connected": w.IsConnected, "removed": w.IsRemoved, "already": w.Already}[c.Query("sso")]
	f.Identities.Problem = s.visitProblem(c)
}

func (s *Server) removeIdentity(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	err = s.accounts.RemoveIdentity(c.ctx, c.me, id)
	if errors.Is(err, auth.ErrLastWay) {
		f := profileOf(c.me)
		f.Identities.Problem = c.words().SSO.LastWay
		return s.renderProfile(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	s.mailChange(c)
	return c.goTo("/profile?sso=removed")
}

// logOutFromProvider ends the sessions of somebody who has signed out at a provider: OpenID Connect Back-Channel Logout 1.0.
func (s *Server) logOutFromProvider(c *call) error {
	p, err := s.provider(c)
	if err != nil {
		return err
	}
	if err := s.accounts.CheckLogouts(c.ctx, c.addr); err != nil {
		return err
	}
	token, err := p.Logout(c.ctx, c.field("logout_token"))
	var ended []uint64
	if err == nil {
		ended, err = s.accounts.LogOut(c.ctx, p.Issuer, token)
		s.publishSessionsEnded(ended...)
	}
	switch {
	case errors.Is(err, sso.ErrRefused), errors.Is(err, auth.ErrUsed):
		c.Locals(errorLocal, err)
		if err := s.accounts.CountBadLogout(c.ctx, c.addr); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusBadRequest)
	case errors.Is(err, sso.ErrUnavailable):
		c.Locals(errorLocal, err)
		return c.SendStatus(fiber.StatusServiceUnavailable)
	case err != nil:
		return err
	}
	return c.SendStatus(fiber.StatusOK)
}
