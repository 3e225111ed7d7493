package web

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
	"parley/views/words"
)

// jumpToDay redirects to the first message of a day in the caller's time zone, or to the next one after it.
// Where there is none, it shows the end of the room and says why.
func (s *Server) jumpToDay(c *call, room uint64, text string) error {
	w := c.words()
	day, ok := s.parseDay(c, text)
	if !ok {
		return s.renderEnd(c, fiber.StatusUnprocessableEntity, room, w.Room.BadDay)
	}
	first, err := s.chat.FirstSince(c.ctx, c.me, room, day)
	switch {
	case err != nil:
		return err
	case first.Seq != 0:
		anchor := views.Anchor(first.Seq)
		if !sameDay(first.CreatedAt.In(day.Location()), day) {
			anchor = views.NoticeAnchor
		}
		return c.goTo(fmt.Sprintf("%s?around=%d&on=%s#%s", views.RoomPath(room), first.Seq, day.Format(time.DateOnly), anchor))
	case day.After(s.options.Now()):
		return s.renderEnd(c, fiber.StatusOK, room, sentenceOfDay(w, w.Room.ToCome, day))
	}
	return s.renderEnd(c, fiber.StatusOK, room, sentenceOfDay(w, w.Room.NoneSince, day))
}

// parseDay returns the beginning of a day in the caller's time zone.
func (s *Server) parseDay(c *call, text string) (time.Time, bool) {
	day, err := beginningOf(text, s.locale(c).zone)
	return day, err == nil && day.Year() > 0
}

// beginningOf returns when a day begins. A day whose clocks skip midnight begins at one; one that was left out,
// where a country has moved across the date line, is where the next one begins.
func beginningOf(text string, zone *time.Location) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err == nil && day.Format(time.DateOnly) != text {
		day = day.Add(time.Hour)
	}
	if err == nil && day.Format(time.DateOnly) != text {
		day = time.Date(day.Year(), day.Month(), day.Day()+2, 0, 0, 0, 0, zone)
	}
	return day, err
}

// noneOnDay returns what to say where a jump to a day has led to a later one, "" if it has not.
func (s *Server) noneOnDay(c *call, v chat.HistoryPage, seq uint64, text string) string {
	day, ok := s.parseDay(c, text)
	if !ok {
		return ""
	}
	for _, e := range v.Entries {
		if e.Seq == seq && !sameDay(e.CreatedAt.In(day.Location()), day) {
			return sentenceOfDay(c.words(), c.words().Room.NoneOnDay, day)
		}
	}
	return ""
}

func sentenceOfDay(w *words.Catalog, sentence string, day time.Time) string {
	return words.Fill(sentence, "{day}", w.Dates.Day(day))
}

// renderEnd shows the end of a room, with a notice.
func (s *Server) renderEnd(c *call, status int, room uint64, notice string) error {
	v, err := s.history(c, room, chat.Place{})
	if err != nil {
		return err
	}
	if isPartial(c.Ctx) {
		return s.renderLog(c, v)
	}
	return s.renderRoom(c, status, v, views.Room{Draft: views.Draft{Key: chat.NewKey()}, Notice: notice})
}
