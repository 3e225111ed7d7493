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
// machine only ever make an answer late, so the quicker half of the answers is compared, by
// its own median, and more of them are taken while it is noisy.
func TestTimeTellsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		const pairs, rounds = 30, 6
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
		var there, absent []time.Duration
		var off float64
		for round := range rounds {
			for i := range pairs {
				nobody := fmt.Sprintf("nobody%d", round*pairs+i)
				if i%2 == 0 {
					there = append(there, guess("alice"))
				}
				absent = append(absent, guess(nobody))
				if i%2 == 1 {
					there = append(there, guess("alice"))
				}
			}
			slices.Sort(there)
			slices.Sort(absent)
			off = float64(there[len(there)/4])/float64(absent[len(absent)/4]) - 1
			if -0.05 < off && off < 0.05 {
				return
			}
		}
		t.Errorf("the answers are %.1f %% apart", 100*off)
	})
}
