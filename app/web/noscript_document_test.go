package web

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"parley/app/chat"
	"parley/views"
)

// document is a streamed page as a browser has it: what has come so far.
type document struct {
	t      testing.TB
	status int
	header http.Header
	proto  string
	hangUp func()

	mu    sync.Mutex
	text  bytes.Buffer
	ended bool
}

// watchPage opens a streamed page on a connection of its own.
func (b *browser) watchPage(path string) *document {
	t := b.site.t
	t.Helper()
	l := b.site.dial()
	l.write("GET " + path + " HTTP/1.1\r\nHost: " + b.site.host() + "\r\nCookie: " + b.cookie() + "\r\n\r\n")
	// What follows the head is read as it comes, because a response that ends with its connection is
	// whatever comes until then.
	head, err := http.ReadResponse(bufio.NewReader(strings.NewReader(l.head())), nil)
	must(t, err)
	d := &document{t: t, status: head.StatusCode, header: head.Header, proto: head.Proto, hangUp: func() { _ = l.conn.Close() }}
	d.header.Set("Connection", map[bool]string{true: "close"}[head.Close])
	go d.read(l.in)
	return d
}

// head reads the head of a response as it stands on the wire.
func (l *line) head() string {
	l.t.Helper()
	var head strings.Builder
	for {
		text, err := l.in.ReadString('\n')
		must(l.t, err)
		head.WriteString(text)
		if text == "\r\n" {
			return head.String()
		}
	}
}

func (d *document) read(from io.Reader) {
	part := make([]byte, 4096)
	for {
		n, err := from.Read(part)
		d.mu.Lock()
		d.text.Write(part[:n])
		d.ended = err != nil
		d.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (d *document) all() (text string, ended bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String(), d.ended
}

// await waits for a text, which may have come already.
func (d *document) await(text string) {
	d.t.Helper()
	eventually(d.t, "a streamed page has "+text, func() bool {
		all, ended := d.all()
		if ended && !strings.Contains(all, text) {
			d.t.Fatalf("the page ended without %q: %s", text, shortened(all))
		}
		return strings.Contains(all, text)
	})
}

// awaitEnd answers the whole page.
func (d *document) awaitEnd() (text string) {
	d.t.Helper()
	eventually(d.t, "the end of a streamed page", func() bool {
		var ended bool
		text, ended = d.all()
		return ended
	})
	return text
}

// shown lists the bodies of the messages on a page, in order.
func shown(page string) (bodies []string) {
	for _, found := range regexp.MustCompile(`<span class="body"[^>]*>([^<]*)</span>`).FindAllStringSubmatch(page, -1) {
		bodies = append(bodies, found[1])
	}
	return bodies
}

// say posts without a socket.
func (b *browser) say(room uint64, body string) {
	b.site.t.Helper()
	b.post(views.RoomPath(room)+"/messages", form("key", chat.NewKey(), "body", body)).mustBe(303)
}
