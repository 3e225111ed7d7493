package faults

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"parley/e2e/rig"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// loadConfig is the size of a load.
type loadConfig struct {
	rooms          []chatRoom
	pages          int           // open pages per user
	withoutScripts bool          // for some of the pages
	rate           float64       // posts per second, over all users
	transport      string        // "form" or "socket"; empty for both
	padding        int           // characters added to each message
	via            *link         // the link that its pages use, if not the usual one
	interval       time.Duration // between opening two pages
}

// load is users who chat. Each has pages open and posts now and then, over a socket or with a form, and
// posts again with the same key until the outcome is final.
type load struct {
	deployment   *deployment
	history      *history
	viewers      []*viewer
	waitingPages int                // those of the viewers that have no stream
	stopPosting  context.CancelFunc // no new messages
	abandon      context.CancelFunc // no further attempts
	senders      sync.WaitGroup
	Posted       atomic.Int64
	label        string
	padding      string
	first        int       // the number of the last message before
	ended        time.Time // when the pages were closed
}

// pageKinds are the kinds of the pages of a load, in turn.
var pageKinds = [...]func(*viewer, context.Context){
	(*viewer).followEvents, (*viewer).followEvents, (*viewer).followEvents, (*viewer).followStreamedPage,
	(*viewer).followEvents, (*viewer).followEvents, (*viewer).followEvents, (*viewer).followWaitingPage,
}

func (d *deployment) startLoad(label string, seed uint64, c loadConfig) *load {
	l := &load{deployment: d, history: &history{Start: time.Now()}, stopPosting: func() {}, abandon: func() {}, label: label,
		padding: strings.Repeat("long ", c.padding/5)}
	d.loads = append(d.loads, l)
	for _, room := range c.rooms {
		for _, u := range room.Members {
			if c.via != nil {
				u = u.through(c.via)
			}
			for range c.pages {
				follow := (*viewer).followEvents
				if c.withoutScripts {
					n := len(l.viewers) % len(pageKinds)
					if follow = pageKinds[n]; n == len(pageKinds)-1 {
						l.waitingPages++
					}
				}
				l.viewers = append(l.viewers, l.history.openPageAs(follow, int(d.viewers.Add(1)), room.ID, u))
				time.Sleep(c.interval)
			}
		}
	}
	posting, stop := context.WithCancel(context.Background())
	retrying, abandon := context.WithCancel(context.Background())
	l.stopPosting, l.abandon = stop, abandon
	senders := 0
	for _, room := range c.rooms {
		senders += len(room.Members)
	}
	if c.rate == 0 {
		return l
	}
	pause := time.Duration(float64(senders) / c.rate * float64(time.Second))
	n := 0
	for _, room := range c.rooms {
		for _, u := range room.Members {
			n++
			random := newRand(seed, label, n)
			keys := func() string { return fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()) }
			var p poster = &socketPoster{user: u, nextKey: keys}
			if c.transport == "form" || c.transport == "" && n%3 == 0 {
				p = &formPoster{user: u, nextKey: keys}
			}
			l.senders.Go(func() { l.send(posting, retrying, room.ID, u, p, random, pause) })
		}
	}
	return l
}

// newRand returns the random numbers of one sender in one run. They depend on seed, label and n alone.
func newRand(seed uint64, label string, n int) *rand.Rand {
	sum := fnv.New64a()
	_, _ = fmt.Fprint(sum, label, n)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}

// send posts one message after another until posting ends.
func (l *load) send(posting, retrying context.Context, room uint64, u *user, p poster, random *rand.Rand, pause time.Duration) {
	defer p.close()
	for n := l.first + 1; ; n++ {
		sleep(posting, time.Duration((0.5+random.Float64())*float64(pause)))
		if posting.Err() != nil {
			return
		}
		body := fmt.Sprintf("%s posts %d in %d at %s.%s", u.Name, n, room, l.label, l.padding)
		l.postUntilSettled(retrying, p, room, u, body, n)
		l.Posted.Add(1)
	}
}

// postUntilSettled posts a message, and again until the outcome is final.
func (l *load) postUntilSettled(retrying context.Context, p poster, room uint64, u *user, body string, n int) call {
	key := p.key()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c := call{Room: room, Author: u.Name, Transport: p.name(), Key: key, Body: body, N: n, Sent: time.Now()}
		c.Outcome, c.Seq, c.Why = p.post(room, key, body)
		c.Done = time.Now()
		l.history.addCall(c)
		if c.Outcome < retryLater || retrying.Err() != nil {
			return c
		}
		sleep(retrying, wait)
	}
}

// awaitLive waits until every page is live.
func (l *load) awaitLive(limit time.Duration) error {
	return rig.WaitFor(limit, "every page to be live", func() bool {
		for _, v := range l.viewers {
			if _, live, _ := v.state(); !live {
				return false
			}
		}
		return true
	})
}

// abort ends a load in any state. One that a failed scenario left behind would disturb the next.
func (l *load) abort() {
	l.stopPosting()
	l.abandon()
	for _, v := range l.viewers {
		v.stop()
	}
	l.senders.Wait()
	for _, v := range l.viewers {
		<-v.done
	}
}

// settle stops posting and waits until all outcomes are final.
func (l *load) settle(settling time.Duration) {
	l.stopPosting()
	giveUp := time.AfterFunc(settling, l.abandon)
	l.senders.Wait()
	giveUp.Stop()
	l.abandon()
}

// finish settles the load and gives the pages time to catch up. Then it closes them and reads the database.
func (l *load) finish(settling, catchUp time.Duration) (*stored, time.Duration, error) {
	l.settle(settling)
	took, err := l.awaitCurrent(catchUp)
	l.ended = time.Now()
	for _, v := range l.viewers {
		if _, _, ended := v.state(); ended == 0 {
			l.history.MustBeCurrent = append(l.history.MustBeCurrent, v.id)
		}
		v.stop()
	}
	for _, v := range l.viewers {
		<-v.done
	}
	if err != nil {
		return nil, took, err
	}
	s, err := readStored(l.deployment.sql)
	return s, took, err
}

// awaitCurrent waits until every page shows the end of its room. The check reports pages that do not.
func (l *load) awaitCurrent(limit time.Duration) (time.Duration, error) {
	start := time.Now()
	ends, err := roomEnds(l.deployment.sql)
	if err != nil {
		return 0, err
	}
	_ = rig.WaitFor(limit, "all pages to be current", func() bool { // I5 reports it
		for _, v := range l.viewers {
			at, _, ended := v.state()
			if at != ends[v.room] && ended == 0 {
				return false
			}
		}
		return true
	})
	return time.Since(start), nil
}
