package web

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestAFloodOfSignIns is T7: 500 sign-ins at once, many more than may wait, take little memory, most get 503
// and come back later, no post is refused, and 99 of 100 posts take too little time to notice.
func TestAFloodOfSignIns(t *testing.T) {
	const crowd = 500
	s, ann, bob, room := talked(t, options{trusted: []string{"127.0.0.1/32"}}, 0)
	p, other := poster{talk: ann.talk(room)}, poster{talk: bob.talk(room)}
	// What the crowd takes from the processors, and one other writer from the disk, is not what this is about.
	// So the crowd reads a page first, while somebody else posts as well.
	quiet, _ := p.postWhile(t, func() {
		other.postWhile(t, func() {
			for begin := time.Now(); time.Since(begin) < 2*time.Second; {
				crowdOf(crowd, func(int) { s.visitor().get("/sign-in").mustBe(200) })
			}
		})
	})

	defer debug.SetGCPercent(debug.SetGCPercent(100)) // the bound is for a server, and tests may collect less
	runtime.GC()
	before := heap()
	var statuses [600]atomic.Int64
	busy, most := p.postWhile(t, func() {
		crowdOf(crowd, func(i int) {
			from := fmt.Sprintf("X-Forwarded-For: 10.1.%d.%d", i/250, i%250)
			a := s.visitor().post("/sign-in", form("username", fmt.Sprint("nobody", i), "password", goodPassword), from)
			statuses[a.status].Add(1)
		})
	})
	t.Logf("%d posts, p50 %v, p99 %v, before %v; %d MiB more; %d checked",
		len(busy), busy[len(busy)/2], p99(busy), p99(quiet), (most-before)>>20, statuses[422].Load())
	if limit := max(rig.Limit(500*time.Millisecond), 3*p99(quiet)); p99(busy) > limit {
		t.Errorf("a hundredth of the posts took longer than %v, before %v", p99(busy), p99(quiet))
	}
	// A hash takes 19 MiB. As many run as there are processors, less one; with one the bound is 150 MiB.
	if limit := (150 + 40*max(runtime.NumCPU()-2, 0)) << 20; most > before+limit {
		t.Errorf("%d MiB more", (most-before)>>20)
	}
	if checked, later := statuses[422].Load(), statuses[503].Load(); checked == 0 || later == 0 {
		t.Errorf("%d were checked and %d told to come back, of %d", checked, later, crowd)
	}
	p.post(t)
}

// crowdOf does something n times at once.
func crowdOf(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// poster posts one message after the other, none of which may be refused.
type poster struct {
	talk  *talker
	posts int
}

func (p *poster) post(t *testing.T) (took time.Duration) {
	t.Helper()
	p.posts++
	begin := time.Now()
	if r := p.talk.say(fmt.Sprint("k", p.posts), "hello"); r.seq == 0 {
		t.Errorf("post %d is refused: %+v", p.posts, r)
	}
	return time.Since(begin)
}

// postWhile posts as long as something lasts. It returns how long each post took, the quickest first, and the
// most memory that was in use.
func (p *poster) postWhile(t *testing.T, lasts func()) (took []time.Duration, most int) {
	t.Helper()
	var done atomic.Bool
	go func() { lasts(); done.Store(true) }()
	for !done.Load() || len(took) == 0 {
		took = append(took, p.post(t))
		most = max(most, heap())
	}
	slices.Sort(took)
	return took, most
}

// p99 returns the most that 99 of 100 posts took.
func p99(sorted []time.Duration) time.Duration { return sorted[len(sorted)*99/100] }

// heap is the memory that Go's heap holds, in bytes, used or not yet given back.
func heap() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapSys - m.HeapReleased)
}
