package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"regexp"
	"sync"
	"time"
)

// pageCase is a page that W5 asks for, and what has to be in it.
type pageCase struct {
	name string
	who  *person
	path string
	has  string
	min  int // how often
}

// pageWork is W5: pages, one after the other on two connections.
func pageWork(behind int, lasts time.Duration) work {
	var reader, late, loud person
	var first, far, own uint64
	return work{"W5",
		func(b *builder) {
			friends := b.people("friend", 39)
			both := b.people("reader", 3)
			reader, late, loud = both[0], both[1], both[2]
			for i, f := range friends {
				for _, p := range both {
					room := b.befriend(p, f)
					b.say(room, []person{p, f}, 60)
					b.hasRead(room, p, 57)
					if i == 0 && p.ID == reader.ID {
						first = room
					}
					if i == 0 && p.ID == late.ID {
						b.bury(room, []person{f}, behind)
						far = room
					}
					if i == 0 && p.ID == loud.ID { // who writes through another program marks nothing as read
						b.bury(room, []person{p}, behind)
						own = room
					}
				}
			}
		},
		func(_ context.Context, s *stage, r *report) error {
			for _, c := range []pageCase{
				{"sign-in", nil, "/sign-in", "<form", 1},
				{"room page", &reader, fmt.Sprintf("/rooms/%d", first), `<li id="m-`, 50},
				{"room list", &reader, "/rooms", `id="room-`, 30},
				{"friends", &reader, "/friends", `data-username="friend`, 30},
				{"search", &reader, "/search?q=lighthouse", "lighthouse", 10},
				{fmt.Sprintf("room page, %d behind", behind), &late, fmt.Sprintf("/rooms/%d", far), `<li id="m-`, 50},
				{fmt.Sprintf("room list, %d behind", behind), &late, "/rooms", "999+", 1},
				{fmt.Sprintf("room page, %d own", behind), &loud, fmt.Sprintf("/rooms/%d", own), `<li id="m-`, 50},
				{fmt.Sprintf("room list, %d own", behind), &loud, "/rooms", `id="room-`, 30},
			} {
				if err := pages(s, r, "W5", c, lasts); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
			return nil
		}}
}

func pages(s *stage, r *report, work string, c pageCase, lasts time.Duration) error {
	cookie := ""
	if c.who != nil {
		cookie = c.who.cookie
	}
	if _, _, err := askFor(s.addr(), c, cookie, time.Now().Add(lasts/4)); err != nil { // warms up
		return err
	}
	var asked, size int
	spent, err := s.during(func() (err error) {
		asked, size, err = askFor(s.addr(), c, cookie, time.Now().Add(lasts))
		return err
	})
	if err != nil {
		return err
	}
	raw, err := rawPages(size, lasts/4)
	if err != nil {
		return err
	}
	n := float64(asked)
	r.add(work, c.name, "server ms/page", ms(spent.server)/n, raw)
	r.add(work, c.name, "database ms/page", ms(spent.database)/n, 0)
	r.add(work, c.name, "statements/page", spent.statements/n, 0)
	r.add(work, c.name, "pages/s", n/spent.wall.Seconds(), 0)
	r.add(work, c.name, "bytes/page", float64(size), 0)
	return nil
}

// askFor asks for a page on two connections until a moment, and checks each.
func askFor(addr string, c pageCase, cookie string, until time.Time) (asked, size int, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			n, bytesEach, problem := askUntil(addr, c, cookie, until)
			mu.Lock()
			defer mu.Unlock()
			asked, size = asked+n, max(size, bytesEach)
			if problem != nil {
				err = problem
			}
		})
	}
	all.Wait()
	return asked, size, err
}

func askUntil(addr string, c pageCase, cookie string, until time.Time) (asked, size int, err error) {
	w, err := dial(addr)
	if err != nil {
		return 0, 0, err
	}
	defer w.close()
	for asked == 0 || time.Now().Before(until) {
		found, largest, err := w.count(c, cookie)
		if err != nil {
			return asked, size, err
		}
		if found < c.min {
			return asked, size, fmt.Errorf("%s has %d times %s instead of %d", c.path, found, c.has, c.min)
		}
		asked, size = asked+1, max(size, largest)
	}
	return asked, size, nil
}

// searchRest is the link to the rest of a search, which shows a part when it has taken too long.
var searchRest = regexp.MustCompile(`href="(/search\?[^"]*below=[^"]*)"`)

// count asks for a page, and for the rest of a search that shows only a part, and returns how often it has what it must
// have, and the size of the largest part.
func (w *wire) count(c pageCase, cookie string) (found, size int, err error) {
	for path := c.path; path != "" && found < c.min; {
		status, body, err := w.ask(w.get(path, cookie))
		if err != nil {
			return 0, 0, err
		}
		if status != 200 {
			return 0, 0, fmt.Errorf("%s was answered %d: %.2000s", path, status, body)
		}
		found, size, path = found+bytes.Count(body, []byte(c.has)), max(size, len(body)), ""
		if rest := searchRest.FindSubmatch(body); rest != nil {
			path = html.UnescapeString(string(rest[1]))
		}
	}
	return found, size, nil
}
