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

// through connects to an echo server through a link.
func through(t *testing.T) (*link, net.Conn) {
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
	l, err := newLink(to(server.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	conn, err := net.Dial("tcp", l.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	echo(t, conn, time.Second)
	return l, conn
}

// echo sends a word and waits for it.
func echo(t *testing.T, conn net.Conn, limit time.Duration) time.Duration {
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

func TestALinkCutsWithAReset(t *testing.T) {
	l, conn := through(t)
	l.Reset()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
}

func TestALinkDelays(t *testing.T) {
	l, conn := through(t)
	l.delay.Store(int64(100 * time.Millisecond))
	if took := echo(t, conn, 5*time.Second); took < 200*time.Millisecond {
		t.Fatalf("there and back in %s", took)
	}
}

func TestABlackHoleKeepsTheConnection(t *testing.T) {
	l, conn := through(t)
	l.Swallow(true)
	if _, err := conn.Write([]byte("word")); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	l.Swallow(false)
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // until it is sent again
	if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
}

func TestAThrottledLinkIsSlow(t *testing.T) {
	l, conn := through(t)
	l.throttle(40)
	if took := echo(t, conn, 5*time.Second); took < 90*time.Millisecond {
		t.Fatalf("four bytes in %s", took)
	}
}

func TestRingsAreLostAndDoubledWherePiecesMeet(t *testing.T) {
	ring := func(payload string) string {
		return "*3\r\n$7\r\nmessage\r\n$8\r\nparley:0\r\n$" + string(rune('0'+len(payload))) + "\r\n" + payload + "\r\n"
	}
	for name, c := range map[string]struct {
		lose, double float64
		want         string
	}{
		"untouched": {0, 0, ring("m|1|2|3") + ring("h|1|2")},
		"lost":      {1, 0, ring("h|1|2")},
		"doubled":   {0, 1, ring("m|1|2|3") + ring("m|1|2|3") + ring("h|1|2")},
	} {
		b := &ringBender{}
		b.set(rand.New(rand.NewPCG(1, 1)), c.lose, c.double)
		l := &link{}
		b.hook(l)
		f := l.down(nil)
		var got bytes.Buffer
		for _, piece := range []byte(ring("m|1|2|3") + ring("h|1|2")) { // the worst that a network can do
			out, err := f([]byte{piece})
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
