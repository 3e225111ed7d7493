package bus

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// heartbeatBus is a bus of which only heartbeatLoop runs; the test plays its server.
type heartbeatBus struct {
	*Redis
	frozen atomic.Bool
	drops  atomic.Int64

	mu     sync.Mutex
	events []EventKind
	when   []time.Time
}

// recorded returns the events so far, and their times.
func (p *heartbeatBus) recorded() ([]EventKind, []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events), slices.Clone(p.when)
}

// withHeartbeatBus runs a test against the real intervals in made-up time.
func withHeartbeatBus(t *testing.T, test func(t *testing.T, p *heartbeatBus)) {
	synctest.Test(t, func(t *testing.T) {
		p := &heartbeatBus{Redis: &Redis{
			log:        slog.New(slog.DiscardHandler),
			intervals:  defaultIntervals(),
			outbox:     newOutbox(),
			subscribed: make(chan struct{}, 1),
			echoes:     make(chan uint64, 16),
			failed:     make(chan struct{}, 1),
		}}
		p.listeners.log = p.log
		p.Listen(func(e Event) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.events = append(p.events, e.Kind)
			p.when = append(p.when, time.Now())
		})
		var drop context.CancelFunc = func() { p.drops.Add(1) }
		p.dropSubscription.Store(&drop)

		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go p.heartbeatLoop(ctx)
		go p.echo(ctx)
		test(t, p)
	})
}

// echo sends each beat back, as a server does.
func (p *heartbeatBus) echo(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.outbox.wake:
			if m := p.outbox.take(); m.beat != 0 && !p.frozen.Load() {
				p.echoes <- m.beat
			}
		}
	}
}

func (p *heartbeatBus) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestUpAfterThreeBeats(t *testing.T) {
	withHeartbeatBus(t, func(t *testing.T, p *heartbeatBus) {
		p.subscribed <- struct{}{} // which sends a beat at once
		p.pass(3 * time.Second)
		if events, _ := p.recorded(); p.Up() || len(events) > 0 {
			t.Error("up after two beats")
		}
		p.pass(time.Second)
		if events, _ := p.recorded(); !p.Up() || !slices.Equal(events, []EventKind{EventRecovered}) {
			t.Errorf("not up after three beats: %v", events)
		}
		p.pass(time.Hour)
		if events, _ := p.recorded(); !p.Up() || len(events) != 1 || p.drops.Load() != 0 {
			t.Errorf("events during an hour without trouble: %v, %d drops", events, p.drops.Load())
		}
	})
}

func TestFrozenServerIsNoticedInSixSeconds(t *testing.T) {
	for phase := time.Duration(0); phase < 2*time.Second; phase += 190 * time.Millisecond {
		withHeartbeatBus(t, func(t *testing.T, p *heartbeatBus) {
			p.pass(time.Minute + phase)
			p.frozen.Store(true)
			frozen := time.Now()
			p.pass(30 * time.Second)
			events, when := p.recorded()
			if p.Up() || !slices.Equal(events, []EventKind{EventRecovered, EventDown}) {
				t.Fatalf("events: %v", events)
			}
			if took := when[1].Sub(frozen); took > 6*time.Second {
				t.Errorf("noticed after %v", took)
			}
			if n := p.drops.Load(); n < 4 || n > 6 {
				t.Errorf("the subscription was replaced %d times in 30 s", n)
			}
			p.frozen.Store(false)
			p.pass(6 * time.Second)
			if events, _ := p.recorded(); !p.Up() || !slices.Equal(events, []EventKind{EventRecovered, EventDown, EventRecovered}) {
				t.Errorf("events: %v", events)
			}
		})
	}
}

func TestServerThatNeverStartsIsDown(t *testing.T) {
	withHeartbeatBus(t, func(t *testing.T, p *heartbeatBus) {
		p.frozen.Store(true)
		p.pass(time.Minute)
		if events, _ := p.recorded(); p.Up() || !slices.Equal(events, []EventKind{EventDown}) {
			t.Errorf("events: %v", events)
		}
	})
}

// Silence takes seconds to prove, and until then a lost signal is made up for only by a rare sweep.
func TestErrorMeansDownAtOnce(t *testing.T) {
	withHeartbeatBus(t, func(t *testing.T, p *heartbeatBus) {
		p.pass(time.Minute)
		for range 3 {
			p.reportFailure(errNotSignal)
			synctest.Wait()
		}
		if events, _ := p.recorded(); p.Up() || !slices.Equal(events, []EventKind{EventRecovered, EventDown}) {
			t.Errorf("events: %v", events)
		}
		if p.drops.Load() > 0 {
			t.Error("a subscription that works was dropped")
		}
		p.pass(5 * time.Second)
		if p.Up() {
			t.Error("up after two beats")
		}
		p.pass(time.Second)
		if events, _ := p.recorded(); !p.Up() || !slices.Equal(events, []EventKind{EventRecovered, EventDown, EventRecovered}) {
			t.Errorf("events: %v", events)
		}
	})
}

func TestBeatsThatDoNotCount(t *testing.T) {
	withHeartbeatBus(t, func(t *testing.T, p *heartbeatBus) {
		p.frozen.Store(true)
		p.pass(15 * time.Second) // seven beats sent
		p.subscribed <- struct{}{}
		synctest.Wait()
		for _, n := range []uint64{1, 2, 3, 4, 5, 6, 7, 0, 9, 100, maxUint64, 8, 8, 8} {
			p.echoes <- n
			synctest.Wait()
		}
		if p.Up() {
			t.Error("up because of old, forged or doubled beats")
		}
	})
}

func TestSilentProcessIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p peers
		const ttl = 10 * time.Second
		p.add(1, ttl)
		time.Sleep(6 * time.Second)
		p.add(2, ttl)
		p.add(2, ttl)
		if n := p.count(ttl); n != 2 {
			t.Errorf("%d of 2", n)
		}
		time.Sleep(6 * time.Second)
		if n := p.count(ttl); n != 1 {
			t.Errorf("%d of 1", n)
		}
		for forged := range uint64(10 * maxPeers) {
			p.add(forged, ttl)
		}
		if n := p.count(ttl); n > maxPeers {
			t.Errorf("%d remembered", n)
		}
	})
}
