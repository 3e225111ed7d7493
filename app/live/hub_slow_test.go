package live_test

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// bigText is an entry that soon fills what the kernel holds for a viewer that does not read.
var bigText = strings.Repeat("0123456789abcdef", 1<<10)

// fill posts until the connection of a slow viewer is full, and a while longer.
func (f *fixture) fill(room uint64, entries int) {
	for range entries {
		f.post(room, bigText)
		time.Sleep(time.Millisecond)
	}
}

func TestAViewerThatDoesNotReadIsCut(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: 300 * time.Millisecond}, func(t *testing.T, f *fixture) {
		var gone atomic.Int64
		v := f.viewer(1)
		v.OnEnd = func() { gone.Add(1) }
		f.openWithoutReading(v, from(bus.Cursor{Epoch: 1}))
		other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		f.fill(1, 60)
		rig.Eventually(t, "the slow one is cut", func() bool { return f.hub.Stats.SlowCut.Load() == 1 && gone.Load() == 1 })
		other.receives(1, 60)
		if other.hasEnded() {
			t.Error("the other one was cut as well")
		}
	})
}

// Reading a byte now and then keeps no stream alive, and costs the others nothing.
func TestAViewerThatReadsByteByByteIsCut(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{WriteTimeout: 300 * time.Millisecond})
	slow := f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for one := make([]byte, 1); ; {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				_, _ = slow.conn.Read(one)
			}
		}
	}()
	other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.fill(1, 60)
	rig.Eventually(t, "the slow one is cut", func() bool { return f.hub.Stats.SlowCut.Load() == 1 && f.hub.Viewers() == 1 })
	other.receives(1, 60)
}

// A viewer that does not read must not delay the others, not even while its write is waiting.
func TestASlowViewerDelaysNobody(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: time.Minute}, func(t *testing.T, f *fixture) {
		for range 20 {
			f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		}
		other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		f.fill(1, 50)
		other.receives(1, 50)
		if f.hub.Stats.SlowCut.Load() > 0 {
			t.Error("one was cut")
		}
		closed := time.Now()
		f.hub.Close()
		if took := time.Since(closed); took > rig.Limit(20*time.Second) {
			t.Errorf("closing waited %v for the slow ones", took)
		}
	})
}

func TestAViewerThatPausesCatchesUp(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: time.Minute, BeatInterval: time.Millisecond, ListsInterval: time.Millisecond}, func(t *testing.T, f *fixture) {
		v := f.viewer(1)
		p := f.openWithoutReading(v, from(bus.Cursor{Epoch: 1}))
		for i := range 60 {
			f.post(1, bigText)
			f.source.update(func() { f.source.state[v.User] = strings.Repeat("state", i) })
			f.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
			time.Sleep(2 * time.Millisecond)
		}
		go p.read()
		p.receives(1, 60)
		for range 10 {
			f.post(1, "quick again")
		}
		p.receives(1, 70)
		rig.Eventually(t, "the newest state is shown", func() bool {
			states := p.states()
			return len(states) > 0 && strings.HasSuffix(states[len(states)-1].data, strings.Repeat("state", 59))
		})
		if p.hasEnded() {
			t.Error("it was cut")
		}
	})
}

// A viewer that was slow for longer than records are kept is reset, and not served with a gap.
func TestAViewerFurtherBehindThanTheRecordsIsReset(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: time.Minute}, func(t *testing.T, f *fixture) {
		p := f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		other := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		f.fill(1, 400)
		other.receives(1, 400)
		go p.read()
		p.endsWith("reset")
		entries := p.entries()
		p.hasExactly(1, uint64(len(entries)))
		if len(entries) > 144 {
			t.Errorf("it had %d entries, so it was not too far behind", len(entries))
		}
	})
}

// A removed member that is slow gets nothing from after the membership either.
func TestASlowMemberIsRemoved(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: time.Minute}, func(t *testing.T, f *fixture) {
		v := f.viewer(1)
		p := f.openWithoutReading(v, from(bus.Cursor{Epoch: 1}))
		f.fill(1, 30)
		end := f.remove(1, v.User)
		f.fill(1, 10)
		go p.read()
		p.endsWith("closed")
		p.hasExactly(1, end.Seq)
	})
}

// Hanging up while a write is waiting does not count as slow, and leaves nothing behind.
func TestHangingUpWhileAWriteWaits(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: time.Minute}, func(t *testing.T, f *fixture) {
		p := f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		f.fill(1, 40)
		p.hangUp()
		rig.Eventually(t, "it is gone", func() bool { return f.hub.Viewers() == 0 })
		if n := f.hub.Stats.SlowCut.Load(); n > 0 {
			t.Errorf("%d were cut for being slow", n)
		}
	})
}

// A stream that is cut breaks off in the middle: the page must not take that for a proper end.
func TestACutIsNoProperEnd(t *testing.T) {
	overBoth(t, live.Intervals{WriteTimeout: 100 * time.Millisecond}, func(t *testing.T, f *fixture) {
		p := f.openWithoutReading(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		f.fill(1, 60)
		rig.Eventually(t, "it is cut", func() bool { return f.hub.Stats.SlowCut.Load() == 1 })
		if err := p.readAll(io.LimitReader(p.conn, 64<<20)); err == nil {
			t.Error("the response came to a proper end")
		}
		p.hasExactly(1, uint64(len(p.entries())))
	})
}

// With TLS, an end that is not said could be a cut: a page without chunks must be able to tell the two apart.
func TestTLSSaysThatAStreamEnds(t *testing.T) {
	overBoth(t, live.Intervals{}, func(t *testing.T, f *fixture) {
		for _, chunked := range []bool{true, false} {
			v := f.viewer(1)
			v.Chunked = chunked
			p := f.open(v, from(bus.Cursor{Epoch: 1}))
			f.post(1, "before the end")
			p.receives(1, f.source.end(1).Seq)
			v.SignOut()
			p.endsWith("signed-out")
		}
	})
}
