// Package conn keeps the long-lived connections of one process, streams and sockets alike: it limits
// their number, knows which session each belongs to, and ends them when that session ends or when
// the process shuts down.
//
// A connection ends within two seconds of its session while the bus is up. A lost signal is made up for
// by one batched query every ten seconds, and by another as soon as the bus reports a loss. A signal can also come
// between the look-up of a session and the connection that it was for, so a connection whose session has ended
// lately is looked up again. It isn't signed out unasked: SQLite may give a new session the id of the last one.
package conn

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/app/bus"
)

// CheckInterval is the usual time between two checks of all sessions.
const CheckInterval = 10 * time.Second

const (
	queryTimeout = 5 * time.Second
	// Anybody who can write to Redis can make the bus report losses without end.
	minCheckPause = 100 * time.Millisecond
	// maxEnded bounds the sessions that are remembered, because they could name any number. The next check finds the rest.
	maxEnded = 10_000
)

// Conn is an open connection that belongs to a session. Its methods must not wait for the other side,
// must do nothing once the connection has ended, and may be called from several goroutines at once.
type Conn interface {
	// SignOut closes the connection because its session has ended.
	SignOut()
	// Drain closes it because the process is shutting down. The client should connect again after
	// the pause; not every protocol can say so.
	Drain(pause time.Duration)
}

// Registry holds the open connections by their sessions. All methods may be called from several
// goroutines at once. It calls no connection with its lock held, so callers may hold their own.
type Registry struct {
	alive  func(ctx context.Context, sessions []uint64) (map[uint64]bool, error)
	log    *slog.Logger
	panics atomic.Uint64

	ctx      context.Context
	stop     context.CancelFunc
	unlisten func()
	missed   chan struct{} // holds a token while the bus may have lost something
	draining sync.Once
	running  sync.WaitGroup

	mu       sync.Mutex
	sessions map[uint64][]Conn // oldest first
	drained  bool
	// The sessions that have ended since the last check of all, and between the two before. No request takes that long
	// to become a connection.
	ended, endedBefore map[uint64]struct{}
}

// NewRegistry returns a registry that listens to the bus, and asks alive at every interval which of
// the sessions are still signed in.
func NewRegistry(alive func(ctx context.Context, sessions []uint64) (map[uint64]bool, error), b bus.Bus,
	log *slog.Logger, interval time.Duration) *Registry {
	r := &Registry{alive: alive, log: log, missed: make(chan struct{}, 1), sessions: map[uint64][]Conn{},
		ended: map[uint64]struct{}{}}
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.unlisten = b.Listen(r.onEvent)
	r.running.Go(func() { r.checkOften(interval) })
	return r
}

// Add registers a connection under a session. It returns false once the registry is drained: the
// connection must be refused then.
func (r *Registry) Add(session uint64, c Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drained {
		return false
	}
	r.sessions[session] = append(r.sessions[session], c)
	_, now := r.ended[session]
	_, before := r.endedBefore[session]
	if now || before {
		r.running.Go(func() {
			r.recovering("the check of a session", func() { r.check([]uint64{session}) })
		})
	}
	return true
}

// Remove forgets a connection that has ended.
func (r *Registry) Remove(session uint64, c Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.sessions[session]
	if i := slices.Index(list, c); i >= 0 {
		list = slices.Delete(list, i, i+1)
		r.sessions[session] = list
	}
	if len(list) == 0 {
		delete(r.sessions, session)
	}
}

// Of returns the connections of a session, oldest first.
func (r *Registry) Of(session uint64) []Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sessions[session])
}

// Sessions returns the number of sessions that have a connection open.
func (r *Registry) Sessions() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.sessions)
}

// Panics returns how many panics of the registry and its connections were recovered.
func (r *Registry) Panics() uint64 { return r.panics.Load() }

// Drain closes every connection and refuses new ones. The times at which clients are asked to come
// back are spread out, so that they do not all meet the next process at once. It does not wait until
// the connections are gone: the hub and the socket server do, each for its own.
func (r *Registry) Drain() {
	r.draining.Do(func() {
		r.unlisten()
		r.stop()
		list := r.drainAll()
		spread := min(15*time.Second, time.Second+time.Duration(len(list))*2*time.Millisecond)
		for _, c := range list {
			r.recovering("draining a connection", func() { c.Drain(200*time.Millisecond + rand.N(spread)) })
		}
	})
	r.running.Wait()
}

func (r *Registry) drainAll() (list []Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drained = true
	for _, conns := range r.sessions {
		list = append(list, conns...)
	}
	return list
}

// onEvent must not wait, like every listener of the bus.
func (r *Registry) onEvent(e bus.Event) {
	switch {
	case e.Kind != bus.EventSignal:
		select {
		case r.missed <- struct{}{}:
		default:
		}
	case e.Signal.Kind == bus.SessionEnded:
		r.remember(e.Signal.Session)
		if list := r.Of(e.Signal.Session); len(list) > 0 {
			r.goSafe("signing out", func() { r.signOut(list) })
		}
	}
}

// remember remembers that a session has ended, for connections that are about to be added.
func (r *Registry) remember(session uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ended) < maxEnded {
		r.ended[session] = struct{}{}
	}
}

func (r *Registry) signOut(list []Conn) {
	for _, c := range list {
		r.recovering("signing out", c.SignOut)
	}
}

// checkOften checks the sessions at every interval, and at once when the bus may have lost something.
func (r *Registry) checkOften(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.C:
			r.forget()
			r.Check()
		case <-r.missed:
			r.Check()
			select {
			case <-r.ctx.Done():
				return
			case <-time.After(minCheckPause):
			}
		}
	}
}

// forget forgets what ended before the last check of all.
func (r *Registry) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended, r.endedBefore = map[uint64]struct{}{}, r.ended
}

// Check signs out the connections whose sessions have ended without a signal, or by their age. While
// the database does not answer, every connection stays.
func (r *Registry) Check() {
	r.recovering("the check of sessions", func() {
		if ids := r.open(); len(ids) > 0 {
			r.check(ids)
		}
	})
}

// open returns the sessions that have a connection open.
func (r *Registry) open() []uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.sessions))
}

func (r *Registry) check(ids []uint64) {
	ctx, cancel := context.WithTimeout(r.ctx, queryTimeout)
	defer cancel()
	alive, err := r.alive(ctx, ids)
	if err != nil {
		if r.ctx.Err() == nil {
			r.log.Warn("checking sessions failed", "error", err)
		}
		return
	}
	for _, id := range ids {
		if !alive[id] {
			r.signOut(r.Of(id))
		}
	}
}

// goSafe runs fn in a goroutine that Drain waits for, unless the registry is drained already.
func (r *Registry) goSafe(what string, fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.drained { // or Add could race with Wait
		r.running.Go(func() { r.recovering(what, fn) })
	}
}

// recovering runs fn; a panic is counted and logged, and goes no further.
func (r *Registry) recovering(what string, fn func()) {
	defer func() {
		if cause := recover(); cause != nil {
			r.panics.Add(1)
			r.log.Error("panic in "+what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
