package web

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// setModerator makes a member a moderator of my group, or takes that back.
func (s *Server) setModerator(c *call) error {
	on := c.field("off") == ""
	return s.changeMember(c, func(ctx context.Context, me db.User, room uint64, username string) error {
		return s.chat.SetModerator(ctx, me, room, username, on)
	})
}

func (s *Server) banMember(c *call) error { return s.changeMember(c, s.chat.Ban) }

func (s *Server) unbanMember(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.Unban(c.ctx, c.me, room, c.Params("username")); err != nil {
		return s.refuseModeration(c, room, views.Moderation{}, err)
	}
	return c.goTo(views.RoomPath(room) + "/moderation")
}

func (s *Server) showModeration(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	return s.renderModeration(c, fiber.StatusOK, room, views.Moderation{Saved: c.Query("saved") != ""})
}

// moderateRoom sets slow mode and who may post. What the form does not have stays as it is.
func (s *Server) moderateRoom(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if c.has("ban") {
		return s.banByName(c, room)
	}
	slow, posting := c.field("slow"), c.field("posting")
	typed, onlyModerators := views.Moderation{Slow: slow, OnlyModerators: posting == "moderators"}, false
	if posting != "" {
		if onlyModerators, err = chat.OnlyModerators(posting); err != nil {
			return s.refuseModeration(c, room, typed, err)
		}
	}
	if slow != "" {
		seconds, err := strconv.Atoi(slow)
		if err != nil {
			seconds = -1
		}
		if err := s.chat.SetSlowMode(c.ctx, c.me, room, seconds); err != nil {
			return s.refuseModeration(c, room, typed, err)
		}
	}
	if posting != "" {
		if err := s.chat.SetOnlyModerators(c.ctx, c.me, room, onlyModerators); err != nil {
			return s.refuseModeration(c, room, typed, err)
		}
	}
	if slow == "" && posting == "" {
		return s.showModeration(c)
	}
	return c.goTo(views.RoomPath(room) + "/moderation?saved=1")
}

// banByName bans somebody, even if they have left the room, or lifts their ban. Somebody who was never there, who
// may not be banned or who does not exist are all treated the same.
func (s *Server) banByName(c *call, room uint64) error {
	username, rule := strings.TrimPrefix(strings.TrimSpace(c.field("username")), "@"), s.chat.Ban
	if c.field("ban") == "off" {
		rule = s.chat.Unban
	}
	if _, err := s.chat.Moderation(c.ctx, c.me, room, 0); err != nil {
		return err
	}
	err := rule(c.ctx, c.me, room, username)
	if errors.Is(err, chat.ErrNotFound) || errors.Is(err, db.ErrNotFound) {
		return s.renderModeration(c, fiber.StatusUnprocessableEntity, room, views.Moderation{Username: username, NameProblem: c.words().Moderation.NobodyToBan})
	}
	if err != nil {
		return s.refuseModeration(c, room, views.Moderation{Username: username}, err)
	}
	return c.goTo(views.RoomPath(room) + "/moderation?saved=1")
}

// refuseModeration shows the page with what was chosen, and why that was not done.
func (s *Server) refuseModeration(c *call, room uint64, typed views.Moderation, why error) error {
	status, sentence, ok := c.explain(inGroup, why)
	switch {
	case !ok:
		return why
	case errors.Is(why, chat.ErrBadPace):
		typed.SlowProblem = sentence
	case errors.Is(why, chat.ErrBadPosting):
		typed.PostingProblem = sentence
	default:
		typed.Problem = sentence
	}
	return s.renderModeration(c, status, room, typed)
}

func (s *Server) renderModeration(c *call, status int, room uint64, m views.Moderation) error {
	after := parseSeq(c.Query("after"))
	v, err := s.chat.Moderation(c.ctx, c.me, room, after)
	if err != nil {
		return err
	}
	p, err := s.page(c, c.words().Moderation.Title, "rooms")
	if err != nil {
		return err
	}
	m.RoomID, m.Title, m.After, m.Next = room, v.Room.Name, after, v.Next
	if m.Problem+m.SlowProblem+m.PostingProblem == "" {
		m.Slow, m.OnlyModerators = strconv.Itoa(v.Room.SlowSeconds), v.Room.OnlyModerators
	}
	if m.Slow == "" { // the form was another one
		m.Slow = strconv.Itoa(v.Room.SlowSeconds)
	}
	loc := s.locale(c)
	for _, b := range v.Banned {
		m.Banned = append(m.Banned, views.Banned{User: b.User, By: b.By, When: loc.words.Dates.ShortMoment(b.At.In(loc.zone))})
	}
	return c.render(status, views.ModerationPage(p, m))
}

// pinMessage pins a message above its room, or takes it down.
func (s *Server) pinMessage(c *call) error {
	rule := s.chat.Pin
	if c.field("off") != "" {
		rule = s.chat.Unpin
	}
	if c.field("from") != "pins" {
		return s.changeMessage(c, anywhere, views.Detail{}, func(room, seq uint64) error { return rule(c.ctx, c.me, room, seq) })
	}
	room, seq, err := c.message()
	if err == nil {
		err = rule(c.ctx, c.me, room, seq)
	}
	if err == nil {
		return c.goTo(views.RoomPath(room) + "/pins")
	}
	status, sentence, ok := c.explain(inGroup, err)
	if !ok {
		return err
	}
	return s.renderPins(c, status, room, sentence)
}

func (s *Server) showPins(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	return s.renderPins(c, fiber.StatusOK, room, "")
}

func (s *Server) renderPins(c *call, status int, room uint64, problem string) error {
	v, err := s.chat.Pinned(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	p, err := s.page(c, v.Room.Name, "rooms")
	if err != nil {
		return err
	}
	shown, l := views.Pinned{RoomID: room, Title: v.Room.Name, Moderates: v.Moderates, Problem: problem}, s.locale(c)
	for _, entry := range v.Entries {
		e := entryView(entry, l)
		e.Day, e.Continues, e.SameMinute = l.words.Dates.Day(e.At), false, false // they are of different days
		shown.Entries = append(shown.Entries, e)
	}
	return c.render(status, views.PinsPage(p, shown))
}

func pinsView(p chat.Pins) views.Pins { return views.Pins{Count: p.Count, Newest: quoteView(p.Newest)} }
