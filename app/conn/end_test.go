package conn_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"parley/app/conn"
	"parley/e2e/rig"
)

// TestTheEndAnswersWhoHasAsked closes a listener in a storm. Whoever has sent a request is answered, wherever it waited:
// in the queue, or in that of the kernel. Whoever has not sees the end of the connection and no reset.
func TestTheEndAnswersWhoHasAsked(t *testing.T) {
	t.Parallel()
	const crowd = 500
	gate := make(chan struct{})
	s := serveLines(t, 2, time.Hour, func(line string) string {
		<-gate
		return line
	})
	var silent, asked []*client
	for i := range crowd {
		c := s.dial()
		if i%5 == 4 {
			silent = append(silent, c)
			continue
		}
		c.send(fmt.Sprint("request ", i))
		asked = append(asked, c)
	}
	_ = s.listener.Close() // with some that were not accepted yet
	close(gate)
	for i, c := range asked {
		if got := c.receive(); got != fmt.Sprint("request ", i+i/4) {
			t.Fatalf("answer %d is %q", i, got)
		}
		_ = c.conn.Close()
	}
	for _, c := range silent {
		_ = c.conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := c.in.ReadByte(); err != io.EOF {
			t.Errorf("who has asked nothing sees %v", err)
		}
	}
	if c, err := net.Dial("tcp", s.listener.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("it still listens")
	}
}

// TestTheEndWaitsForNoRequest checks that whoever says nothing, or never ends a TLS handshake, does not hold up the end,
// and that whoever has a request in progress keeps the connection.
func TestTheEndWaitsForNoRequest(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, conn.ListenerOptions{TLS: rig.NewCertificate(t, "localhost", time.Hour).Server()})
	c.listener.SetEndPatience(50 * time.Millisecond)
	_, silent := c.connect("127.0.0.1")
	busyHere, busy := c.connect("127.0.0.1")
	busyHere.Begin()
	shaking, half := c.connect("127.0.0.1")
	if _, err := half.Write([]byte{22, 3, 1}); err != nil { // the beginning of a handshake
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, shaking)
		read <- err
	}()
	_ = c.listener.Close()
	if !isClosed(silent, time.Minute) || !isClosed(half, time.Minute) {
		t.Error("whoever has no request is not closed")
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("a handshake that never ends ends with %v", err)
	}
	if isClosed(busy, 200*time.Millisecond) {
		t.Error("whoever has a request is closed")
	}
	_ = busyHere.Close()
	rig.Eventually(t, "all are gone", func() bool { return c.listener.Open() == 0 })
}
