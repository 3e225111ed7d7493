package auth

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// Whether an account exists must not show in the time of the answer. Other programs on the
// machine disturb the clock, so three rounds may be needed; a real difference shows in all.
func TestTimeTellsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		const pairs = 40
		c := newClock()
		a := accounts(store, c)
		a.mustSignUp(t, "alice")
		guess := func(name string) time.Duration {
			c.pass(accountWindow) // so that nothing is throttled
			start := time.Now()
			if _, err := a.SignIn(t.Context(), address(9), name, "a wrong password"); !errors.Is(err, ErrWrong) {
				t.Fatal(err)
			}
			return time.Since(start)
		}
		var off float64
		for range 3 {
			there, absent := make([]time.Duration, pairs), make([]time.Duration, pairs)
			for i := range pairs {
				there[i] = guess("alice")
				absent[i] = guess(fmt.Sprintf("nobody%d", i))
			}
			slices.Sort(there)
			slices.Sort(absent)
			off = float64(there[pairs/2])/float64(absent[pairs/2]) - 1
			if -0.05 < off && off < 0.05 {
				return
			}
		}
		t.Errorf("the medians are %.1f %% apart", 100*off)
	})
}
