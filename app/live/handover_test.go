package live_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// commit appends entries to a room at once, and returns them as what may be handed over. Their signal is left
// to the caller.
func (s *fakeSource) commit(room uint64, texts ...string) live.Batch {
	var last bus.Cursor
	for _, text := range texts {
		last = s.post(room, text)
	}
	return s.batch(room, last.Seq+1-uint64(len(texts)), last.Seq)
}

// batch returns some entries of a room.
func (s *fakeSource) batch(room, first, last uint64) live.Batch {
	s.mu.Lock()
	epoch, entries := s.room(room).epoch, s.room(room).entries[first-1:last]
	s.mu.Unlock()
	return live.Batch{Epoch: epoch, First: first, Last: last, Records: func(_ context.Context, before any) ([]live.Record, error) {
		if err := s.call("handed", room); err != nil {
			return nil, err
		}
		if before != nil && before != first-1 {
			panic(fmt.Sprintf("the entry before %d is %v", first, before))
		}
		list := make([]live.Record, len(entries))
		for i, e := range entries {
			list[i] = s.record(room, first+uint64(i), e)
		}
		return list, nil
	}}
}

// reads returns how often a room's log was read.
func (s *fakeSource) reads(room uint64) int { return s.count(s.calls, fmt.Sprint("after/", room)) }

// watched returns a hub that sweeps never help, and a page that has joined a room.
func watched(t *testing.T) (*fixture, *page) {
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "the page has joined", func() bool { return f.hub.Size().InRooms == 1 })
	return f, p
}

// What follows the end of the log is delivered without being read, and its signal changes nothing.
func TestWhatIsHandedOverIsNotRead(t *testing.T) {
	t.Parallel()
	f, p := watched(t)
	for end := uint64(3); end <= 60; end += 3 {
		f.hub.HandOver(1, f.source.commit(1, "a", "b", "c"))
		if end%2 == 0 {
			f.bus.Publish(entrySignal(1, f.source.end(1)))
		}
		p.receives(1, end)
		f.bus.Publish(entrySignal(1, f.source.end(1)))
	}
	if n := f.source.reads(1); n > 0 {
		t.Errorf("the log was read %d times", n)
	}
	late := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1, Seq: 30}))
	late.receives(31, 60)
	for i, e := range late.entries() {
		if want := p.entries()[30+i]; e != want {
			t.Errorf("%+v came after %+v", e, want)
		}
	}
}

// Without viewers nothing is kept.
func TestNothingIsHandedOverWithoutViewers(t *testing.T) {
	t.Parallel()
	f, p := watched(t)
	f.hub.HandOver(2, f.source.commit(2, "a"))
	p.hangUp()
	rig.Eventually(t, "the page has left", func() bool { return f.hub.Size().InRooms == 0 })
	f.hub.HandOver(1, f.source.commit(1, "a"))
	for room := range uint64(2) {
		if f.hub.IsHandedOver(room + 1) {
			t.Errorf("room %d keeps a batch", room+1)
		}
	}
	back := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	f.bus.Publish(entrySignal(1, f.source.end(1)))
	back.receives(1, 1)
}

// Whatever cannot be delivered as it was handed over is read. Nobody is sent other bytes, or misses anything.
func TestWhatDoesNotFollowIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		commit func(f *fixture) live.Batch
		read   bool
	}{
		{"after a gap", func(f *fixture) live.Batch {
			f.source.commit(1, "not handed over")
			return f.source.commit(1, "b")
		}, true},
		{"from before the end", func(f *fixture) live.Batch {
			f.source.commit(1, "b", "c")
			return f.source.batch(1, 1, 1)
		}, true},
		{"that begins before the end", func(f *fixture) live.Batch {
			f.source.commit(1, "b", "c")
			return f.source.batch(1, 1, 3)
		}, true},
		{"of another epoch", func(f *fixture) live.Batch {
			b := f.source.commit(1, "b")
			b.Epoch--
			return b
		}, true},
		{"that cannot be loaded", func(f *fixture) live.Batch {
			b := f.source.commit(1, "b")
			b.Records = func(context.Context, any) ([]live.Record, error) { return nil, errUnavailable }
			return b
		}, true},
		{"that panics", func(f *fixture) live.Batch {
			b := f.source.commit(1, "b")
			b.Records = func(context.Context, any) ([]live.Record, error) { panic("on purpose") }
			f.mayPanic = true
			return b
		}, true},
		{"with an entry missing", func(f *fixture) live.Batch {
			b := f.source.commit(1, "b", "c")
			whole := b.Records
			b.Records = func(ctx context.Context, before any) ([]live.Record, error) {
				list, err := whole(ctx, before)
				return list[1:], err
			}
			return b
		}, true},
		{"that follows", func(f *fixture) live.Batch { return f.source.commit(1, "b", "c") }, false},
	} {
		f, p := watched(t)
		f.hub.HandOver(1, f.source.commit(1, "a"))
		p.receives(1, 1)
		f.hub.HandOver(1, c.commit(f))
		end := f.source.end(1)
		f.bus.Publish(entrySignal(1, end))
		p.receives(1, end.Seq)
		if read := f.source.reads(1) > 0; read != c.read {
			t.Errorf("a batch %s: read is %v", c.what, read)
		}
		for i, e := range p.entries() {
			if want := fmt.Sprintf("1/%d/UTC/%s", i+1, f.source.room(1).entries[i].text); e.data != want {
				t.Errorf("a batch %s: %q came for %q", c.what, e.data, want)
			}
		}
		rig.Eventually(t, "nothing is kept", func() bool { return !f.hub.IsHandedOver(1) })
		f.hub.HandOver(1, f.source.commit(1, "more"))
		p.receives(1, end.Seq+1)
	}
}

