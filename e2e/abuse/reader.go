package abuse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// reader is an open page of a room: the page, and then its stream.
type reader struct {
	who  *browser
	room string
	live chan struct{} // closed when the first stream is open

	mu    sync.Mutex
	seen  map[string]time.Time
	twice []string // came again as an entry of its own
}

func newReader(who *browser, room string) *reader {
	return &reader{who: who, room: room, live: make(chan struct{}), seen: map[string]time.Time{}}
}

var (
	said   = regexp.MustCompile(`[a-z]+-[a-z.]+-\d+-said`)
	cursor = regexp.MustCompile(`data-cursor="(\d+-\d+)"`)
)

var errReload = errors.New("the page has to load again")

// read follows the room until the context ends.
func (r *reader) read(ctx context.Context) {
	last, opened := "", sync.OnceFunc(func() { close(r.live) })
	for ctx.Err() == nil {
		if last == "" {
			page, err := r.who.get(ctx, r.room)
			if found := cursor.FindSubmatch(page.body); err == nil && found != nil {
				last = string(found[1])
				r.note(string(page.body), false)
			}
		}
		if last != "" {
			if err := r.follow(ctx, &last, opened); errors.Is(err, errReload) {
				last = ""
				continue
			}
		}
		sleep(ctx, 200*time.Millisecond)
	}
}

// follow reads one connection of the stream to its end.
func (r *reader) follow(ctx context.Context, last *string, opened func()) error {
	resp, err := r.who.request(ctx, http.MethodGet, r.room+"/events?after="+*last, "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("stream: %s", resp.Status)
	}
	opened()
	in := bufio.NewReaderSize(resp.Body, 64<<10)
	id, event := "", ""
	var data strings.Builder
	for {
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
			event = value
		case "data":
			data.WriteString(value)
		case "":
			if event == "reset" {
				return errReload
			}
			if id != "" {
				*last = id
				r.note(data.String(), true)
			}
			id, event = "", ""
			data.Reset()
		}
	}
}

// note notes what a page or an entry shows.
func (r *reader) note(markup string, isEntry bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	inThis := map[string]bool{}
	for _, text := range said.FindAllString(markup, -1) {
		_, before := r.seen[text]
		if isEntry && before && !inThis[text] {
			r.twice = append(r.twice, text)
		}
		inThis[text] = true
		if !before {
			r.seen[text] = time.Now()
		}
	}
}

func (r *reader) arrival(text string) (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.seen[text]
	return at, ok
}
