package live_test

import (
	"runtime"
	"testing"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// When a network fails, all who watch come back at once and lack the same entries: what waits for slow ones must not be
// held once for each of them. Not parallel, because it looks at the heap.
func TestWhoComesBackSharesWhatTheyMissed(t *testing.T) {
	const missed, back = 40, 30
	f := newFixture(t, live.Intervals{})
	for range missed {
		f.source.post(1, bigText)
	}
	before := heap()
	for range back {
		f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	}
	rig.Eventually(t, "all have been sent everything", func() bool { return f.hub.Stats.Delivered.Load() == missed*back })
	size := missed * len(bigText)
	if grown := heap() - before; grown > 6*size {
		t.Errorf("%d viewers who missed %d bytes take %d", back, size, grown)
	}
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: missed - 3})).receives(missed-2, missed)
	f.post(1, "news")
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: missed - 3})).receives(missed-2, missed+1)
}

// heap returns how many bytes are in use.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
