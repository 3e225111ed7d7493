package conn_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"parley/app/conn"
	"parley/e2e/rig"
)

// shaken returns both ends of a connection with TLS.
func shaken(t *testing.T) (near *conn.TLS, far *tls.Conn, raw net.Conn) {
	t.Helper()
	c := rig.NewCertificate(t, "localhost", time.Hour)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := conn.NewListener(inner, conn.ListenerOptions{Log: discard, TLS: c.Server()})
	t.Cleanup(func() { _ = l.Close() })
	raw, err = net.Dial("tcp", l.Addr().String())
	must(t, err)
	t.Cleanup(func() { _ = raw.Close() })
	accepted, err := l.Accept()
	must(t, err)
	t.Cleanup(func() { _ = accepted.Close() })
	near, far = accepted.(*conn.TLS), tls.Client(raw, c.Client("localhost"))
	ended := make(chan error, 1)
	go func() { ended <- far.Handshake() }()
	must(t, near.Handshake())
	must(t, <-ended)
	return near, far, raw
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsSealedIsReadInOrder writes sealed bytes in parts, as to a slow client, and ends the connection properly.
// TLS writes nothing by itself in between, not even when it closes.
func TestWhatIsSealedIsReadInOrder(t *testing.T) {
	t.Parallel()
	near, far, _ := shaken(t)
	_, err := near.Write([]byte("by itself, "))
	must(t, err)
	var sealed []byte
	want := "by itself, "
	for _, text := range []string{"sealed, ", strings.Repeat("long, ", 10_000), "and the last"} {
		want += text
		sealed, err = near.Seal(sealed, []byte(text))
		must(t, err)
	}
	sealed, err = near.SealEnd(sealed)
	must(t, err)
	must(t, near.SetWriteDeadline(time.Unix(1, 0))) // is not for what the caller writes
	go func() {
		for len(sealed) > 0 {
			n := min(1000, len(sealed))
			_, _ = near.Below().Write(sealed[:n])
			sealed = sealed[n:]
		}
		_ = near.Close()
	}()
	got, err := io.ReadAll(far)
	if err != nil || string(got) != want {
		t.Errorf("%d bytes instead of %d, %v", len(got), len(want), err)
	}
}

// TestSilentClientsOfTLSMakeRoom is T49: whoever connects and never shakes hands is idle, and closed to make room.
func TestSilentClientsOfTLSMakeRoom(t *testing.T) {
	t.Parallel()
	config := rig.NewCertificate(t, "localhost", time.Hour).Server()
	c := newCrowd(t, conn.ListenerOptions{Bound: true, Capacity: 20, TLS: config})
	var clients []net.Conn
	for range 10 {
		_, client := c.connect("127.0.0.1")
		clients = append(clients, client)
	}
	in, _ := c.connect("127.0.0.1")
	if in == nil || !isClosed(clients[0], time.Second) || isClosed(clients[1], 10*time.Millisecond) {
		t.Error("the oldest one should have made room")
	}
	if n := c.listener.Open(); n != 10 {
		t.Errorf("%d are open", n)
	}
}

// TestFailedHandshakesAreQuiet checks that nobody fills the log, and that the HTTP server has nothing to answer.
func TestFailedHandshakesAreQuiet(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var log bytes.Buffer
	l := conn.NewListener(inner, conn.ListenerOptions{Log: slog.New(slog.NewTextHandler(&log, nil)), TLS: rig.NewCertificate(t, "localhost", time.Hour).Server()})
	defer func() { _ = l.Close() }()
	client, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	defer func() { _ = client.Close() }()
	_, err = io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	must(t, err)
	near, err := l.Accept()
	must(t, err)
	defer func() { _ = near.Close() }()
	if near.(*conn.TLS).Handshake() == nil {
		t.Error("the handshake did not fail")
	}
	if n, err := near.Read(make([]byte, 10)); n != 0 || err != io.EOF {
		t.Errorf("read %d, %v", n, err)
	}
	if log.Len() > 0 {
		t.Errorf("logged: %s", log.String())
	}
}
