package live_test

import (
	"bufio"
	"cmp"
	"crypto/tls"
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
	"parley/app/conn"
	"parley/app/live"
	"parley/e2e/rig"
)

// fixture is a source, a bus and a hub that serves them over TCP.
type fixture struct {
	t      *testing.T
	source *fakeSource
	bus    *fakeBus
	conns  *conn.Registry
	hub    *live.Hub

	listener net.Listener
	tls      *tls.Config // of pages; nil without TLS
	mayPanic bool
	mu       sync.Mutex
	users    uint64
}

// newFixture starts a hub that closes with the test.
func newFixture(t *testing.T, intervals live.Intervals) *fixture {
	t.Helper()
	s := newFakeSource()
	return startFixture(t, s, newFakeBus(t), s.liveSource(), intervals)
}

// startFixture starts a hub over a source and a bus, which others may use as well.
func startFixture(t *testing.T, s *fakeSource, b *fakeBus, source live.Source, intervals live.Intervals) *fixture {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conns := conn.NewRegistry(s.alive, b, discardLog, cmp.Or(intervals.CheckInterval, conn.CheckInterval))
	f := &fixture{t: t, source: s, bus: b, conns: conns, hub: live.NewFastHub(source, conns, b, discardLog, intervals), listener: listener}
	t.Cleanup(func() {
		f.hub.Close()
		_ = listener.Close()
		if n := f.hub.Stats.Panics.Load() + conns.Panics(); n > 0 && !f.mayPanic {
			t.Errorf("%d panics", n)
		}
	})
	return f
}

// post appends an entry to a room and publishes it.
func (f *fixture) post(room uint64, text string) bus.Cursor {
	c := f.source.post(room, text)
	f.bus.Publish(entrySignal(room, c))
	return c
}

// remove ends a user's membership in a room.
func (f *fixture) remove(room, user uint64) bus.Cursor {
	c := f.source.remove(room, user)
	f.bus.Publish(entrySignal(room, c))
	return c
}

// event is what a page receives.
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
	ended  bool
	err    error // nil if the response ended properly
	status int
	proto  string
}

// connect returns both ends of a new connection: the server's and the page's.
func (f *fixture) connect(dialer *net.Dialer) (near, far net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	far, err := dialer.Dial("tcp", f.listener.Addr().String())
	if err != nil {
		f.t.Fatal(err)
	}
	near, err = f.listener.Accept()
	if err != nil {
		f.t.Fatal(err)
	}
	if f.tls != nil {
		page := tls.Client(far, f.tls)
		shaken := make(chan error, 1)
		go func() { shaken <- page.Handshake() }()
		if err := errors.Join(near.(*conn.TLS).Handshake(), <-shaken); err != nil {
			f.t.Fatal(err)
		}
		far = page
	}
	return near, far
}

// encrypt makes the hub serve over TLS. Call it before the first page is opened.
func (f *fixture) encrypt() {
	c := rig.NewCertificate(f.t, "localhost", time.Hour)
	f.listener = conn.NewListener(f.listener, conn.ListenerOptions{Log: discardLog, TLS: c.Server()})
	f.tls = c.Client("localhost")
}

// overBoth runs a test over TCP and over TLS.
func overBoth(t *testing.T, intervals live.Intervals, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Parallel()
	t.Run("tcp", func(t *testing.T) {
		t.Parallel()
		test(t, newFixture(t, intervals))
	})
	t.Run("tls", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, intervals)
		f.encrypt()
		test(t, f)
	})
}

func responseHead(chunked bool) []byte {
	if chunked {
		return []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n")
	}
	return []byte("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n")
}

// viewer returns a viewer of a room, with a user and a session of its own.
func (f *fixture) viewer(room uint64) *live.Viewer {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users++
	return &live.Viewer{User: f.users, Session: f.users + 1_000_000, Room: room, Variant: "UTC", Chunked: true}
}

// from is a cursor to start from.
func from(c bus.Cursor) *bus.Cursor { return &c }

// open opens a page and reads it.
func (f *fixture) open(v *live.Viewer, after *bus.Cursor) *page {
	near, far := f.connect(&net.Dialer{})
	p := &page{t: f.t, conn: far}
	f.hub.Serve(near, responseHead(v.Chunked), v, after)
	go p.read()
	f.t.Cleanup(p.hangUp)
	return p
}

// openWithoutReading opens a page and does not read it. Its kernel buffer is small.
func (f *fixture) openWithoutReading(v *live.Viewer, after *bus.Cursor) *page {
	near, far := f.connect(&net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
		})
	}})
	p := &page{t: f.t, conn: far}
	f.hub.Serve(near, responseHead(v.Chunked), v, after)
	f.t.Cleanup(p.hangUp)
	return p
}

func (p *page) hangUp() { _ = p.conn.Close() }

// read reads the response to its end, as a browser would.
func (p *page) read() {
	err := p.readAll(p.conn)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.err = true, err
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
			return errors.Join(err, fmt.Errorf("in the middle of an event, at %.60q", line))
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
			return fmt.Errorf("unknown field: %q", line)
		}
	}
}

// filter returns the events so far that match.
func (p *page) filter(match func(event) bool) (list []event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if match(e) {
			list = append(list, e)
		}
	}
	return list
}

func (p *page) entries() []event {
	return p.filter(func(e event) bool { return e.id != bus.Cursor{} })
}

func (p *page) named(name string) []event {
	return p.filter(func(e event) bool { return e.name == name })
}

// states returns the whole states that were shown: lists, or who is present.
func (p *page) states() []event {
	return p.filter(func(e event) bool { return e.name == "" && e.id == bus.Cursor{} })
}

// last returns the last event.
func (p *page) last() event {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) == 0 {
		return event{}
	}
	return p.events[len(p.events)-1]
}

// hasEnded reports whether the response has ended.
func (p *page) hasEnded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// receives waits for an entry, and checks that all entries from the first on came, once each and in
// order.
func (p *page) receives(from, to uint64) {
	p.t.Helper()
	rig.Eventually(p.t, "entry "+strconv.FormatUint(to, 10)+" arrives", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for i := len(p.events) - 1; i >= 0; i-- {
			if id := p.events[i].id; id != (bus.Cursor{}) {
				return id.Seq >= to
			}
		}
		return to < from
	})
	p.hasExactly(from, to)
}

// hasExactly checks which entries have arrived.
func (p *page) hasExactly(from, to uint64) {
	p.t.Helper()
	entries := p.entries()
	for i, e := range entries {
		if e.id.Seq != from+uint64(i) {
			p.t.Fatalf("entry %d arrived instead of %d", e.id.Seq, from+uint64(i))
		}
	}
	if uint64(len(entries)) != to+1-from {
		p.t.Fatalf("%d entries arrived, not those from %d to %d", len(entries), from, to)
	}
}

// endsWith waits until the stream has properly ended with a last event, and returns that.
func (p *page) endsWith(name string) event {
	p.t.Helper()
	rig.Eventually(p.t, "the stream ends with "+name, p.hasEnded)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		p.t.Fatalf("the stream broke: %v", p.err)
	}
	if len(p.events) == 0 || p.events[len(p.events)-1].name != name {
		p.t.Fatalf("the last event is not %q but %.200q", name, fmt.Sprint(p.events[max(0, len(p.events)-2):]))
	}
	return p.events[len(p.events)-1]
}
