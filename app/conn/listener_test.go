package conn_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"parley/app/conn"
)

var discard = slog.New(slog.DiscardHandler)

// failingListener returns its errors one after another, and then a connection.
type failingListener struct {
	errs   []error
	closed chan struct{}
}

func (l *failingListener) Accept() (net.Conn, error) {
	if len(l.errs) > 0 {
		err := l.errs[0]
		l.errs = l.errs[1:]
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", err)}
	}
	a, _ := net.Pipe()
	return a, nil
}

func (l *failingListener) Close() error {
	close(l.closed)
	return nil
}

func (l *failingListener) Addr() net.Addr { return &net.TCPAddr{} }

// TestAcceptOutlivesErrors is T49: whatever accept says, the listener waits and goes on.
func TestAcceptOutlivesErrors(t *testing.T) {
	t.Parallel()
	for _, err := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.EPROTO,
		syscall.EPERM, syscall.EINTR, syscall.ENETDOWN, syscall.EHOSTUNREACH, errors.New("something new")} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			inner := &failingListener{errs: []error{err, err, err, err, err, err, err, err, err, err}, closed: make(chan struct{})}
			l := conn.NewListener(inner, conn.ListenerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
			begin := time.Now()
			c, got := l.Accept()
			if got != nil || c == nil {
				t.Fatalf("%v ends it: %v", err, got)
			}
			if took := time.Since(begin); took < 2*time.Second || took > 5*time.Second { // 5 ms, doubled to 1 s
				t.Errorf("%v: ten errors took %v", err, took)
			}
			if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), err.Error()) {
				t.Errorf("%v: %d lines: %s", err, n, log.String())
			}
			_ = c.Close()
		})
	}
}

// TestAClosedListenerEnds checks that closing ends Accept, also while it waits.
func TestAClosedListenerEnds(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := conn.NewListener(inner, conn.ListenerOptions{Log: discard})
	ended := make(chan error)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	_, _ = l.Close(), l.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept returned %v", err)
	}
}

// crowd is a listener with everything that it has accepted, and the clients.
type crowd struct {
	t        *testing.T
	listener *conn.Listener
	clients  []net.Conn

	mu       sync.Mutex
	accepted []*conn.Incoming
}

func newCrowd(t *testing.T, o conn.ListenerOptions) *crowd {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.Log = discard
	c := &crowd{t: t, listener: conn.NewListener(inner, o)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			one, err := c.listener.Accept()
			if err != nil {
				return
			}
			c.mu.Lock()
			in, _ := conn.Accepted(one)
			c.accepted = append(c.accepted, in)
			c.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = c.listener.Close()
		<-done
		for _, one := range c.accepted {
			_ = one.Close()
		}
		for _, one := range c.clients {
			_ = one.Close()
		}
		if n := c.listener.Open(); n != 0 {
			t.Errorf("%d are still counted", n)
		}
	})
	return c
}

// connect opens a connection from an address of 127.0.0.0/8, and reports whether it is accepted.
func (c *crowd) connect(from string) (in *conn.Incoming, client net.Conn) {
	c.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	client, err := dialer.Dial("tcp", c.listener.Addr().String())
	if err != nil {
		c.t.Fatal(err)
	}
	c.clients = append(c.clients, client)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		c.mu.Lock()
		for _, one := range c.accepted {
			if one.RemoteAddr().String() == client.LocalAddr().String() {
				c.mu.Unlock()
				return one, client
			}
		}
		c.mu.Unlock()
		if isClosed(client, time.Millisecond) {
			return nil, client
		}
	}
	c.t.Fatal("neither accepted nor refused")
	return nil, nil
}

// isClosed reports whether the other side hangs up within a time.
func isClosed(client net.Conn, within time.Duration) bool {
	_ = client.SetReadDeadline(time.Now().Add(within))
	_, err := client.Read(make([]byte, 1))
	var timeout net.Error
	return err != nil && (!errors.As(err, &timeout) || !timeout.Timeout())
}

