package abuse

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// slower is the factor by which 99 of 100 posts may take longer than while the six only read, where the machine is so
// busy with other things that this is more than the limit.
const slower = 3

// abusePace is how often a second each of the six does each kind.
const abusePace = 5

// phase is a while in which the two chat and the six do something.
type phase struct {
	name    string
	kinds   []kind
	times   int     // of each kind at once; 0 is once
	pace    float64 // of each kind of each abuser, a second
	lasts   time.Duration
	profile string // a file for a CPU profile of the server
}

// ordinary is what the six do for comparison, as often: they read pages.
var ordinary = kind{"reading", "the pages that everybody reads", func(ctx context.Context, t *attempt) {
	turn := 0
	t.keep(ctx, func() {
		turn++
		t.load(ctx, []string{t.group, "/rooms", t.direct, "/friends"}[turn%4])
	})
}}

// result is what has been seen in a phase.
type result struct {
	phase
	counts   []*counts
	took     []time.Duration // of all posts of the two, the quickest first
	posts    [][]time.Duration
	delays   [][]time.Duration
	refused  []string
	lost     []string
	load     string
	memory   [2]int64 // before, and at most
	data     [2]int64 // before and after
	shares   [3]float64
	received int
}

// run runs a phase.
func (s *site) run(t *testing.T, p phase) *result {
	t.Helper()
	r := &result{phase: p}
	r.memory[0], _ = memory(s.parley.PID())
	r.data[0] = diskSize(s.data)
	begin, used := time.Now(), s.used()
	ctx, stop := context.WithTimeout(t.Context(), p.lasts)
	defer stop()
	var chatting, abusing sync.WaitGroup
	for _, c := range s.chatters {
		chatting.Go(func() { c.chat(ctx, p.name) })
	}
	for _, a := range s.crew {
		if err := a.socket.open(ctx); err != nil {
			t.Fatal(err)
		}
	}
	pause := time.Duration(float64(time.Second) / p.pace)
	for i, k := range p.kinds {
		c := &counts{}
		r.counts = append(r.counts, c)
		for n := range len(s.crew) * max(1, p.times) {
			a := s.crew[n%len(s.crew)]
			random := rand.New(&source{PCG: rand.NewPCG(uint64(i), uint64(n))}) //nolint:gosec // texts, the same in each run
			abusing.Go(func() { k.act(ctx, &attempt{abuser: a, random: random, over: ctx, pause: pause, counts: c}) })
		}
	}
	if p.profile != "" {
		abusing.Go(func() {
			if err := profile(s.parley, p.profile, p.lasts); err != nil {
				t.Error(err)
			}
		})
	}
	chatting.Wait()
	for i, after := range s.used() {
		r.shares[i] = (after - used[i]).Seconds() / time.Since(begin).Seconds()
	}
	r.load = machineLoad()
	abusing.Wait()
	_, r.memory[1] = memory(s.parley.PID())
	r.data[1] = diskSize(s.data)
	for _, c := range s.chatters {
		lost, delays := c.lost(patience)
		slices.Sort(c.took)
		r.took = append(r.took, c.took...)
		r.posts, r.delays = append(r.posts, c.took), append(r.delays, delays)
		r.refused, r.lost, r.received = append(r.refused, c.refused...), append(r.lost, lost...), r.received+len(delays)
	}
	for _, reader := range s.readers {
		for _, text := range reader.twice {
			r.lost = append(r.lost, text+" came twice")
		}
	}
	slices.Sort(r.took)
	return r
}

// used returns the processor time of the program, its database, and this test.
func (s *site) used() (list [3]time.Duration) {
	for _, p := range s.processes {
		list[0] += processorTime(p.PID())
	}
	list[2] = ownProcessorTime()
	if s.database != nil {
		list[1] = processorTime(s.database.PID())
	}
	return list
}

// profile writes a CPU profile of the middle of a phase.
func profile(p *rig.Parley, path string, lasts time.Duration) error {
	time.Sleep(lasts / 4)
	resp, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", p.Admin, int(max(1, lasts.Seconds()/2))))
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// String is the tables of what was done and what the two have noticed.
func (r *result) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %v, load %s on %d processors, of which the program used %.2f, its database %.2f, this test %.2f\n\n",
		r.name, r.lasts, r.load, runtime.NumCPU(), r.shares[0], r.shares[1], r.shares[2])
	out.WriteString("| what the six did | requests | accepted | refused | busy | failed |\n|---|--:|--:|--:|--:|--:|\n")
	for i, k := range r.kinds {
		c := r.counts[i]
		fmt.Fprintf(&out, "| `%s`: %s | %d | %d | %d | %d | %d |\n", k.name, k.what,
			c.requests.Load(), c.accepted.Load(), c.refused.Load(), c.busy.Load(), c.failed.Load())
	}
	out.WriteString("\n| what the two posted | posts | p50 | p99 | max | on a page p50 | p99 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for i, who := range []string{"over a socket, in their own room", "with forms, in their own room", "over a socket, in the group of the six"} {
		out.WriteString("| " + who + " | " + row(r.posts[i]) + " | " + strings.TrimPrefix(row(r.delays[i]), fmt.Sprint(len(r.delays[i]), " | ")) + " |\n")
	}
	fmt.Fprintf(&out, "| all | %s | | | |\n\n", row(r.took))
	fmt.Fprintf(&out, "%d posts refused, %d of %d deliveries lost or doubled; memory %d MiB before and %d at most; data %.1f MB before and %.1f after\n",
		len(r.refused), len(r.lost), r.received, r.memory[0]>>20, r.memory[1]>>20, float64(r.data[0])/1e6, float64(r.data[1])/1e6)
	return out.String()
}

// line is one row of the table of each kind alone.
func (r *result) line() string {
	c := r.counts[0]
	return fmt.Sprintf("| `%s` | %d | %d | %s | %.2f | %.2f | %s |", r.kinds[0].name, c.requests.Load(), c.accepted.Load(),
		row(r.took), r.shares[0], r.shares[1], r.load)
}

func row(sorted []time.Duration) string {
	return fmt.Sprintf("%d | %s | %s | %s", len(sorted), short(quantile(sorted, 0.5)), short(quantile(sorted, 0.99)), short(quantile(sorted, 1)))
}

func short(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// source is a source of random numbers for several goroutines, such as the connections of one abuser.
type source struct {
	mu sync.Mutex
	*rand.PCG
}

// Uint64 returns the next number.
func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.PCG.Uint64()
}
