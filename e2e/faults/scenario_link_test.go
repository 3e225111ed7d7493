package faults

import (
	"bytes"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"
)

func connectionsReset(r *run) error {
	r.enterBy(r.front)
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	for time.Since(start) < r.length(60*time.Second, 12*time.Second) {
		time.Sleep(3 * time.Second)
		r.front.Reset()
	}
	resets := span{start, time.Now()}
	r.enterBy(r.balancer.link)
	if _, err := r.finish(l, 10*time.Second); err != nil {
		return err
	}
	r.note("%d streams lost, %d posts cut off", l.h.count(lost, resets), len(l.h.answers(resets, unknown)))
	r.atMost("back p99", quantile(l.h.absences(resets), 0.99), 15*time.Second)
	r.count("told to reload", l.h.count(resetting, resets), 0)
	return nil
}

// blackHole swallows every packet of half of the pages, which nobody is told of.
func blackHole(r *run) error {
	v := r.volume()
	speaking := r.chat(r.label+"-here", r.seed, v)
	v.rate, v.viewBy = 0, r.front
	away := r.chat(r.label+"-away", r.seed, v)
	for _, l := range []*load{speaking, away} {
		if err := l.ready(30 * time.Second); err != nil {
			return err
		}
	}
	time.Sleep(2 * time.Second)
	here := len(speaking.viewers) - speaking.waiting
	streams := len(away.viewers) - away.waiting // who waits for a page notices when their browser gives up
	all := here + streams
	if err := within(20*time.Second, "only the streams of this run are open", func() bool { return r.viewing() == all }); err != nil {
		return fmt.Errorf("%w: %d instead of %d", err, r.viewing(), all)
	}
	start := time.Now()
	r.front.Swallow(true)
	r.atMost("the server frees them after", r.takes(40*time.Second, func() bool { return r.viewing() <= here }), 30*time.Second)
	time.Sleep(time.Until(start.Add(60 * time.Second)))
	noticed := time.Duration(0)
	for _, e := range away.h.Events {
		if e.What == lost && e.At.After(start) {
			noticed = max(noticed, e.At.Sub(start))
		}
	}
	r.count("pages that have not noticed", streams-away.h.count(lost, span{start, time.Now()}), 0)
	r.atMost("the last page notices after", noticed, 46*time.Second)
	r.front.Heal()
	speaking.quiet(20 * time.Second)
	took, err := away.caughtUp(10 * time.Second)
	if err != nil {
		return err
	}
	r.atMost("caught up after", took, 5*time.Second)
	if _, err := r.finish(away, 5*time.Second); err != nil {
		return err
	}
	_, err = r.finish(speaking, 5*time.Second)
	return err
}

// viewing counts the streams that the processes hold open.
func (r *run) viewing() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("parley_viewers"))
	}
	return n
}

// firstConnectFails lets the page come and refuses its stream for 5 s, in three ways.
func firstConnectFails(r *run) error {
	for _, c := range []struct{ name, answer string }{
		{"reset", ""},
		{"503", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"},
		{"redirect", "HTTP/1.1 303 See Other\r\nLocation: /sign-in\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
	} {
		var shut atomic.Bool
		shut.Store(true)
		door, err := newLink(to(r.balancer.Addr), func(l *link) {
			l.up = func(x *crossing) filter {
				return func(chunk []byte) ([]byte, error) {
					if !shut.Load() || !bytes.Contains(chunk, []byte("/events?after=")) {
						return chunk, nil
					}
					_, _ = x.client.Write([]byte(c.answer))
					if c.answer != "" {
						time.Sleep(50 * time.Millisecond) // a reset would overtake the answer
					}
					return nil, errCut
				}
			}
		})
		if err != nil {
			return err
		}
		l := r.chat(r.label+c.name, r.seed, volume{rooms: r.rooms[:2], streams: 2, rate: 4, viewBy: door})
		time.Sleep(5 * time.Second)
		shut.Store(false)
		open := time.Now()
		if err := l.ready(20 * time.Second); err != nil {
			door.Close()
			return err
		}
		r.atMost(c.name+": live after", time.Since(open), 15*time.Second)
		_, err = r.finish(l, 5*time.Second)
		door.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// sessionEnds signs a browser out that has several pages open, with the bus up and with it down.
func sessionEnds(r *run) error {
	for _, c := range []struct {
		name  string
		limit time.Duration
	}{{"bus up", 2 * time.Second}, {"bus down", 12 * time.Second}} {
		if c.name == "bus down" {
			r.redis.Kill()
			if err := within(10*time.Second, "the bus is down", func() bool { return !r.processes[0].busUp() && !r.processes[1].busUp() }); err != nil {
				return err
			}
		}
		room := r.rooms[0]
		browser, err := room.Members[0].again()
		if err != nil {
			return err
		}
		there := place{ID: room.ID, Members: []*person{browser}}
		l := r.chat(r.label+c.name, r.seed, volume{rooms: []place{there}, streams: 6})
		if err := l.ready(20 * time.Second); err != nil {
			return err
		}
		asked := l.viewers[0].asked()
		if err := browser.do("/sign-out", url.Values{}); err != nil {
			return err
		}
		r.atMost(c.name+": signed out after", r.takes(15*time.Second, func() bool {
			for _, v := range l.viewers {
				if _, _, ended := v.state(); ended != signedOut {
					return false
				}
			}
			return true
		}), c.limit)
		time.Sleep(2 * time.Second)
		for _, v := range l.viewers {
			r.holds("a tab asks twice at most", v.asked()-asked <= 2)
		}
		if _, err := r.finish(l, 0); err != nil {
			return err
		}
	}
	return r.redis.Start()
}

// slowReader takes one byte a second in a room where much is said.
func slowReader(r *run) error {
	door, err := newLink(to(r.processes[0].Addr)) // past the balancer, which would take much of it
	if err != nil {
		return err
	}
	defer door.Close()
	busy := volume{rooms: r.rooms[:1], streams: r.times(1, 5), rate: 30, pad: 3000}
	l := r.chat(r.label, r.seed, busy)
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	before := span{from: time.Now()}
	time.Sleep(12 * time.Second)
	before.to = time.Now()
	cut := r.slowCut()
	slow := r.chat(r.label+"-slow", r.seed, volume{rooms: r.rooms[:1], streams: 1, viewBy: door})
	if err := slow.ready(30 * time.Second); err != nil {
		return err
	}
	door.throttle(1)
	during := span{from: time.Now()}
	r.atMost("cut after", r.takes(25*time.Second, func() bool { return r.slowCut() >= cut+len(slow.viewers) }), 15*time.Second)
	during.to = time.Now()
	for _, v := range slow.viewers {
		v.Stop()
	}
	s, err := r.finish(l, 10*time.Second)
	if err != nil {
		return err
	}
	was, is := quantile(l.h.deliveries(s, before), 0.99), quantile(l.h.deliveries(s, during), 0.99)
	r.note("others' delivery p99 %s before", short(was))
	r.atMost("and during it", is, was*6/5+20*time.Millisecond)
	return nil
}

func (r *run) slowCut() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("parley_slow_viewers_cut_total"))
	}
	return n
}
