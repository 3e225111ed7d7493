package socket_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/app/bus"
	"parley/app/conn"
	"parley/app/socket"
	"parley/e2e/rig"
)

const maxMessage = 1000

// fixture is a server whose sockets echo what they are sent.
type fixture struct {
	t      *testing.T
	conns  *conn.Registry
	bus    *bus.Local
	server *socket.Server
	ended  atomic.Int64
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	f := &fixture{t: t, bus: bus.NewLocal(log)}
	alive := func(context.Context, []uint64) (map[uint64]bool, error) { return nil, errors.New("not asked") }
	f.conns = conn.NewRegistry(alive, f.bus, log, time.Hour)
	f.server = socket.NewServer(f.conns, log, maxMessage)
	t.Cleanup(func() {
		f.server.Close()
		_ = f.bus.Close()
	})
	return f
}

func echo(c *socket.Conn, message []byte) socket.CloseCode {
	switch string(message) {
	case "panic":
		panic("on purpose")
	case "close":
		return 4999
	}
	c.Send(message)
	return socket.KeepOpen
}

// client is the far end of a socket.
type client struct {
	t    *testing.T
	conn net.Conn
}

func (f *fixture) open(session uint64, early ...byte) *client {
	f.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	far, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		f.t.Fatal(err)
	}
	near, err := listener.Accept()
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = far.Close() })
	f.server.Serve(near, socket.Options{Session: session, Response: []byte("hello"), Early: early, Handle: echo,
		OnEnd: func() { f.ended.Add(1) }})
	c := &client{t: f.t, conn: far}
	greeting := make([]byte, 5)
	if _, err := io.ReadFull(far, greeting); err == nil && string(greeting) != "hello" {
		f.t.Fatalf("the response is %q", greeting)
	}
	return c
}

func text(message string) []byte {
	return ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(message))))
}

func (c *client) send(b []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

// next returns the next frame, which has to come soon.
func (c *client) next() (ws.OpCode, string) {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(time.Minute))
	header, err := ws.ReadHeader(c.conn)
	if err != nil {
		c.t.Fatal(err)
	}
	payload := make([]byte, header.Length)
	if _, err := io.ReadFull(c.conn, payload); err != nil {
		c.t.Fatal(err)
	}
	return header.OpCode, string(payload)
}

func (c *client) receives(want string) {
	c.t.Helper()
	if code, got := c.next(); code != ws.OpText || got != want {
		c.t.Errorf("received %x %q, not %q", code, got, want)
	}
}

func (c *client) isClosedWith(want ws.StatusCode) {
	c.t.Helper()
	code, payload := c.next()
	if got, _ := ws.ParseCloseFrameData([]byte(payload)); code != ws.OpClose || got != want {
		c.t.Errorf("received %x %d, not %d", code, got, want)
	}
	if _, err := c.conn.Read(make([]byte, 1)); err == nil {
		c.t.Error("more follows the close frame")
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	const key = "dGhlIHNhbXBsZSBub25jZQ==" // RFC 6455 section 1.3
	response, ok := socket.Handshake(key, "13")
	if !ok || !bytes.Contains(response, []byte("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")) {
		t.Errorf("%q", response)
	}
	for _, headers := range [][2]string{{"", "13"}, {key, ""}, {key, "8"}, {key, "013"}, {"dGhlIHNhbXBsZSBub25jZQ", "13"},
		{"c2hvcnQ=", "13"}, {key + "AAAA", "13"}, {"\r\n", "13"}} {
		if response, ok := socket.Handshake(headers[0], headers[1]); ok || response != nil {
			t.Errorf("%q is accepted", headers)
		}
	}
}

func TestMessagesInOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.open(1, text("early")...)
	c.receives("early")
	for _, message := range []string{"one", "", "three 🧩", strings.Repeat("x", maxMessage)} {
		c.send(text(message))
		c.receives(message)
	}
	c.send(bytes.Join([][]byte{text("a"), text("b"), text("c")}, nil))
	c.receives("a")
	c.receives("b")
	c.receives("c")
	c.send(text(strings.Repeat("x", maxMessage+1)))
	c.isClosedWith(1009)
	rig.Eventually(t, "it is gone", func() bool { return f.ended.Load() == 1 && f.server.Open() == 0 && f.conns.Sessions() == 0 })
}

// A limit holds for a message and not for the socket, and a ping between frames is no part of it.
func TestAMessageInManyFrames(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.open(1)
	message := strings.Repeat("é", maxMessage/2)
	for range 3 {
		for i := range len(message) {
			frame := ws.NewFrame(ws.OpContinuation, i == len(message)-1, []byte(message[i:i+1]))
			if i == 0 {
				frame.Header.OpCode = ws.OpText
			}
			c.send(ws.MustCompileFrame(ws.MaskFrame(frame)))
			if i%100 == 50 {
				c.send(ws.MustCompileFrame(ws.MaskFrame(ws.NewPingFrame([]byte("are you there")))))
				if code, payload := c.next(); code != ws.OpPong || payload != "are you there" {
					t.Fatalf("received %x %q", code, payload)
				}
			}
		}
		c.receives(message)
	}
}

func TestAHandlerThatClosesOrPanics(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other := f.open(2)
	for message, code := range map[string]ws.StatusCode{"close": 4999, "panic": 1011} {
		c := f.open(1)
		c.send(text(message))
		c.isClosedWith(code)
	}
	other.send(text("still here"))
	other.receives("still here")
}

func TestSignedOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, second, other := f.open(1), f.open(1), f.open(2)
	f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: 1})
	first.isClosedWith(4401)
	second.isClosedWith(4401)
	other.send(text("still here"))
	other.receives("still here")
}

func TestClose(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	list := []*client{f.open(1), f.open(1), f.open(2)}
	f.server.Close()
	f.server.Close()
	if n := f.ended.Load(); n != 3 {
		t.Errorf("%d of 3 had ended when Close returned", n)
	}
	for _, c := range list {
		c.isClosedWith(1012)
	}
	late := f.open(3)
	if _, err := late.conn.Read(make([]byte, 1)); err == nil {
		t.Error("a socket was served after Close")
	}
	if n := f.ended.Load(); n != 4 {
		t.Error("who came late was not told to end")
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.server.MaxSilence = 300 * time.Millisecond
	silent, alive := f.open(1), f.open(2)
	for start := time.Now(); time.Since(start) < time.Second; time.Sleep(30 * time.Millisecond) {
		f.server.Ping()
		if code, _ := alive.next(); code != ws.OpPing {
			t.Fatalf("received %x", code)
		}
		alive.send(ws.MustCompileFrame(ws.MaskFrame(ws.NewPongFrame(nil))))
	}
	rig.Eventually(t, "the silent one is gone", func() bool { return f.ended.Load() == 1 })
	if _, err := io.Copy(io.Discard, silent.conn); err != nil {
		t.Errorf("its connection broke: %v", err)
	}
	alive.send(text("still here"))
	alive.receives("still here")
}
