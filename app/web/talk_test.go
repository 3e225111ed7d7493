package web

import (
	"bufio"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/views"
)

// talker is a WebSocket client that can break every rule.
type talker struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// receipt is the server's response to a post over a socket.
type receipt struct {
	key     string
	seq     uint64 // 0 when refused
	refused int    // 0 when accepted
	next    string
	problem string // the sentence
}

const socketKey = "dGhlIHNhbXBsZSBub25jZQ=="

func socketPath(room uint64) string { return views.RoomPath(room) + "/socket" }

// handshakeFor is what a browser sends to open a socket.
func (b *browser) handshakeFor(path string, headers ...string) string {
	lines := []string{"GET " + path + " HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
		"Sec-WebSocket-Key: " + socketKey}
	if !hasHeader(headers, "Host") {
		lines = append(lines, "Host: "+b.site.host())
	}
	if cookie := b.cookie(); cookie != "" {
		lines = append(lines, "Cookie: "+cookie)
	}
	return strings.Join(append(lines, headers...), "\r\n") + "\r\n\r\n"
}

func hasHeader(headers []string, name string) bool {
	for _, one := range headers {
		if strings.HasPrefix(one, name+":") {
			return true
		}
	}
	return false
}

// origin returns the origin of this site's pages.
func (s *site) origin() string {
	if public := s.server.options.PublicURL; public != nil {
		return public.String()
	}
	return s.base()
}

// base returns the address that the server is reached at.
func (s *site) base() string {
	if s.tls != nil {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// host returns the host that browsers ask for.
func (s *site) host() string {
	if public := s.server.options.PublicURL; public != nil {
		return public.Host
	}
	return s.addr
}

// tryTalk opens a socket, or returns the response that refuses it.
func (b *browser) tryTalk(path string, headers ...string) (*talker, *reply) {
	t := b.site.t
	t.Helper()
	l := b.site.dial()
	l.write(b.handshakeFor(path, headers...))
	response, err := http.ReadResponse(l.in, nil)
	must(t, err)
	a := &reply{t: t, request: "GET " + path, status: response.StatusCode, header: response.Header}
	if response.StatusCode != 101 {
		text, err := io.ReadAll(response.Body)
		must(t, err)
		a.body = string(text)
		return nil, a
	}
	return &talker{t: t, conn: l.conn, in: l.in}, a
}

// talk opens a socket to a room.
func (b *browser) talk(room uint64) *talker {
	b.site.t.Helper()
	k, a := b.tryTalk(socketPath(room), "Origin: "+b.site.origin())
	if k == nil {
		b.site.t.Fatalf("no socket: %d", a.status)
	}
	return k
}

// say posts and waits for the receipt.
func (k *talker) say(key, body string) receipt {
	k.t.Helper()
	k.post(key, body)
	return k.receipt()
}

// post is the frame that htmx makes of the composer.
func (k *talker) post(key, body string) {
	k.t.Helper()
	text, err := json.Marshal(map[string]any{"body": body, "key": key, "headers": map[string]string{"HX-Request": "true"}})
	must(k.t, err)
	k.text(string(text))
}

// text sends a text frame as a browser does, masked.
func (k *talker) text(text string) { k.frame(ws.NewTextFrame([]byte(text))) }

func (k *talker) frame(f ws.Frame) { k.raw(ws.MustCompileFrame(ws.MaskFrame(f))) }

// raw sends bytes; the other side may have hung up already.
func (k *talker) raw(b []byte) { _, _ = k.conn.Write(b) }

var receiptFields = regexp.MustCompile(`data-(key|seq|next|refused)="([^"]*)"`)
var receiptProblem = regexp.MustCompile(`<p role="alert">([^<]*)</p>`)

// receipt reads the next receipt.
func (k *talker) receipt() (r receipt) {
	k.t.Helper()
	f := k.next()
	for ; f.Header.OpCode == ws.OpPing; f = k.next() {
		k.frame(ws.NewPongFrame(f.Payload))
	}
	if f.Header.OpCode != ws.OpText {
		k.t.Fatalf("no receipt but opcode %x: %q", f.Header.OpCode, f.Payload)
	}
	for _, field := range receiptFields.FindAllStringSubmatch(string(f.Payload), -1) {
		switch value := html.UnescapeString(field[2]); field[1] {
		case "key":
			r.key = value
		case "seq":
			n, err := strconv.ParseUint(value, 10, 64)
			must(k.t, err)
			r.seq = n
		case "next":
			r.next = value
		case "refused":
			n, err := strconv.Atoi(value)
			must(k.t, err)
			r.refused = n
		}
	}
	if problem := receiptProblem.FindStringSubmatch(string(f.Payload)); problem != nil {
		r.problem = html.UnescapeString(problem[1])
	}
	if (r.seq == 0) == (r.refused == 0) {
		k.t.Fatalf("neither accepted nor refused: %s", f.Payload)
	}
	return r
}

// next reads the next frame, whatever it is.
func (k *talker) next() ws.Frame {
	k.t.Helper()
	must(k.t, k.conn.SetReadDeadline(time.Now().Add(testPatience)))
	f, err := ws.ReadFrame(k.in)
	if err != nil {
		k.t.Fatalf("the socket is gone: %v", err)
	}
	return f
}

// awaitClose waits until the server has closed the socket, and returns the code; 0 if the connection ended
// without one.
func (k *talker) awaitClose(limit time.Duration) (code ws.StatusCode) {
	k.t.Helper()
	must(k.t, k.conn.SetReadDeadline(time.Now().Add(limit)))
	for {
		f, err := ws.ReadFrame(k.in)
		if err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				k.t.Fatalf("not closed within %v", limit)
			}
			return code
		}
		if f.Header.OpCode == ws.OpClose {
			code, _ = ws.ParseCloseFrameData(f.Payload)
		}
	}
}
