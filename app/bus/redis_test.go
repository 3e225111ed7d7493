package bus_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/e2e/rig"
)

func TestSignalsReachTheOtherProcess(t *testing.T) {
	url := rig.Redis(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	for _, s := range oneOfEach {
		here.Publish(s)
	}
	for _, s := range oneOfEach {
		rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(s)) })
	}
	if !e.has(bus.Event{Kind: bus.EventRecovered}) {
		t.Error("came up without an event")
	}
}

func TestDatabasesOfOneServerAreSeparate(t *testing.T) {
	url := rig.Redis(t)
	here, same, other := newFastRedis(t, url), newFastRedis(t, url), newFastRedis(t, strings.TrimSuffix(url, "/0")+"/1")
	far, near := newRecorder(other), newRecorder(same)
	rig.Eventually(t, "all are up", func() bool { return here.Up() && same.Up() && other.Up() })
	here.Publish(oneOfEach[0])
	other.Publish(oneOfEach[2])
	rig.Eventually(t, "received in the same one", func() bool { return near.has(signalEvent(oneOfEach[0])) })
	rig.Eventually(t, "received by itself twice", func() bool { return far.count(signalEvent(oneOfEach[2])) > 1 })
	if far.has(signalEvent(oneOfEach[0])) || near.has(signalEvent(oneOfEach[2])) {
		t.Error("received in another database")
	}
}

func TestPeersAreCounted(t *testing.T) {
	url := rig.Redis(t)
	one, two := newFastRedis(t, url), newFastRedis(t, url)
	rig.Eventually(t, "two of two", func() bool { return one.Peers() == 2 && two.Peers() == 2 })
	three := newFastRedis(t, url)
	rig.Eventually(t, "three of three", func() bool { return one.Peers() == 3 && two.Peers() == 3 && three.Peers() == 3 })
	mustClose(t, three)
	rig.Eventually(t, "two are left", func() bool { return one.Peers() == 2 && two.Peers() == 2 })
}

func TestCloseSendsWhatIsPending(t *testing.T) {
	url := rig.Redis(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
	here.Publish(oneOfEach[0])
	mustClose(t, here)
	rig.Eventually(t, "received there", func() bool { return e.has(signalEvent(oneOfEach[0])) })
}

func TestFloodKeepsTheNewestAndNoMemory(t *testing.T) {
	url := rig.Redis(t)
	here, there := newFastRedis(t, url), newFastRedis(t, url)
	e := newRecorder(there)
	rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })

	before := heapInUse()
	const rooms, signals = 50, 100_000
	for n := range uint64(signals) {
		here.Publish(bus.Signal{Kind: bus.EntryAdded, Room: n % rooms, Epoch: 1, Seq: n/rooms + 1})
	}
	for room := range uint64(rooms) {
		newest := bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: 1, Seq: signals / rooms}
		rig.Eventually(t, "the newest entry is received", func() bool { return e.has(signalEvent(newest)) })
	}
	e.reset()
	if after := heapInUse(); after > before+4<<20 {
		t.Errorf("%d kB more than before", (after-before)>>10)
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What does not fit into the queue is not lost silently: the other processes get a notice.
func TestOverflowIsReported(t *testing.T) {
	w := newProxy(t, rig.Redis(t))
	here, there := newFastRedis(t, w.url()), newFastRedis(t, w.server)
	for range 10 {
		rig.Eventually(t, "both are up", func() bool { return here.Up() && there.Up() })
		e := newRecorder(there)
		w.cut()
		for user := range uint64(20_000) {
			here.Publish(bus.Signal{Kind: bus.UserChanged, User: user})
		}
		w.restore()
		rig.Eventually(t, "the other process notices", func() bool { return e.has(bus.Event{Kind: bus.EventMissed}) })
		if there.Up() {
			return
		}
	}
	t.Error("on so busy a machine, the other process is down each time, which proves nothing")
}

func TestNothingIsLeftBehind(t *testing.T) {
	url := rig.Redis(t)
	before := runtime.NumGoroutine()
	for range 3 {
		up, down := newFastRedis(t, url), newFastRedis(t, "redis://127.0.0.1:1/0")
		rig.Eventually(t, "the bus is up", up.Up)
		down.Publish(oneOfEach[0])
		mustClose(t, up)
		mustClose(t, down)
	}
	rig.Eventually(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}

func TestBadAddresses(t *testing.T) {
	for _, url := range []string{
		"", "redis", "http://127.0.0.1", "redis+sentinel://:geheim@a,b", "redis+sentinel://:geheim@a,b/geheim/x", "redis+cluster://:geheim@a,,b",
		"redis+cluster://:geheim@a,b:port", "redis://:geheim@a,b/0", "rediss://:geheim@a?ca=geheim", "redis://:geheim@a?ca=/geheim", "redis+sentinel://a/m?sentinel_password=geheim&sentinel_password=x", "redis://:geheim@127.0.0.1:port/0", "redis://:ge/heim@127.0.0.1/0",
		"redis://user:geheim@127.0.0.1:6379/zero", "redis://:geheim@127.0.0.1:6379/0?pool_size=geheim", "redis://:geheim@[::1", "\x00",
	} {
		b, err := bus.NewRedis(url, discardLog)
		if err == nil {
			mustClose(t, b)
			t.Errorf("%q is accepted as an address", url)
			continue
		}
		if strings.Contains(err.Error(), "heim") {
			t.Errorf("the password is in %q", err)
		}
	}
}

// publishWithoutPause publishes until stop is called, which returns the 99th percentile of how long the
// calls took.
func publishWithoutPause(b bus.Bus) (stop func() time.Duration) {
	var took []time.Duration
	var publishing sync.WaitGroup
	done := make(chan struct{})
	publishing.Go(func() {
		for seq := uint64(1); ; seq++ {
			start := time.Now()
			b.Publish(bus.Signal{Kind: bus.EntryAdded, Room: seq % 20, Epoch: 1, Seq: seq})
			took = append(took, time.Since(start))
			select {
			case <-done: // but not before the first one
				return
			default:
			}
			if seq%100 == 0 {
				time.Sleep(time.Millisecond) // leave a core to the rest of the test
			}
		}
	})
	return func() time.Duration {
		close(done)
		publishing.Wait()
		slices.Sort(took)
		return took[len(took)*99/100]
	}
}
