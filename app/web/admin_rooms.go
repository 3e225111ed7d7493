package web

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/text"
	"parley/views"
)

// showAllRooms lists the rooms that have a name and members, without anything that is said in them.
func (s *Server) showAllRooms(c *call) error {
	below := parseSeq(c.Query("below"))
	list := views.AdminRooms{Query: text.OneLine(validText(c.Query("q"))), Later: below != 0}
	found, err := s.chat.MeasuredRooms(c.ctx, c.me, list.Query, below)
	if err != nil {
		return err
	}
	p, err := s.adminPage(c, c.words().Care.Rooms)
	if err != nil {
		return err
	}
	list.Next, list.More, list.Directs, list.DirectEntries = found.Next, found.More, found.DirectRooms, found.DirectEntries
	if c.Query("deleted") != "" {
		list.Notice = c.words().Care.RoomDeleted
	}
	for _, r := range found.Rooms {
		list.Rooms = append(list.Rooms, adminRoom(r))
	}
	return c.render(fiber.StatusOK, views.AdminRoomsPage(p, list))
}

func adminRoom(r chat.MeasuredRoom) views.AdminRoom {
	return views.AdminRoom{Room: r.Room, Owner: r.Owner, Members: r.Size.Members, Bytes: roughSize(max(int(r.Size.PhotoBytes+r.Size.TextBytes), 1<<10))}
}

func (s *Server) showRoomForAdmin(c *call) error {
	change := views.AdminRoomChange{}
	switch {
	case c.Query("closed") != "":
		change.Notice = c.words().Care.RoomClosed
	case c.Query("owner") != "":
		change.Notice = c.words().Care.HandedOn
	}
	return s.renderRoomForAdmin(c, fiber.StatusOK, change)
}

// renderRoomForAdmin shows the room in the path with what can be done to it, and what is wrong with a form.
func (s *Server) renderRoomForAdmin(c *call, status int, change views.AdminRoomChange) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	r, err := s.chat.MeasuredRoom(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	p, err := s.adminPage(c, r.Name)
	if err != nil {
		return err
	}
	change.AdminRoom = adminRoom(r)
	return c.render(status, views.AdminRoomPage(p, change))
}

func (s *Server) closeRoom(c *call) error {
	return s.changeRoomAsAdmin(c, views.AdminRoomChange{}, func(room uint64) (string, error) {
		return views.AdminRoomPath(room) + "?closed=1", s.chat.CloseRoom(c.ctx, c.me, room)
	})
}

func (s *Server) deleteRoom(c *call) error {
	name := c.field("name")
	return s.changeRoomAsAdmin(c, views.AdminRoomChange{Name: name}, func(room uint64) (string, error) {
		return "/admin/rooms?deleted=1", s.chat.DeleteRoom(c.ctx, c.me, room, name)
	})
}

func (s *Server) transferRoom(c *call) error {
	username := c.field("username")
	return s.changeRoomAsAdmin(c, views.AdminRoomChange{Username: username}, func(room uint64) (string, error) {
		return views.AdminRoomPath(room) + "?owner=1", s.chat.TransferRoom(c.ctx, c.me, room, username)
	})
}

// changeRoomAsAdmin applies a rule to the room in the path, and goes where it says. A refusal gives back what
// was typed.
func (s *Server) changeRoomAsAdmin(c *call, typed views.AdminRoomChange, rule func(room uint64) (next string, err error)) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	next, err := rule(room)
	if err == nil {
		return c.goTo(next)
	}
	status, sentence, ok := c.explain(anywhere, err)
	switch {
	case !ok:
		return err
	case errors.Is(err, chat.ErrWrongName):
		typed.NameProblem = sentence
	default:
		typed.UsernameProblem = sentence
	}
	return s.renderRoomForAdmin(c, status, typed)
}

// formatID writes an id for an address.
func formatID(id uint64) string { return strconv.FormatUint(id, 10) }
