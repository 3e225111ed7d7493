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

// patient is a bus with only its heart beating; its server is played by the test.
type patient struct {
	*Redis
	frozen atomic.Bool
	drops  atomic.Int64

	mu   sync.Mutex
	told []EventKind
	when []time.Time
}

// heardOf returns what the bus told so far, and when.
func (p *patient) heardOf() ([]EventKind, []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.told), slices.Clone(p.when)
}

// onPatient runs a test against the real intervals in made-up time.
func onPatient(t *testing.T, test func(t *testing.T, p *patient)) {
	synctest.Test(t, func(t *testing.T) {
		p := &patient{Redis: &Redis{
			log:        slog.New(slog.DiscardHandler),
			timing:     defaultTiming(),
			outbox:     newOutbox(),
			subscribed: make(chan struct{}, 1),
			heard:      make(chan uint64, 16),
			failed:     make(chan struct{}, 1),
		}}
		p.listeners.log = p.log
		p.Listen(func(e Event) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.told = append(p.told, e.Kind)
			p.when = append(p.when, time.Now())
		})
		var drop context.CancelFunc = func() { p.drops.Add(1) }
		p.drop.Store(&drop)

		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go p.watchHeartbeat(ctx)
		go p.echo(ctx)
		test(t, p)
	})
}

// echo sends each beat back, as a server does.
func (p *patient) echo(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.outbox.wake:
			if m := p.outbox.take(); m.beat != 0 && !p.frozen.Load() {
				p.heard <- m.beat
			}
		}
	}
}

func (p *patient) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestTheBusIsUpAfterThreeBeats(t *testing.T) {
	onPatient(t, func(t *testing.T, p *patient) {
		p.subscribed <- struct{}{} // and a beat at once
		p.after(3 * time.Second)
		if told, _ := p.heardOf(); p.Up() || len(told) > 0 {
			t.Error("up after two beats")
		}
		p.after(time.Second)
		if told, _ := p.heardOf(); !p.Up() || !slices.Equal(told, []EventKind{EventRecovered}) {
			t.Errorf("not up after three beats: %v", told)
		}
		p.after(time.Hour)
		if told, _ := p.heardOf(); !p.Up() || len(told) != 1 || p.drops.Load() != 0 {
			t.Errorf("restless in an hour of good health: %v, %d drops", told, p.drops.Load())
		}
	})
}

func TestAFrozenServerIsNoticedInSixSeconds(t *testing.T) {
	for phase := time.Duration(0); phase < 2*time.Second; phase += 190 * time.Millisecond {
		onPatient(t, func(t *testing.T, p *patient) {
			p.after(time.Minute + phase)
			p.frozen.Store(true)
			frozen := time.Now()
			p.after(30 * time.Second)
			told, when := p.heardOf()
			if p.Up() || !slices.Equal(told, []EventKind{EventRecovered, EventDown}) {
				t.Fatalf("told %v", told)
			}
			if took := when[1].Sub(frozen); took > 6*time.Second {
				t.Errorf("noticed after %v", took)
			}
			if n := p.drops.Load(); n < 4 || n > 6 {
				t.Errorf("the subscription was remade %d times in 30 s", n)
			}
			p.frozen.Store(false)
			p.after(6 * time.Second)
			if told, _ := p.heardOf(); !p.Up() || !slices.Equal(told, []EventKind{EventRecovered, EventDown, EventRecovered}) {
				t.Errorf("told %v", told)
			}
		})
	}
}

func TestAServerThatNeverCameIsDown(t *testing.T) {
	onPatient(t, func(t *testing.T, p *patient) {
		p.frozen.Store(true)
		p.after(time.Minute)
		if told, _ := p.heardOf(); p.Up() || !slices.Equal(told, []EventKind{EventDown}) {
			t.Errorf("told %v", told)
		}
	})
}

// Silence takes seconds to prove, and until then a lost ring is found only by a slow tick.
func TestAnErrorIsBelievedAtOnce(t *testing.T) {
	onPatient(t, func(t *testing.T, p *patient) {
		p.after(time.Minute)
		for range 3 {
			p.fail(errSignal)
			synctest.Wait()
		}
		if told, _ := p.heardOf(); p.Up() || !slices.Equal(told, []EventKind{EventRecovered, EventDown}) {
			t.Errorf("told %v", told)
		}
		if p.drops.Load() > 0 {
			t.Error("a subscription that works was dropped")
		}
		p.after(5 * time.Second)
		if p.Up() {
			t.Error("up after two beats")
		}
		p.after(time.Second)
		if told, _ := p.heardOf(); !p.Up() || !slices.Equal(told, []EventKind{EventRecovered, EventDown, EventRecovered}) {
			t.Errorf("told %v", told)
		}
	})
}

func TestBeatsThatProveNothing(t *testing.T) {
	onPatient(t, func(t *testing.T, p *patient) {
		p.frozen.Store(true)
		p.after(15 * time.Second) // seven beats sent
		p.subscribed <- struct{}{}
		synctest.Wait()
		for _, n := range []uint64{1, 2, 3, 4, 5, 6, 7, 0, 9, 100, most, 8, 8, 8} {
			p.heard <- n
			synctest.Wait()
		}
		if p.Up() {
			t.Error("up by beats that were old, forged or doubled")
		}
	})
}

func TestAProcessThatIsSilentIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p peers
		const within = 10 * time.Second
		p.heard(1, within)
		time.Sleep(6 * time.Second)
		p.heard(2, within)
		p.heard(2, within)
		if n := p.count(within); n != 2 {
			t.Errorf("%d of 2", n)
		}
		time.Sleep(6 * time.Second)
		if n := p.count(within); n != 1 {
			t.Errorf("%d of 1", n)
		}
		for forged := range uint64(10 * maxPeers) {
			p.heard(forged, within)
		}
		if n := p.count(within); n > maxPeers {
			t.Errorf("%d remembered", n)
		}
	})
}
