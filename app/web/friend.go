package web

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

func (s *Server) showFriends(c *call) error {
	notice := done(c.words().Friends, c.Cookies(doneCookie))
	if notice != "" && c.Method() == fiber.MethodGet {
		s.keepDone(c, "")
	}
	return s.answerFriends(c, 200, views.Friends{Notice: notice})
}

// doneCookie carries what was done over the redirect to the lists, whose address stays as it is.
const doneCookie = "parley-done"

func (s *Server) keepDone(c *call, verb string) {
	cookie := fiber.Cookie{Name: doneCookie, Value: verb, Path: "/friends", HTTPOnly: true, Secure: s.isHTTPS(), SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 60}
	if verb == "" {
		cookie.MaxAge = -1
	}
	c.Cookie(&cookie)
}

// answerFriends sends the lists as they are now, with what there is to say about them: the whole
// page, or for htmx the lists alone.
func (s *Server) answerFriends(c *call, status int, f views.Friends) error {
	people, err := s.chat.People(c.ctx, c.me)
	if err != nil {
		return err
	}
	f.Words = c.words()
	f = friendsView(people, f)
	if isPartial(c.Ctx) {
		return c.render(status, views.FriendList(f))
	}
	return c.render(status, views.FriendsPage(views.Page{Words: c.words(), Title: c.words().Nav.Friends, Me: &c.me, NavItem: "friends", Requests: len(people.Incoming)}, f))
}

func friendsView(p chat.People, f views.Friends) views.Friends {
	f.Friends, f.Incoming, f.Outgoing, f.Blocked = known(p.Friends), known(p.Incoming), known(p.Outgoing), known(p.Blocked)
	return f
}

func known(list []chat.Known) []views.Friend {
	out := make([]views.Friend, len(list))
	for i, k := range list {
		out[i] = views.Friend{User: k.User, RoomID: k.RoomID}
	}
	return out
}

func (s *Server) askFriend(c *call) error {
	w := c.words().Friends
	f := views.Friends{Username: c.field("username")}
	friends, err := s.chat.RequestFriend(c.ctx, c.me, f.Username)
	switch {
	case err == nil:
		return s.answerAsked(c, f, friends)
	case errors.Is(err, chat.ErrNoSuchUser):
		f.Problem = w.NoSuchUser
	case errors.Is(err, chat.ErrSelf):
		f.Problem = w.Self
	case errors.Is(err, chat.ErrFriends):
		f.Problem = w.Already
	case errors.Is(err, chat.ErrBlocking):
		f.Problem = w.Blocking
	case errors.Is(err, chat.ErrTooManyPending):
		f.Problem = w.TooManyPending
	case errors.Is(err, chat.ErrTooManyToday):
		f.Problem = w.TooManyToday
	default:
		return err
	}
	return s.answerFriends(c, 422, f)
}

// answerAsked says what came of a request: friends, if the other one had asked before.
func (s *Server) answerAsked(c *call, f views.Friends, friends bool) error {
	verb := "ask"
	if friends {
		verb = "accept"
	}
	if isPartial(c.Ctx) {
		f.RequestSent, f.Notice = true, done(c.words().Friends, verb)
		return s.answerFriends(c, 200, f)
	}
	return s.goToFriends(c, verb)
}

// goToFriends shows the lists anew, and there what was done.
func (s *Server) goToFriends(c *call, verb string) error {
	if isNavigation(c.Ctx) {
		s.keepDone(c, verb)
	}
	return c.goTo("/friends")
}

func (s *Server) acceptFriend(c *call) error  { return s.change(c, s.chat.AcceptFriend, "accept") }
func (s *Server) declineFriend(c *call) error { return s.change(c, s.chat.DeclineFriend, "decline") }
func (s *Server) cancelRequest(c *call) error { return s.change(c, s.chat.CancelRequest, "cancel") }
func (s *Server) removeFriend(c *call) error  { return s.change(c, s.chat.RemoveFriend, "remove") }
func (s *Server) blockPerson(c *call) error   { return s.change(c, s.chat.Block, "block") }
func (s *Server) unblockPerson(c *call) error { return s.change(c, s.chat.Unblock, "unblock") }

// done says what was done to a friendship, by its word in the address of the form.
func done(w words.Friends, verb string) string {
	return map[string]string{
		"ask":     w.Sent,
		"accept":  w.NowFriends,
		"decline": w.Declined,
		"cancel":  w.Canceled,
		"remove":  w.Removed,
		"block":   w.BlockedNow,
		"unblock": w.Unblocked,
	}[verb]
}

// change applies a rule to the person in the path. Where the lists are swapped in, the button that
// was pressed is gone with them, and the notice is where the focus goes.
func (s *Server) change(c *call, rule func(context.Context, db.User, string) error, verb string) error {
	err := rule(c.ctx, c.me, c.Params("username"))
	if errors.Is(err, chat.ErrNoRequest) {
		return s.answerFriends(c, 422, views.Friends{Problem: c.words().Friends.NoRequest})
	}
	if err != nil {
		return err
	}
	if isPartial(c.Ctx) {
		return s.answerFriends(c, 200, views.Friends{Notice: done(c.words().Friends, verb)})
	}
	return s.goToFriends(c, verb)
}
