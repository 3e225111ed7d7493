package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"time"
)

// Go collects garbage whenever the heap has doubled. With a heap as small as on most servers, that happens so often
// that a third of the cost of a page is garbage collection. So a small heap may grow to about heapFloor bytes before it
// is collected, but to no more than four times what is in use. Once a collection leaves half of heapFloor or more in
// use, Go's own rule applies. With a higher floor, what is left after a rush, such as ten thousand streams, would be
// scattered among more garbage, which keeps more memory from being returned to the system.
const (
	heapFloor      = 32 << 20
	mostGCPercent  = 300 // no more, because a rush can make the heap much larger before the pace follows
	usualGCPercent = 100 // Go's own
)

// setsGOGC reports whether the environment sets the collector's pace, which then takes precedence.
func setsGOGC(environment []string) bool {
	return slices.ContainsFunc(environment, func(v string) bool { return strings.HasPrefix(v, "GOGC=") && v != "GOGC=" })
}

// collectSeldom sets the collector's pace now and after each collection, until ctx ends.
// The finalizer of an object that each collection frees shows when one has ended: a timer would be late in a rush, and
// let garbage grow to several times what is in use.
func collectSeldom(ctx context.Context) {
	debug.SetGCPercent(gcPercent(readHeap().live))
	type mark struct{ _ *byte } // with a pointer, or it would share its memory with other small objects
	runtime.SetFinalizer(&mark{}, func(*mark) {
		if ctx.Err() == nil {
			collectSeldom(ctx)
		}
	})
}

// gcPercent returns the GOGC value, in per cent, for a heap with this many bytes in use.
func gcPercent(live uint64) int {
	if live >= heapFloor/2 {
		return usualGCPercent
	}
	return int(min((heapFloor-live)*100/max(live, 1), mostGCPercent))
}

// After a rush (thousands of people connecting, large uploads), Go holds on for minutes to memory that it no longer
// needs, in case it needs it again. A chat server is quiet most of the time, and then it returns all of that to the
// system.
const (
	memoryInterval = 2 * time.Second
	quietBytes     = 2 << 20 // allocated in that time: as much as ten thousand open pages take when nobody says anything
	spareBytes     = 6 << 20 // not worth a collection below it
)

// returnMemoryOften calls give, which returns memory to the system, whenever the process has become quiet, until ctx
// ends.
func returnMemoryOften(ctx context.Context, interval time.Duration, give func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	last := readHeap()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			now := readHeap()
			if now.isQuietSince(last) && now.spares() {
				give()
			}
			last = now
		}
	}
}

// heap is how much memory Go has, in bytes.
type heap struct {
	allocated uint64 // since the start
	objects   uint64 // of objects, in use or not collected yet
	live      uint64 // of objects that were in use at the last collection
	free      uint64 // kept for later
}

func readHeap() (h heap) {
	samples := []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples)
	for i, to := range []*uint64{&h.allocated, &h.objects, &h.live, &h.free} {
		*to = samples[i].Value.Uint64()
	}
	return h
}

func (h heap) isQuietSince(last heap) bool { return h.allocated-last.allocated < quietBytes }

// spares reports whether a collection is likely to give back enough: a third of what is in use at least, so that it is not
// done again and again.
func (h heap) spares() bool {
	spare := h.free + h.objects - min(h.objects, h.live)
	return spare > max(spareBytes, h.live/3)
}
