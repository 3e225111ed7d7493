package faults

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// volume is how much goes on.
type volume struct {
	rooms   []place
	streams int           // open pages of each person
	plain   bool          // some pages are without scripts
	rate    float64       // posts a second, all people together
	only    string        // "form" or "socket"; both when empty
	pad     int           // characters that make each message longer
	viewBy  *link         // the pages' way in, if it is not everybody's
	apart   time.Duration // between the opening of two pages
}

// load is people who chat: each has pages open and says something now and then, over a socket or
// with a form, and says it again with the same key until it is settled.
type load struct {
	w       *world
	h       *history
	viewers []*viewer
	waiting int                // how many of them hold no stream
	stop    context.CancelFunc // no new messages
	abandon context.CancelFunc // no further attempts
	senders sync.WaitGroup
	Posted  atomic.Int64
	label   string
	pad     string
	first   int       // what each sender has said before
	ended   time.Time // when the pages were closed
}

// waysOf are how the pages of a load follow their rooms, in turn.
var waysOf = [...]func(*viewer, context.Context){
	(*viewer).run, (*viewer).run, (*viewer).run, (*viewer).runDocument, (*viewer).run, (*viewer).run, (*viewer).run, (*viewer).runWaiting,
}

func (w *world) chat(label string, seed uint64, v volume) *load {
	l := &load{w: w, h: &history{Start: time.Now()}, stop: func() {}, abandon: func() {}, label: label, pad: strings.Repeat("long ", v.pad/5)}
	w.loads = append(w.loads, l)
	for _, room := range v.rooms {
		for _, who := range room.Members {
			if v.viewBy != nil {
				who = who.through(v.viewBy)
			}
			for range v.streams {
				way := (*viewer).run
				if v.plain {
					n := len(l.viewers) % len(waysOf)
					if way = waysOf[n]; n == len(waysOf)-1 {
						l.waiting++
					}
				}
				l.viewers = append(l.viewers, l.h.viewBy(way, int(w.viewers.Add(1)), room.ID, who))
				time.Sleep(v.apart)
			}
		}
	}
	saying, stop := context.WithCancel(context.Background())
	trying, abandon := context.WithCancel(context.Background())
	l.stop, l.abandon = stop, abandon
	senders := 0
	for _, room := range v.rooms {
		senders += len(room.Members)
	}
	if v.rate == 0 {
		return l
	}
	pause := time.Duration(float64(senders) / v.rate * float64(time.Second))
	n := 0
	for _, room := range v.rooms {
		for _, who := range room.Members {
			n++
			random := chance(seed, label, n)
			keys := func() string { return fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()) }
			var p poster = &socketPoster{who: who, next: keys}
			if v.only == "form" || v.only == "" && n%3 == 0 {
				p = &formPoster{who: who, next: keys}
			}
			l.senders.Go(func() { l.send(saying, trying, room.ID, who, p, random, pause) })
		}
	}
	return l
}

// chance is the dice of one sender in one run; the same seed and label throw the same again.
func chance(seed uint64, label string, n int) *rand.Rand {
	sum := fnv.New64a()
	_, _ = fmt.Fprint(sum, label, n)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}

// send says one thing after the other until saying ends.
func (l *load) send(saying, trying context.Context, room uint64, who *person, p poster, random *rand.Rand, pause time.Duration) {
	defer p.close()
	for n := l.first + 1; ; n++ {
		sleep(saying, time.Duration((0.5+random.Float64())*float64(pause)))
		if saying.Err() != nil {
			return
		}
		body := fmt.Sprintf("%s says %d in %d at %s.%s", who.Name, n, room, l.label, l.pad)
		l.settle(trying, p, room, who, body, n)
		l.Posted.Add(1)
	}
}

// settle posts a message and sends it again until the answer is final.
func (l *load) settle(trying context.Context, p poster, room uint64, who *person, body string, n int) call {
	key := p.key()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c := call{Room: room, Author: who.Name, Transport: p.name(), Key: key, Body: body, N: n, Sent: time.Now()}
		c.Outcome, c.Seq, c.Why = p.post(room, key, body)
		c.Done = time.Now()
		l.h.called(c)
		if c.Outcome < later || trying.Err() != nil {
			return c
		}
		sleep(trying, wait)
	}
}

// ready waits until every page is open and live.
func (l *load) ready(limit time.Duration) error {
	return within(limit, "every page is live", func() bool {
		for _, v := range l.viewers {
			if _, live, _ := v.state(); !live {
				return false
			}
		}
		return true
	})
}

// drop ends a load in whatever state it is; one that a scenario gave up on would disturb the next.
func (l *load) drop() {
	l.stop()
	l.abandon()
	for _, v := range l.viewers {
		v.stop()
	}
	l.senders.Wait()
	for _, v := range l.viewers {
		<-v.done
	}
}

// quiet stops the talking and lets what is open be settled.
func (l *load) quiet(settling time.Duration) {
	l.stop()
	giveUp := time.AfterFunc(settling, l.abandon)
	l.senders.Wait()
	giveUp.Stop()
	l.abandon()
}

// end makes it quiet and gives the pages time to catch up. Then it closes them and reads what is stored.
func (l *load) end(settling, catchUp time.Duration) (*stored, time.Duration, error) {
	l.quiet(settling)
	took, err := l.caughtUp(catchUp)
	l.ended = time.Now()
	for _, v := range l.viewers {
		if _, _, ended := v.state(); ended == 0 {
			l.h.Last = append(l.h.Last, v.id)
		}
		v.stop()
	}
	for _, v := range l.viewers {
		<-v.done
	}
	if err != nil {
		return nil, took, err
	}
	s, err := readStored(l.w.sql)
	return s, took, err
}

// caughtUp waits until every page shows the end of its room; the checker says who does not.
func (l *load) caughtUp(limit time.Duration) (time.Duration, error) {
	start := time.Now()
	ends, err := heads(l.w.sql)
	if err != nil {
		return 0, err
	}
	_ = within(limit, "all pages are up to date", func() bool { // I5 of the check tells
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
