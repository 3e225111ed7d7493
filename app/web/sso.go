package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/invite"
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

const visitSeconds = 15 * 60 // like the challenges in auth

// strangerRoute is the page for whom a provider knows and this server does not.
const strangerRoute = "/sign-in/new"

func (s *Server) setVisitToken(c *call, what, token string) {
	c.Cookie(s.cookie(s.stepCookie(c, what), token, "/", visitSeconds))
}

// provider returns the provider that an address names.
func (s *Server) provider(c *call) (*sso.Provider, error) {
	name := c.Params("provider")
	for _, p := range s.options.Providers {
		if p.Name == name {
			return p, nil
		}
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
	s.setVisitToken(c, visitCookie, token)
	return c.Redirect(address, fiber.StatusSeeOther)
}

// Why a visit to a provider came to nothing, as the address of the page says it that has the sentence.
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
	{auth.ErrLastWay, "last", func(w words.SSO) string { return w.LastWay }},
}

// refuseVisit leads to the page that says why, without anything in its address that came from the provider.
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
		for _, p := range s.options.Providers {
			if p.Name == c.Query("provider") {
				return words.Fill(known.sentence(c.words().SSO), "{what}", p.Label)
			}
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
		s.metrics.observeSignIn(err)
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
		s.setStepToken(c, codeCookie, token)
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

func (s *Server) meetStranger(c *call, stranger auth.Stranger) error {
	token, err := s.accounts.MeetStranger(c.ctx, stranger)
	if err != nil {
		return err
	}
	s.setVisitToken(c, strangerCookie, token)
	return c.goTo(strangerRoute)
}

// stranger returns whom a provider has vouched for in this browser, with the page for them.
func (s *Server) stranger(c *call) (stranger auth.Stranger, f views.Stranger, err error) {
	stranger, err = s.accounts.Stranger(c.ctx, s.stepToken(c, strangerCookie))
	if err != nil {
		return stranger, f, err
	}
	f = views.Stranger{Provider: stranger.Provider, Name: stranger.Name(), Confirmed: c.me.PasswordHash == "" && s.accounts.IsVouched(c.session)}
	for _, p := range s.options.Providers {
		if p.Name == stranger.Provider {
			f.Provider = p.Label
		}
	}
	if c.isSignedIn() {
		since, err := s.accounts.SecondFactorSince(c.ctx, c.me.ID)
		f.WithCode = !since.IsZero()
		return stranger, f, err
	}
	may, err := s.accounts.MaySignUp(c.ctx)
	if !may && invitationOf(stranger) == "" {
		f.NoSignUp = s.whyNoSignUp(c)
	}
	return stranger, f, err
}

// invitationOf returns the token of the invitation with which a stranger has come, "" for none.
func invitationOf(stranger auth.Stranger) string {
	token, found := strings.CutPrefix(stranger.Next, "/join/")
	if !found {
		return ""
	}
	return token
}

// noStranger leads back who has been away for too long.
func (s *Server) noStranger(c *call, why error) error {
	if !errors.Is(why, auth.ErrNoSession) {
		return why
	}
	s.clearStepToken(c, strangerCookie)
	if c.isSignedIn() {
		return c.goTo("/profile")
	}
	return s.renderSignIn(c, fiber.StatusUnprocessableEntity, views.SignIn{Next: "/rooms", Problem: c.words().SSO.Late})
}

func (s *Server) showStranger(c *call) error {
	stranger, f, err := s.stranger(c)
	if err != nil {
		return s.noStranger(c, err)
	}
	if f.Username, f.DisplayName, err = s.accounts.Propose(c.ctx, stranger); err != nil {
		return err
	}
	return s.renderStranger(c, fiber.StatusOK, f)
}

func (s *Server) renderStranger(c *call, status int, f views.Stranger) error {
	f.Front = s.front(c)
	p := s.publicPage(c, c.words().SSO.New)
	if c.isSignedIn() {
		p.Me = &c.me
	}
	return c.render(status, views.StrangerPage(p, f))
}

// signUpStranger makes an account for whom a provider vouches for.
func (s *Server) signUpStranger(c *call) error {
	stranger, f, err := s.stranger(c)
	if err != nil || c.isSignedIn() {
		return s.noStranger(c, errors.Join(err, auth.ErrNoSession))
	}
	f.Username, f.DisplayName = c.field("username"), c.field("display_name")
	n := auth.Newcomer{Username: f.Username, TimeZone: c.field("time_zone"), Stranger: &stranger}
	if strings.TrimSpace(f.DisplayName) != "" {
		if n.DisplayName, f.NameProblem, err = c.checked(auth.DisplayName(f.DisplayName)); err != nil {
			return err
		}
	}
	if f.NameProblem != "" {
		return s.renderStranger(c, fiber.StatusUnprocessableEntity, f)
	}
	u, next, err := s.createStranger(c, stranger, n)
	if err != nil {
		return s.refuseStranger(c, f, err)
	}
	_, identity, err := s.accounts.Identify(c.ctx, stranger.Person)
	if err != nil {
		return err
	}
	s.clearStepToken(c, strangerCookie)
	return s.startVouched(c, u, auth.OriginOf(identity, stranger.Person), next)
}

// createStranger creates the account, by an invitation if they have come with one.
func (s *Server) createStranger(c *call, stranger auth.Stranger, n auth.Newcomer) (u db.User, next string, err error) {
	token := invitationOf(stranger)
	if token == "" {
		u, err = s.accounts.SignUpStranger(c.ctx, c.addr, stranger, n.Username, n.DisplayName, n.TimeZone)
		return u, stranger.Next, err
	}
	u, arrival, err := s.invites.SignUp(c.ctx, c.addr, token, n)
	if err != nil {
		return u, "", err
	}
	return u, s.arrived(c, arrival), nil
}

// refuseStranger gives the form of a new account back with what is wrong.
func (s *Server) refuseStranger(c *call, f views.Stranger, why error) error {
	var invalid *auth.Invalid
	if errors.As(why, &invalid) {
		f.UsernameProblem, f.SignUp.Problem = c.flaw(invalid.Username), c.flaw(invalid.Reason)
		return s.renderStranger(c, fiber.StatusUnprocessableEntity, f)
	}
	if errors.Is(why, auth.ErrNoSession) {
		return s.noStranger(c, why)
	}
	if errors.Is(why, invite.ErrNone) {
		return s.refuseJoin(c, why)
	}
	status, sentence, ok := c.explain(inSignUp, why)
	if !ok {
		return why
	}
	c.Locals(errorLocal, why)
	if f.SignUp.Problem = words.Fill(sentence, "{what}", f.Provider); errors.Is(why, auth.ErrClosed) {
		f.SignUp.Problem = s.whyNoSignUp(c)
	}
	return s.renderStranger(c, status, f)
}

// connectStranger links whom a provider vouches for to an account that there is.
func (s *Server) connectStranger(c *call) error {
	stranger, f, err := s.stranger(c)
	if err != nil {
		return s.noStranger(c, err)
	}
	f.Known = c.field("username")
	u, identity, err := s.accounts.Connect(c.ctx, c.addr, stranger, c.me, c.session.ID, f.Known, c.field("password"), c.field("code"))
	if err != nil {
		return s.refuseConnection(c, f, err)
	}
	s.clearStepToken(c, strangerCookie)
	if c.isSignedIn() {
		s.mailChange(c)
		return c.goTo("/profile?sso=connected")
	}
	if fresh, err := s.accounts.User(c.ctx, u.ID); err == nil { // with the notice, for the e-mail
		s.mailNotice(c.words(), fresh)
	}
	token, _, err := s.accounts.CreateVouched(c.ctx, u, auth.OriginOf(identity, stranger.Person), c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	s.joinDefaultRooms(c, u)
	return s.enter(c, u, token, afterConnection(stranger.Next))
}

// afterConnection returns where somebody goes who is signed in now.
func afterConnection(next string) string {
	if next == "" {
		return "/rooms"
	}
	return next
}

// refuseConnection gives the form for an account that there is back with what is wrong.
func (s *Server) refuseConnection(c *call, f views.Stranger, why error) error {
	if errors.Is(why, auth.ErrNoSession) {
		return s.noStranger(c, why)
	}
	in := inSignIn
	if c.isSignedIn() {
		in = inPassword
	}
	var throttled *auth.Throttled
	if errors.Is(why, auth.ErrBadCode) || errors.As(why, &throttled) && throttled.OfCode {
		in, f.WithCode = inCode, true
	}
	status, sentence, ok := c.explain(in, why)
	if !ok {
		return why
	}
	c.Locals(errorLocal, why) // so that whoever runs the server sees who guesses
	switch sentence = words.Fill(sentence, "{what}", f.Provider); {
	case in == inCode && c.has("code"):
		f.CodeProblem = sentence
	case in == inCode: // nobody could know that there is a code to enter
		f.CodeProblem = c.words().SecondFactor.AnyCode
	case in == inPassword && !f.Confirmed:
		f.PasswordProblem = sentence
	default:
		f.KnownProblem = sentence
	}
	return s.renderStranger(c, status, f)
}

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
		shown := views.IdentitySummary{ID: i.ID, Provider: issuerHost(i.Issuer), Name: i.Name, Added: l.words.Dates.Day(i.CreatedAt.In(l.zone))}
		for _, p := range s.options.Providers {
			if p.Issuer == i.Issuer {
				shown.Provider = p.Label
			}
		}
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

// issuerHost names a provider that is not set up any more.
func issuerHost(issuer string) string {
	if u, err := url.Parse(issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return issuer
}

// identityNotice says on the profile what came of a visit to a provider.
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
