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
	notice := friendNotice(c.words().Friends, c.Cookies(noticeCookie))
	if notice != "" && c.Method() == fiber.MethodGet {
		s.setNoticeCookie(c, "")
	}
	return s.renderFriends(c, fiber.StatusOK, views.Friends{Notice: notice})
}

// noticeCookie carries what was done across the redirect to the lists, so that their address stays the
// same.
const noticeCookie = "parley-done"

func (s *Server) setNoticeCookie(c *call, verb string) {
	maxAge := 60
	if verb == "" {
		maxAge = -1
	}
	c.Cookie(s.cookie(noticeCookie, verb, "/friends", maxAge))
}

// renderFriends sends the current lists with a notice or a problem. A later page of a list has that list alone.
// For htmx it leaves out the form, and the lists if they come by a stream.
func (s *Server) renderFriends(c *call, status int, f views.Friends) error {
	var people chat.People
	var err error
	if list, after, ok := c.pageOfPeople(); ok {
		f.List, f.After = c.Query("list"), formatPair(after.At, after.Other)
		people, err = s.chat.PeopleAfter(c.ctx, c.me, list, after)
	} else if f.Streamed = isPartial(c.Ctx) && s.hub.IsLive(c.session.ID); !f.Streamed {
		people, err = s.chat.People(c.ctx, c.me)
	}
	if err != nil {
		return err
	}
	f.Words, f.Me, f.MayInvite = c.words(), c.me.Username, s.invites.CheckInvite(c.ctx, c.me) == nil
	f = s.friendsView(c.me.ID, people, f)
	if isPartial(c.Ctx) {
		return c.render(status, views.FriendList(f))
	}
	p, err := s.page(c, c.words().Nav.Friends, "friends")
	if err != nil {
		return err
	}
	return c.render(status, views.FriendsPage(p, f))
}

// peopleLists are the lists that have more than one page, as addresses name them.
var peopleLists = map[string]db.PairList{"requests": db.ListReceived, "friends": db.ListFriends, "blocked": db.ListBlocked}

// pageOfPeople returns the list and the later page of it that the address is about, if it is about one.
func (c *call) pageOfPeople() (list db.PairList, after db.PairPosition, ok bool) {
	list, known := peopleLists[c.Query("list")]
	at, other, valid := parsePair(c.Query("after"))
	return list, db.PairPosition{At: at, Other: other}, known && valid
}

// friendsView returns the lists as the page of this person shows them, with the rest of the page in f.
func (s *Server) friendsView(owner uint64, p chat.People, f views.Friends) views.Friends {
	f.Friends, f.Incoming = friendViews(p.Friends), friendViews(p.Incoming)
	f.Outgoing, f.Blocked = friendViews(p.Outgoing), friendViews(p.Blocked)
	for i, friend := range f.Friends {
		f.Friends[i].Line = s.items.line(owner, views.FriendLine(f.Words, friend, f.Query()))
	}
	f.Next = map[string]string{}
	for list, next := range map[string]*db.PairPosition{"requests": p.NextIncoming, "friends": p.NextFriends, "blocked": p.NextBlocked} {
		if next != nil {
			f.Next[list] = formatPair(next.At, next.Other)
		}
	}
	return f
}

func friendViews(list []chat.Known) []views.Friend {
	out := make([]views.Friend, len(list))
	for i, k := range list {
		out[i] = views.Friend{User: k.User, RoomID: k.RoomID}
	}
	return out
}

func (s *Server) requestFriend(c *call) error {
	f := views.Friends{Username: c.field("username")}
	friends, err := s.chat.RequestFriend(c.ctx, c.me, f.Username)
	if err == nil {
		return s.respondRequested(c, f, friends)
	}
	status, sentence, ok := c.explain(anywhere, err)
	if !ok {
		return err
	}
	f.Problem, f.Unknown = sentence, errors.Is(err, chat.ErrNoSuchUser)
	return s.renderFriends(c, swapped(c.Ctx, status), f)
}

// respondRequested says what the result of a request is: the two are friends if the other one had asked before.
func (s *Server) respondRequested(c *call, f views.Friends, friends bool) error {
	verb := "ask"
	if friends {
		verb = "accept"
	}
	if isPartial(c.Ctx) {
		f.RequestSent, f.Notice = true, friendNotice(c.words().Friends, verb)
		return s.renderFriends(c, fiber.StatusOK, f)
	}
	return s.goToFriends(c, verb)
}

// goToFriends redirects to the lists, which then say what was done: to the page that the button was on.
func (s *Server) goToFriends(c *call, verb string) error {
	if isNavigation(c.Ctx) {
		s.setNoticeCookie(c, verb)
	}
	if _, after, ok := c.pageOfPeople(); ok {
		return c.goTo(views.FriendsPath(c.Query("list"), formatPair(after.At, after.Other)))
	}
	return c.goTo("/friends")
}

func (s *Server) acceptFriend(c *call) error {
	return s.changeFriendship(c, s.chat.AcceptFriend, "accept")
}

func (s *Server) declineFriend(c *call) error {
	return s.changeFriendship(c, s.chat.DeclineFriend, "decline")
}

func (s *Server) cancelRequest(c *call) error {
	return s.changeFriendship(c, s.chat.CancelRequest, "cancel")
}

func (s *Server) removeFriend(c *call) error {
	return s.changeFriendship(c, s.chat.RemoveFriend, "remove")
}

func (s *Server) blockPerson(c *call) error {
	return s.changeFriendship(c, s.chat.Block, "block")
}

func (s *Server) unblockPerson(c *call) error {
	return s.changeFriendship(c, s.chat.Unblock, "unblock")
}

// friendNotice returns the sentence for what was done, by the verb in the address of the form.
func friendNotice(w words.Friends, verb string) string {
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

// swapped returns the status with which htmx shows the answer to a form. It shows nothing of a 429, whose sentence may be
// for a whole page.
func swapped(c *fiber.Ctx, status int) int {
	if status == fiber.StatusTooManyRequests && isPartial(c) {
		return fiber.StatusUnprocessableEntity
	}
	return status
}

// changeFriendship applies a rule to the person in the path. Where htmx swaps the lists, the pressed button
// goes away with them, and the notice gets the focus.
func (s *Server) changeFriendship(c *call, rule func(context.Context, db.User, string) error, verb string) error {
	err := rule(c.ctx, c.me, c.Params("username"))
	if err != nil {
		status, sentence, ok := c.explain(anywhere, err)
		if !ok {
			return err
		}
		return s.renderFriends(c, swapped(c.Ctx, status), views.Friends{Refusal: sentence})
	}
	if isPartial(c.Ctx) {
		return s.renderFriends(c, fiber.StatusOK, views.Friends{Notice: friendNotice(c.words().Friends, verb)})
	}
	return s.goToFriends(c, verb)
}
