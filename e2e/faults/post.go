package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// responseLimit is how long a poster waits before it calls the outcome unknown. The server responds within
// 5 s.
const responseLimit = 8 * time.Second

// poster posts messages over one transport. Each sender has its own, so that its messages have an order.
type poster interface {
	name() string
	key() string // of a new message
	post(room uint64, key, body string) (outcome, uint64, string)
	close()
}

// formPoster posts the form of a page without scripts.
type formPoster struct {
	user    *user
	nextKey func() string
}

func (p *formPoster) name() string { return "form" }
func (p *formPoster) key() string  { return "n." + p.nextKey() } // as in real pages
func (p *formPoster) close()       {}

func (p *formPoster) post(room uint64, key, body string) (outcome, uint64, string) {
	ctx, cancel := context.WithTimeout(context.Background(), responseLimit)
	defer cancel()
	path := "/rooms/" + strconv.FormatUint(room, 10)
	status, page, header, err := p.user.request(ctx, http.MethodPost, path+"/messages", url.Values{"key": {key}, "body": {body}})
	switch {
	case err != nil:
		return unknown, 0, err.Error()
	case status == http.StatusSeeOther && header.Get("Location") == path:
		return acked, 0, ""
	case status == http.StatusSeeOther:
		return notMember, 0, "redirected to " + header.Get("Location")
	}
	if outcomeOf(status) != notMember && !strings.Contains(page, body) {
		return refused, 0, fmt.Sprintf("%d, and the text is lost", status)
	}
	return outcomeOf(status), 0, fmt.Sprintf("%d %s", status, alertOf(page))
}

// outcomeOf returns the outcome of a post that was not accepted.
func outcomeOf(status int) outcome {
	if status == http.StatusNotFound || status == http.StatusUnauthorized {
		return notMember
	}
	if status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage || status == http.StatusTooManyRequests {
		return retryLater
	}
	return refused
}

// socketPoster posts over the socket of a page with scripts.
type socketPoster struct {
	user    *user
	nextKey func() string
	socket  *socket
}

// socket is an open WebSocket of a room.
type socket struct {
	room uint64
	rw   buffered
}

// buffered is a connection that can be looked into without taking anything from it.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.reader.Read(p) }

// hasEnded reports whether the server has closed the socket. A page notices that when it happens and connects again; a
// poster that waits for nothing would notice it only by losing a message.
func (s *socket) hasEnded() bool {
	_ = s.rw.SetReadDeadline(time.Now().Add(time.Millisecond))
	first, err := s.rw.reader.Peek(1)
	if err != nil {
		return !errors.Is(err, os.ErrDeadlineExceeded)
	}
	return ws.OpCode(first[0]&0xf) == ws.OpClose
}

func (p *socketPoster) name() string { return "socket" }
func (p *socketPoster) key() string  { return p.nextKey() }

func (p *socketPoster) close() {
	if p.socket != nil {
		_ = p.socket.rw.Close()
		p.socket = nil
	}
}

func (p *socketPoster) open(room uint64) error {
	if p.socket != nil && p.socket.room == room && !p.socket.hasEnded() {
		return nil
	}
	p.close()
	ctx, cancel := context.WithTimeout(context.Background(), responseLimit)
	defer cancel()
	dialer := ws.Dialer{NetDial: p.user.dial, Header: ws.HandshakeHeaderHTTP{"Cookie": {p.user.cookie}, "Origin": {"http://" + host}}}
	conn, early, _, err := dialer.Dial(ctx, fmt.Sprintf("ws://%s/rooms/%d/socket", host, room))
	if err != nil {
		return err
	}
	if early != nil {
		ws.PutReader(early)
	}
	p.socket = &socket{room: room, rw: buffered{conn, bufio.NewReader(conn)}}
	return nil
}

var (
	ackPattern     = regexp.MustCompile(`<output data-key="([^"]*)" data-seq="(\d+)"`)
	refusalPattern = regexp.MustCompile(`<output data-key="([^"]*)" data-refused="(\d+)"`)
)

func (p *socketPoster) post(room uint64, key, body string) (outcome, uint64, string) {
	if err := p.open(room); err != nil {
		var status ws.StatusError
		if errors.As(err, &status) && outcomeOf(int(status)) == notMember {
			return notMember, 0, err.Error()
		}
		return retryLater, 0, "not connected: " + err.Error() // nothing was sent
	}
	frame, err := json.Marshal(map[string]any{"body": body, "key": key, "headers": map[string]string{}})
	if err != nil {
		return refused, 0, err.Error()
	}
	_ = p.socket.rw.SetDeadline(time.Now().Add(responseLimit))
	if err := wsutil.WriteClientText(p.socket.rw, frame); err != nil {
		p.close()
		return unknown, 0, err.Error()
	}
	for {
		text, err := wsutil.ReadServerText(p.socket.rw)
		if err != nil {
			p.close()
			var closing wsutil.ClosedError
			if errors.As(err, &closing) && closing.Code >= 4000 {
				return notMember, 0, fmt.Sprintf("closed %d", closing.Code)
			}
			return unknown, 0, err.Error()
		}
		if found := ackPattern.FindSubmatch(text); found != nil && string(found[1]) == key {
			seq, _ := strconv.ParseUint(string(found[2]), 10, 64)
			return acked, seq, ""
		}
		if found := refusalPattern.FindSubmatch(text); found != nil && string(found[1]) == key {
			status, _ := strconv.Atoi(string(found[2]))
			return outcomeOf(status), 0, string(found[2]) + " " + alertOf(string(text))
		}
	}
}
