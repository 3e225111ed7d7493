package auth

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"parley/db"
)

// codeAt returns the code that an app shows, off steps away from now.
func codeAt(t *testing.T, secret string, at time.Time, off int) string {
	t.Helper()
	code, err := hotp.GenerateCode(secret, uint64(at.Unix()/codeStep+int64(off)))
	must(t, err)
	return code
}

// mustSetUp gives somebody an app for codes in a new session, and returns its secret.
func (a *Accounts) mustSetUp(t *testing.T, u db.User, at time.Time) (secret string, s db.Session) {
	t.Helper()
	_, s, err := a.CreateSession(t.Context(), u, "")
	must(t, err)
	must(t, a.BeginSecondFactor(t.Context(), u, s.ID, goodPassword, "Parley"))
	app, err := a.SecondFactorInSetup(t.Context(), u, s.ID)
	must(t, err)
	_, err = a.ConfirmSecondFactor(t.Context(), u, s.ID, codeAt(t, app.Secret, at, -1))
	must(t, err)
	return app.Secret, s
}

// TestCodesOfTheStandard checks the examples of RFC 6238, appendix B, by their last six digits.
func TestCodesOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // "12345678901234567890"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		for off, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
			step, ok := stepOf(secret, code, time.Unix(at+off*codeStep, 0))
			if ok != want || ok && step != uint64(at)/codeStep {
				t.Errorf("%s, %d steps away: step %d, %v", code, off, step, ok)
			}
		}
	}
	for _, wrong := range []string{"", "28708", "2870822", "287O82", "２８７０８２"} {
		if _, ok := stepOf(secret, wrong, time.Unix(59, 0)); ok {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

func TestSecondFactor(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		ctx, u := t.Context(), a.mustSignUp(t, "alice")
		_, mine, err := a.CreateSession(ctx, u, "mine")
		must(t, err)
		_, other, err := a.StartSession(ctx, u, "other")
		must(t, err)
		if err := a.BeginSecondFactor(ctx, u, mine.ID, "not the password", "Parley"); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("set up without the password: %v", err)
		}
		must(t, a.BeginSecondFactor(ctx, u, mine.ID, goodPassword, "Parley"))
		if _, err := a.SecondFactorInSetup(ctx, u, other.ID); !errors.Is(err, ErrNoSession) {
			t.Errorf("another session sees the secret: %v", err)
		}
		first, err := a.SecondFactorInSetup(ctx, u, mine.ID)
		must(t, err)
		must(t, a.BeginSecondFactor(ctx, u, mine.ID, goodPassword, "Parley"))
		app, err := a.SecondFactorInSetup(ctx, u, mine.ID)
		must(t, err)
		if app.Secret == first.Secret || len(app.Secret) != 32 || app.Address != "otpauth://totp/Parley:alice?algorithm=SHA1&digits=6&issuer=Parley&period=30&secret="+app.Secret {
			t.Errorf("%+v after %+v", app, first)
		}
		for _, wrong := range []string{"", "000000", codeAt(t, first.Secret, c.now(), 0), codeAt(t, app.Secret, c.now(), 9)} {
			if _, err := a.ConfirmSecondFactor(ctx, u, mine.ID, wrong); !errors.Is(err, ErrBadCode) {
				t.Errorf("confirmed with %q: %v", wrong, err)
			}
		}
		if since, err := a.SecondFactorSince(ctx, u.ID); err != nil || !since.IsZero() {
			t.Errorf("on before it is confirmed: %v, %v", since, err)
		}
		code := codeAt(t, app.Secret, c.now(), 0)
		ended, err := a.ConfirmSecondFactor(ctx, u, mine.ID, code[:3]+" "+code[3:])
		if err != nil || len(ended) != 1 || ended[0] != other.ID {
			t.Fatalf("ended %v, %v", ended, err)
		}
		if err := a.BeginSecondFactor(ctx, u, mine.ID, goodPassword, "Parley"); !errors.Is(err, ErrHasSecondFactor) {
			t.Errorf("a second one: %v", err)
		}

		half, s, err := a.StartSession(ctx, u, "")
		if !errors.Is(err, ErrCodeNeeded) || s.ID != 0 {
			t.Fatalf("signed in without a code: %+v, %v", s, err)
		}
		if _, _, err := a.SessionByToken(ctx, half); !errors.Is(err, ErrNoSession) {
			t.Errorf("half a session is one: %v", err)
		}
		if _, _, err := a.FinishCode(ctx, half, code); !errors.Is(err, ErrBadCode) {
			t.Errorf("the code of the setup again: %v", err)
		}
		if _, _, err := a.FinishCode(ctx, half, codeAt(t, app.Secret, c.now(), -1)); !errors.Is(err, ErrBadCode) {
			t.Errorf("an older code: %v", err)
		}
		next := codeAt(t, app.Secret, c.now(), 1)
		who, _, err := a.FinishCode(ctx, half, next)
		if err != nil || who.ID != u.ID {
			t.Fatalf("%+v, %v", who, err)
		}
		if _, _, err := a.FinishCode(ctx, half, codeAt(t, app.Secret, c.now(), 1)); !errors.Is(err, ErrNoSession) {
			t.Errorf("half a session twice: %v", err)
		}
		again, _, err := a.StartSession(ctx, u, "")
		if !errors.Is(err, ErrCodeNeeded) {
			t.Fatal(err)
		}
		if _, _, err := a.FinishCode(ctx, again, next); !errors.Is(err, ErrBadCode) {
			t.Errorf("a code twice: %v", err)
		}
		c.advance(StepTime)
		if is, err := a.IsHalfSession(ctx, again); is || err != nil {
			t.Errorf("after five minutes: %v, %v", is, err)
		}
		if _, _, err := a.FinishCode(ctx, again, codeAt(t, app.Secret, c.now(), 0)); !errors.Is(err, ErrNoSession) {
			t.Errorf("after five minutes: %v", err)
		}
		must(t, a.DeleteExpired(ctx))

		if err := a.RemoveSecondFactor(ctx, u, mine.ID, "not the password", codeAt(t, app.Secret, c.now(), 0)); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("off without the password: %v", err)
		}
		if err := a.RemoveSecondFactor(ctx, u, mine.ID, goodPassword, "123"); !errors.Is(err, ErrBadCode) {
			t.Errorf("off without a code: %v", err)
		}
		must(t, a.RemoveSecondFactor(ctx, u, mine.ID, goodPassword, codeAt(t, app.Secret, c.now(), 0)))
		if _, _, err := a.StartSession(ctx, u, ""); err != nil {
			t.Errorf("off: %v", err)
		}
	})
}

