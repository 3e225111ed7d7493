// Package bus is the doorbell between the processes of one deployment: it says that something was
// committed, and never what.
//
// A signal is a hint to look into the database, so one that is lost, doubled, late or forged costs a
// read at most; whoever handles one must keep it that way. A process gets its own signals at once, with
// or without Redis, because its viewers must not wait for a bus that is down. The absence of errors says
// nothing about the bus, only our own heartbeat does: the Redis client notices nothing while its server
// is frozen. Only goroutines made for it wait for Redis. What does not fit into the queue is dropped,
// and the other processes get a notice that they missed something.
package bus

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// Bus carries signals between the processes of one deployment. All methods may be called from
// several goroutines at once.
type Bus interface {
	// Publish sends a signal to every process, this one included. It never blocks and never fails: a
	// request that has committed has nothing to gain from waiting here. The listeners of this process
	// are called before Publish returns, so publish after the commit, and hold no lock that a listener
	// takes. Over Redis this process gets its own signal a second time; that is harmless, because
	// handling a signal twice has to be harmless anyway.
	Publish(Signal)

	// Listen calls on for every event from now until stop is called; a call that is already running may
	// end after stop has returned. The calls come from several goroutines, also at once, and must
	// neither block nor take long: mark something dirty, wake somebody, return. A panic is logged and
	// goes no further. Past events are not repeated: a new listener calls Up.
	Listen(on func(Event)) (stop func())

	// Up reports whether signals are known to reach the other processes.
	Up() bool

	// Peers returns the number of processes that were heard in the last ten seconds, with this one.
	Peers() int

	// Waiting returns the number of signals that wait to be sent to the other processes.
	Waiting() int

	// Close sends what is pending, if that is possible at once, and ends every goroutine of the bus. No
	// listener is called after it. A listener must not call it.
	Close() error
}

// EventKind is a kind of event.
type EventKind int

// The kinds of events.
const (
	EventSignal    EventKind = iota + 1 // Signal says where to look
	EventMissed                         // signals may have been lost, the bus is up or down as before: look everywhere
	EventDown                           // signals are being lost: look everywhere, often
	EventRecovered                      // up again, or for the first time, and much may have been lost: look everywhere
)

// Event is what a listener is called with. Signal is set if the kind is EventSignal.
type Event struct {
	Kind   EventKind
	Signal Signal
}

// listeners are the functions that a bus calls. The zero value with a log is ready to use.
type listeners struct {
	log *slog.Logger

	mu     sync.Mutex // for changes
	closed bool
	// The list is replaced and never changed, so that notify takes no lock: a listener may stop itself,
	// or publish.
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
	l.mu.Lock()
	defer l.mu.Unlock()
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

// close empties the list for good.
func (l *listeners) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.list.Store(nil)
}

func (l *listeners) notify(e Event) {
	list := l.list.Load()
	if list == nil {
		return
	}
	for _, on := range *list {
		// A panic must not reach the other listeners, nor the request or the reader that brings the event.
		recovering(l.log, "a listener", func() { (*on)(e) })
	}
}

// recovering runs fn; a panic is logged, and goes no further.
func recovering(log *slog.Logger, task string, fn func()) {
	defer func() {
		if cause := recover(); cause != nil {
			log.Error("panic in the bus", "task", task, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
