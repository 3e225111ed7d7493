package bus

import (
	"log/slog"
	"sync/atomic"
)

// Local is the bus of a deployment that has one process and no Redis: ringing calls the listeners,
// and there is nothing to lose a signal.
type Local struct {
	listeners listeners
	closed    atomic.Bool
}

// NewLocal returns a bus within this process.
func NewLocal(log *slog.Logger) *Local {
	return &Local{listeners: listeners{log: log}}
}

// Publish tells the listeners.
func (l *Local) Publish(s Signal) {
	if s.Kind.isPublic() {
		l.listeners.notify(Event{Kind: EventSignal, Signal: s})
	}
}

// Listen adds a listener.
func (l *Local) Listen(on func(Event)) (stop func()) {
	return l.listeners.add(on)
}

// Up reports whether the bus is open: calling a function does not fail.
func (l *Local) Up() bool { return !l.closed.Load() }

// Peers is always 1.
func (l *Local) Peers() int { return 1 }

// Close makes the bus silent.
func (l *Local) Close() error {
	l.closed.Store(true)
	l.listeners.close()
	return nil
}
