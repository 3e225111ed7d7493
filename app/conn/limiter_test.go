package conn_test

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/app/conn"
)

// acquire opens n connections, with a user and an address for each, and fails if one is refused.
func acquire(t *testing.T, l *conn.Limiter, n int, kind conn.Kind, user func(i int) uint64, addr func(i int) netip.Addr) (releases []func()) {
	t.Helper()
	for i := range n {
		place, err := l.Acquire(kind, user(i), addr(i))
		if err != nil {
			t.Fatalf("connection %d is refused: %v", i+1, err)
		}
		releases = append(releases, place.Release)
	}
	return releases
}

func sameUser(int) uint64     { return 7 }
func otherUser(i int) uint64  { return uint64(i) }
func sameAddr(int) netip.Addr { return netip.MustParseAddr("192.0.2.1") }
func otherAddr(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
}

// householdAddr returns the addresses of one /64.
func householdAddr(i int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: byte(i), 8: byte(i)})
}

func releaseAll(releases []func()) {
	for _, release := range releases {
		release()
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		kind  conn.Kind
		limit int
		user  func(int) uint64
		addr  func(int) netip.Addr
	}{
		{"streams of a user", conn.Stream, 12, sameUser, otherAddr},
		{"sockets of a user", conn.Socket, 6, sameUser, otherAddr},
		{"connections of an address", conn.Stream, 60, otherUser, sameAddr},
		{"connections of a household", conn.Stream, 60, otherUser, householdAddr},
	} {
		l := conn.NewLimiter(true)
		releases := acquire(t, l, test.limit, test.kind, test.user, test.addr)
		if _, err := l.Acquire(test.kind, test.user(test.limit), test.addr(test.limit)); !errors.Is(err, conn.ErrTooMany) {
			t.Errorf("%s: one more than %d is not refused: %v", test.name, test.limit, err)
		}
		if l.Open() != test.limit {
			t.Errorf("%s: %d are counted", test.name, l.Open())
		}
		releases[0]()
		releases[0]() // the second call does nothing
		if l.Open() != test.limit-1 {
			t.Errorf("%s: %d are counted after one was released", test.name, l.Open())
		}
		releases = append(releases, acquire(t, l, 1, test.kind, test.user, test.addr)...)
		if _, err := l.Acquire(test.kind, test.user(0), test.addr(0)); !errors.Is(err, conn.ErrTooMany) {
			t.Errorf("%s: releasing twice made room for two", test.name)
		}
		releaseAll(releases)
		if l.Open() != 0 {
			t.Errorf("%s: %d are left", test.name, l.Open())
		}
		releaseAll(acquire(t, l, test.limit, test.kind, test.user, test.addr))
	}
}

func TestStreamsAndSocketsAreCountedSeparately(t *testing.T) {
	t.Parallel()
	l := conn.NewLimiter(true)
	acquire(t, l, 12, conn.Stream, sameUser, sameAddr)
	acquire(t, l, 6, conn.Socket, sameUser, sameAddr)
	acquire(t, l, 1, conn.Stream, otherUser, sameAddr)
	if _, err := l.Acquire(conn.Socket, 7, otherAddr(1)); !errors.Is(err, conn.ErrTooMany) {
		t.Error("a seventh socket is accepted")
	}
}

func TestWithoutLimitsOnlyTheProcessIsProtected(t *testing.T) {
	t.Parallel()
	l := conn.NewLimiter(false)
	releases := acquire(t, l, 50_000, conn.Stream, sameUser, sameAddr)
	if _, err := l.Acquire(conn.Stream, 8, otherAddr(1)); !errors.Is(err, conn.ErrFull) {
		t.Errorf("one more is not refused: %v", err)
	}
	releaseAll(releases)
	if l.Open() != 0 {
		t.Errorf("%d are left", l.Open())
	}
}

func TestConcurrentAcquireAndRelease(t *testing.T) {
	t.Parallel()
	l := conn.NewLimiter(true)
	var users sync.WaitGroup
	for i := range 16 {
		users.Go(func() {
			for range 500 {
				place, err := l.Acquire(conn.Kind(rand.IntN(2)), uint64(i%4), otherAddr(i%3))
				if err != nil {
					continue
				}
				var twice sync.WaitGroup
				twice.Go(place.Release)
				twice.Go(place.Release)
				twice.Wait()
			}
		})
	}
	users.Wait()
	if l.Open() != 0 {
		t.Errorf("%d are left", l.Open())
	}
}

func TestSuspension(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := conn.NewLimiter(true)
		l.Suspend(conn.Socket, 7)
		if _, err := l.Acquire(conn.Socket, 7, otherAddr(1)); !errors.Is(err, conn.ErrTooMany) {
			t.Error("a socket of somebody suspended is accepted")
		}
		acquire(t, l, 1, conn.Stream, sameUser, sameAddr)
		acquire(t, l, 1, conn.Socket, func(int) uint64 { return 8 }, sameAddr)
		time.Sleep(11 * time.Second)
		acquire(t, l, 1, conn.Socket, sameUser, sameAddr)
		unlimited := conn.NewLimiter(false)
		unlimited.Suspend(conn.Socket, 7)
		acquire(t, unlimited, 1, conn.Socket, sameUser, sameAddr)
	})
}

func TestTheProcessCanHaveLess(t *testing.T) {
	t.Parallel()
	l := conn.NewLimiter(false)
	l.LimitTotal(10)
	acquire(t, l, 10, conn.Stream, sameUser, sameAddr)
	if _, err := l.Acquire(conn.Stream, 8, otherAddr(1)); !errors.Is(err, conn.ErrFull) {
		t.Errorf("one more: %v", err)
	}
}
