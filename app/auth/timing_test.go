package auth

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"parley/db"
)

// The response time must not reveal whether an account exists. The load of the machine changes all
// the time, so each measurement is compared with the one next to it, in either order; more are taken
// while they are noisy, and the remaining noise is allowed for.
func TestSignInTimeRevealsNothing(t *testing.T) {
	timeRevealsNothing(t, ErrWrongPassword, func(a *Accounts, name string) error {
		_, err := a.SignIn(t.Context(), address(9), name, "a wrong password")
		return err
	})
}

func TestRecoveryTimeRevealsNothing(t *testing.T) {
	timeRevealsNothing(t, ErrWrongRecoveryCode, func(a *Accounts, name string) error {
		_, _, err := a.Recover(t.Context(), address(9), name, "0000-0000-0000-0000", otherPassword)
		return err
	})
}

func timeRevealsNothing(t *testing.T, refused error, try func(a *Accounts, name string) error) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		const pairs, rounds = 30, 15 // a quiet machine is sure after one round, a busy one after several
		c := newClock()
		a := accounts(store, c)
		u := a.mustSignUp(t, "alice")
		must(t, store.ReplaceRecoveryCodes(t.Context(), u.ID, []string{"one", "two"}, time.Now()))
		guess := func(name string) time.Duration {
			c.advance(accountWindow) // so that nothing is throttled
			start := time.Now()
			if err := try(a, name); !errors.Is(err, refused) {
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
			var sure float64
			if off, sure = median(ratios); math.Abs(off-1)-sure < 0.05 {
				return
			}
		}
		t.Errorf("the response times differ by %.1f %%", 100*(off-1))
	})
}

// median also returns twice its standard error, estimated from the median absolute deviation.
func median(list []float64) (middle, twice float64) {
	slices.Sort(list)
	middle = list[len(list)/2]
	away := make([]float64, len(list))
	for i, x := range list {
		away[i] = math.Abs(x - middle)
	}
	slices.Sort(away)
	return middle, 2 * 1.2533 * 1.4826 * away[len(away)/2] / math.Sqrt(float64(len(list)))
}
