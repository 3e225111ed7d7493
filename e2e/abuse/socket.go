package abuse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// socket is the socket of a room, as the composer has one.
type socket struct {
	browser *browser
	room    string
	conn    net.Conn // nil until it is needed
}

// dial opens a socket, and returns why not.
func (b *browser) dial(ctx context.Context, room string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	headers := b.headers()
	headers.Set("Origin", "http://"+b.site)
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP(headers)}
	conn, early, _, err := dialer.Dial(ctx, "ws://"+b.site+room+"/socket")
	if early != nil {
		ws.PutReader(early)
	}
	return conn, err
}

func (s *socket) open(ctx context.Context) (err error) {
	if s.conn == nil {
		s.conn, err = s.browser.dial(ctx, s.room)
	}
	return err
}

func (s *socket) close() {
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

var receipt = regexp.MustCompile(`<output data-key="([^"]*)" data-(seq|refused)="(\d+)"`)

// post posts a message. It returns its seq, or the status with which it was refused; an error says that the
// outcome is not known.
func (s *socket) post(ctx context.Context, key, body string) (seq uint64, status int, err error) {
	if err := s.open(ctx); err != nil {
		return 0, 0, err
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	frame, err := json.Marshal(map[string]string{"body": body, "key": key})
	if err == nil {
		err = s.conn.SetDeadline(time.Now().Add(patience))
	}
	if err == nil {
		err = wsutil.WriteClientText(s.conn, frame)
	}
	for err == nil {
		var text []byte
		if text, err = wsutil.ReadServerText(s.conn); err != nil {
			break
		}
		found := receipt.FindSubmatch(text)
		if found == nil || string(found[1]) != key {
			continue
		}
		n, err := strconv.ParseUint(string(found[3]), 10, 64)
		if string(found[2]) == "seq" {
			return n, 0, err
		}
		return 0, int(n), err //nolint:gosec // a status
	}
	return 0, 0, fmt.Errorf("posting over a socket: %w", err)
}

// statusOf returns the status with which a socket was refused, or the error if it has none.
func statusOf(err error) (int, error) {
	var status ws.StatusError
	if errors.As(err, &status) {
		return int(status), nil
	}
	if err != nil {
		return 0, err
	}
	return http.StatusSwitchingProtocols, nil
}
