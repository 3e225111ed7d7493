// Package bus is the doorbell between the processes of one deployment: it says that something was
// committed, and never what.
//
// A signal is a hint to look into the database, so one that is lost, doubled, late or forged costs a
// read at most; whoever handles one must keep it that way. A process hears its own signals at once,
// with or without Redis, because its viewers must not wait for a bus that is down. The absence of an
// error says nothing about the bus, only our own heartbeat does: the Redis client notices nothing
// while its server is frozen. Nothing here waits for Redis but the goroutines made for it; a full
// queue is dropped, and the others are told that they missed something.
package bus

import (
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// Bus carries signals between the processes of one deployment. All methods may be called from
// several goroutines at once.
type Bus interface {
	// Publish sends a signal to every process, this one included. It never blocks and never fails: a request that
	// has committed has nothing to gain from waiting here. The listeners of this process are called
	// before Publish returns, so publish after the commit, and with no lock held that a listener takes.
	// Over Redis this process hears its own signal a second time when it comes back; that is left
	// so, because handling a signal twice must be harmless anyway.
	Publish(Signal)

	// Listen calls on for every event from now until stop is called; a call that is already under
	// way may end after stop returned. The calls come from several goroutines, also at once, and
	// must neither block nor take long: note what is dirty, wake somebody, return. A panic is
	// logged and goes no further. Past events are not repeated: a new listener asks Up.
	Listen(on func(Event)) (stop func())

	// Up reports whether signals are known to reach the other processes.
	Up() bool

	// Peers counts the live processes heard of in the last ten seconds, with this one: 1 or more.
	Peers() int

	// Close sends what is waiting, if that can be done at once, and ends all that the bus started.
	// Nothing is heard after it. It must not be called by a listener.
	Close() error
}

// EventKind tells the events of a bus apart.
type EventKind int

// The events of a bus.
const (
	EventSignal    EventKind = iota + 1 // Signal says where to look
	EventMissed                         // signals may have been lost, the state is as it was: sweep everything
	EventDown                           // signals are being lost: look for yourself, often
	EventRecovered                      // up again (or for the first time), and much may have been lost: sweep
)

// Event is what a listener of a bus hears. Signal is set when something Rang.
type Event struct {
	Kind   EventKind
	Signal Signal
}

// listeners are the functions that hear a bus. The zero value with a log is ready to use.
type listeners struct {
	log *slog.Logger

	changing sync.Mutex
	closed   bool
	// The list is replaced and never changed, so that telling takes no lock: a listener may stop
	// itself, or ring, from within.
	list atomic.Pointer[[]*func(Event)]
}

func (l *listeners) add(on func(Event)) (stop func()) {
	l.change(func(list []*func(Event)) []*func(Event) { return append(list, &on) })
	return func() {
		l.change(func(list []*func(Event)) []*func(Event) {
			return slices.DeleteFunc(list, func(f *func(Event)) bool { return f == &on })
		})
	}
}

func (l *listeners) change(to func([]*func(Event)) []*func(Event)) {
	l.changing.Lock()
	defer l.changing.Unlock()
	if l.closed {
		return
	}
	var list []*func(Event)
	if now := l.list.Load(); now != nil {
		list = slices.Clone(*now)
	}
	list = to(list)
	l.list.Store(&list)
}

// close makes the list empty for good.
func (l *listeners) close() {
	l.changing.Lock()
	defer l.changing.Unlock()
	l.closed = true
	l.list.Store(nil)
}

func (l *listeners) notify(e Event) {
	list := l.list.Load()
	if list == nil {
		return
	}
	for _, on := range *list {
		l.call(*on, e)
	}
}

// call keeps a panic of one listener from the others, and from the request or the reader that
// happened to bring the signal.
func (l *listeners) call(on func(Event), e Event) {
	defer func() {
		if cause := recover(); cause != nil {
			l.log.Error("a listener of the bus panicked", "cause", cause, "stack", string(debug.Stack()))
		}
	}()
	on(e)
}
