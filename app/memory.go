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

// Go collects garbage whenever the heap has doubled. With a heap as small as most servers have, that happens so often that a
// third of the cost of a page is collecting. So a small heap may grow to about heapFloor bytes before it is collected, but to
// no more than four times what is in use. A heap that is half as large or more when a collection ends is left to Go's own
// rule. With a higher floor, what stays of a rush, such as ten thousand streams, would lie scattered between more garbage,
// and keep more memory from being given back.
const (
	heapFloor      = 32 << 20
	mostGCPercent  = 300 // no more, because a rush can make the heap much larger before the pace follows
	usualGCPercent = 100 // Go's own
)

// setsGOGC reports whether whoever starts the program has chosen the collector's pace, and knows better.
func setsGOGC(environment []string) bool {
	return slices.ContainsFunc(environment, func(v string) bool { return strings.HasPrefix(v, "GOGC=") && v != "GOGC=" })
}

// collectSeldom sets the collector's pace now and after each collection, until ctx ends.
// An object that each collection frees tells when it has ended: a timer would be late in a rush, and let garbage grow to
// several times what is in use.
func collectSeldom(ctx context.Context) {
	debug.SetGCPercent(gcPercent(readHeap().live))
	type mark struct{ _ *byte } // with a pointer, or it would share its memory with other small objects
	runtime.SetFinalizer(&mark{}, func(*mark) {
		if ctx.Err() == nil {
			collectSeldom(ctx)
		}
	})
}

// gcPercent returns by how many per cent of itself a heap with so many bytes in use may grow until it is collected.
func gcPercent(live uint64) int {
	if live >= heapFloor/2 {
		return usualGCPercent
	}
	return int(min((heapFloor-live)*100/max(live, 1), mostGCPercent))
}

// After a rush (thousands who connect, large uploads), Go keeps for minutes what it no longer needs, because it may need it
// again. A chat server is quiet for most of the time, and then all of that goes back to the system.
const (
	memoryInterval = 2 * time.Second
	quietBytes     = 2 << 20 // allocated in that time: as much as ten thousand open pages take when nobody says anything
	spareBytes     = 6 << 20 // not worth a collection below it
)

// returnMemoryOften calls give, which gives memory back, whenever the process has become quiet, until ctx ends.
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
