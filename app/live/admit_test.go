package live_test

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"

	"parley/app/live"
)

var addr = netip.MustParseAddr("192.0.2.1")

// enter lets n lines in, of one user from one address each, and fails if one is refused.
func enter(t *testing.T, d *live.ConnLimiter, n int, line live.ConnKind, user func(i int) uint64, from func(i int) netip.Addr) (outs []func()) {
	t.Helper()
	for i := range n {
		out, err := d.Acquire(line, user(i), from(i))
		if err != nil {
			t.Fatalf("line %d is refused: %v", i+1, err)
		}
		outs = append(outs, out)
	}
	return outs
}

func me(int) uint64       { return 7 }
func anyone(i int) uint64 { return uint64(i) }
func here(int) netip.Addr { return addr }
func anywhere(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
}
func refused(err error) bool           { return errors.Is(err, live.ErrTooManyConns) }
func isEmpty(d *live.ConnLimiter) bool { return d.Open() == 0 }
func leaveAll(outs []func()) {
	for _, out := range outs {
		out()
	}
}

func TestTheDoorsLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		line live.ConnKind
		most int
		user func(int) uint64
		from func(int) netip.Addr
	}{
		{"streams of a user", live.ConnStream, 12, me, anywhere},
		{"sockets of a user", live.ConnSocket, 6, me, anywhere},
		{"lines of an address", live.ConnStream, 60, anyone, here},
	} {
		d := live.NewConnLimiter(true)
		outs := enter(t, d, test.most, test.line, test.user, test.from)
		if _, err := d.Acquire(test.line, test.user(test.most), test.from(test.most)); !refused(err) {
			t.Errorf("%s: one more than %d is let in: %v", test.name, test.most, err)
		}
		if d.Open() != test.most {
			t.Errorf("%s: %d are counted", test.name, d.Open())
		}
		outs[0]()
		outs[0]() // twice is once
		if d.Open() != test.most-1 {
			t.Errorf("%s: %d are counted after one has left", test.name, d.Open())
		}
		outs = append(outs, enter(t, d, 1, test.line, test.user, test.from)...)
		if _, err := d.Acquire(test.line, test.user(0), test.from(0)); !refused(err) {
			t.Errorf("%s: leaving twice made room for two", test.name)
		}
		leaveAll(outs)
		if !isEmpty(d) {
			t.Errorf("%s: %d are left", test.name, d.Open())
		}
		leaveAll(enter(t, d, test.most, test.line, test.user, test.from))
	}
}

func TestStreamsAndSocketsAreCountedApart(t *testing.T) {
	t.Parallel()
	d := live.NewConnLimiter(true)
	enter(t, d, 12, live.ConnStream, me, here)
	enter(t, d, 6, live.ConnSocket, me, here)
	enter(t, d, 1, live.ConnStream, anyone, here)
	if _, err := d.Acquire(live.ConnSocket, 7, anywhere(1)); !refused(err) {
		t.Error("a seventh socket is let in")
	}
}

func TestWithoutLimitsOnlyTheProcessIsProtected(t *testing.T) {
	t.Parallel()
	d := live.NewConnLimiter(false)
	outs := enter(t, d, 50_000, live.ConnStream, me, here)
	if _, err := d.Acquire(live.ConnStream, 8, anywhere(1)); !errors.Is(err, live.ErrFull) {
		t.Errorf("one more is let in: %v", err)
	}
	leaveAll(outs)
	if !isEmpty(d) {
		t.Errorf("%d are left", d.Open())
	}
}

func TestTheDoorCountsUnderPressure(t *testing.T) {
	t.Parallel()
	d := live.NewConnLimiter(true)
	var people sync.WaitGroup
	for i := range 16 {
		people.Go(func() {
			for range 500 {
				out, err := d.Acquire(live.ConnKind(rand.IntN(2)), uint64(i%4), anywhere(i%3))
				if err != nil {
					continue
				}
				var twice sync.WaitGroup
				twice.Go(out)
				twice.Go(out)
				twice.Wait()
			}
		})
	}
	people.Wait()
	if !isEmpty(d) {
		t.Errorf("%d are left", d.Open())
	}
}