// TestOneAddressMakesRoomForItself is T49: beyond its bound the connection of an address that has been idle
// for the longest time is closed, and none of another address.
func TestOneAddressMakesRoomForItself(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, conn.ListenerOptions{Bound: true, Capacity: 20})
	_, other := c.connect("127.0.0.2")
	var clients []net.Conn
	for i := range 10 { // half of the capacity
		in, client := c.connect("127.0.0.1")
		if in == nil {
			t.Fatalf("connection %d is refused", i+1)
		}
		clients = append(clients, client)
	}
	first, _ := c.connect("127.0.0.1")
	if first == nil || !isClosed(clients[0], time.Second) || isClosed(clients[1], 10*time.Millisecond) {
		t.Error("the oldest one should have made room")
	}
	for _, one := range c.accepted[1:] {
		if !one.Begin() {
			continue
		}
	}
	if in, _ := c.connect("127.0.0.1"); in != nil {
		t.Error("all are busy, and another is accepted")
	}
	c.accepted[5].Rest()
	if in, _ := c.connect("127.0.0.1"); in == nil {
		t.Error("one was idle again, and another is refused")
	}
	if c.accepted[5].Begin() {
		t.Error("a request began on a connection that is closed")
	}
	if isClosed(other, 10*time.Millisecond) {
		t.Error("another address had to make room")
	}
	for _, one := range c.accepted[2:5] {
		taken := one.Take() // streams are not counted for their address
		t.Cleanup(func() { _ = taken.Close() })
	}
	for range 3 {
		if in, _ := c.connect("127.0.0.1"); in == nil || !in.Begin() {
			t.Error("no room beside streams")
		}
	}
}

// TestTheProcessMakesRoom is T49 for many addresses: who has the most idle connections makes room.
func TestTheProcessMakesRoom(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, conn.ListenerOptions{Capacity: 40})
	_, lonely := c.connect("127.0.0.3")
	for range 39 {
		c.connect("127.0.0.1")
	}
	for i := range 30 {
		if in, client := c.connect("127.0.0.2"); in == nil || isClosed(client, 0) {
			t.Fatalf("connection %d beyond the capacity is refused", i)
		}
		if n := c.listener.Open(); n > 40 {
			t.Fatalf("%d are open", n)
		}
	}
	if isClosed(lonely, 10*time.Millisecond) {
		t.Error("an address with one connection had to make room")
	}
	for _, one := range c.accepted {
		one.Begin()
	}
	for c.listener.Open() < 40 {
		if in, _ := c.connect("127.0.0.4"); in == nil || !in.Begin() {
			t.Fatal("refused below the capacity")
		}
	}
	if in, _ := c.connect("127.0.0.4"); in != nil {
		t.Error("all are busy, and another is accepted")
	}
}

// TestProxiesAreNotBounded checks that the connections of everybody, through one proxy, are not those of
// one address.
func TestProxiesAreNotBounded(t *testing.T) {
	t.Parallel()
	proxy := netip.MustParseAddr("127.0.0.1")
	c := newCrowd(t, conn.ListenerOptions{Bound: true, Capacity: 20, Unbounded: func(a netip.Addr) bool { return a == proxy }})
	for i := range 20 {
		if in, _ := c.connect("127.0.0.1"); in == nil || !in.Begin() {
			t.Fatalf("connection %d is refused", i+1)
		}
	}
}

// TestIncomingIsAConnection checks that what HTTP and streams need of a TCP connection is still there.
func TestIncomingIsAConnection(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, conn.ListenerOptions{})
	in, client := c.connect("127.0.0.1")
	if _, ok := any(in).(syscall.Conn); !ok {
		t.Error("it cannot be written to without waiting")
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(in, make([]byte, 1)); err != nil {
		t.Error(err)
	}
	in.Rest()
	if !in.Begin() || in.Close() != nil || in.Begin() || c.listener.Open() != 0 {
		t.Error("the states of a connection")
	}
	in.Rest()
}

// TestATakenConnection checks that the HTTP server, which closes it, does not close what somebody has taken, and that
// it is as good for a stream as any TCP connection.
func TestATakenConnection(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, conn.ListenerOptions{})
	in, client := c.connect("127.0.0.1")
	taken := in.Take()
	if _, ok := any(taken).(syscall.Conn); !ok {
		t.Error("it cannot be written to without waiting")
	}
	in.Rest()
	if in.Close() != nil || isClosed(client, 10*time.Millisecond) || c.listener.Open() != 1 {
		t.Error("it is closed")
	}
	if taken.Close() != nil || !isClosed(client, time.Minute) || c.listener.Open() != 0 {
		t.Error("it is not closed")
	}
	_ = taken.Close()
	if n := c.listener.Open(); n != 0 {
		t.Errorf("%d are open", n)
	}
}
