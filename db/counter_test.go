package db

import (
	"sync"
	"testing"
	"time"
)

func TestCounters(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, whole := t.Context(), noon.Truncate(time.Hour)
		count := func(what, key string, at time.Time, want int) {
			t.Helper()
			n, err := d.CountIn(ctx, key, time.Hour, at)
			must(t, err)
			equal(t, what, n, want)
		}
		for want := 1; want <= 3; want++ {
			n, err := d.CountUp(ctx, "a", time.Hour, noon)
			must(t, err)
			equal(t, "count", n, want)
		}
		count("at the window's first moment", "a", whole, 3)
		count("at its last", "a", whole.Add(time.Hour-time.Nanosecond), 3)
		count("before it", "a", whole.Add(-time.Nanosecond), 0)
		count("after it", "a", whole.Add(time.Hour), 0)
		count("another key", "b", noon, 0)
		count("the empty key", "", noon, 0)
		n, err := d.CountIn(ctx, "a", time.Minute, noon)
		must(t, err)
		equal(t, "another window", n, 0)
		n, err = d.CountUp(ctx, "a", time.Hour, whole.Add(time.Hour))
		must(t, err)
		equal(t, "the next window's first", n, 1)
		for range 5 { // two more than were counted
			must(t, d.CountDown(ctx, "a", time.Hour, noon))
		}
		must(t, d.CountDown(ctx, "b", time.Hour, noon))
		count("taken back", "a", noon, 0)
		count("never below nothing", "b", noon, 0)
		count("the next window's", "a", whole.Add(time.Hour), 1)

		must(t, d.DeleteOldCounters(ctx, whole.Add(2*time.Hour)))
		count("at its end", "a", whole.Add(time.Hour), 1)
		must(t, d.DeleteOldCounters(ctx, whole.Add(2*time.Hour+time.Microsecond)))
		count("after its end", "a", whole.Add(time.Hour), 0)
	})
}

// TestCountersCountOverProcesses checks that concurrent CountUps each get a number of their own.
func TestCountersCountOverProcesses(t *testing.T) {
	const workers, rounds = 8, 10
	onEachDatabase(t, func(t *testing.T, d *DB) {
		both := []*DB{d, openAgain(t, d)}
		var mu sync.Mutex
		var working sync.WaitGroup
		got := map[int]bool{}
		for w := range workers {
			working.Go(func() {
				for range rounds {
					n, err := both[w%2].CountUp(t.Context(), "k", time.Hour, noon)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					got[n] = true
					mu.Unlock()
				}
			})
		}
		working.Wait()
		if len(got) != workers*rounds || !got[1] || !got[workers*rounds] {
			t.Errorf("%d different counts", len(got))
		}
	})
}

func TestProcesses(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, other := t.Context(), openAgain(t, d)
		if d.IsSQLite() { // the lock file keeps others out
			others, withoutBus, err := d.Heartbeat(ctx, "a", false)
			must(t, err)
			equal(t, "others", others+withoutBus, 0)
			must(t, d.ForgetProcess(ctx, "a"))
			return
		}
		beat := func(d *DB, id string, bus bool, wantOthers, wantWithout int) {
			t.Helper()
			others, without, err := d.Heartbeat(ctx, id, bus)
			must(t, err)
			equal(t, "others", others, wantOthers)
			equal(t, "without a bus", without, wantWithout)
		}
		beat(d, "a", false, 0, 1)
		beat(d, "a", false, 0, 1)
		beat(other, "b", true, 1, 1)
		beat(d, "a", true, 1, 0)
		must(t, d.exec(ctx, "UPDATE processes SET seen_at = UTC_TIMESTAMP(6) - INTERVAL 21 SECOND WHERE id = 'b'"))
		beat(d, "a", true, 0, 0)
		beat(other, "b", true, 1, 0)
		must(t, other.ForgetProcess(ctx, "b"))
		beat(d, "a", true, 0, 0)
		must(t, d.exec(ctx, "UPDATE processes SET seen_at = UTC_TIMESTAMP(6) - INTERVAL 2 DAY"))
		must(t, d.ForgetProcess(ctx, ""))
		rows, err := all[Process](d.in(ctx))
		must(t, err)
		equal(t, "processes that died long ago", len(rows), 0)
	})
}

// TestHeldAgain checks that what is held again, after its time and before it is tidied away, is held.
func TestHeldAgain(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		is := func(at time.Time, want bool) {
			t.Helper()
			held, err := d.IsHeld(t.Context(), "gone/ann", at)
			must(t, err)
			equal(t, "held", held, want)
		}
		must(t, d.Hold(t.Context(), "gone/ann", noon.Add(time.Hour)))
		is(noon, true)
		is(noon.Add(2*time.Hour), false)
		must(t, d.Hold(t.Context(), "gone/ann", noon.Add(3*time.Hour)))
		is(noon.Add(2*time.Hour), true)
	})
}
