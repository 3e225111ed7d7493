package web

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/photo"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

func (s *Server) showNewGroup(c *call) error {
	return s.renderNewGroup(c, fiber.StatusOK, views.NewGroup{}, nil)
}

func (s *Server) createGroup(c *call) error {
	if c.field("kind") == string(db.RoomOpen) {
		return s.createOpenRoom(c)
	}
	name, chosen := c.field("name"), c.fields("username")
	room, err := s.chat.CreateGroup(c.ctx, c.me, name, chosen)
	if err == nil {
		return c.goTo(views.RoomPath(room))
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	f := views.NewGroup{Name: name, Problem: sentence}
	if errors.Is(err, chat.ErrBadName) {
		f.NameProblem, f.Problem = sentence, ""
	}
	return s.renderNewGroup(c, status, f, chosen)
}

// renderNewGroup shows the form with what was typed and chosen.
func (s *Server) renderNewGroup(c *call, status int, f views.NewGroup, chosen []string) error {
	p, err := s.page(c, c.words().Group.New, "rooms")
	if err != nil {
		return err
	}
	friends, err := s.chat.Friends(c.ctx, c.me)
	if err != nil {
		return err
	}
	for _, u := range friends {
		f.Friends = append(f.Friends, views.Choice{User: u, Chosen: slices.Contains(chosen, u.Username)})
	}
	f.More = len(friends) == chat.PeoplePage
	return c.render(status, views.NewGroupPage(p, f))
}

func (s *Server) showMembers(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	return s.renderMembers(c, fiber.StatusOK, room, views.Members{LevelSaved: c.Query("saved") != ""})
}

// renderMembers shows the members of a group, with what is wrong with a form.
func (s *Server) renderMembers(c *call, status int, room uint64, m views.Members) error {
	at := chat.RosterPage{After: c.membersAfter(), Query: text.OneLine(c.Query("q"))}
	r, err := s.chat.Roster(c.ctx, c.me, room, at)
	if err == nil && len(r.Members) == 0 && at.After != (db.MemberPosition{}) { // all that were on that page are gone
		at.After = db.MemberPosition{}
		r, err = s.chat.Roster(c.ctx, c.me, room, at)
	}
	if err != nil {
		return err
	}
	p, err := s.page(c, r.Room.Name, "rooms")
	if err != nil {
		return err
	}
	present, err := s.presentAmong(c.ctx, c.me, room, r.Members)
	if err != nil {
		return err
	}
	m.Present, _ = present.For(c.me.ID)
	m.RoomID, m.Title, m.About, m.PhotoID, m.OwnerID = room, r.Room.Name, r.Room.About, r.Room.PhotoID, r.Room.OwnerID
	m.IsOpen, m.Level, m.Friends, m.MoreFriends, m.Count = r.Room.Kind == db.RoomOpen, r.Level, r.Friends, r.MoreFriends, r.Room.MemberCount
	m.Moderators, m.Moderates = r.Moderators, r.Moderates
	m.IsDefault = r.Room.DefaultSince != nil
	m.After, m.Query, m.People = formatMemberPosition(at.After), at.Query, r.Members
	if r.Next != nil {
		m.Next = formatMemberPosition(*r.Next)
	}
	if m.NameProblem+m.AboutProblem == "" {
		m.Name, m.AboutTyped = r.Room.Name, r.Room.About
	}
	m.Retention.Days, m.Retention.Server = r.Room.RetentionDays, s.settings.Get(c.ctx).RetentionDays
	return c.render(status, views.MembersPage(p, m))
}

// membersAfter returns where the page of members that the address asks for begins.
func (c *call) membersAfter() db.MemberPosition {
	joined, user, ok := parsePair(c.Query("after"))
	if !ok {
		return db.MemberPosition{}
	}
	return db.MemberPosition{JoinedSeq: uint64(joined), UserID: user}
}

// formatMemberPosition writes a position in the list of members for an address; "" is the beginning.
func formatMemberPosition(p db.MemberPosition) string {
	if p == (db.MemberPosition{}) {
		return ""
	}
	return formatPair(int64(p.JoinedSeq), p.UserID)
}

// addMember adds a friend to a group.
func (s *Server) addMember(c *call) error {
	username := c.field("username")
	return s.changeGroup(c, views.Members{NewMember: username}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.AddMember(ctx, me, room, username)
	})
}

