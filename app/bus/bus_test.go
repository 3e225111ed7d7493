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

var discardLog = slog.New(slog.DiscardHandler)

// onEachBus tests the contract on each kind of bus.
func onEachBus(t *testing.T, test func(t *testing.T, b bus.Bus)) {
	t.Helper()
	t.Parallel()
	t.Run("in one process", func(t *testing.T) {
		b := bus.NewLocal(discardLog)
		defer mustClose(t, b)
		test(t, b)
	})
	t.Run("over Redis", func(t *testing.T) {
		b := newFastRedis(t, rig.Redis(t))
		rig.Eventually(t, "the bus is up", b.Up)
		test(t, b)
	})
	t.Run("over a Redis Cluster", func(t *testing.T) {
		b := newFastRedis(t, redisCluster(t))
		rig.Eventually(t, "the bus is up", b.Up)
		test(t, b)
	})
	t.Run("over a Redis that is down", func(t *testing.T) {
		test(t, newFastRedis(t, "redis://127.0.0.1:1/0"))
	})
}

// newFastRedis returns a bus over the Redis at url, until the end of the test.
func newFastRedis(t *testing.T, url string) bus.Bus {
	t.Helper()
	return newLoggedRedis(t, url, io.Discard)
}

// newLoggedRedis is for what a bus does before anybody can listen to it, which shows only in its log.
func newLoggedRedis(t *testing.T, url string, log io.Writer) bus.Bus {
	t.Helper()
	b, err := bus.NewFastRedis(url, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, b) })
	return b
}

// logBuffer is a log that can be searched while it is written.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logBuffer) contains(what string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), what)
}

func mustClose(t *testing.T, b bus.Bus) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// recorder is a listener that keeps the events.
type recorder struct {
	mu     sync.Mutex
	events []bus.Event
}

func newRecorder(b bus.Bus) *recorder {
	e := &recorder{}
	b.Listen(e.record)
	return e
}

func (e *recorder) record(event bus.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, event)
}

func (e *recorder) has(event bus.Event) bool { return e.count(event) > 0 }

func (e *recorder) count(event bus.Event) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, received := range e.events {
		if received == event {
			n++
		}
	}
	return n
}

func (e *recorder) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = nil
}

func (e *recorder) all() []bus.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.events)
}

func signalEvent(s bus.Signal) bus.Event { return bus.Event{Kind: bus.EventSignal, Signal: s} }

// oneOfEach has all kinds of signals, with numbers of every size.
var oneOfEach = []bus.Signal{
	{Kind: bus.EntryAdded, Room: 5, Epoch: 7, Seq: 18},
	{Kind: bus.EntryAdded, Room: math.MaxUint64, Epoch: math.MaxUint64, Seq: math.MaxUint64},
	{Kind: bus.UserChanged, User: 9},
	{Kind: bus.SessionEnded, Session: 1 << 63},
	{Kind: bus.UserChanged},
}

func TestListenersAreCalledBeforePublishReturns(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		one, two := newRecorder(b), newRecorder(b)
		for _, s := range oneOfEach {
			b.Publish(s)
			if !one.has(signalEvent(s)) || !two.has(signalEvent(s)) {
				t.Errorf("%+v was not received", s)
			}
		}
	})
}

func TestInternalSignalsCannotBePublished(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		e := newRecorder(b)
		for _, kind := range []bus.SignalKind{0, 'h', 'l', 'z', '|', 255} {
			b.Publish(bus.Signal{Kind: kind, Room: 1})
		}
		for _, event := range e.all() {
			if event.Kind == bus.EventSignal {
				t.Errorf("received %+v", event)
			}
		}
	})
}

func TestStoppedListener(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		var stopped, other recorder
		stop := b.Listen(stopped.record)
		b.Listen(other.record)
		stop()
		stop()
		b.Publish(oneOfEach[0])
		if !other.has(signalEvent(oneOfEach[0])) {
			t.Error("the other one was stopped as well")
		}
		if stopped.has(signalEvent(oneOfEach[0])) {
			t.Error("called after stop")
		}
	})
}

func TestListenerMayUseTheBus(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		e := newRecorder(b)
		var once sync.Once
		var stop func()
		stop = b.Listen(func(event bus.Event) {
			if event != signalEvent(oneOfEach[0]) {
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
		if !e.has(signalEvent(oneOfEach[2])) {
			t.Error("what a listener published was not received")
		}
	})
}

func TestAPanicOfOneListenerIsNobodyElses(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		b.Listen(func(bus.Event) { panic("on purpose") })
		e := newRecorder(b)
		for _, s := range oneOfEach {
			b.Publish(s)
			if !e.has(signalEvent(s)) {
				t.Errorf("%+v was not received", s)
			}
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		e := newRecorder(b)
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
				if s := (bus.Signal{Kind: bus.EntryAdded, Room: room, Epoch: 1, Seq: seq + 1}); !e.has(signalEvent(s)) {
					t.Fatalf("%+v was not received", s)
				}
			}
		}
	})
}

func TestClosedBus(t *testing.T) {
	onEachBus(t, func(t *testing.T, b bus.Bus) {
		e := newRecorder(b)
		mustClose(t, b)
		mustClose(t, b)
		e.reset()
		late := newRecorder(b)
		b.Publish(oneOfEach[0])
		if events := append(e.all(), late.all()...); len(events) > 0 {
			t.Errorf("received %+v", events)
		}
		if b.Up() {
			t.Error("still up")
		}
		if n := b.Peers(); n != 1 {
			t.Errorf("%d peers", n)
		}
	})
}
