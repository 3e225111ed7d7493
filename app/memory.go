package main

import (
	"context"
	"runtime/metrics"
	"time"
)

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
