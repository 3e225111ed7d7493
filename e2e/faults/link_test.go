package faults

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"
)

// echoThroughLink connects to an echo server through a link.
func echoThroughLink(t *testing.T) (*link, net.Conn) {
	t.Helper()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	l, err := newLink(dialer(server.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	conn, err := net.Dial("tcp", l.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	roundTrip(t, conn, time.Second)
	return l, conn
}

// roundTrip sends a word and waits for it to come back.
func roundTrip(t *testing.T, conn net.Conn, limit time.Duration) time.Duration {
	t.Helper()
	start := time.Now()
	_ = conn.SetDeadline(start.Add(limit))
	if _, err := conn.Write([]byte("word")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

func TestLinkResetsConnections(t *testing.T) {
	l, conn := echoThroughLink(t)
	l.Reset()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
}

func TestLinkDelays(t *testing.T) {
	l, conn := echoThroughLink(t)
	l.delay.Store(int64(100 * time.Millisecond))
	if took := roundTrip(t, conn, 5*time.Second); took < 200*time.Millisecond {
		t.Fatalf("the round trip took only %s", took)
	}
}

func TestBlackholeKeepsConnectionsOpen(t *testing.T) {
	l, conn := echoThroughLink(t)
	l.Blackhole(true)
	if _, err := conn.Write([]byte("word")); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	l.Blackhole(false)
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // time for a retransmission
	if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
}

func TestThrottledLinkIsSlow(t *testing.T) {
	l, conn := echoThroughLink(t)
	l.throttle(40)
	if took := roundTrip(t, conn, 5*time.Second); took < 90*time.Millisecond {
		t.Fatalf("four bytes took only %s", took)
	}
}

func TestSignalsAreLostAndDuplicatedInPartialReads(t *testing.T) {
	signal := func(payload string) string {
		return "*3\r\n$7\r\nmessage\r\n$8\r\nparley:0\r\n$" + string(rune('0'+len(payload))) + "\r\n" + payload + "\r\n"
	}
	for name, c := range map[string]struct {
		lose, duplicate float64
		want            string
	}{
		"untouched":  {0, 0, signal("m|1|2|3") + signal("h|1|2")},
		"lost":       {1, 0, signal("h|1|2")},
		"duplicated": {0, 1, signal("m|1|2|3") + signal("m|1|2|3") + signal("h|1|2")},
	} {
		s := &signalFault{}
		s.set(rand.New(rand.NewPCG(1, 1)), c.lose, c.duplicate)
		l := &link{}
		s.hook(l)
		f := l.down(nil)
		var got bytes.Buffer
		for _, part := range []byte(signal("m|1|2|3") + signal("h|1|2")) { // the smallest possible reads
			out, err := f([]byte{part})
			if err != nil {
				t.Fatal(err)
			}
			got.Write(out)
		}
		if got.String() != c.want {
			t.Errorf("%s: got %q", name, got.String())
		}
	}
}
