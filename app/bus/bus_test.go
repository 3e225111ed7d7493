package bus_test

import (
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/app/bus"
	"parley/e2e/rig"
)

// quiet is where the tests' buses log to.
var quiet = slog.New(slog.DiscardHandler)

// both runs a test of the contract on each kind of bus.
func both(t *testing.T, test func(t *testing.T, b bus.Bus)) {
	t.Helper()
	t.Parallel()
	t.Run("in one process", func(t *testing.T) {
		b := bus.NewLocal(quiet)
		defer closes(t, b)
		test(t, b)
	})
	t.Run("over Redis", func(t *testing.T) {
		b := newFastRedis(t, rig.Redis(t))
		rig.Eventually(t, "the bus is up", b.Up)
		test(t, b)
	})
	t.Run("over a Redis that is away", func(t *testing.T) {
		test(t, newFastRedis(t, "redis://127.0.0.1:1/0"))
	})
}

// newFastRedis returns a bus over the Redis at url, until the end of the test.
func newFastRedis(t *testing.T, url string) *bus.Redis {
	t.Helper()
	return newLoggedRedis(t, url, io.Discard)
}

// newLoggedRedis is for what a bus does before anybody can listen to it: that is in its log only.
func newLoggedRedis(t *testing.T, url string, diary io.Writer) *bus.Redis {
	t.Helper()
	b, err := bus.NewFastRedis(url, slog.New(slog.NewTextHandler(diary, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closes(t, b) })
	return b
}

// diary is a log to look into while it is written.
type diary struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

func (d *diary) says(what string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Contains(d.text.String(), what)
}

func closes(t *testing.T, b bus.Bus) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// ear remembers what a bus tells.
type ear struct {
	mu     sync.Mutex
	events []bus.Event
}

func listenTo(b bus.Bus) *ear {
	e := &ear{}
	b.Listen(e.hear)
	return e
}

func (e *ear) hear(event bus.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, event)
}

func (e *ear) heard(event bus.Event) bool { return e.times(event) > 0 }

func (e *ear) times(event bus.Event) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, heard := range e.events {
		if heard == event {
			n++
		}
	}
	return n
}

func (e *ear) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = nil
}

func (e *ear) everything() []bus.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.events)
}

func rang(s bus.Signal) bus.Event { return bus.Event{Kind: bus.EventSignal, Signal: s} }

// oneOfEach has all kinds of signals, with numbers of every size.
var oneOfEach = []bus.Signal{
	{Kind: bus.EntryAdded, Room: 5, Epoch: 7, Seq: 18},
	{Kind: bus.EntryAdded, Room: math.MaxUint64, Epoch: math.MaxUint64, Seq: math.MaxUint64},
	{Kind: bus.AccessChanged, Room: 5, User: 9},
	{Kind: bus.SessionEnded, Session: 1 << 63},
	{Kind: bus.UserChanged},
}

func TestRingIsHeardHereBeforeItReturns(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		one, two := listenTo(b), listenTo(b)
		for _, s := range oneOfEach {
			b.Publish(s)
			if !one.heard(rang(s)) || !two.heard(rang(s)) {
				t.Errorf("%+v was not heard", s)
			}
		}
	})
}

func TestOnlySignalsOfTheOutsideRing(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		e := listenTo(b)
		for _, kind := range []bus.SignalKind{0, 'h', 'l', 'z', '|', 255} {
			b.Publish(bus.Signal{Kind: kind, Room: 1})
		}
		for _, event := range e.everything() {
			if event.Kind == bus.EventSignal {
				t.Errorf("heard %+v", event)
			}
		}
	})
}

func TestAListenerThatStoppedHearsNothing(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		var gone, stays ear
		stop := b.Listen(gone.hear)
		b.Listen(stays.hear)
		stop()
		stop()
		b.Publish(oneOfEach[0])
		if !stays.heard(rang(oneOfEach[0])) {
			t.Error("the other one was stopped as well")
		}
		if gone.heard(rang(oneOfEach[0])) {
			t.Error("heard after stop")
		}
	})
}

func TestAListenerMayStopAndListenAndRing(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		e := listenTo(b)
		var once sync.Once
		var stop func()
		stop = b.Listen(func(event bus.Event) {
			if event != rang(oneOfEach[0]) {
				return
			}
			once.Do(func() {
				stop()
				b.Listen(func(bus.Event) {})
				b.Publish(oneOfEach[2])
				b.Up()
				b.Peers()
			})
		})
		b.Publish(oneOfEach[0])
		if !e.heard(rang(oneOfEach[2])) {
			t.Error("what a listener rang was not heard")
		}
	})
}

func TestAPanicOfOneListenerIsNobodyElses(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		b.Listen(func(bus.Event) { panic("on purpose") })
		e := listenTo(b)
		for _, s := range oneOfEach {
			b.Publish(s)
			if !e.heard(rang(s)) {
				t.Errorf("%+v was not heard", s)
			}
		}
	})
}

func TestManyRingAndListenAtOnce(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		e := listenTo(b)
		const each = 200
		var all sync.WaitGroup
		for room := range uint64(8) {
			all.Go(func() {
				for seq := range uint64(each) {
					stop := b.Listen(func(bus.Event) {})
					b.Publish(bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: 1, Seq: seq + 1})
					b.Up()
					b.Peers()
					stop()
				}
			})
		}
		all.Wait()
		for room := range uint64(8) {
			for seq := range uint64(each) {
				if s := (bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: 1, Seq: seq + 1}); !e.heard(rang(s)) {
					t.Fatalf("%+v was not heard", s)
				}
			}
		}
	})
}

func TestABusThatIsClosedIsSilent(t *testing.T) {
	both(t, func(t *testing.T, b bus.Bus) {
		e := listenTo(b)
		closes(t, b)
		closes(t, b)
		e.forget()
		late := listenTo(b)
		b.Publish(oneOfEach[0])
		if heard := append(e.everything(), late.everything()...); len(heard) > 0 {
			t.Errorf("heard %+v", heard)
		}
		if b.Up() {
			t.Error("still up")
		}
		if n := b.Peers(); n != 1 {
			t.Errorf("%d peers", n)
		}
	})
}
