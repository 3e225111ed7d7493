package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// event is one event of a stream, as a browser would see it.
type event struct{ id, name, retry, data string }

// listener reads a stream until it ends.
type listener struct {
	t      testing.TB
	status int
	header http.Header
	hangUp func()

	mu     sync.Mutex
	events []event
	ended  bool
	news   chan struct{}
}

// listen opens a stream, and fails the test if it gets anything but a 200.
func (b *browser) listen(path string, headers ...string) *listener {
	b.site.t.Helper()
	l := b.tryListen(path, headers...)
	if l.status != 200 {
		b.site.t.Fatalf("GET %s: %d", path, l.status)
	}
	return l
}

func (b *browser) tryListen(path string, headers ...string) *listener {
	t := b.site.t
	t.Helper()
	ctx, hangUp := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, "GET", b.site.base()+path, nil)
	must(t, err)
	if cookie := b.cookie(); cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	if public := b.site.server.options.PublicURL; public != nil {
		request.Host = public.Host
	}
	for _, one := range headers {
		name, value, _ := strings.Cut(one, ": ")
		request.Header.Add(name, value)
	}
	response, err := b.site.client.Do(request)
	must(t, err)
	l := &listener{t: t, status: response.StatusCode, header: response.Header, hangUp: hangUp, news: make(chan struct{}, 1)}
	t.Cleanup(hangUp)
	go func() {
		defer func() { _ = response.Body.Close() }()
		l.read(response.Body)
	}()
	return l
}

// read follows the standard's rules for an event stream.
func (l *listener) read(body io.Reader) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	var e event
	var data []string
	for lines.Scan() {
		text := lines.Text()
		if text == "" {
			e.data = strings.Join(data, "\n")
			l.add(e)
			e, data = event{}, nil
			continue
		}
		field, value, _ := strings.Cut(text, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "retry":
			e.retry = value
		case "data":
			data = append(data, value)
		}
	}
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.tell()
}

func (l *listener) add(e event) {
	l.mu.Lock()
	l.events = append(l.events, e)
	l.mu.Unlock()
	l.tell()
}

func (l *listener) tell() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// await waits for an event. One that has come already counts.
func (l *listener) await(what string, is func(event) bool) event {
	l.t.Helper()
	return l.awaitWithin(testPatience, what, is)
}

func (l *listener) awaitWithin(limit time.Duration, what string, is func(event) bool) event {
	l.t.Helper()
	late := time.After(limit)
	for {
		l.mu.Lock()
		for _, e := range l.events {
			if is(e) {
				l.mu.Unlock()
				return e
			}
		}
		seen, ended := fmt.Sprint(l.events), l.ended
		l.mu.Unlock()
		if ended {
			l.t.Fatalf("the stream ended without %s: %s", what, shortened(seen))
		}
		select {
		case <-l.news:
		case <-late:
			l.t.Fatalf("after %v no %s: %s", limit, what, shortened(seen))
		}
	}
}

// awaitEnd waits until the server has ended the stream, and returns all events.
func (l *listener) awaitEnd() []event {
	l.t.Helper()
	eventually(l.t, "the end of a stream", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.ended
	})
	return l.all()
}

func (l *listener) all() []event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]event(nil), l.events...)
}

// entries are the events that move the cursor.
func (l *listener) entries() (list []event) {
	for _, e := range l.all() {
		if e.id != "" {
			list = append(list, e)
		}
	}
	return list
}

// named matches an event by its name.
func named(name string) func(event) bool {
	return func(e event) bool { return e.name == name }
}

// shows matches an entry by a text in it.
func shows(text string) func(event) bool {
	return func(e event) bool { return e.id != "" && strings.Contains(e.data, text) }
}
