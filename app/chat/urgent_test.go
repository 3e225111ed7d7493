package chat

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"parley/db"
	"parley/e2e/rig"
)

// TestPostsWriteBeforeOtherChanges is T39: on SQLite, where one transaction writes at a time, a post doesn't wait
// behind everything else that people change. The least of ten counts, because a busy machine may well run the
// others before the post has got as far as waiting.
func TestPostsWriteBeforeOtherChanges(t *testing.T) {
	e := newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", 2)
	room := e.makeFriends(t, e.people[0], e.people[1])
	const writers = 30
	var changes atomic.Int64
	var stopped atomic.Bool
	var all sync.WaitGroup
	defer all.Wait()
	defer stopped.Store(true)
	for range writers {
		all.Go(func() {
			for !stopped.Load() {
				must(t, e.store.Tx(t.Context(), func(tx *db.DB) error {
					changes.Add(1)
					_, err := tx.UserByID(t.Context(), e.people[0].ID)
					return err
				}))
			}
		})
	}
	rig.Eventually(t, "all write", func() bool { return changes.Load() > 2*writers })
	least := int64(math.MaxInt64)
	for range 10 {
		before := changes.Load()
		e.post(t, e.people[0], room, "hello")
		least = min(least, changes.Load()-before)
	}
	if least > writers/2 {
		t.Errorf("a post waited for %d of %d changes", least, writers)
	}
}
