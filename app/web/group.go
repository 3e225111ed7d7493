package web

import (
	"context"
	"errors"
	"slices"

	"parley/app/chat"
	"parley/app/photo"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

func (s *Server) showNewGroup(c *call) error {
	return s.answerNewGroup(c, 200, views.NewGroup{}, nil)
}

func (s *Server) makeGroup(c *call) error {
	name, chosen := c.field("name"), c.fields("username")
	room, err := s.chat.CreateGroup(c.ctx, c.me, name, chosen)
	if err == nil {
		return c.goTo(views.RoomPath(room))
	}
	status, sentence := groupRefusal(c.words(), err)
	if sentence == "" {
		return err
	}
	f := views.NewGroup{Name: name, Problem: sentence}
	if errors.Is(err, chat.ErrBadName) {
		f.NameProblem, f.Problem = sentence, ""
	}
	setRetryAfter(c.Ctx, status, err)
	return s.answerNewGroup(c, status, f, chosen)
}

// answerNewGroup sends the form with what was typed and chosen.
func (s *Server) answerNewGroup(c *call, status int, f views.NewGroup, chosen []string) error {
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
	return c.render(status, views.NewGroupPage(p, f))
}

func (s *Server) showMembers(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	return s.answerMembers(c, 200, room, views.Members{})
}

// answerMembers sends the page of a group's members, with what is wrong on it.
func (s *Server) answerMembers(c *call, status int, room uint64, m views.Members) error {
	r, err := s.chat.Roster(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	p, err := s.page(c, r.Room.Name, "rooms")
	if err != nil {
		return err
	}
	if m.Present, err = s.othersHere(c.ctx, c.me, room); err != nil {
		return err
	}
	m.RoomID, m.Title, m.PhotoID, m.OwnerID, m.Muted, m.People, m.Friends = room, r.Room.Name, r.Room.PhotoID, r.Room.OwnerID, r.Muted, r.Members, r.Friends
	if m.NameProblem == "" {
		m.Name = r.Room.Name
	}
	return c.render(status, views.MembersPage(p, m))
}

// bringMember takes a friend in.
func (s *Server) bringMember(c *call) error {
	username := c.field("username")
	return s.changeGroup(c, views.Members{NewMember: username}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.AddMember(ctx, me, room, username)
	})
}

// renameGroup gives my group another name.
func (s *Server) renameGroup(c *call) error {
	name := c.field("name")
	return s.changeGroup(c, views.Members{Name: name}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.RenameGroup(ctx, me, room, name)
	})
}

// setGroupPhoto gives my group a photo.
func (s *Server) setGroupPhoto(c *call) error {
	upload, unread := c.upload("photo")
	return s.changeGroup(c, views.Members{}, func(ctx context.Context, me db.User, room uint64) error {
		return s.chat.SetGroupAvatar(ctx, me, room, func(ctx context.Context) (uint64, error) {
			if unread != nil {
				return 0, unread
			}
			kept, err := s.album.Save(ctx, me.ID, upload, photo.PurposeAvatar)
			return kept.ID, err
		})
	})
}

func (s *Server) removeGroupPhoto(c *call) error {
	return s.changeGroup(c, views.Members{}, s.chat.RemoveGroupAvatar)
}

func (s *Server) putOutMember(c *call) error { return s.changeMember(c, s.chat.RemoveMember) }
func (s *Server) handOnGroup(c *call) error  { return s.changeMember(c, s.chat.TransferOwnership) }

// changeMember applies an owner's rule to the person in the path.
func (s *Server) changeMember(c *call, rule func(context.Context, db.User, uint64, string) error) error {
	return s.changeGroup(c, views.Members{}, func(ctx context.Context, me db.User, room uint64) error {
		return rule(ctx, me, room, c.Params("username"))
	})
}

// changeGroup applies a rule to the group in the path, and shows its members as they are then. A
// refusal gives back what was typed.
func (s *Server) changeGroup(c *call, typed views.Members, rule func(context.Context, db.User, uint64) error) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	err = rule(c.ctx, c.me, room)
	if err == nil {
		return c.goTo(views.RoomPath(room) + "/members")
	}
	status, sentence := groupRefusal(c.words(), err)
	if sentence == "" {
		return err
	}
	_, ofPhoto := photoProblem(c.words(), err)
	switch {
	case ofPhoto != "":
		typed.PhotoProblem = ofPhoto
	case errors.Is(err, chat.ErrBadName):
		typed.NameProblem = sentence
	case status == 422:
		typed.NewMemberProblem = sentence
	default:
		typed.Problem = sentence
	}
	setRetryAfter(c.Ctx, status, err)
	return s.answerMembers(c, status, room, typed)
}

func (s *Server) leaveGroup(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.LeaveGroup(c.ctx, c.me, room); err != nil {
		return err
	}
	return c.goTo("/rooms")
}

// groupRefusal says why a group could not be made or changed; an empty sentence is an error that
// is not about it.
func groupRefusal(words *words.Catalog, err error) (status int, sentence string) {
	w := words.Group
	switch {
	case errors.Is(err, chat.ErrBadName):
		return 422, w.BadName
	case errors.Is(err, chat.ErrNotFriend):
		return 422, w.NotFriend
	case errors.Is(err, chat.ErrAlreadyMember):
		return 422, w.AlreadyIn
	case errors.Is(err, chat.ErrGroupFull):
		return 422, w.Full
	case errors.Is(err, chat.ErrTooFast):
		return 429, w.TooFast
	}
	return photoProblem(words, err)
}
