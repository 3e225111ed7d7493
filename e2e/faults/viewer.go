package faults

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The times of assets/js/stream.js, which these viewers imitate.
const (
	silenceLimit = 45 * time.Second
	firstPause   = 500 * time.Millisecond
	maxPause     = 3 * time.Second
	connectLimit = 10 * time.Second
	pageLimit    = 30 * time.Second // users wait longer for a page than scripts for a stream
)

// viewer is an open page of a room. It loads the page, follows its stream, reconnects with its cursor when
// the stream is lost, and reloads the page on a reset.
type viewer struct {
	id      int
	room    uint64
	user    *user
	history *history
	stop    context.CancelFunc
	done    chan struct{}

	mu       sync.Mutex
	cursor   cursor
	live     bool
	ended    eventKind // closed or signedOut, once the stream has said so
	requests int
}

func (h *history) openPage(id int, room uint64, u *user) *viewer {
	return h.openPageAs((*viewer).followEvents, id, room, u)
}

// openPageAs opens a page of one kind.
func (h *history) openPageAs(follow func(*viewer, context.Context), id int, room uint64, u *user) *viewer {
	ctx, stop := context.WithCancel(context.Background())
	v := &viewer{id: id, room: room, user: u, history: h, stop: stop, done: make(chan struct{})}
	go follow(v, ctx)
	return v
}

// Stop closes the page.
func (v *viewer) Stop() {
	v.stop()
	<-v.done
}

func (v *viewer) record(kind eventKind, c cursor, data string) {
	v.mu.Lock()
	switch kind {
	case loaded, entry:
		v.cursor = c
	case connected:
		v.live = true
	case closed, signedOut:
		v.ended = kind
	case disconnected:
		v.live = false
	}
	v.mu.Unlock()
	v.history.addEvent(event{Viewer: v.id, Room: v.room, User: v.user.Name, Kind: kind, Cursor: c, Data: data, At: time.Now()})
}

func (v *viewer) state() (at cursor, live bool, ended eventKind) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.cursor, v.live, v.ended
}

func (v *viewer) requestCount() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.requests
}

func (v *viewer) followEvents(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		var retry time.Duration
		var received bool
		err := v.load(ctx)
		for last := ""; err == nil && ctx.Err() == nil; {
			received, retry, err = v.readConnection(ctx, &last)
			if ctx.Err() != nil || err == errOver {
				return
			}
			if err == errReset {
				break
			}
			err = nil
			if received {
				pause = firstPause
			}
			sleep(ctx, max(pause, retry))
			pause = min(pause*2, maxPause)
		}
		if err != nil && err != errReset {
			sleep(ctx, pause)
			pause = min(pause*2, maxPause)
		}
	}
}

var cursorPattern = regexp.MustCompile(`data-cursor="(\d+)-(\d+)"`)

// load gets the page.
func (v *viewer) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	v.count()
	status, body, _, err := v.user.request(ctx, http.MethodGet, "/rooms/"+strconv.FormatUint(v.room, 10), nil)
	if err != nil {
		return err
	}
	found := cursorPattern.FindStringSubmatch(body)
	if status != http.StatusOK || found == nil {
		return fmt.Errorf("page: %d", status)
	}
	v.record(loaded, parseCursor(found[1]+"-"+found[2]), "")
	return nil
}

func (v *viewer) count() {
	v.mu.Lock()
	v.requests++
	v.mu.Unlock()
}

type streamError string

func (e streamError) Error() string { return string(e) }

const (
	errReset = streamError("reset")
	errOver  = streamError("over")
)

// readConnection reads one connection of the stream until it ends.
func (v *viewer) readConnection(ctx context.Context, last *string) (received bool, retry time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(connectLimit, cancel)
	defer watchdog.Stop()
	v.mu.Lock()
	at := v.cursor
	v.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/rooms/%d/events?after=%s", host, v.room, at), nil)
	if err != nil {
		return false, 0, err
	}
	r.Header.Set("Cookie", v.user.cookie)
	r.Header.Set("Accept", "text/event-stream")
	if *last != "" {
		r.Header.Set("Last-Event-ID", *last)
	}
	v.count()
	resp, err := v.user.client.Do(r)
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNotFound { // not a member any more: the page says so and stays open
		v.record(closed, cursor{}, "")
		return false, 0, errOver
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return false, 0, fmt.Errorf("stream: %d", resp.StatusCode)
	}
	v.record(connected, cursor{}, "")
	err = v.readEvents(bufio.NewReader(resp.Body), watchdog, last, &received, &retry)
	v.record(disconnected, cursor{}, "")
	return received, retry, err
}

func (v *viewer) readEvents(in *bufio.Reader, watchdog *time.Timer, last *string, received *bool, retry *time.Duration) error {
	var id, name string
	var data []string
	for {
		watchdog.Reset(silenceLimit)
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = append(data, value)
		case "retry":
			ms, _ := strconv.Atoi(value)
			*retry = time.Duration(ms) * time.Millisecond
		case "":
			*received = true
			switch {
			case id != "":
				*last = id
				v.record(entry, parseCursor(id), strings.Join(data, "\n"))
			case name == "heartbeat":
				v.record(heartbeat, parseCursor(strings.Join(data, "")), "")
			case name == "reset":
				v.record(resetSent, cursor{}, "")
				return errReset
			case name == "closed":
				v.record(closed, cursor{}, "")
				return errOver
			case name == "signed-out":
				v.record(signedOut, cursor{}, "")
				return errOver
			}
			id, name, data = "", "", nil
		}
	}
}

// parseCursor returns the zero cursor for anything that is not one.
func parseCursor(text string) cursor {
	epoch, seq, _ := strings.Cut(text, "-")
	e, err := strconv.ParseUint(epoch, 10, 64)
	n, err2 := strconv.ParseUint(seq, 10, 64)
	if err != nil || err2 != nil {
		return cursor{}
	}
	return cursor{e, n}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
