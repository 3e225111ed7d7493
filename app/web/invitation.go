package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/invite"
	"parley/app/qr"
	"parley/db"
	"parley/views"
)

// linkCookie carries the link of a new invitation across the redirect to the page that shows it. The server
// has its hash alone, so the browser keeps it for as long as it takes to send it on.
const (
	linkCookie = "parley-link"
	linkTime   = 600 // seconds
)

// What an invitation allows unless something else is asked for.
const defaultUses, defaultDays = "1", "7"

func (s *Server) showInvitations(c *call) error {
	return s.renderInvitations(c, fiber.StatusOK, views.Invitations{Uses: defaultUses, Days: defaultDays}, nil)
}

// makeInvitation makes an invitation as the form says. What was typed comes back if it cannot be.
func (s *Server) makeInvitation(c *call) error {
	f := views.Invitations{Uses: defaultUses, Days: defaultDays, ServerWide: c.has("server")}
	for name, value := range map[string]*string{"uses": &f.Uses, "days": &f.Days} {
		if c.has(name) {
			*value = strings.TrimSpace(c.field(name))
		}
	}
	chosen := c.fields("room")
	wish := invite.Wish{ServerWide: f.ServerWide}
	wish.Uses, _ = strconv.Atoi(f.Uses) // 0 for anything but a number, which is too few
	wish.Days, _ = strconv.Atoi(f.Days)
	for _, room := range chosen[:min(len(chosen), invite.MaxRooms+1)] {
		wish.Rooms = append(wish.Rooms, parseSeq(room)) // 0 is nobody's room
	}
	token, err := s.invites.Make(c.ctx, c.me, wish)
	if err == nil {
		c.Cookie(s.cookie(linkCookie, token, "/invitations", linkTime))
		return c.goTo("/invitations")
	}
	status, sentence, ok := c.explain(anywhere, err)
	if !ok {
		return err
	}
	switch {
	case errors.Is(err, invite.ErrUses):
		f.UsesProblem = sentence
		if wish.Days < 1 || wish.Days > invite.MaxDays { // both at once
			_, f.DaysProblem, _ = c.explain(anywhere, invite.ErrDays)
		}
	case errors.Is(err, invite.ErrDays):
		f.DaysProblem = sentence
	case errors.Is(err, invite.ErrRooms):
		f.RoomsProblem = sentence
	default:
		f.Problem = sentence
	}
	return s.renderInvitations(c, status, f, chosen)
}

// renderInvitations shows the form with what was typed and chosen, and a page of my invitations.
func (s *Server) renderInvitations(c *call, status int, f views.Invitations, chosen []string) error {
	p, err := s.page(c, c.words().Invite.Title, "friends")
	if err != nil {
		return err
	}
	if err := s.invites.CheckInvite(c.ctx, c.me); err != nil {
		_, f.Refusal, _ = c.explain(anywhere, err)
	}
	rooms, err := s.invites.RoomsToOffer(c.ctx, c.me)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		f.Rooms = append(f.Rooms, views.RoomChoice{Room: r, Chosen: slices.Contains(chosen, strconv.FormatUint(r.ID, 10))})
	}
	f.IsAdmin, f.Below = c.me.IsAdmin, parseSeq(c.Query("below"))
	list, next, err := s.invites.Mine(c.ctx, c.me, f.Below)
	if err != nil {
		return err
	}
	f.List, f.Next = s.invitationViews(c, list), next
	if c.Method() != fiber.MethodPost && f.Below == 0 {
		if f.Link, f.Picture, err = s.newLink(c); err != nil {
			return err
		}
	}
	return c.render(status, views.InvitationsPage(p, f))
}

// newLink returns the link that the browser has just been given, with its QR code, if it is one of mine.
func (s *Server) newLink(c *call) (link, picture string, err error) {
	token := c.Cookies(linkCookie)
	if token == "" {
		return "", "", nil
	}
	own, err := s.invites.Own(c.ctx, c.me, token)
	if err != nil || !own { // another account of this browser has made it
		return "", "", err
	}
	link = s.origin(c.Ctx).String() + views.JoinPath(token)
	picture, err = qr.DataURI(link)
	if err != nil { // a host name of hundreds of characters
		return link, "", nil //nolint:nilerr // the link works without
	}
	return link, picture, nil
}

func (s *Server) invitationViews(c *call, list []invite.Listed) []views.Invitation {
	l := s.locale(c)
	out := make([]views.Invitation, len(list))
	for n, i := range list {
		out[n] = views.Invitation{ID: i.ID, Inviter: i.Inviter, Used: i.Used, Uses: i.Uses, State: string(i.State),
			Until: l.words.Dates.ShortMoment(i.ExpiresAt.In(l.zone)), Rooms: roomNames(i.Rooms)}
	}
	return out
}

func roomNames(rooms []db.Room) []string {
	names := make([]string, len(rooms))
	for n, r := range rooms {
		names[n] = r.Name
	}
	return names
}

// showAllInvitations lists the invitations of everybody, for administrators.
func (s *Server) showAllInvitations(c *call) error {
	p, err := s.adminPage(c, c.words().Invite.All)
	if err != nil {
		return err
	}
	f := views.AllInvitations{Below: parseSeq(c.Query("below"))}
	list, next, err := s.invites.All(c.ctx, f.Below)
	if err != nil {
		return err
	}
	f.List, f.Next = s.invitationViews(c, list), next
	return c.render(fiber.StatusOK, views.AllInvitationsPage(p, f))
}

// revokeInvitation ends one of my invitations, or anybody's for an administrator.
func (s *Server) revokeInvitation(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	if c.me.IsAdmin && c.field("from") == "admin" {
		if err := s.invites.RevokeAny(c.ctx, c.me, id); err != nil {
			return err
		}
		return c.goTo("/admin/invitations")
	}
	if err := s.invites.Revoke(c.ctx, c.me, id); err != nil {
		return err
	}
	return c.goTo("/invitations")
}