// TestOneCodeSignsInOnce checks that of many requests with one code, at the same moment and in two processes, one
// is accepted, each with its own half session.
func TestOneCodeSignsInOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		processes := []*Accounts{accounts(store, c), accounts(again(), c)}
		u := processes[0].mustSignUp(t, "alice")
		secret, _ := processes[0].mustSetUp(t, u, c.now())
		for round := range 3 {
			c.advance(codeWindow)
			code := codeAt(t, secret, c.now(), 0)
			var accepted, refused atomic.Int32
			var all sync.WaitGroup
			for i := range codeLimit - 2 {
				half, err := processes[0].beginCode(t.Context(), u, Origin{})
				must(t, err)
				all.Go(func() {
					switch _, _, err := processes[i%2].FinishCode(t.Context(), half, code); {
					case err == nil:
						accepted.Add(1)
					case errors.Is(err, ErrBadCode):
						refused.Add(1)
					default:
						t.Errorf("request %d: %v", i, err)
					}
				})
			}
			all.Wait()
			if accepted.Load() != 1 || refused.Load() != codeLimit-3 {
				t.Errorf("round %d: %d accepted, %d refused", round, accepted.Load(), refused.Load())
			}
		}
	})
}

// TestGuessesOfCodesAreCounted checks that parallel guesses in two processes share one limit, that a right code beyond
// it is not looked at, and that the limit of a day holds.
func TestGuessesOfCodesAreCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, again func() *db.DB) {
		c := newClock()
		processes := []*Accounts{accounts(store, c), accounts(again(), c)}
		u := processes[0].mustSignUp(t, "alice")
		secret, _ := processes[0].mustSetUp(t, u, c.now())
		half, err := processes[0].beginCode(t.Context(), u, Origin{})
		must(t, err)
		var looked atomic.Int32
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				switch _, _, err := processes[i%2].FinishCode(t.Context(), half, "wrong!"); {
				case errors.Is(err, ErrBadCode):
					looked.Add(1)
				case !isThrottled(err):
					t.Errorf("guess %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if looked.Load() != codeLimit {
			t.Errorf("%d guesses were looked at", looked.Load())
		}
		if _, _, err := processes[0].FinishCode(t.Context(), half, codeAt(t, secret, c.now(), 0)); !isThrottled(err) {
			t.Errorf("a right code beyond the limit: %v", err)
		}
		guesses := codeLimit
		for range 10 {
			c.advance(codeWindow)
			half, err := processes[0].beginCode(t.Context(), u, Origin{})
			must(t, err)
			for range codeLimit {
				if _, _, err := processes[1].FinishCode(t.Context(), half, "wrong!"); errors.Is(err, ErrBadCode) {
					guesses++
				}
			}
		}
		if guesses != codeDaily {
			t.Errorf("%d guesses in three hours", guesses)
		}
		c.advance(codeDay)
		half, err = processes[0].beginCode(t.Context(), u, Origin{})
		must(t, err)
		if _, _, err := processes[0].FinishCode(t.Context(), half, codeAt(t, secret, c.now(), 0)); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

// TestANewPasswordEndsHalfSessions checks both orders: a half session from before, and one that a sign-in with the old
// password begins afterwards.
func TestANewPasswordEndsHalfSessions(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		u := a.mustSignUp(t, "alice")
		secret, s := a.mustSetUp(t, u, c.now())
		half, _, err := a.StartSession(t.Context(), u, "")
		if !errors.Is(err, ErrCodeNeeded) {
			t.Fatal(err)
		}
		_, err = a.ChangePassword(t.Context(), u, goodPassword, "eleven blue teapots", s.ID)
		must(t, err)
		if _, _, err := a.FinishCode(t.Context(), half, codeAt(t, secret, c.now(), 0)); !errors.Is(err, ErrNoSession) {
			t.Errorf("begun before: %v", err)
		}
		if _, _, err := a.StartSession(t.Context(), u, ""); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("begun after: %v", err)
		}
		for range 2 * maxChallenges {
			current, err := a.User(t.Context(), u.ID)
			must(t, err)
			half, _, err = a.StartSession(t.Context(), current, "")
			if !errors.Is(err, ErrCodeNeeded) {
				t.Fatal(err)
			}
		}
		if is, err := a.IsHalfSession(t.Context(), half); !is || err != nil {
			t.Errorf("the newest: %v, %v", is, err)
		}
		if n := countChallenges(t, a); n != maxChallenges {
			t.Errorf("%d half sessions", n)
		}
	})
}

// countChallenges counts by deleting one after the other.
func countChallenges(t *testing.T, a *Accounts) (n int) {
	t.Helper()
	for id := range uint64(1000) {
		took, err := a.store.TakeChallenge(t.Context(), id)
		must(t, err)
		if took {
			n++
		}
	}
	return n
}
