package live_test

import (
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/app/live"
	"parley/e2e/rig"
)

// quiet is where the tests' buses log to.
var quiet = slog.New(slog.DiscardHandler)

// both runs a test of the contract on each kind of bus.
func both(t *testing.T, test func(t *testing.T, bus live.Bus)) {
	t.Helper()
	t.Parallel()
	t.Run("in one process", func(t *testing.T) {
		bus := live.NewLocal(quiet)
		defer closes(t, bus)
		test(t, bus)
	})
	t.Run("over Redis", func(t *testing.T) {
		bus := hasty(t, rig.Redis(t))
		eventually(t, "the bus is up", bus.Up)
		test(t, bus)
	})
	t.Run("over a Redis that is away", func(t *testing.T) {
		test(t, hasty(t, "redis://127.0.0.1:1/0"))
	})
}

// hasty returns a bus over the Redis at url, until the end of the test.
func hasty(t *testing.T, url string) *live.Redis {
	t.Helper()
	return hastyInto(t, url, io.Discard)
}

// hastyInto is for what a bus does before anybody can listen to it: that is in its log only.
func hastyInto(t *testing.T, url string, diary io.Writer) *live.Redis {
	t.Helper()
	bus, err := live.NewHastyRedis(url, slog.New(slog.NewTextHandler(diary, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closes(t, bus) })
	return bus
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

func closes(t *testing.T, bus live.Bus) {
	t.Helper()
	if err := bus.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// eventually waits for a condition, and fails the test if it does not come true.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("did not come true: " + what)
		}
	}
}

// ear remembers what a bus tells.
type ear struct {
	mu     sync.Mutex
	events []live.Event
}

func listenTo(bus live.Bus) *ear {
	e := &ear{}
	bus.Listen(e.hear)
	return e
}

func (e *ear) hear(event live.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, event)
}

func (e *ear) heard(event live.Event) bool { return e.times(event) > 0 }

func (e *ear) times(event live.Event) (n int) {
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

func (e *ear) everything() []live.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.events)
}

func rang(s live.Signal) live.Event { return live.Event{What: live.Rang, Signal: s} }

// oneOfEach has all kinds of signals, with numbers of every size.
var oneOfEach = []live.Signal{
	{Kind: live.Entry, Room: 5, Epoch: 7, Seq: 18},
	{Kind: live.Entry, Room: math.MaxUint64, Epoch: math.MaxUint64, Seq: math.MaxUint64},
	{Kind: live.Cut, Room: 5, User: 9},
	{Kind: live.SessionEnded, Session: 1 << 63},
	{Kind: live.UserChanged},
}

func TestRingIsHeardHereBeforeItReturns(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		one, two := listenTo(bus), listenTo(bus)
		for _, s := range oneOfEach {
			bus.Ring(s)
			if !one.heard(rang(s)) || !two.heard(rang(s)) {
				t.Errorf("%+v was not heard", s)
			}
		}
	})
}

func TestOnlySignalsOfTheOutsideRing(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		e := listenTo(bus)
		for _, kind := range []live.Kind{0, 'h', 'l', 'z', '|', 255} {
			bus.Ring(live.Signal{Kind: kind, Room: 1})
		}
		for _, event := range e.everything() {
			if event.What == live.Rang {
				t.Errorf("heard %+v", event)
			}
		}
	})
}

func TestAListenerThatStoppedHearsNothing(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		var gone, stays ear
		stop := bus.Listen(gone.hear)
		bus.Listen(stays.hear)
		stop()
		stop()
		bus.Ring(oneOfEach[0])
		if !stays.heard(rang(oneOfEach[0])) {
			t.Error("the other one was stopped as well")
		}
		if gone.heard(rang(oneOfEach[0])) {
			t.Error("heard after stop")
		}
	})
}

func TestAListenerMayStopAndListenAndRing(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		e := listenTo(bus)
		var once sync.Once
		var stop func()
		stop = bus.Listen(func(event live.Event) {
			if event != rang(oneOfEach[0]) {
				return
			}
			once.Do(func() {
				stop()
				bus.Listen(func(live.Event) {})
				bus.Ring(oneOfEach[2])
				bus.Up()
				bus.Peers()
			})
		})
		bus.Ring(oneOfEach[0])
		if !e.heard(rang(oneOfEach[2])) {
			t.Error("what a listener rang was not heard")
		}
	})
}

func TestAPanicOfOneListenerIsNobodyElses(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		bus.Listen(func(live.Event) { panic("on purpose") })
		e := listenTo(bus)
		for _, s := range oneOfEach {
			bus.Ring(s)
			if !e.heard(rang(s)) {
				t.Errorf("%+v was not heard", s)
			}
		}
	})
}

func TestManyRingAndListenAtOnce(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		e := listenTo(bus)
		const each = 200
		var all sync.WaitGroup
		for room := range uint64(8) {
			all.Go(func() {
				for seq := range uint64(each) {
					stop := bus.Listen(func(live.Event) {})
					bus.Ring(live.Signal{Kind: live.Entry, Room: room, Epoch: 1, Seq: seq + 1})
					bus.Up()
					bus.Peers()
					stop()
				}
			})
		}
		all.Wait()
		for room := range uint64(8) {
			for seq := range uint64(each) {
				if s := (live.Signal{Kind: live.Entry, Room: room, Epoch: 1, Seq: seq + 1}); !e.heard(rang(s)) {
					t.Fatalf("%+v was not heard", s)
				}
			}
		}
	})
}

func TestABusThatIsClosedIsSilent(t *testing.T) {
	both(t, func(t *testing.T, bus live.Bus) {
		e := listenTo(bus)
		closes(t, bus)
		closes(t, bus)
		e.forget()
		late := listenTo(bus)
		bus.Ring(oneOfEach[0])
		if heard := append(e.everything(), late.everything()...); len(heard) > 0 {
			t.Errorf("heard %+v", heard)
		}
		if bus.Up() {
			t.Error("still up")
		}
		if n := bus.Peers(); n != 1 {
			t.Errorf("%d peers", n)
		}
	})
}
