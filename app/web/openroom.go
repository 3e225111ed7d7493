package web

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

// showOpenRooms lists the rooms that anybody may join.
func (s *Server) showOpenRooms(c *call) error {
	return s.renderOpenRooms(c, fiber.StatusOK, views.OpenRooms{})
}

// renderOpenRooms shows the list with what is wrong with a form.
func (s *Server) renderOpenRooms(c *call, status int, l views.OpenRooms) error {
	p, err := s.page(c, c.words().Open.Title, "rooms")
	if err != nil {
		return err
	}
	var rooms []db.FoundRoom
	if l.Query = text.OneLine(validText(c.Query("q"))); l.Query != "" {
		rooms, err = s.chat.FindOpenRooms(c.ctx, c.me, l.Query)
	} else {
		var next *db.RoomPosition
		after := parseRoomPosition(c.Query("after"))
		rooms, next, err = s.chat.OpenRooms(c.ctx, c.me, after)
		if after != nil {
			l.After = formatRoomPosition(*after)
		}
		if next != nil {
			l.Next = formatRoomPosition(*next)
		}
	}
	if err != nil {
		return err
	}
	ids := make([]uint64, len(rooms))
	for i, r := range rooms {
		ids[i] = r.RoomID
	}
	banned, err := s.chat.BannedFrom(c.ctx, c.me, ids...)
	if err != nil {
		return err
	}
	zone := s.locale(c).zone
	now := s.options.Now().In(zone)
	for _, r := range rooms {
		f := views.FoundRoom{Banned: slices.Contains(banned, r.RoomID), ID: r.RoomID, PhotoID: r.PhotoID, Name: r.Name, About: r.About, Members: r.Members, Joined: r.Joined}
		if r.SaidAt != nil {
			f.When = c.words().Dates.When(r.SaidAt.In(zone), now)
		}
		l.Rooms = append(l.Rooms, f)
	}
	l.MayCreate = s.chat.MayOpenRooms(c.ctx, c.me)
	return c.render(status, views.OpenRoomsPage(p, l))
}

// createOpenRoom is createGroup for a room that everybody may join.
func (s *Server) createOpenRoom(c *call) error {
	l := views.OpenRooms{Name: c.field("name"), About: c.field("about")}
	room, err := s.chat.CreateOpenRoom(c.ctx, c.me, l.Name, l.About)
	if err == nil {
		return c.goTo(views.RoomPath(room))
	}
	status, sentence, ok := c.explain(inGroup, err)
	switch {
	case !ok:
		return err
	case errors.Is(err, chat.ErrBadName):
		l.NameProblem = sentence
	case errors.Is(err, chat.ErrBadAbout):
		l.AboutProblem = sentence
	case errors.Is(err, chat.ErrOnlyAdmins): // they have no form where it could be shown
		l.Problem = sentence
	default:
		l.FormProblem = sentence
	}
	return s.renderOpenRooms(c, status, l)
}

// joinRoom makes the caller a member of an open room, and goes there.
func (s *Server) joinRoom(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err = s.chat.JoinRoom(c.ctx, c.me, room); err == nil {
		return c.goTo(views.RoomPath(room))
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	return s.renderOpenRooms(c, status, views.OpenRooms{Problem: sentence})
}

// showRoomKind shows what it means to open a group to everybody, or to make a group of an open room.
func (s *Server) showRoomKind(c *call) error { return s.renderRoomKind(c, fiber.StatusOK, "") }

func (s *Server) renderRoomKind(c *call, status int, problem string) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	r, err := s.chat.OwnedRoom(c.ctx, c.me, id)
	if err != nil {
		return err
	}
	p, err := s.page(c, r.Name, "rooms")
	if err != nil {
		return err
	}
	return c.render(status, views.RoomKindPage(p, views.RoomKind{RoomID: id, Title: r.Name, PhotoID: r.PhotoID, IsOpen: r.Kind == db.RoomOpen, Problem: problem}))
}

// setRoomKind turns a group into an open room, or back.
func (s *Server) setRoomKind(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	if _, err = s.chat.OwnedRoom(c.ctx, c.me, id); err != nil {
		return err
	}
	if err = s.chat.SetRoomKind(c.ctx, c.me, id, db.RoomKind(c.field("kind"))); err == nil {
		return c.goTo(views.MembersPath(id, ""))
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	return s.renderRoomKind(c, status, sentence)
}

// joinDefaultRooms puts a newcomer into the rooms that are there for them. If that fails, it is done at their
// next sign-in.
func (s *Server) joinDefaultRooms(c *call, u db.User) {
	if err := s.chat.JoinDefaultRooms(c.ctx, u); err != nil {
		s.options.Log.Warn("joining the rooms for newcomers failed", "user", u.ID, "error", err)
	}
}

// setDefaultRoom puts newcomers into an open room, or ends that. It is for administrators.
func (s *Server) setDefaultRoom(c *call) error {
	id, err := c.number("room")
	if err != nil {
		return err
	}
	if err = s.chat.SetDefaultRoom(c.ctx, c.me, id, c.field("default") == "yes"); err == nil {
		return c.goTo(views.MembersPath(id, ""))
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	return s.renderMembers(c, status, id, views.Members{Problem: sentence})
}
