package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// answerLimit is how long a poster waits for an answer before it calls the outcome unknown. The
// server promises one within 5 s.
const answerLimit = 8 * time.Second

// poster carries messages to a room over one transport. A poster is used by one sender, so that
// its messages have an order.
type poster interface {
	name() string
	key() string // for a new message
	post(room uint64, key, body string) (outcome, uint64, string)
	close()
}

// formPoster is a page without scripts.
type formPoster struct {
	who  *person
	next func() string
}

func (p *formPoster) name() string { return "form" }
func (p *formPoster) key() string  { return "n." + p.next() } // as pages have them
func (p *formPoster) close()       {}

func (p *formPoster) post(room uint64, key, body string) (outcome, uint64, string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	path := "/rooms/" + strconv.FormatUint(room, 10)
	status, page, header, err := p.who.request(ctx, http.MethodPost, path+"/messages", url.Values{"key": {key}, "body": {body}})
	switch {
	case err != nil:
		return unknown, 0, err.Error()
	case status == http.StatusSeeOther && header.Get("Location") == path:
		return acked, 0, ""
	case status == http.StatusSeeOther:
		return gone, 0, "sent to " + header.Get("Location")
	}
	if kindOf(status) != gone && !strings.Contains(page, body) {
		return refused, 0, fmt.Sprintf("%d, and the text is gone", status)
	}
	return kindOf(status), 0, fmt.Sprintf("%d %s", status, alert(page))
}

// kindOf reads the status of a post that was not taken.
func kindOf(status int) outcome {
	if status == http.StatusNotFound || status == http.StatusUnauthorized {
		return gone
	}
	if status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage || status == http.StatusTooManyRequests {
		return later
	}
	return refused
}

// socketPoster is the composer of a page with scripts.
type socketPoster struct {
	who  *person
	next func() string
	conn *wire
}

// wire is an open socket.
type wire struct {
	room uint64
	rw   interface {
		Read([]byte) (int, error)
		Write([]byte) (int, error)
		SetDeadline(time.Time) error
		Close() error
	}
}

func (p *socketPoster) name() string { return "socket" }
func (p *socketPoster) key() string  { return p.next() }

func (p *socketPoster) close() {
	if p.conn != nil {
		_ = p.conn.rw.Close()
		p.conn = nil
	}
}

func (p *socketPoster) open(room uint64) error {
	if p.conn != nil && p.conn.room == room {
		return nil
	}
	p.close()
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	dialer := ws.Dialer{NetDial: p.who.dial, Header: ws.HandshakeHeaderHTTP{"Cookie": {p.who.cookie}, "Origin": {"http://" + host}}}
	conn, early, _, err := dialer.Dial(ctx, fmt.Sprintf("ws://%s/rooms/%d/socket", host, room))
	if err != nil {
		return err
	}
	if early != nil {
		ws.PutReader(early)
	}
	p.conn = &wire{room: room, rw: conn}
	return nil
}

var (
	answered = regexp.MustCompile(`<output data-key="([^"]*)" data-seq="(\d+)"`)
	turned   = regexp.MustCompile(`<output data-key="([^"]*)" data-refused="(\d+)"`)
)

func (p *socketPoster) post(room uint64, key, body string) (outcome, uint64, string) {
	if err := p.open(room); err != nil {
		var status ws.StatusError
		if errors.As(err, &status) && kindOf(int(status)) == gone {
			return gone, 0, err.Error()
		}
		return later, 0, "not connected: " + err.Error() // nothing was sent
	}
	frame, err := json.Marshal(map[string]any{"body": body, "key": key, "headers": map[string]string{}})
	if err != nil {
		return refused, 0, err.Error()
	}
	_ = p.conn.rw.SetDeadline(time.Now().Add(answerLimit))
	if err := wsutil.WriteClientText(p.conn.rw, frame); err != nil {
		p.close()
		return unknown, 0, err.Error()
	}
	for {
		text, err := wsutil.ReadServerText(p.conn.rw)
		if err != nil {
			p.close()
			var bye wsutil.ClosedError
			if errors.As(err, &bye) && bye.Code >= 4000 {
				return gone, 0, fmt.Sprintf("closed %d", bye.Code)
			}
			return unknown, 0, err.Error()
		}
		if found := answered.FindSubmatch(text); found != nil && string(found[1]) == key {
			seq, _ := strconv.ParseUint(string(found[2]), 10, 64)
			return acked, seq, ""
		}
		if found := turned.FindSubmatch(text); found != nil && string(found[1]) == key {
			status, _ := strconv.Atoi(string(found[2]))
			return kindOf(status), 0, string(found[2]) + " " + alert(string(text))
		}
	}
}
