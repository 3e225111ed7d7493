package faults

import (
	"bytes"
	"fmt"
	"net/url"
	"parley/e2e/rig"
	"sync/atomic"
	"time"
)

func connectionsReset(r *run) error {
	r.routeThrough(r.front)
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	for time.Since(start) < r.duration(60*time.Second, 12*time.Second) {
		time.Sleep(3 * time.Second)
		r.front.Reset()
	}
	resets := timeSpan{start, time.Now()}
	r.routeThrough(r.balancer.link)
	if _, err := r.finish(l, 10*time.Second); err != nil {
		return err
	}
	r.figure("%d streams lost, %d posts cut off", l.history.count(disconnected, resets), len(l.history.latencies(resets, unknown)))
	r.atMost("back p99", quantile(l.history.outages(resets), 0.99), 15*time.Second)
	r.countAtMost("pages told to reload", l.history.count(resetSent, resets), 0)
	return nil
}

// blackHole drops every packet of half of the pages, without closing a connection.
func blackHole(r *run) error {
	c := r.loadConfig()
	here := r.startLoad(r.label+"-here", r.seed, c)
	c.rate, c.via = 0, r.front
	away := r.startLoad(r.label+"-away", r.seed, c)
	for _, l := range []*load{here, away} {
		if err := l.awaitLive(30 * time.Second); err != nil {
			return err
		}
	}
	time.Sleep(2 * time.Second)
	hereStreams := len(here.viewers) - here.waitingPages
	awayStreams := len(away.viewers) - away.waitingPages // a waiting page notices when its browser gives up
	all := hereStreams + awayStreams
	if err := rig.WaitFor(20*time.Second, "only the streams of this run to be open", func() bool { return r.viewing() == all }); err != nil {
		return fmt.Errorf("%w: %d instead of %d", err, r.viewing(), all)
	}
	start := time.Now()
	r.front.Blackhole(true)
	r.atMost("the server closes them after", r.timeUntil(40*time.Second, func() bool { return r.viewing() <= hereStreams }), 30*time.Second)
	time.Sleep(time.Until(start.Add(60 * time.Second)))
	noticed := time.Duration(0)
	for _, e := range away.history.Events {
		if e.Kind == disconnected && e.At.After(start) {
			noticed = max(noticed, e.At.Sub(start))
		}
	}
	r.countAtMost("pages that have not noticed", awayStreams-away.history.count(disconnected, timeSpan{start, time.Now()}), 0)
	r.atMost("the last page notices after", noticed, 46*time.Second)
	r.front.Heal()
	here.settle(20 * time.Second)
	took, err := away.awaitCurrent(10 * time.Second)
	if err != nil {
		return err
	}
	r.atMost("caught up after", took, 5*time.Second)
	if _, err := r.finish(away, 5*time.Second); err != nil {
		return err
	}
	_, err = r.finish(here, 5*time.Second)
	return err
}

// viewing returns the number of streams that the processes have open.
func (r *run) viewing() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("parley_viewers"))
	}
	return n
}

// firstConnectFails serves the page, and refuses its stream for 5 s in three ways.
func firstConnectFails(r *run) error {
	for _, c := range []struct{ name, answer string }{
		{"reset", ""},
		{"503", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"},
		{"redirect", "HTTP/1.1 303 See Other\r\nLocation: /sign-in\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
	} {
		var refusing atomic.Bool
		refusing.Store(true)
		entrance, err := newLink(dialer(r.balancer.Addr), func(l *link) {
			l.up = func(p *proxied) filter {
				return func(chunk []byte) ([]byte, error) {
					if !refusing.Load() || !bytes.Contains(chunk, []byte("/events?after=")) {
						return chunk, nil
					}
					_, _ = p.client.Write([]byte(c.answer))
					if c.answer != "" {
						time.Sleep(50 * time.Millisecond) // a reset would overtake the response
					}
					return nil, errCut
				}
			}
		})
		if err != nil {
			return err
		}
		l := r.startLoad(r.label+c.name, r.seed, loadConfig{rooms: r.rooms[:2], pages: 2, rate: 4, via: entrance})
		time.Sleep(5 * time.Second)
		refusing.Store(false)
		since := time.Now()
		if err := l.awaitLive(20 * time.Second); err != nil {
			entrance.Close()
			return err
		}
		r.atMost(c.name+": live after", time.Since(since), 15*time.Second)
		_, err = r.finish(l, 5*time.Second)
		entrance.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// sessionEnds signs out a browser with several pages open, once with the bus up and once with it down.
func sessionEnds(r *run) error {
	for _, c := range []struct {
		name  string
		limit time.Duration
	}{{"bus up", 2 * time.Second}, {"bus down", 12 * time.Second}} {
		if c.name == "bus down" {
			r.redis.Kill()
			if err := rig.WaitFor(10*time.Second, "the bus to be down", func() bool { return !r.processes[0].busUp() && !r.processes[1].busUp() }); err != nil {
				return err
			}
		}
		room := r.rooms[0]
		browser, err := room.Members[0].elsewhere()
		if err != nil {
			return err
		}
		same := chatRoom{ID: room.ID, Members: []*user{browser}}
		l := r.startLoad(r.label+c.name, r.seed, loadConfig{rooms: []chatRoom{same}, pages: 6})
		if err := l.awaitLive(20 * time.Second); err != nil {
			return err
		}
		before := l.viewers[0].requestCount()
		if err := browser.submit("/sign-out", url.Values{}); err != nil {
			return err
		}
		r.atMost(c.name+": signed out after", r.timeUntil(15*time.Second, func() bool {
			for _, v := range l.viewers {
				if _, _, ended := v.state(); ended != signedOut {
					return false
				}
			}
			return true
		}), c.limit)
		time.Sleep(2 * time.Second)
		for _, v := range l.viewers {
			r.expect("a tab makes at most two more requests", v.requestCount()-before <= 2)
		}
		if _, err := r.finish(l, 0); err != nil {
			return err
		}
	}
	return r.redis.Start()
}

// slowReader reads one byte a second in a busy room.
func slowReader(r *run) error {
	entrance, err := newLink(dialer(r.processes[0].Addr)) // not through the balancer, which would buffer
	if err != nil {
		return err
	}
	defer entrance.Close()
	busy := loadConfig{rooms: r.rooms[:1], pages: r.times(1, 5), rate: 30, padding: 3000}
	l := r.startLoad(r.label, r.seed, busy)
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	before := timeSpan{from: time.Now()}
	time.Sleep(12 * time.Second)
	before.to = time.Now()
	cut := r.slowCut()
	slow := r.startLoad(r.label+"-slow", r.seed, loadConfig{rooms: r.rooms[:1], pages: 1, via: entrance})
	if err := slow.awaitLive(30 * time.Second); err != nil {
		return err
	}
	entrance.throttle(1)
	during := timeSpan{from: time.Now()}
	r.atMost("cut after", r.timeUntil(25*time.Second, func() bool { return r.slowCut() >= cut+len(slow.viewers) }), 15*time.Second)
	during.to = time.Now()
	for _, v := range slow.viewers {
		v.Stop()
	}
	s, err := r.finish(l, 10*time.Second)
	if err != nil {
		return err
	}
	was, is := quantile(l.history.deliveryTimes(s, before), 0.99), quantile(l.history.deliveryTimes(s, during), 0.99)
	r.figure("delivery p99 to others %s before", short(was))
	r.atMost("delivery p99 to others meanwhile", is, was*6/5+20*time.Millisecond)
	return nil
}

func (r *run) slowCut() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("parley_slow_viewers_cut_total"))
	}
	return n
}
