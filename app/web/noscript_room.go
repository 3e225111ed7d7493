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
	"parley/app/text"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

const (
	// A streamed page grows in the browser's memory, so it is replaced after this many entries.
	maxStreamedEntries = 200
	// A reader that is further behind gets the end of the log, which is of more use.
	maxStreamedBehind = 150
)

// streamRoomPage streams a room as an HTML document that never ends: live chat without scripts. It begins
// with a page of the log, up to the reader's cursor or the end.
func (s *Server) streamRoomPage(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	in, err := s.chat.Entrance(c.ctx, c.me, room)
	if err != nil {
		return err
	}
	if s.mustPause(c) {
		return c.render(fiber.StatusOK, views.PausedPage(c.words(), views.LivePath(room)))
	}
	at, after := chat.Place{}, bus.Cursor{}
	if cursor, err := bus.ParseCursor(c.Query("after")); err == nil && canContinue(cursor, in) {
		at.Before, after = cursor.Seq+1, cursor
	}
	v, err := s.history(c, room, at)
	if err != nil {
		return err
	}
	if after == (bus.Cursor{}) {
		after = v.Cursor
	}
	v.Cursor = after
	if read := parseSeq(c.Query("read")); read > 0 { // the page around it has marked everything as read
		v.ReadSeq = read
	}
	opening, err := s.openingOf(c, v)
	if err != nil {
		return err
	}
	r := &readMarker{server: s, me: c.me, room: room}
	if v.Unseen != 0 {
		r.above = v.First - 1
	}
	viewer := &live.Viewer{
		Room:      room,
		Joined:    in.Joined,
		Variant:   variant{locale: s.locale(c), streamed: true},
		Sees:      string(spanKeyOf(v.Spans)),
		Format:    roomDocument{room, c.words()},
		MaxEvents: maxStreamedEntries,
		OnSeen:    r.seen,
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if c.Method() == fiber.MethodGet { // what it begins with; the page around it has left that to this one
		if err := s.chat.ReadOn(c.ctx, c.me, room, r.above, after.Seq); err != nil {
			return err
		}
		r.seq, r.marked = after.Seq, after.Seq
	}
	return s.handOver(c, viewer, &after, opening, r.end)
}

// canContinue reports whether a stream can continue from a cursor, and is worth it.
func canContinue(c bus.Cursor, in chat.Entrance) bool {
	return c.Epoch == in.Head.Epoch && c.Seq <= in.Head.Seq && c.Seq+1 >= in.Joined && in.Head.Seq-c.Seq <= maxStreamedBehind
}

// openingOf renders the document up to where the stream continues.
func (s *Server) openingOf(c *call, v chat.HistoryPage) ([]byte, error) {
	page := views.StreamedRoom{RefreshPath: views.AutoRefreshPath(views.LivePath(v.Room.ID)), RefreshAfter: retryAfter(),
		Page: views.Page{Site: s.site(), Words: c.words(), Title: c.words().Room.Messages, Me: &c.me}, Room: s.roomView(v, s.locale(c))}
	page.Room.History = false
	page.Room.UnreadCount = int(min(parseSeq(c.Query("new")), 9999)) // as the page around it knows it
	html, err := renderHTML(views.StreamedPage(page))
	if err != nil {
		return nil, err
	}
	html, _, _ = bytes.Cut(html, []byte(views.StreamMark))
	return append(html, views.StreamTail(c.words(), page.Room.ID, page.Room.Cursor)...), nil
}

// retryAfter returns the number of seconds after which a page that broke off requests itself again. The pages that
// one restart has cut off do not all come back at the same moment.
func retryAfter() int { return 5 + rand.IntN(4) } // spreads the load; it is no secret

// mustPause reports whether a page that comes back by itself has to wait for its reader: it may have been
// ended to make room for another one, and would only end that in turn.
func (s *Server) mustPause(c *call) bool {
	return c.Query("again") != "" && s.hub.Crowded(c.session.ID)
}

// roomDocument is the format of a room's streamed page.
type roomDocument struct {
	room  uint64
	words *words.Catalog
}

// Append encodes an entry as it is in every list, and any other event as HTML. Entries have an ID, and
// heartbeats have the cursor in their data.
func (d roomDocument) Append(dst []byte, e live.StreamEvent) []byte {
	var last component
	switch {
	case e.ID != bus.Cursor{}:
		return views.AppendStreamPart(dst, d.words, d.room, e.ID.String(), e.Data)
	case e.Event == "" && len(e.Data) > 0:
		return views.AppendStreamPart(dst, d.words, d.room, e.At.String(), e.Data)
	case e.Event == live.HeartbeatEvent && e.Retry == 0:
		return views.AppendStreamPart(dst, d.words, d.room, string(e.Data), nil)
	case e.Event == live.HeartbeatEvent && e.Retry == live.RetryNow, e.Event == live.ResetEvent:
		last = views.AutoRefresh(views.LivePath(d.room), 0)
	case e.Event == live.ClosedEvent:
		last = views.StreamedClosed(d.words.Room)
	case e.Event == live.SignedOutEvent:
		last = views.StreamedSignedOut(d.words.Nav, d.room)
	case e.Event == live.CrowdedEvent:
		last = views.StreamedPaused(d.words.Room, views.LivePath(d.room))
	default:
		return dst // the process is shutting down; the document itself says when to try again
	}
	html, err := renderHTML(last)
	if err != nil {
		return dst
	}
	return views.AppendStreamEnd(dst, html)
}

// changeView is a change to an earlier message, for a page that can no longer change it. An edit and a
// deletion show the message once more; a reaction says all there is to know.
func changeView(e chat.Entry, m locale) views.Change {
	v := changeText(e, m)
	if e.Kind != db.KindReaction && e.Target != nil {
		now := entryView(*e.Target, m)
		now.Day, now.Continues = "", false // it is below others now
		v.Current = &now
	}
	return v
}

// changeText is what is said about a change to an earlier message.
func changeText(e chat.Entry, m locale) views.Change {
	w := m.words.Message
	v := views.Change{Words: m.words, Room: e.RoomID, Seq: e.Seq, Target: e.TargetSeq, Author: e.Author}
	switch e.Kind {
	case db.KindEdit:
		v.Sentence = w.EditedOne
	case db.KindAltText:
		v.Sentence = w.DescribedOne
	case db.KindDelete:
		v.Sentence = w.DeletedOne
		if e.AboutID != 0 { // somebody else's
			v.Sentence, v.About = m.words.Moderation.DeletedOneBy, e.About
		}
	case db.KindReaction:
		v.Sentence, v.Emoji = w.ReactionRemoved, strings.TrimPrefix(e.Body, "-")
		if emoji, added := strings.CutPrefix(e.Body, "+"); added {
			v.Sentence, v.Emoji = w.Reacted, emoji
		}
		if e.Target != nil {
			v.QuotedText = text.Truncate(cmp.Or(e.Target.Text().Plain(), m.words.Photos(e.Target.PhotoCount)), 60)
		}
	}
	return v
}

// sendHideStyle sends the style that hides a message in the streamed pages that show it. It says nothing
// about the message, but it is for members only, like everything in the room.
func (s *Server) sendHideStyle(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.CheckMember(c.ctx, c.me, room); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(views.HideStyle(parseSeq(c.Query("seq")), parseSeq(c.Query("at")), c.Query("gone") != ""))
}
