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

// loud is an entry that fills what the kernel takes for one who does not read.
var loud = strings.Repeat("0123456789abcdef", 1<<10)

// fill posts until the slow viewer's connection is full, and a while more.
func (h *house) fill(room uint64, entries int) {
	for range entries {
		h.post(room, loud)
		time.Sleep(time.Millisecond)
	}
}

func TestOneWhoDoesNotReadIsCut(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: 300 * time.Millisecond})
	var gone atomic.Int64
	v := h.someone(1)
	v.OnEnd = func() { gone.Add(1) }
	h.stare(v, at(bus.Cursor{Epoch: 1}))
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 60)
	rig.Eventually(t, "the slow one is cut", func() bool { return h.hub.Stats.SlowCut.Load() == 1 && gone.Load() == 1 })
	other.reaches(1, 60)
	if other.isOver() {
		t.Error("the other one was cut as well")
	}
}

// One byte now and then keeps nobody alive, and costs the others nothing.
func TestOneWhoReadsByteByByteIsCut(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: 300 * time.Millisecond})
	slow := h.stare(h.someone(1), at(bus.Cursor{Epoch: 1}))
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
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 60)
	rig.Eventually(t, "the slow one is cut", func() bool { return h.hub.Stats.SlowCut.Load() == 1 && h.hub.Viewers() == 1 })
	other.reaches(1, 60)
}

// A viewer that does not read must not hold up who does, not even while it is waited for.
func TestASlowOneHoldsUpNobody(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute})
	for range 20 {
		h.stare(h.someone(1), at(bus.Cursor{Epoch: 1}))
	}
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 50)
	other.reaches(1, 50)
	if h.hub.Stats.SlowCut.Load() > 0 {
		t.Error("one was cut")
	}
	closed := time.Now()
	h.hub.Close()
	if took := time.Since(closed); took > 20*time.Second {
		t.Errorf("closing waited %v for the slow", took)
	}
}

func TestOneWhoIsSlowForAMomentCatchesUp(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute, Beat: time.Millisecond, Lists: time.Millisecond})
	v := h.someone(1)
	p := h.stare(v, at(bus.Cursor{Epoch: 1}))
	for i := range 60 {
		h.post(1, loud)
		h.world.set(func() { h.world.state[v.User] = strings.Repeat("state", i) })
		h.bus.Publish(bus.Signal{Kind: bus.UserChanged, User: v.User})
		time.Sleep(2 * time.Millisecond)
	}
	go p.read()
	p.reaches(1, 60)
	for range 10 {
		h.post(1, "quick again")
	}
	p.reaches(1, 70)
	rig.Eventually(t, "the newest state is shown", func() bool {
		states := p.states()
		return len(states) > 0 && strings.HasSuffix(states[len(states)-1].data, strings.Repeat("state", 59))
	})
	if p.isOver() {
		t.Error("it was cut")
	}
}

// Who was slow for longer than we keep is told, and not served with a gap.
func TestOneWhoFallsOutOfTheRing(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute})
	p := h.stare(h.someone(1), at(bus.Cursor{Epoch: 1}))
	other := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 400)
	other.reaches(1, 400)
	go p.read()
	p.ends("reset")
	entries := p.entries()
	p.isExactly(1, uint64(len(entries)))
	if len(entries) > 144 {
		t.Errorf("it had %d entries, so it did not fall out", len(entries))
	}
}

// A removed member that is slow gets nothing from after its time either.
func TestOneWhoIsSlowAndRemoved(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute})
	v := h.someone(1)
	p := h.stare(v, at(bus.Cursor{Epoch: 1}))
	h.fill(1, 30)
	end := h.remove(1, v.User)
	h.fill(1, 10)
	go p.read()
	p.ends("closed")
	p.isExactly(1, end.Seq)
}

// Hanging up while a write waits is no slowness, and leaves nothing behind.
func TestOneWhoHangsUpWhileAWriteWaits(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: time.Minute})
	p := h.stare(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 40)
	p.leave()
	rig.Eventually(t, "it is gone", func() bool { return h.hub.Viewers() == 0 })
	if n := h.hub.Stats.SlowCut.Load(); n > 0 {
		t.Errorf("%d were cut for being slow", n)
	}
}

// What is not read when the stream is cut is cut in the middle: no end that could be taken for a
// proper one.
func TestACutIsNoProperEnd(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{Slow: 100 * time.Millisecond})
	p := h.stare(h.someone(1), at(bus.Cursor{Epoch: 1}))
	h.fill(1, 60)
	rig.Eventually(t, "it is cut", func() bool { return h.hub.Stats.SlowCut.Load() == 1 })
	if err := p.readAll(io.LimitReader(p.conn, 64<<20)); err == nil {
		t.Error("the response came to a proper end")
	}
	p.isExactly(1, uint64(len(p.entries())))
}
