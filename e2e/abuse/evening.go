package abuse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// eveningPace is how long an attacker pauses between two requests of a kind; the six do as in `just abuse`.
const eveningPace = time.Second

// rested is how much more than before a process may hold once everybody has gone: connections to the database that stay
// open for a while, and what is cached of rooms.
var rested = state{goroutines: 60, files: 40, heap: 40 << 20}

// evening is what has been seen on a hostile evening.
type evening struct {
	lasts               time.Duration
	load                string
	shares              [3]float64 // of processors: the program, its database, this test
	attacks             []kind
	counts              []*counts
	took, delays        []time.Duration // of the posts of the two; the quickest first
	refused, lost       []string
	received            int
	before, most, after []state
	rest                time.Duration // until all processes were at rest
	restless            error
}

// hostile runs a hostile evening: a crowd, and the six if they are wanted, while the two chat.
func (s *site) hostile(t *testing.T, list []attack, six bool, lasts time.Duration) *evening {
	t.Helper()
	e := &evening{lasts: lasts}
	for _, p := range s.processes {
		collect(p)
		e.before = append(e.before, stateOf(p))
	}
	ctx, stop := context.WithTimeout(t.Context(), lasts)
	defer stop()
	peaks := watch(s.processes)
	begin, used := time.Now(), s.used()
	var chatting sync.WaitGroup
	for _, c := range s.chatters {
		chatting.Go(func() { c.chat(ctx, "evening") })
	}
	gone := e.attack(ctx, s, list, six)
	chatting.Wait()
	e.load = machineLoad()
	for i, after := range s.used() {
		e.shares[i] = (after - used[i]).Seconds() / time.Since(begin).Seconds()
	}
	gone()
	over := time.Now()
	e.most = peaks()
	e.gather(t.Context(), s)
	e.awaitRest(s, over)
	return e
}

// attack begins all attacks, which end with the context. gone waits until all attackers have hung up.
func (e *evening) attack(ctx context.Context, s *site, list []attack, six bool) (gone func()) {
	var attacking sync.WaitGroup
	var everybody []*browser
	begin := func(k kind, a *abuser, seed uint64, pause time.Duration, c *counts) {
		everybody = append(everybody, a.browser)
		random := rand.New(&source{PCG: rand.NewPCG(seed, uint64(a.n))}) //nolint:gosec // the same in each run
		attacking.Go(func() { k.act(ctx, &attempt{abuser: a, random: random, over: ctx, pause: pause, counts: c}) })
	}
	for i, a := range list {
		c := e.row(a.kind)
		for n := range a.people {
			begin(a.kind, s.stranger(i, a.from+n), uint64(i), eveningPace, c)
		}
	}
	if six {
		c := e.row(kind{name: "abuse", what: fmt.Sprint("what six signed-in people can do, ", len(kinds), " kinds at once")})
		for i, k := range kinds {
			for _, a := range s.crew {
				begin(k, a, uint64(len(list)+i), time.Second/abusePace, c)
			}
		}
	}
	return func() {
		attacking.Wait()
		for _, b := range everybody {
			b.client.CloseIdleConnections()
		}
	}
}

// row adds a row to the table of attacks.
func (e *evening) row(k kind) *counts {
	c := &counts{}
	e.attacks, e.counts = append(e.attacks, k), append(e.counts, c)
	return c
}

// gather waits until all posts have arrived on all pages, and notes what was lost or came twice, there or in the database.
func (e *evening) gather(ctx context.Context, s *site) {
	for _, c := range s.chatters {
		lost, delays := c.lost(patience)
		e.took, e.delays = append(e.took, c.took...), append(e.delays, delays...)
		e.refused, e.lost, e.received = append(e.refused, c.refused...), append(e.lost, lost...), e.received+len(delays)
	}
	for _, r := range s.readers {
		for _, text := range r.twice {
			e.lost = append(e.lost, text+" came twice to a page of "+r.who.name)
		}
	}
	e.lost = append(e.lost, s.storedWrong(ctx)...)
	slices.Sort(e.took)
	slices.Sort(e.delays)
}

// awaitRest waits until every process holds what it held before, for a minute.
func (e *evening) awaitRest(s *site, over time.Time) {
	e.after = make([]state, len(s.processes))
	e.restless = rig.WaitFor(time.Minute-time.Since(over), "all processes to be at rest", func() bool {
		quiet := true
		for i, p := range s.processes {
			collect(p)
			e.after[i] = stateOf(p)
			quiet = quiet && e.after[i].isWithin(e.before[i], rested)
		}
		return quiet
	})
	e.rest = time.Since(over)
}

// String is the tables of what was done, what the two have noticed, and what the processes held.
func (e *evening) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%v, load %s on %d processors, of which the program used %.2f, its database %.2f, this test %.2f\n\n",
		e.lasts, e.load, runtime.NumCPU(), e.shares[0], e.shares[1], e.shares[2])
	out.WriteString("| attack | sent | accepted | refused | busy | no answer |\n|---|--:|--:|--:|--:|--:|\n")
	for i, a := range e.attacks {
		c := e.counts[i]
		fmt.Fprintf(&out, "| `%s`: %s | %d | %d | %d | %d | %d |\n", a.name, a.what, c.requests.Load(), c.accepted.Load(), c.refused.Load(), c.busy.Load(), c.failed.Load())
	}
	fmt.Fprintf(&out, "\n| what the two posted | posts | p50 | p99 | max |\n|---|--:|--:|--:|--:|\n| until the answer | %s |\n| until it's on a page | %s |\n\n", row(e.took), row(e.delays))
	fmt.Fprintf(&out, "%d posts refused, %d of %d deliveries lost or doubled; at rest after %s\n\n", len(e.refused), len(e.lost), e.received, short(e.rest))
	out.WriteString("| process | | goroutines | descriptors | memory | in use |\n|---|---|--:|--:|--:|--:|\n")
	for i := range e.before {
		fmt.Fprintf(&out, "| %d | before | %v |\n| | at most | %v |\n| | after | %v |\n", i+1, e.before[i], e.most[i], e.after[i])
	}
	return out.String()
}
