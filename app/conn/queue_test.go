package conn_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/conn"
	"parley/e2e/rig"
)

// lineServer answers lines, as the HTTP server does requests: in a goroutine for each connection that it gets.
type lineServer struct {
	t        *testing.T
	listener *conn.Listener
	answer   func(line string) string

	began   atomic.Int64 // connections that it got
	waiting atomic.Int64 // of those, without their first answer
	most    atomic.Int64 // of those at once
	mu      sync.Mutex
	order   []string // the clients, as it got them
}

// serveLines serves until the test ends. Of its connections, opening may wait for their first answer at once.
func serveLines(t *testing.T, opening int, lasts time.Duration, answer func(line string) string) *lineServer {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &lineServer{t: t, answer: answer, listener: conn.NewListener(inner, conn.ListenerOptions{Log: discard, Opening: opening})}
	s.listener.SetPatience(lasts, lasts)
	s.listener.SetEndPatience(50 * time.Millisecond)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := s.listener.Accept()
			if err != nil {
				if !errors.Is(err, net.ErrClosed) {
					t.Errorf("Accept returned %v", err)
				}
				return
			}
			s.began.Add(1)
			s.most.Store(max(s.most.Load(), s.waiting.Add(1)))
			s.mu.Lock()
			s.order = append(s.order, c.RemoteAddr().String())
			s.mu.Unlock()
			running.Go(func() { s.serve(c.(*conn.Incoming)) })
		}
	})
	t.Cleanup(func() {
		_ = s.listener.Close()
		running.Wait()
		if n := s.listener.Open(); n != 0 {
			t.Errorf("%d are still counted", n)
		}
	})
	return s
}

func (s *lineServer) serve(c *conn.Incoming) {
	defer func() { _ = c.Close() }()
	answered := sync.OnceFunc(func() { s.waiting.Add(-1) })
	defer answered()
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if !c.Begin() {
			return
		}
		answer := s.answer(lines.Text())
		answered()
		_, _ = fmt.Fprintln(c, answer)
		c.Rest()
	}
}

// client is one end of a connection that asks.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func (s *lineServer) dial() *client {
	s.t.Helper()
	c, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	return &client{t: s.t, conn: c, in: bufio.NewReader(c)}
}

func (c *client) send(line string) {
	if _, err := fmt.Fprintln(c.conn, line); err != nil {
		c.t.Error(err)
	}
}

// receive returns the next answer.
func (c *client) receive() string {
	_ = c.conn.SetReadDeadline(time.Now().Add(time.Minute))
	line, err := c.in.ReadString('\n')
	if err != nil {
		c.t.Errorf("no answer: %v", err)
		return ""
	}
	return line[:len(line)-1]
}

// TestAStormIsServedInOrder lets two thousand come at once. The server gets few of them at a time, in their order, and
// all are answered; and so is a client that it knew before.
func TestAStormIsServedInOrder(t *testing.T) {
	t.Parallel()
	const crowd, few = 2000, 5
	gate := make(chan struct{})
	s := serveLines(t, few, time.Hour, func(line string) string {
		if line == "storm" {
			<-gate
		}
		return line
	})
	known := s.dial()
	known.send("hello")
	known.receive()
	clients := make([]*client, crowd)
	for i := range clients {
		clients[i] = s.dial()
		clients[i].send("storm")
	}
	rig.Eventually(t, "all are accepted", func() bool { return s.listener.Open() == crowd+1 })
	if n := s.began.Load() - 1; n != few {
		t.Errorf("the server got %d, and not %d", n, few)
	}
	known.send("a page")
	if known.receive() != "a page" {
		t.Error("whoever was there before has to wait")
	}
	close(gate)
	for _, c := range clients {
		c.receive()
	}
	if s.most.Load() > few {
		t.Errorf("%d waited for their first answer at once", s.most.Load())
	}
	for i, c := range clients {
		if s.order[i+1] != c.conn.LocalAddr().String() {
			t.Fatalf("number %d was not served in its turn", i)
		}
	}
}

// TestTheSilentHoldUpNobody fills the server with connections that send nothing, or whose answer takes long.
func TestTheSilentHoldUpNobody(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	s := serveLines(t, 2, 20*time.Millisecond, func(line string) string {
		if line == "slow" {
			<-hangs
		}
		return line
	})
	var silent, slow []*client
	for range 10 {
		silent, slow = append(silent, s.dial()), append(slow, s.dial())
		slow[len(slow)-1].send("slow")
	}
	c := s.dial()
	c.send("x")
	if c.receive() != "x" {
		t.Error("no answer")
	}
	close(hangs)
	for i := range silent { // and they have lost nothing
		silent[i].send("y")
		if silent[i].receive() != "y" || slow[i].receive() != "slow" {
			t.Error("no answer to who was slow")
		}
	}
}

// TestWhatIsTakenMakesRoom checks that streams and sockets do not count as waiting, nor whoever hangs up.
func TestWhatIsTakenMakesRoom(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := conn.NewListener(inner, conn.ListenerOptions{Log: discard, Opening: 1})
	l.SetPatience(time.Hour, time.Hour)
	for i := range 30 {
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		in := c.(*conn.Incoming)
		switch i % 3 {
		case 0:
			taken := in.Take()
			_ = in.Close()
			if _, err := client.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(taken, make([]byte, 1)); err != nil {
				t.Errorf("the server closed what was taken: %v", err)
			}
			if n := l.Open(); n != i/3+1 {
				t.Errorf("%d are counted", n)
			}
			_, _ = taken.Close(), taken.Close()
		case 1:
			_ = in.Close()
		default:
			in.Rest()
			defer func() { _ = in.Close() }()
		}
		if i%3 != 2 && !isClosed(client, time.Minute) {
			t.Error("it is not closed")
		}
		if n := l.Open(); n != i/3+i%3/2 {
			t.Errorf("%d are counted after %d", n, i)
		}
		_ = client.Close()
	}
	_ = l.Close()
}

// TestTheQueueMakesRoom is T49 for those who wait: whoever has had to make room is not handed on.
func TestTheQueueMakesRoom(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := conn.NewListener(inner, conn.ListenerOptions{Log: discard, Opening: 1, Capacity: 4})
	l.SetPatience(time.Hour, time.Hour)
	defer func() { _ = l.Close() }()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	dial()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	first := c.(*conn.Incoming)
	first.Begin()
	second := dial()
	rig.Eventually(t, "it waits", func() bool { return l.Open() == 2 })
	third := dial()
	dial()
	dial()
	if !isClosed(second, time.Minute) {
		t.Fatal("it did not make room")
	}
	first.Rest()
	next, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if next.RemoteAddr().String() != third.LocalAddr().String() {
		t.Error("a closed connection is handed on, or not the first one")
	}
	_, _ = first.Close(), next.Close()
}
