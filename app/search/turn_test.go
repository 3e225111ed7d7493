package search

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestOnePersonSearchesOnceAtATime is T42 for searches: a person with a hundred slow ones keeps others waiting
// for one of them at most, and what nobody waits for any more is dropped.
func TestOnePersonSearchesOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow = time.Second
		e := New(nil, time.Now)
		search := func(ctx context.Context, user uint64) bool {
			leave, err := e.takeTurn(ctx, user)
			if err != nil {
				return false
			}
			time.Sleep(slow)
			leave()
			return true
		}
		for user := range uint64(maxSearches + 1) { // as many as to fill all slots, and one more
			for range 100 {
				go search(t.Context(), 10+user)
			}
		}
		synctest.Wait()
		begin := time.Now()
		if !search(t.Context(), 1) || time.Since(begin) > 2*slow+slow {
			t.Errorf("somebody else waited %v", time.Since(begin)-slow)
		}
		ctx, cancel := context.WithTimeout(t.Context(), slow/2)
		defer cancel()
		if search(ctx, 10) {
			t.Error("a search of one who has many was not one too many")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		left := e.people.Users(1)
		for user := range uint64(maxSearches + 1) {
			left += e.people.Users(10 + user)
		}
		if left != 0 || len(e.slots) != 0 {
			t.Errorf("in the end %d people and %d slots", left, len(e.slots))
		}
	})
}

// TestTheLagOfTheIndex checks that it begins with the first room that is not done, and ends when all are.
func TestTheLagOfTheIndex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(nil, time.Now)
		for _, step := range []struct {
			queued int
			lag    time.Duration
		}{{0, 0}, {3, time.Minute}, {1, 2 * time.Minute}, {0, 0}, {2, time.Minute}} {
			e.lag.set(step.queued, time.Now())
			time.Sleep(time.Minute)
			if rooms, lag := e.Behind(); rooms != step.queued || lag != step.lag {
				t.Errorf("%+v: %d rooms for %v", step, rooms, lag)
			}
		}
	})
}

// TestIndexingGivesWayToPosts lets indexing take a quarter of the time while nobody posts, and less while somebody does,
// but for no longer than busyLimit.
func TestIndexingGivesWayToPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(nil, time.Now)
		check := func(when string, posts bool, want int) {
			if got := e.share(posts); got != want {
				t.Errorf("%s, indexing takes 1/%d of the time instead of 1/%d", when, got, want)
			}
		}
		check("while nobody posts", false, indexShare)
		e.lag.set(3, time.Now())
		check("in a rush of posts", true, busyShare)
		time.Sleep(busyLimit)
		check("in a rush that goes on", true, indexShare)
		e.lag.set(0, time.Now())
		e.lag.set(3, time.Now())
		check("in the next rush", true, busyShare)
	})
}
