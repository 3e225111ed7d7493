package web

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/bus"
	"parley/app/chat"
	"parley/app/live"
	"parley/app/markup"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

const (
	// A streamed page grows in the browser's memory, so it is made anew after so many entries.
	streamedMost = 200
	// How far behind a reader may be to go on from there; further back, the end is of more use.
	streamedBehind = 150
)

// streamRoomPage streams a room as an HTML document that never ends: live chat without a script. It
// begins with a page of the log as everybody sees it, up to the reader's cursor or the end.
func (s *Server) streamRoomPage(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	joined, head, err := s.chat.Enter(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	if s.mustPause(c) {
		return c.render(200, views.PausedPage(c.words(), views.LivePath(room)))
	}
	at, after := chat.Place{}, bus.Cursor{}
	if cursor, err := bus.ParseCursor(c.Query("after")); err == nil && reaches(cursor, head, joined) {
		at.Before, after = cursor.Seq+1, cursor
	}
	v, err := s.chat.History(c.ctx, c.me, room, at)
	if err != nil {
		return err
	}
	if after == (bus.Cursor{}) {
		after = v.Cursor
	}
	v.Cursor = after
	if read := seqOf(c.Query("read")); read > 0 { // the page around has marked all as read already
		v.ReadSeq = read
	}
	opening, err := s.openingOf(c, v)
	if err != nil {
		return err
	}
	spans, err := s.chat.Spans(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	r := &reading{server: s, me: c.me, room: room, ended: v.Unseen != 0} // what stands above must be read first
	viewer := &live.Viewer{Room: room, Joined: joined, Format: roomDocument{room, c.words()}, Variant: c.variant(spans, true),
		WithoutLists: true, MaxEvents: streamedMost, OnSeen: r.see}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if err := s.handOver(c, viewer, &after, opening, r.end); err != nil {
		return err
	}
	if c.Method() == fiber.MethodGet {
		r.see(after.Seq)
	}
	return nil
}

// reaches tells whether a stream can go on from a cursor and the page before it still make sense.
func reaches(c, head bus.Cursor, joined uint64) bool {
	return c.Epoch == head.Epoch && c.Seq <= head.Seq && c.Seq+1 >= joined && head.Seq-c.Seq <= streamedBehind
}

// openingOf is the document up to where the stream goes on.
func (s *Server) openingOf(c *call, v chat.HistoryPage) ([]byte, error) {
	page := views.Streamed{Next: views.ByItself(views.LivePath(v.Room.ID)), Again: comesAgain(),
		Page: views.Page{Words: c.words(), Title: c.words().Room.Messages, Me: &c.me}, Room: roomView(v, s.locale(c))}
	page.Room.Newer = false
	html, err := renderHTML(views.StreamedPage(page))
	if err != nil {
		return nil, err
	}
	html, _, _ = bytes.Cut(html, []byte(views.StreamMark))
	return append(html, views.StreamFirst(c.words(), page.Room.ID, page.Room.Cursor)...), nil
}

// comesAgain is after how many seconds a page that broke off asks for itself again. Whoever was cut
// off by one restart does not come back in one moment.
func comesAgain() int { return 5 + rand.IntN(4) } // spreads the load, no secret

// mustPause tells that a page which comes back by itself has to wait for its reader: it may have been
// ended to make room for another, and would only end that one in its turn.
func (s *Server) mustPause(c *call) bool {
	return c.Query("again") != "" && s.hub.Crowded(c.session.ID)
}

// roomDocument is the format of a room's streamed page.
type roomDocument struct {
	room  uint64
	words *words.Catalog
}

// Append writes an entry as it stands in every list, and says everything else in HTML. It is asked
// for entries with an ID, and for heartbeats with the cursor in their data.
func (d roomDocument) Append(dst []byte, f live.StreamEvent) []byte {
	var last component
	switch {
	case f.ID != bus.Cursor{}:
		return views.StreamPart(dst, d.words, d.room, f.ID.String(), f.Data)
	case f.Event == "" && len(f.Data) > 0:
		return views.StreamPart(dst, d.words, d.room, f.At.String(), f.Data)
	case f.Event == live.HeartbeatEvent && f.Retry == 0:
		return views.StreamPart(dst, d.words, d.room, string(f.Data), nil)
	case f.Event == live.HeartbeatEvent && f.Retry == live.RetryNow, f.Event == live.ResetEvent:
		last = views.StreamAgain(views.LivePath(d.room), 0)
	case f.Event == live.ClosedEvent:
		last = views.StreamClosed(d.words.Room)
	case f.Event == live.SignedOutEvent:
		last = views.StreamSignedOut(d.words.Nav, d.room)
	case f.Event == live.CrowdedEvent:
		last = views.StreamPaused(d.words.Room, views.LivePath(d.room))
	default:
		return dst // the process goes down; the document says itself when to try again
	}
	html, err := renderHTML(last)
	if err != nil {
		return dst
	}
	return views.StreamEnd(dst, html)
}

// changeView is a change to an earlier message for a page that cannot reach it any more. An edit
// and a deletion show the message once more; a reaction says itself what there is to know.
func changeView(e chat.Entry, m locale) views.Change {
	w := m.words.Message
	v := views.Change{Words: m.words, Room: e.RoomID, Seq: e.Seq, Target: e.TargetSeq, Author: e.Author}
	switch e.Kind {
	case db.KindEdit:
		v.What = w.Changed
	case db.KindAltText:
		v.What = w.Described
	case db.KindDelete:
		v.What = w.DeletedOne
	case db.KindReaction:
		v.What, v.Emoji = w.TookBack, strings.TrimPrefix(e.Body, "-")
		if emoji, added := strings.CutPrefix(e.Body, "+"); added {
			v.What, v.Emoji = w.Reacted, emoji
		}
		if e.Target != nil {
			v.Of = clipped(cmp.Or(markup.Plain(e.Target.Body), m.words.Photos(e.Target.PhotoCount)), 60)
		}
		return v
	}
	if e.Target != nil {
		now := entryView(*e.Target, m)
		now.Day, now.Continues = "", false // it stands below others now
		v.Now = &now
	}
	return v
}

// clipped is the beginning of a text, up to so many characters.
func clipped(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

// sendHideStyle sends the rule that hides a message from the streamed pages that show it. It says
// nothing about the message, but it is for members only, like all of the room.
func (s *Server) sendHideStyle(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if _, _, err := s.chat.Enter(c.ctx, c.me, room); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(views.HideStyle(seqOf(c.Query("seq")), seqOf(c.Query("at")), c.Query("gone") != ""))
}
