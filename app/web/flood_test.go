package web

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestAFloodOfSignIns is T7: 500 sign-ins, more at once than may wait, take little memory, many are told
// to come back later, and posts stay fast meanwhile.
func TestAFloodOfSignIns(t *testing.T) {
	const crowd = 500
	s, ann, _, room := talked(t, options{trusted: []string{"127.0.0.1/32"}}, 0)
	talk := ann.talk(room)
	posts := 0
	post := func() time.Duration {
		posts++
		begin := time.Now()
		talk.say(fmt.Sprint("k", posts), "hello") // or the refusal of one that took too long
		return time.Since(begin)
	}
	quiet := make([]time.Duration, 50)
	for i := range quiet {
		quiet[i] = post()
	}
	slices.Sort(quiet)

	runtime.GC()
	before, most := heap(), 0
	var done atomic.Bool
	var statuses [600]atomic.Int64
	var all sync.WaitGroup
	queue := make(chan int)
	for range 40 + runtime.NumCPU() { // a few more than may run and wait; others would only keep this test busy
		all.Go(func() {
			for i := range queue {
				from := fmt.Sprintf("X-Forwarded-For: 10.1.%d.%d", i/250, i%250)
				a := s.visitor().post("/sign-in", form("username", fmt.Sprint("nobody", i), "password", goodPassword), from)
				statuses[a.status].Add(1)
			}
		})
	}
	all.Go(func() {
		for i := range crowd {
			queue <- i
		}
		close(queue)
	})
	go func() { all.Wait(); done.Store(true) }()
	var busy []time.Duration
	for !done.Load() {
		busy = append(busy, post())
		most = max(most, heap())
	}
	slices.Sort(busy)
	middle, late := busy[len(busy)/2], busy[len(busy)*99/100]
	t.Logf("%d posts, p50 %v, p99 %v, alone %v; %d MiB more; %d checked", len(busy), middle, late, quiet[len(quiet)-1], (most-before)>>20, statuses[422].Load())
	// The median, because this test's own crowd and other programs share the processors.
	if limit := max(500*time.Millisecond, 4*quiet[len(quiet)-1]); middle > limit {
		t.Errorf("half of the posts took longer than %v, alone %v at most", middle, quiet[len(quiet)-1])
	}
	// A hash takes 19 MiB. As many run as there are processors, less one; with one the bound is 150 MiB.
	if limit := (150 + 40*max(runtime.NumCPU()-2, 0)) << 20; most > before+limit {
		t.Errorf("%d MiB more", (most-before)>>20)
	}
	if checked, later := statuses[422].Load(), statuses[503].Load(); checked == 0 || later == 0 {
		t.Errorf("%d were checked and %d told to come back, of %d", checked, later, crowd)
	}
	if r := talk.say("after", "the flood"); r.seq == 0 {
		t.Errorf("a post after it: %+v", r)
	}
}

// heap is the memory that Go's heap holds, in bytes, used or not yet given back.
func heap() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapSys - m.HeapReleased)
}
