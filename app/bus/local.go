package bus

import (
	"log/slog"
	"sync/atomic"
)

// Local is the bus of a deployment with one process and no Redis. Publishing calls the listeners, so no
// signal can be lost.
type Local struct {
	listeners listeners
	closed    atomic.Bool
}

// NewLocal returns a bus within this process.
func NewLocal(log *slog.Logger) *Local {
	return &Local{listeners: listeners{log: log}}
}

// Publish calls the listeners.
func (l *Local) Publish(s Signal) {
	if s.Kind.isPublic() {
		l.listeners.notify(Event{Kind: EventSignal, Signal: s})
	}
}

// Listen adds a listener.
func (l *Local) Listen(on func(Event)) (stop func()) {
	return l.listeners.add(on)
}

// Up reports whether the bus is open.
func (l *Local) Up() bool { return !l.closed.Load() }

// Peers returns 1.
func (l *Local) Peers() int { return 1 }

// Waiting returns 0: there are no other processes.
func (l *Local) Waiting() int { return 0 }

// Close removes the listeners.
func (l *Local) Close() error {
	l.closed.Store(true)
	l.listeners.close()
	return nil
}
