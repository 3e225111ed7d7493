package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/invite"
	"parley/db"
	"parley/views"
)

// joinRoute is where the links of invitations lead.
const joinRoute = "/join/:token"

// showJoin shows an invitation: with the form of a new account, or to somebody who has one.
func (s *Server) showJoin(c *call) error {
	f, used, err := s.invitation(c)
	if err != nil {
		return s.refuseJoin(c, err)
	}
	if used {
		return c.goTo("/rooms")
	}
	return s.renderJoin(c, fiber.StatusOK, f)
}

// invitation finds the invitation of this address for the caller.
func (s *Server) invitation(c *call) (j views.Join, used bool, err error) {
	token := c.Params("token")
	var f invite.Found
	if c.isSignedIn() {
		f, used, err = s.invites.FindFor(c.ctx, c.addr, c.me, token)
	} else {
		f, err = s.invites.Find(c.ctx, c.addr, token)
	}
	return views.Join{Token: token, Server: s.site().Name, Inviter: f.Inviter, Befriends: f.Befriends, Rooms: roomNames(f.Rooms),
		Own: c.isSignedIn() && f.InviterID == c.me.ID}, used, err
}

func (s *Server) renderJoin(c *call, status int, f views.Join) error {
	w := c.words()
	if !c.isSignedIn() {
		f.Front = s.front(c)
		return c.render(status, views.JoinPage(s.publicPage(c, w.Invite.Invitation), f))
	}
	p, err := s.page(c, w.Invite.Invitation, "")
	if err != nil {
		return err
	}
	return c.render(status, views.AcceptPage(p, f))
}

// refuseJoin says that there is no such invitation, in the same words whatever the reason.
func (s *Server) refuseJoin(c *call, err error) error {
	if !errors.Is(err, invite.ErrNone) {
		return err
	}
	w := c.words()
	p := s.publicPage(c, w.Invite.Gone.Title)
	if c.isSignedIn() {
		p.Me = &c.me
	}
	return c.render(fiber.StatusNotFound, views.ProblemPage(p, views.Problem{Status: fiber.StatusNotFound, Title: w.Invite.Gone.Title, Sentence: w.Invite.Gone.Sentence}))
}

// join accepts an invitation: with a new account, or for whoever is signed in.
func (s *Server) join(c *call) error {
	if !c.isSignedIn() {
		return s.joinAsNew(c)
	}
	f, used, err := s.invitation(c)
	switch {
	case err != nil:
		return s.refuseJoin(c, err)
	case used: // the button was pressed twice
		return c.goTo("/rooms")
	case !f.Own && (c.has("username") || c.isAnother(c.field("me"))): // the page is from before they signed in, here or in another tab
		return c.goTo(views.JoinPath(f.Token))
	}
	a, err := s.invites.Accept(c.ctx, c.addr, c.me, f.Token)
	if err == nil {
		return c.goTo(s.arrived(c, a))
	}
	status, sentence, ok := c.explain(anywhere, err)
	if !ok {
		return s.refuseJoin(c, err)
	}
	f.Problem = sentence
	return s.renderJoin(c, status, f)
}

// joinAsNew creates an account for somebody who is invited. It works like sign-up in everything that is typed, and in
// what it says about that.
func (s *Server) joinAsNew(c *call) error {
	f, _, err := s.invitation(c)
	if err != nil {
		return s.refuseJoin(c, err)
	}
	if s.options.PasswordsOff {
		return auth.ErrPasswordsOff
	}
	f.DisplayName, f.Username = c.field("display_name"), c.field("username")
	var name string
	if strings.TrimSpace(f.DisplayName) != "" {
		if name, f.NameProblem, err = c.checked(auth.DisplayName(f.DisplayName)); err != nil {
			return err
		}
	}
	var u db.User
	var a chat.Arrival
	if f.NameProblem == "" {
		n := auth.Newcomer{Username: f.Username, DisplayName: name, Password: c.field("password"), TimeZone: c.field("time_zone")}
		u, a, err = s.invites.SignUp(c.ctx, c.addr, f.Token, n)
		s.metrics.observeSignUp(err)
	} else if err = auth.CheckSignUp(f.Username, c.field("password")); err == nil {
		return s.renderJoin(c, fiber.StatusUnprocessableEntity, f)
	}
	if err == nil {
		s.joinDefaultRooms(c, u)
		return s.startSession(c, u, s.arrived(c, a))
	}
	var invalid *auth.Invalid
	if errors.As(err, &invalid) {
		f.UsernameProblem, f.PasswordProblem = c.flaw(invalid.Username), c.flaw(invalid.Password)
		f.SignUp.Problem = c.flaw(invalid.Reason)
		return s.renderJoin(c, fiber.StatusUnprocessableEntity, f)
	}
	status, sentence, ok := c.explain(inSignUp, err)
	if !ok {
		return s.refuseJoin(c, err)
	}
	c.Locals(errorLocal, err)
	f.SignUp.Problem = sentence
	return s.renderJoin(c, status, f)
}

// missedCookie carries the number of rooms that accept nobody any more across the redirect to the rooms.
const missedCookie = "parley-missed"

// arrived returns where somebody who has accepted an invitation goes: the room that they came for, or the
// list.
func (s *Server) arrived(c *call, a chat.Arrival) string {
	switch {
	case a.Missed > 0:
		c.Cookie(s.cookie(missedCookie, strconv.Itoa(a.Missed), "/rooms", 60))
		return "/rooms"
	case len(a.Joined) == 1:
		return views.RoomPath(a.Joined[0])
	case len(a.Joined) == 0 && a.FriendRoom != 0:
		return views.RoomPath(a.FriendRoom)
	}
	return "/rooms"
}

// missedRooms returns the sentence about rooms that accept nobody any more, once.
func (s *Server) missedRooms(c *call) string {
	n, err := strconv.Atoi(c.Cookies(missedCookie))
	if err != nil || n < 1 || n > invite.MaxRooms {
		return ""
	}
	if c.Method() == fiber.MethodGet {
		c.Cookie(s.cookie(missedCookie, "", "/rooms", -1))
	}
	return c.words().Invite.Missed(n)
}
