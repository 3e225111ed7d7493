package web

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/bus"
	"parley/app/chat"
	"parley/app/conn"
	"parley/views"
)

// waitTime is how long a request waits for something new. Proxies and people give up after thirty seconds.
const waitTime = 25 * time.Second

var errSignedOutWaiting = errors.New("web: signed out while waiting")

// waitForRoom responds with a page as soon as there is something after the reader's cursor. That is live
// enough for text browsers, and for proxies that hold back a response until it ends.
func (s *Server) waitForRoom(c *call) error {
	v, done, err := s.awaited(c)
	if errors.Is(err, errSignedOutWaiting) {
		return s.respondSignedOut(c, route{kind: page})
	}
	if err != nil {
		return err
	}
	defer done()
	return s.renderRoom(c, fiber.StatusOK, v, views.Room{Draft: views.Draft{Key: chat.NewKey()}, Waiting: true})
}

// waitInIframe responds with the messages alone, in an iframe that then waits again by itself.
func (s *Server) waitInIframe(c *call) error {
	v, done, err := s.awaited(c)
	if errors.Is(err, errSignedOutWaiting) {
		return s.respondSignedOutInIframe(c)
	}
	if err != nil {
		return err
	}
	defer done()
	if read := parseSeq(c.Query("read")); read > 0 { // the page around it has marked everything as read
		v.ReadSeq = read
	}
	page := views.StreamedRoom{RefreshPath: views.RoomPath(v.Room.ID) + "/wait/frame?after=" + v.Cursor.String(), RefreshAfter: 1,
		Page: views.Page{Site: s.site(), Words: c.words(), Title: c.words().Room.Messages, Me: &c.me}, Room: s.roomView(v, s.locale(c))}
	page.Room.NewestFirst = c.me.NewestFirst
	s.setToday(c, &page.Room) // it is loaded again within half a minute
	return c.render(fiber.StatusOK, views.StreamedPage(page))
}

// awaited waits until a room's log goes beyond the reader's cursor, and returns its newest page, marked as
// read. done must be called in the end.
func (s *Server) awaited(c *call) (v chat.HistoryPage, done func(), err error) {
	room, err := c.number("room")
	if err != nil {
		return v, nil, err
	}
	in, err := s.chat.Entrance(c.ctx, c.me, room)
	if err != nil {
		return v, nil, err
	}
	done = func() {}
	after, err := bus.ParseCursor(c.Query("after"))
	if err != nil || !canContinue(after, in) {
		after = in.Head
	} else if c.Method() == fiber.MethodGet {
		if done, err = s.waitFor(c, room, after); err != nil {
			return v, nil, err
		}
	}
	if v, err = s.history(c, room, chat.Place{}); err == nil {
		err = s.markShown(c, v)
	}
	if err != nil {
		done()
		return v, nil, err
	}
	v.ReadSeq = after.Seq
	return v, done, nil
}

// waitFor returns when there is something after a cursor, or nothing for a while. From then on the request
// has as much time as any other, until done is called.
func (s *Server) waitFor(c *call, room uint64, after bus.Cursor) (done func(), err error) {
	place, err := s.limiter.Acquire(conn.Stream, c.me.ID, c.addr)
	if err != nil {
		return nil, err
	}
	defer place.Release()
	open := s.metrics.open.WithLabelValues(waitingPage)
	open.Inc()
	defer open.Dec()
	c.endTurn() // the others of the same reader need not wait as well
	waiting, cancel := context.WithTimeout(context.Background(), waitTime)
	defer cancel()
	for head := after; head == after && waiting.Err() == nil && !s.draining.Load(); {
		if err := s.hub.Wait(waiting, room, after); err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(context.Background(), workTime)
		in, err := s.chat.Entrance(ctx, c.me, room)
		cancel()
		if err != nil {
			return nil, err
		}
		head = in.Head
	}
	ctx, done := context.WithTimeout(context.Background(), workTime)
	c.ctx = ctx
	err = s.takeTurn(c)
	if err == nil { // the session may have ended before that
		err = s.identify(c, route{})
	}
	if err != nil {
		done()
		if errors.Is(err, auth.ErrNoSession) {
			return nil, errSignedOutWaiting
		}
		return nil, err
	}
	return done, nil
}
