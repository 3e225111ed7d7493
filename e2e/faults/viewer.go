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

// The times of assets/js/stream.js, which these viewers follow.
const (
	silence      = 45 * time.Second
	firstPause   = 500 * time.Millisecond
	hurry        = 3 * time.Second
	connectLimit = 10 * time.Second
	pageLimit    = 30 * time.Second // people wait longer for a page than scripts for a stream
)

// viewer is a page of a room that is open: it loads the page, follows its stream, comes back with
// its cursor when the stream is lost, and loads the page again when it is told to.
type viewer struct {
	id      int
	room    uint64
	who     *person
	history *history
	stop    context.CancelFunc
	done    chan struct{}

	mu       sync.Mutex
	at       cursor
	live     bool
	ended    what // closed or signedOut, when the stream said so
	requests int
}

func (h *history) view(id int, room uint64, who *person) *viewer {
	return h.viewBy((*viewer).run, id, room, who)
}

// viewBy opens a page that follows its room in one of the ways there are.
func (h *history) viewBy(way func(*viewer, context.Context), id int, room uint64, who *person) *viewer {
	ctx, stop := context.WithCancel(context.Background())
	v := &viewer{id: id, room: room, who: who, history: h, stop: stop, done: make(chan struct{})}
	go way(v, ctx)
	return v
}

// Stop closes the page.
func (v *viewer) Stop() {
	v.stop()
	<-v.done
}

func (v *viewer) saw(w what, c cursor, data string) {
	v.mu.Lock()
	switch w {
	case loaded, entry:
		v.at = c
	case connected:
		v.live = true
	case closed, signedOut:
		v.ended = w
	case lost:
		v.live = false
	}
	v.mu.Unlock()
	v.history.saw(event{Viewer: v.id, Room: v.room, User: v.who.Name, What: w, Cursor: c, Data: data, At: time.Now()})
}

func (v *viewer) state() (at cursor, live bool, ended what) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at, v.live, v.ended
}

func (v *viewer) asked() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.requests
}

func (v *viewer) run(ctx context.Context) {
	defer close(v.done)
	for pause := firstPause; ctx.Err() == nil; {
		var advice time.Duration
		var heard bool
		err := v.load(ctx)
		for last := ""; err == nil && ctx.Err() == nil; {
			heard, advice, err = v.follow(ctx, &last)
			if ctx.Err() != nil || err == errOver {
				return
			}
			if err == errReset {
				break
			}
			err = nil
			if heard {
				pause = firstPause
			}
			sleep(ctx, max(pause, advice))
			pause = min(pause*2, hurry)
		}
		if err != nil && err != errReset {
			sleep(ctx, pause)
			pause = min(pause*2, hurry)
		}
	}
}

var dataCursor = regexp.MustCompile(`data-cursor="(\d+)-(\d+)"`)

// load gets the page. It is tried again until it comes, as a person would.
func (v *viewer) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	v.count()
	status, body, _, err := v.who.request(ctx, http.MethodGet, "/rooms/"+strconv.FormatUint(v.room, 10), nil)
	if err != nil {
		return err
	}
	found := dataCursor.FindStringSubmatch(body)
	if status != http.StatusOK || found == nil {
		return fmt.Errorf("page: %d", status)
	}
	v.saw(loaded, parseCursor(found[1]+"-"+found[2]), "")
	return nil
}

func (v *viewer) count() {
	v.mu.Lock()
	v.requests++
	v.mu.Unlock()
}

type ending string

func (e ending) Error() string { return string(e) }

const (
	errReset = ending("reset")
	errOver  = ending("over")
)

// follow reads one connection of the stream until it ends.
func (v *viewer) follow(ctx context.Context, last *string) (heard bool, advice time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watchdog := time.AfterFunc(connectLimit, cancel)
	defer watchdog.Stop()
	v.mu.Lock()
	at := v.at
	v.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/rooms/%d/events?after=%s", host, v.room, at), nil)
	if err != nil {
		return false, 0, err
	}
	r.Header.Set("Cookie", v.who.cookie)
	r.Header.Set("Accept", "text/event-stream")
	if *last != "" {
		r.Header.Set("Last-Event-ID", *last)
	}
	v.count()
	resp, err := v.who.client.Do(r)
	if err != nil {
		return false, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNotFound { // no member any more: the page says so and stays
		v.saw(closed, cursor{}, "")
		return false, 0, errOver
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return false, 0, fmt.Errorf("stream: %d", resp.StatusCode)
	}
	v.saw(connected, cursor{}, "")
	err = v.read(bufio.NewReader(resp.Body), watchdog, last, &heard, &advice)
	v.saw(lost, cursor{}, "")
	return heard, advice, err
}

func (v *viewer) read(in *bufio.Reader, watchdog *time.Timer, last *string, heard *bool, advice *time.Duration) error {
	var id, name string
	var data []string
	for {
		watchdog.Reset(silence)
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
			*advice = time.Duration(ms) * time.Millisecond
		case "":
			*heard = true
			switch {
			case id != "":
				*last = id
				v.saw(entry, parseCursor(id), strings.Join(data, "\n"))
			case name == "heartbeat":
				v.saw(heartbeat, parseCursor(strings.Join(data, "")), "")
			case name == "reset":
				v.saw(resetting, cursor{}, "")
				return errReset
			case name == "closed":
				v.saw(closed, cursor{}, "")
				return errOver
			case name == "signed-out":
				v.saw(signedOut, cursor{}, "")
				return errOver
			}
			id, name, data = "", "", nil
		}
	}
}

// parseCursor answers the zero cursor for what is none.
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
