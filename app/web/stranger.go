package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/invite"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// strangerRoute is the page for somebody whom a provider knows and this server does not.
const strangerRoute = "/sign-in/new"

func (s *Server) meetStranger(c *call, stranger auth.Stranger) error {
	token, err := s.accounts.MeetStranger(c.ctx, stranger)
	if err != nil {
		return err
	}
	s.setStepToken(c, strangerCookie, token, auth.VisitTime)
	return c.goTo(strangerRoute)
}

// stranger returns the person that a provider has vouched for in this browser, with the page for them.
func (s *Server) stranger(c *call) (stranger auth.Stranger, f views.Stranger, err error) {
	stranger, err = s.accounts.Stranger(c.ctx, s.stepToken(c, strangerCookie))
	if err != nil {
		return stranger, f, err
	}
	f = views.Stranger{Provider: stranger.Provider, Name: stranger.Name(), Confirmed: c.me.PasswordHash == "" && s.accounts.IsVouched(c.session)}
	if p := s.providerNamed(stranger.Provider); p != nil {
		f.Provider = p.Label
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

// noStranger leads back somebody who has been away for too long.
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

// signUpStranger makes an account for the person that a provider vouches for.
func (s *Server) signUpStranger(c *call) error {
	stranger, f, err := s.stranger(c)
	if err == nil && c.isSignedIn() {
		err = auth.ErrNoSession
	}
	if err != nil {
		return s.noStranger(c, err)
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
	s.metrics.observeSignUp(err)
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

// connectStranger links the person that a provider vouches for to an existing account.
func (s *Server) connectStranger(c *call) error {
	stranger, f, err := s.stranger(c)
	if err != nil {
		return s.noStranger(c, err)
	}
	f.Known = c.field("username")
	u, identity, err := s.accounts.Connect(c.ctx, c.addr, stranger, c.me, c.session.ID, f.Known, c.field("password"), c.field("code"))
	if !c.isSignedIn() {
		s.metrics.observeSignIn(err)
	}
	if err != nil {
		return s.refuseConnection(c, stranger, f, err)
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
	return s.enter(c, u, token, stranger.Next)
}

// refuseConnection gives back the form for an existing account with what is wrong.
func (s *Server) refuseConnection(c *call, stranger auth.Stranger, f views.Stranger, why error) error {
	if errors.Is(why, auth.ErrNoSession) {
		return s.noStranger(c, why)
	}
	if !c.isSignedIn() { // what the form of a new account proposes stays
		username, displayName, err := s.accounts.Propose(c.ctx, stranger)
		if err != nil {
			return err
		}
		f.Username, f.DisplayName = username, displayName
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
	c.Locals(errorLocal, why) // so that whoever runs the server sees guesses
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