// A batch that has waited for the database is read: it may have been deleted by now.
func TestAnOldBatchIsRead(t *testing.T) {
	t.Parallel()
	f, p := watched(t)
	release := make(chan struct{})
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "after" {
				<-release
			}
			return nil
		}
	})
	f.hub.ReadRoom(1)
	rig.Eventually(t, "it reads", func() bool { return f.source.reads(1) == 1 })
	f.source.lag(1) // so that this read finds nothing
	f.hub.HandOver(1, f.source.commit(1, "a"))
	time.Sleep(live.HandedTTL + 100*time.Millisecond)
	close(release)
	rig.Eventually(t, "it is read", func() bool { return f.source.reads(1) > 1 })
	f.source.update(func() { f.source.room(1).lags = false })
	f.bus.Publish(entrySignal(1, f.source.end(1)))
	p.receives(1, 1)
	if n := f.source.count(f.source.calls, "handed/1"); n > 0 {
		t.Error("an old batch was delivered")
	}
}

// A database that lags doesn't hold up what was committed here.
func TestABatchIsAheadOfADatabaseThatLags(t *testing.T) {
	t.Parallel()
	f, p := watched(t)
	f.source.lag(1)
	for seq := range uint64(5) {
		f.hub.HandOver(1, f.source.commit(1, "a"))
		f.bus.Publish(entrySignal(1, f.source.end(1)))
		p.receives(1, seq+1)
	}
}

// TestHandedOverAndReadAreTheSameBytes is a model of two processes: one writes and hands over, whatever else
// happens, and the other reads. All pages get the same.
func TestHandedOverAndReadAreTheSameBytes(t *testing.T) {
	t.Parallel()
	handed := 0 // on a busy machine, all posts of a seed may be read together
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		f, other := newFixture(t, live.Intervals{SweepInterval: 200 * time.Millisecond}), (*fixture)(nil)
		other = startFixture(t, f.source, f.bus, f.source.liveSource(), live.Intervals{SweepInterval: 200 * time.Millisecond})
		f.bus.setDeliver(unreliable)
		pages := []*page{f.open(f.viewer(1), from(bus.Cursor{Epoch: 1})), other.open(other.viewer(1), from(bus.Cursor{Epoch: 1}))}
		rig.Eventually(t, "both have joined", func() bool { return f.hub.Size().InRooms+other.hub.Size().InRooms == 2 })
		for n := range 200 {
			texts := make([]string, 1+random.IntN(4))
			for i := range texts {
				texts[i] = fmt.Sprint("text ", n, " ", i)
			}
			b := f.source.commit(1, texts...)
			switch random.IntN(10) {
			case 0: // posted by the other process, or with an unknown outcome
			case 1: // an epoch that was, or is to come
				b.Epoch += random.Uint64N(2)*2 - 1
				f.hub.HandOver(1, b)
			case 2: // late
				first := 1 + random.Uint64N(b.Last)
				f.hub.HandOver(1, f.source.batch(1, first, first+random.Uint64N(b.Last-first+1)))
			case 3: // twice
				f.hub.HandOver(1, b)
				f.hub.HandOver(1, b)
			case 4: // a batch that fails
				b.Records = func(context.Context, any) ([]live.Record, error) { return nil, errUnavailable }
				f.hub.HandOver(1, b)
			default:
				f.hub.HandOver(1, b)
			}
			f.bus.Publish(entrySignal(1, f.source.end(1)))
			if random.IntN(3) == 0 {
				time.Sleep(time.Duration(random.IntN(2000)) * time.Microsecond)
			}
		}
		end := f.source.end(1)
		for _, p := range pages {
			p.receives(1, end.Seq)
		}
		here, there := pages[0].entries(), pages[1].entries()
		for i := range here {
			if here[i] != there[i] {
				t.Fatalf("seed %d: %+v here is %+v there", seed, here[i], there[i])
			}
		}
		handed += f.source.count(f.source.calls, "handed/1")
		for _, side := range []*fixture{f, other} {
			if n := side.hub.Stats.Gaps.Load(); n > 0 {
				t.Errorf("seed %d: %d gaps", seed, n)
			}
		}

		// Another log: what was handed over of the old one is of no use.
		b := f.source.commit(1, "lost in a restore")
		restored := f.source.restore(1, 3)
		f.hub.HandOver(1, b)
		f.bus.setDeliver(nil)
		f.bus.Publish(entrySignal(1, restored))
		for _, p := range pages {
			p.endsWith("reset")
		}
	}
	if handed == 0 {
		t.Error("nothing was handed over")
	}
}
