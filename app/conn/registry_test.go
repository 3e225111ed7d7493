package conn_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/conn"
	"parley/e2e/rig"
)

// fakeConn notes how it was ended.
type fakeConn struct {
	signedOut, drained atomic.Int64
	pause              atomic.Int64
	panics             bool
}

func (c *fakeConn) SignOut() {
	c.signedOut.Add(1)
	if c.panics {
		panic("on purpose")
	}
}

func (c *fakeConn) Drain(pause time.Duration) {
	c.drained.Add(1)
	c.pause.Store(int64(pause))
}

func (c *fakeConn) isOpen() bool { return c.signedOut.Load()+c.drained.Load() == 0 }

// sessions is a database of sessions.
type sessions struct {
	mu    sync.Mutex
	ended map[uint64]bool
	calls int
	fault func() error // may fail, wait and panic
}

func (s *sessions) alive(_ context.Context, ids []uint64) (map[uint64]bool, error) {
	s.mu.Lock()
	s.calls++
	fault := s.fault
	s.mu.Unlock()
	if fault != nil {
		if err := fault(); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	alive := map[uint64]bool{}
	for _, id := range ids {
		alive[id] = !s.ended[id]
	}
	return alive, nil
}

func (s *sessions) end(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[id] = true
}

func (s *sessions) failWith(fault func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

func (s *sessions) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// eventBus is a bus in one process that can report losses.
type eventBus struct {
	*bus.Local
	listener func(bus.Event)
}

func (b *eventBus) Listen(on func(bus.Event)) func() {
	b.listener = on
	return b.Local.Listen(on)
}

func newRegistry(t *testing.T, interval time.Duration) (*conn.Registry, *sessions, *eventBus) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, b := &sessions{ended: map[uint64]bool{}}, &eventBus{Local: bus.NewLocal(log)}
	r := conn.NewRegistry(s.alive, b, log, interval)
	t.Cleanup(func() {
		r.Drain()
		_ = b.Close()
	})
	return r, s, b
}

func add(t *testing.T, r *conn.Registry, session uint64) *fakeConn {
	t.Helper()
	c := &fakeConn{}
	if !r.Add(session, c) {
		t.Fatal("refused")
	}
	return c
}

func TestASignalEndsEveryConnectionOfItsSession(t *testing.T) {
	t.Parallel()
	r, _, b := newRegistry(t, time.Hour)
	first, second, other := add(t, r, 1), add(t, r, 1), add(t, r, 2)
	gone := add(t, r, 1)
	r.Remove(1, gone)
	b.Publish(bus.Signal{Kind: bus.SessionEnded, Session: 1})
	rig.Eventually(t, "both are signed out", func() bool { return !first.isOpen() && !second.isOpen() })
	if !other.isOpen() || !gone.isOpen() {
		t.Error("another connection was ended as well")
	}
}

// A session can end between its look-up and the connection that it was for.
func TestALateConnectionOfAnEndedSessionIsSignedOut(t *testing.T) {
	t.Parallel()
	r, s, b := newRegistry(t, time.Hour)
	s.end(1)
	for _, session := range []uint64{1, 2} { // the id of 2 is used again
		b.Publish(bus.Signal{Kind: bus.SessionEnded, Session: session})
	}
	late, another, again := add(t, r, 1), add(t, r, 1), add(t, r, 2)
	rig.Eventually(t, "those of the ended session are signed out", func() bool { return !late.isOpen() && !another.isOpen() })
	rig.Eventually(t, "each was looked up", func() bool { return s.count() == 3 })
	add(t, r, 3)
	r.Drain()
	if s.count() != 3 || again.signedOut.Load() != 0 {
		t.Error("a session that has not ended was looked up, or signed out")
	}
}

// One query covers all connections, and nobody is signed out because the database does not answer.
func TestTheCheckFindsSessionsThatEndedSilently(t *testing.T) {
	t.Parallel()
	r, s, _ := newRegistry(t, 10*time.Millisecond)
	if time.Sleep(50 * time.Millisecond); s.count() > 0 {
		t.Error("asked about no sessions")
	}
	first, other := add(t, r, 1), add(t, r, 2)
	s.failWith(func() error { return errors.New("the database is down") })
	s.end(1)
	asked := s.count()
	rig.Eventually(t, "it asks and fails", func() bool { return s.count() > asked+3 })
	if !first.isOpen() {
		t.Error("signed out while the database was down")
	}
	s.failWith(nil)
	rig.Eventually(t, "it is signed out", func() bool { return first.signedOut.Load() > 0 })
	if !other.isOpen() {
		t.Error("another session was ended as well")
	}
}

func TestTheBusAsksForACheck(t *testing.T) {
	t.Parallel()
	for _, kind := range []bus.EventKind{bus.EventMissed, bus.EventDown, bus.EventRecovered} {
		r, s, b := newRegistry(t, time.Hour)
		c := add(t, r, 1)
		s.end(1)
		b.listener(bus.Event{Kind: kind})
		rig.Eventually(t, "it is signed out", func() bool { return !c.isOpen() })
	}
}

func TestAFloodOfLossesIsNoFloodOfQueries(t *testing.T) {
	t.Parallel()
	r, s, b := newRegistry(t, time.Hour)
	add(t, r, 1)
	start := time.Now()
	for time.Since(start) < 250*time.Millisecond {
		b.listener(bus.Event{Kind: bus.EventMissed})
		time.Sleep(time.Millisecond)
	}
	if n, limit := s.count(), 2+int(time.Since(start)/(100*time.Millisecond)); n > limit {
		t.Errorf("%d queries in %v", n, time.Since(start))
	}
}

func TestPanicsEndNothingElse(t *testing.T) {
	t.Parallel()
	r, s, _ := newRegistry(t, 10*time.Millisecond)
	bad := &fakeConn{panics: true}
	r.Add(1, bad)
	good := add(t, r, 1)
	s.failWith(func() error { panic("on purpose") })
	rig.Eventually(t, "the check panics", func() bool { return r.Panics() > 2 })
	s.failWith(nil)
	s.end(1)
	rig.Eventually(t, "both are signed out", func() bool { return !bad.isOpen() && !good.isOpen() })
}

func TestDrain(t *testing.T) {
	t.Parallel()
	r, _, b := newRegistry(t, time.Hour)
	var list []*fakeConn
	for i := range uint64(1000) {
		list = append(list, add(t, r, i%300))
	}
	if n := r.Sessions(); n != 300 {
		t.Errorf("%d sessions", n)
	}
	var drains sync.WaitGroup
	for range 3 {
		drains.Go(r.Drain)
	}
	drains.Wait()
	soonest, latest := time.Hour, time.Duration(0)
	for _, c := range list {
		if n := c.drained.Load(); n != 1 {
			t.Fatalf("drained %d times", n)
		}
		pause := time.Duration(c.pause.Load())
		soonest, latest = min(soonest, pause), max(latest, pause)
	}
	if soonest < 100*time.Millisecond || latest > 20*time.Second || latest-soonest < time.Second {
		t.Errorf("they come back between %v and %v", soonest, latest)
	}
	if r.Add(1, &fakeConn{}) {
		t.Error("a new connection was accepted")
	}
	b.Publish(bus.Signal{Kind: bus.SessionEnded, Session: 1})
	b.listener(bus.Event{Kind: bus.EventSignal, Signal: bus.Signal{Kind: bus.SessionEnded, Session: 1}})
}

// Connections come and go while sessions end and the bus reports losses, and none is forgotten.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	r, s, b := newRegistry(t, time.Millisecond)
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			for range 200 {
				session := rand.Uint64N(50)
				c := &fakeConn{}
				if !r.Add(session, c) {
					continue
				}
				switch rand.IntN(3) {
				case 0:
					b.Publish(bus.Signal{Kind: bus.SessionEnded, Session: session})
				case 1:
					b.listener(bus.Event{Kind: bus.EventMissed})
				}
				r.Of(session)
				r.Remove(session, c)
			}
		})
	}
	s.end(7)
	users.Wait()
	if n := r.Sessions(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	stays := add(t, r, 7)
	rig.Eventually(t, "it is signed out", func() bool { return !stays.isOpen() })
}
