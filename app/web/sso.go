package web

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/sso"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// The cookies of a sign-in at a provider, as stepCookie names them.
const (
	visitCookie    = "visit"
	strangerCookie = "stranger"
)

// providerNamed returns a provider, or nil if there is none of that name.
func (s *Server) providerNamed(name string) *sso.Provider {
	for _, p := range s.options.Providers {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// provider returns the provider that an address names.
func (s *Server) provider(c *call) (*sso.Provider, error) {
	if p := s.providerNamed(c.Params("provider")); p != nil {
		return p, nil
	}
	return nil, fiber.ErrNotFound
}

// providerViews lists the providers for a page.
func (s *Server) providerViews() (list []views.Provider) {
	for _, p := range s.options.Providers {
		list = append(list, views.Provider{Name: p.Name, Label: p.Label})
	}
	return list
}

// visitProvider leads a browser to a provider.
func (s *Server) visitProvider(c *call) error {
	p, err := s.provider(c)
	if err != nil {
		return err
	}
	return s.visit(c, p, s.safeNext(c.Query("next")), false)
}

// confirmByProvider leads somebody without a password to the provider with which they sign in, to show that it is them.
func (s *Server) confirmByProvider(c *call) error {
	list, err := s.accounts.Identities(c.ctx, c.me)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b db.Identity) int { // that of this session comes first
		if (a.ID == c.session.IdentityID) == (b.ID == c.session.IdentityID) {
			return 0
		} else if a.ID == c.session.IdentityID {
			return -1
		}
		return 1
	})
	for _, i := range list {
		for _, p := range s.options.Providers {
			if p.Issuer == i.Issuer {
				return s.visit(c, p, s.safeNext(c.Query("next")), true)
			}
		}
	}
	return fiber.ErrNotFound
}

func (s *Server) visit(c *call, p *sso.Provider, next string, fresh bool) error {
	if c.Method() != fiber.MethodGet {
		return nil // HEAD begins nothing
	}
	address, step, err := p.Begin(c.ctx, fresh)
	if err != nil {
		return s.refuseVisit(c, p, err)
	}
	token, err := s.accounts.BeginVisit(c.ctx, c.addr, auth.Visit{Provider: p.Name, Step: step, Next: next, User: c.me.ID})
	if err != nil {
		return err
	}
	s.setStepToken(c, visitCookie, token, auth.VisitTime)
	return c.Redirect(address, fiber.StatusSeeOther)
}

// Why a visit to a provider failed, as it is in the address of the page that has the sentence.
var visitProblems = []struct {
	err      error
	word     string
	sentence func(w words.SSO) string
}{
	{sso.ErrDenied, "denied", func(w words.SSO) string { return w.Denied }},
	{sso.ErrUnavailable, "away", func(w words.SSO) string { return w.Unavailable }},
	{sso.ErrRefused, "wrong", func(w words.SSO) string { return w.Failed }},
	{auth.ErrNoSession, "late", func(w words.SSO) string { return w.Late }},
	{auth.ErrIdentityTaken, "taken", func(w words.SSO) string { return w.Taken }},
	{auth.ErrNoIdentity, "other", func(w words.SSO) string { return w.Other }},
}

// refuseVisit leads to the page with the reason, without anything in its address that came from the provider.
func (s *Server) refuseVisit(c *call, p *sso.Provider, why error) error {
	for _, known := range visitProblems {
		if errors.Is(why, known.err) {
			c.Locals(errorLocal, why) // so that whoever runs the server sees it
			query := "?sso=" + known.word + "&provider=" + p.Name
			if c.isSignedIn() {
				return c.goTo("/profile" + query)
			}
			return c.goTo("/sign-in" + query)
		}
	}
	return why
}

// visitProblem returns the sentence that the address of this page asks for.
func (s *Server) visitProblem(c *call) string {
	for _, known := range visitProblems {
		if known.word != c.Query("sso") {
			continue
		}
		if p := s.providerNamed(c.Query("provider")); p != nil {
			return words.Fill(known.sentence(c.words().SSO), "{what}", p.Label)
		}
	}
	return ""
}

// returnFromProvider takes what a browser brings back from a provider.
func (s *Server) returnFromProvider(c *call) error {
	p, err := s.provider(c)
	if err != nil || c.Method() != fiber.MethodGet {
		return err
	}
	answer := sso.Answer{State: c.Query("state"), Code: c.Query("code"), Issuer: c.Query("iss"), Error: c.Query("error")}
	visit, err := s.accounts.EndVisit(c.ctx, s.stepToken(c, visitCookie), p.Name, answer)
	if err == nil && visit.User != 0 && visit.User != c.me.ID { // they have signed out meanwhile
		err = auth.ErrNoSession
	}
	if err != nil {
		return s.refuseVisit(c, p, err)
	}
	s.clearStepToken(c, visitCookie)
	person, err := p.Finish(c.ctx, visit.Step, answer)
	if err != nil {
		return s.refuseVisit(c, p, err)
	}
	u, identity, err := s.accounts.Identify(c.ctx, person)
	switch {
	case errors.Is(err, auth.ErrNoIdentity) && !visit.Step.Fresh:
		return s.meetStranger(c, auth.Stranger{Provider: p.Name, Person: person, Next: visit.Next})
	case err == nil && visit.User != 0 && u.ID != visit.User && visit.Step.Fresh:
		err = auth.ErrNoIdentity
	case err == nil && visit.User != 0 && u.ID != visit.User:
		err = auth.ErrIdentityTaken
	}
	if err != nil {
		return s.refuseVisit(c, p, err)
	}
	origin := auth.OriginOf(identity, person)
	if visit.User == 0 {
		return s.startVouched(c, u, origin, visit.Next)
	}
	if err := s.accounts.Vouch(c.ctx, c.session.ID, origin); err != nil {
		return err
	}
	if !visit.Step.Fresh {
		return c.goTo("/profile?sso=already")
	}
	return c.goTo(visit.Next)
}

// startVouched signs in somebody whom a provider vouches for.
func (s *Server) startVouched(c *call, u db.User, o auth.Origin, next string) error {
	token, _, err := s.accounts.StartVouched(c.ctx, u, o, c.Get(fiber.HeaderUserAgent))
	s.metrics.observeSignIn(err)
	if errors.Is(err, auth.ErrCodeNeeded) {
		s.setStepToken(c, codeCookie, token, auth.StepTime)
		return c.goTo(codePath(next))
	}
	if err != nil {
		status, sentence, ok := c.explain(inSignIn, err)
		if !ok {
			return err
		}
		c.Locals(errorLocal, err)
		return s.renderSignIn(c, status, views.SignIn{Next: next, Problem: sentence})
	}
	s.joinDefaultRooms(c, u)
	return s.enter(c, u, token, next)
}
