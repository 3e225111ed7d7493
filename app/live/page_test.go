package live_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// house is a world, a bus and a hub that serves it over TCP.
type house struct {
	t     *testing.T
	world *world
	bus   *bells
	hub   *live.Hub

	listener net.Listener
	mayPanic bool
	door     sync.Mutex
	users    uint64
}

// open starts a house that closes with the test.
func open(t *testing.T, times live.HubTimes) *house {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, world: newWorld(), bus: newBells(t), listener: listener}
	h.hub = live.NewHastyHub(h.world.source(), h.bus, quiet, times)
	t.Cleanup(func() {
		h.hub.Close()
		_ = listener.Close()
		if n := h.hub.Stats.Panics.Load(); n > 0 && !h.mayPanic {
			t.Errorf("%d panics", n)
		}
	})
	return h
}

// post appends an entry to a room and rings for it.
func (h *house) post(room uint64, text string) bus.Cursor {
	c := h.world.post(room, text)
	h.bus.Publish(entryBell(room, c))
	return c
}

// remove ends a user's time in a room.
func (h *house) remove(room, user uint64) bus.Cursor {
	c := h.world.remove(room, user)
	h.bus.Publish(entryBell(room, c))
	h.bus.Publish(bus.Signal{Kind: bus.AccessChanged, Room: room, User: user})
	return c
}

// event is what a page hears.
type event struct {
	id    bus.Cursor
	name  string
	retry time.Duration
	data  string
}

// page is the far end of a stream.
type page struct {
	t    *testing.T
	conn net.Conn

	mu     sync.Mutex
	events []event
	over   bool
	err    error // nil if the response came to its proper end
	status int
	proto  string
}

// pair makes a connection: the server's end and the page's.
func (h *house) pair(dialer *net.Dialer) (near, far net.Conn) {
	h.door.Lock()
	defer h.door.Unlock()
	far, err := dialer.Dial("tcp", h.listener.Addr().String())
	if err != nil {
		h.t.Fatal(err)
	}
	near, err = h.listener.Accept()
	if err != nil {
		h.t.Fatal(err)
	}
	return near, far
}

func responseHead(chunked bool) []byte {
	if chunked {
		return []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n")
	}
	return []byte("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n")
}

// someone is a viewer of a room like any other, with a user and a session of its own.
func (h *house) someone(room uint64) *live.Viewer {
	h.door.Lock()
	defer h.door.Unlock()
	h.users++
	return &live.Viewer{User: h.users, Session: h.users + 1_000_000, Room: room, Variant: "UTC", Chunked: true}
}

// at is where a page begins.
func at(c bus.Cursor) *bus.Cursor { return &c }

// watch opens a page and reads it.
func (h *house) watch(v *live.Viewer, after *bus.Cursor) *page {
	near, far := h.pair(&net.Dialer{})
	p := &page{t: h.t, conn: far}
	h.hub.Serve(near, responseHead(v.Chunked), v, after)
	go p.read()
	h.t.Cleanup(p.leave)
	return p
}

// stare opens a page and does not read it. The kernel holds little for it.
func (h *house) stare(v *live.Viewer, after *bus.Cursor) *page {
	near, far := h.pair(&net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
		})
	}})
	p := &page{t: h.t, conn: far}
	h.hub.Serve(near, responseHead(v.Chunked), v, after)
	h.t.Cleanup(p.leave)
	return p
}

func (p *page) leave() { _ = p.conn.Close() }

// read reads the response to its end, as a browser would.
func (p *page) read() {
	err := p.readAll(p.conn)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over, p.err = true, err
}

func (p *page) readAll(from io.Reader) error {
	response, err := http.ReadResponse(bufio.NewReader(from), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	p.mu.Lock()
	p.status, p.proto = response.StatusCode, response.Proto
	p.mu.Unlock()
	lines := bufio.NewReader(response.Body)
	var e event
	var data []string
	for {
		line, err := lines.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF) && line == "" && len(data) == 0 && e == (event{}):
			return nil
		case err != nil:
			return errors.Join(err, fmt.Errorf("in the middle of an event: %.60q", line))
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "":
			e.data = strings.Join(data, "\n")
			p.mu.Lock()
			p.events = append(p.events, e)
			p.mu.Unlock()
			e, data = event{}, nil
		case "id":
			if e.id, err = bus.ParseCursor(value); err != nil {
				return err
			}
		case "event":
			e.name = value
		case "retry":
			ms, err := strconv.Atoi(value)
			if err != nil {
				return err
			}
			e.retry = time.Duration(ms) * time.Millisecond
		case "data":
			data = append(data, value)
		default:
			return errors.New("what is this line: " + line)
		}
	}
}

// heard are the events so far that fit.
func (p *page) heard(fits func(event) bool) (list []event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if fits(e) {
			list = append(list, e)
		}
	}
	return list
}

func (p *page) entries() []event {
	return p.heard(func(e event) bool { return e.id != bus.Cursor{} })
}

func (p *page) named(name string) []event {
	return p.heard(func(e event) bool { return e.name == name })
}

// states are the lists that were shown.
func (p *page) states() []event {
	return p.heard(func(e event) bool { return e.name == "" && e.id == bus.Cursor{} })
}

// last is the name of the last event.
func (p *page) last() event {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) == 0 {
		return event{}
	}
	return p.events[len(p.events)-1]
}

// ended tells whether the response has come to its end, and whether that was a proper one.
func (p *page) ended() (over, properly bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over, p.over && p.err == nil
}

func (p *page) isOver() bool {
	over, _ := p.ended()
	return over
}

// reaches waits until an entry has come, and checks that all entries from the first on did, once
// each and in order.
func (p *page) reaches(from, to uint64) {
	p.t.Helper()
	rig.Eventually(p.t, "entry "+strconv.FormatUint(to, 10)+" comes", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for i := len(p.events) - 1; i >= 0; i-- {
			if id := p.events[i].id; id != (bus.Cursor{}) {
				return id.Seq >= to
			}
		}
		return to < from
	})
	p.isExactly(from, to)
}

// isExactly checks which entries have come.
func (p *page) isExactly(from, to uint64) {
	p.t.Helper()
	entries := p.entries()
	for i, e := range entries {
		if e.id.Seq != from+uint64(i) {
			p.t.Fatalf("entry %d came where %d was expected", e.id.Seq, from+uint64(i))
		}
	}
	if uint64(len(entries)) != to+1-from {
		p.t.Fatalf("%d entries came, not those from %d to %d", len(entries), from, to)
	}
}

// ends waits for the proper end of the stream with a last word, and returns that.
func (p *page) ends(word string) event {
	p.t.Helper()
	rig.Eventually(p.t, "the stream ends with "+word, p.isOver)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		p.t.Fatalf("the stream broke: %v", p.err)
	}
	if len(p.events) == 0 || p.events[len(p.events)-1].name != word {
		p.t.Fatalf("the last words are not %q but %.200q", word, fmt.Sprint(p.events[max(0, len(p.events)-2):]))
	}
	return p.events[len(p.events)-1]
}
