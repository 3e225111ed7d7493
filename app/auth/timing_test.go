package auth

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// Whether an account exists must not show in the time of the answer. What else runs on the machine
// changes from second to second, so each answer is compared with the one beside it, in either order,
// and more of them are taken while it is noisy.
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
		var ratios []float64
		var off float64
		for round := range rounds {
			for i := range pairs {
				nobody := fmt.Sprintf("nobody%d", round*pairs+i)
				var there, absent time.Duration
				if i%2 == 0 {
					there, absent = guess("alice"), guess(nobody)
				} else {
					absent, there = guess(nobody), guess("alice")
				}
				ratios = append(ratios, float64(there)/float64(absent))
			}
			slices.Sort(ratios)
			off = ratios[len(ratios)/2] - 1
			if -0.05 < off && off < 0.05 {
				return
			}
		}
		t.Errorf("the answers are %.1f %% apart", 100*off)
	})
}