// renameGroup changes the name of my group, and what it is about if the form has that.
func (s *Server) renameGroup(c *call) error {
	name, about := c.field("name"), c.field("about")
	return s.changeGroup(c, views.Members{Name: name, AboutTyped: about}, func(ctx context.Context, me db.User, room uint64) error {
		if !c.has("about") {
			return s.chat.RenameGroup(ctx, me, room, name)
		}
		return s.chat.DescribeGroup(ctx, me, room, name, about)
	})
}

// setGroupPhoto changes the photo of my group.
func (s *Server) setGroupPhoto(c *call) error {
	upload, unread := c.upload("photo")
	return s.changeGroup(c, views.Members{}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.SetGroupAvatar(ctx, me, room, func(ctx context.Context) (uint64, error) {
			if unread != nil {
				return 0, unread
			}
			kept, err := s.photos.Save(ctx, me.ID, upload, photo.PurposeAvatar)
			return kept.ID, err
		})
	})
}

func (s *Server) removeGroupPhoto(c *call) error {
	return s.changeGroup(c, views.Members{}, s.chat.RemoveGroupAvatar)
}

func (s *Server) removeMember(c *call) error  { return s.changeMember(c, s.chat.RemoveMember) }
func (s *Server) transferGroup(c *call) error { return s.changeMember(c, s.chat.TransferOwnership) }

// changeMember applies a rule for owners and moderators to the person in the path.
func (s *Server) changeMember(c *call, rule func(context.Context, db.User, uint64, string) error) error {
	return s.changeGroup(c, views.Members{}, func(ctx context.Context, me db.User, room uint64) error {
		return rule(ctx, me, room, c.Params("username"))
	})
}

// changeGroup applies a rule to the group in the path, and redirects to its members. A refusal gives back
// what was typed.
func (s *Server) changeGroup(c *call, typed views.Members, rule func(context.Context, db.User, uint64) error) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	err = rule(c.ctx, c.me, room)
	if err == nil {
		return c.goTo(views.MembersPath(room, formatMemberPosition(c.membersAfter())))
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	switch {
	case isAboutPhoto(err):
		typed.PhotoProblem = sentence
	case errors.Is(err, chat.ErrBadName):
		typed.NameProblem = sentence
	case errors.Is(err, chat.ErrBadAbout):
		typed.AboutProblem = sentence
	case errors.Is(err, chat.ErrBadRetention):
		typed.Retention.Problem = sentence
	case status == fiber.StatusUnprocessableEntity:
		typed.NewMemberProblem = sentence
	default:
		typed.Problem = sentence
	}
	return s.renderMembers(c, status, room, typed)
}

// setRetention changes how many days my group keeps its messages; an empty value is the server's default.
func (s *Server) setRetention(c *call) error {
	typed := strings.TrimSpace(c.field("days"))
	days, err := strconv.Atoi(cmp.Or(typed, "0"))
	if err != nil {
		days = -1
	}
	return s.changeGroup(c, views.Members{Retention: views.Retention{Typed: typed}}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.SetRetention(ctx, me, room, days)
	})
}

func (s *Server) leaveGroup(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.LeaveGroup(c.ctx, c.me, room); err != nil {
		return err
	}
	if after := parseRoomPosition(c.field("after")); after != nil { // left from a later page of the list
		return c.goTo(views.RoomsPath(formatRoomPosition(*after)))
	}
	return c.goTo("/rooms")
}
