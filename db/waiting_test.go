package db

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// checkWaiting compares what the look-ups of pages and lists say of somebody with what is counted, and checks that what
// need not be counted is zero.
func checkWaiting(t *testing.T, d *DB, user uint64) Waiting {
	t.Helper()
	ctx := t.Context()
	want, err := d.CountWaiting(ctx, user)
	must(t, err)
	readers, err := d.Readers(ctx, []uint64{user})
	must(t, err)
	equal(t, "what waits, in a list", readers[user].Waiting, want)
	if readers[user].User.Waits%2 == 1 && want != (Waiting{}) {
		t.Errorf("nothing waits for %d, and still %+v is counted", user, want)
	}
	hash := fmt.Sprintf("%064d", user)
	sessions, err := d.ReadersByHash(ctx, []string{hash})
	must(t, err)
	if len(sessions) == 0 {
		must(t, d.CreateSession(ctx, &Session{TokenHash: hash, UserID: user, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon}))
		sessions, err = d.ReadersByHash(ctx, []string{hash})
		must(t, err)
	}
	equal(t, "what waits, with a session", sessions[hash].Waiting, want)
	entrants, err := d.EntrantsByHash(ctx, []TokenRoom{{hash, 1}})
	must(t, err)
	equal(t, "what waits, in a room", entrants[TokenRoom{hash, 1}].Waiting, want)
	return want
}

// TestWhatWaitsIsCounted lets requests and answers come and go, and settles in between as pages do.
func TestWhatWaitsIsCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 4)
		me := users[0].ID
		change := func(other uint64, to func(f *Friendship)) {
			t.Helper()
			must(t, d.Tx(ctx, func(tx *DB) error {
				f, err := tx.LockPair(ctx, me, other, noon)
				if err != nil {
					return err
				}
				to(&f)
				return tx.SavePair(ctx, f)
			}))
		}
		step := func(what string, want Waiting) {
			t.Helper()
			for range 2 { // before and after a page has settled it
				equal(t, what, checkWaiting(t, d, me), want)
				u, err := d.UserByID(ctx, me)
				must(t, err)
				must(t, d.SettleWaiting(ctx, u))
				u, err = d.UserByID(ctx, me)
				must(t, err)
				equal(t, what+": nothing waits", u.NothingWaits(), want == Waiting{})
			}
		}
		u, err := d.UserByID(ctx, me)
		must(t, err)
		equal(t, "nothing waits for a new account", u.NothingWaits(), true)
		step("at first", Waiting{})
		change(users[1].ID, func(f *Friendship) { f.State, f.RequestedBy = PairRequested, users[1].ID })
		step("a request", Waiting{Requests: 1})
		change(users[1].ID, func(f *Friendship) { f.SetBlocks(me, true) })
		step("of somebody who is blocked", Waiting{})
		change(users[1].ID, func(f *Friendship) { f.SetBlocks(me, false) })
		step("and no longer", Waiting{Requests: 1})
		change(users[1].ID, func(f *Friendship) { f.State = PairFriends })
		step("accepted", Waiting{})
		change(users[2].ID, func(f *Friendship) { f.State, f.RequestedBy = PairRequested, me })
		step("my own request", Waiting{})
		equal(t, "what waits for whom I asked", checkWaiting(t, d, users[2].ID), Waiting{Requests: 1})
		report := Report{ReporterID: me, RoomID: 1, Seq: 2, AuthorID: users[3].ID, RoomKind: RoomGroup, Reason: "spam", CreatedAt: noon}
		must(t, d.create(ctx, &report))
		step("a report", Waiting{})
		n, err := d.CloseReports(ctx, []uint64{report.ID}, Report{ClosedAt: &noon, ClosedBy: 9, Answer: "done"})
		must(t, err)
		equal(t, "closed", n, int64(1))
		step("an answer", Waiting{Answered: 1})
		seen, err := d.SetAnswersSeen(ctx, me, []uint64{report.ID})
		must(t, err)
		equal(t, "an answer was new", seen, true)
		step("an answer that was seen", Waiting{})

		// What the release before writes.
		must(t, d.create(ctx, &Friendship{LowID: me, HighID: users[3].ID, State: PairRequested, RequestedBy: users[3].ID, ChangedAt: noon}))
		must(t, d.RecountWaiting(ctx))
		step("a request to the release before", Waiting{Requests: 1})
	})
}

// TestNothingIsSettledPastARequest sends requests while pages settle what waits for the person who gets them.
func TestNothingIsSettledPastARequest(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 9)
		me := users[0].ID
		for round := range 30 {
			var all sync.WaitGroup
			for _, u := range users[1:] {
				all.Go(func() {
					err := d.Tx(ctx, func(tx *DB) error {
						f, err := tx.LockPair(ctx, me, u.ID, noon)
						if err != nil {
							return err
						}
						if f.State, f.RequestedBy = PairRequested, u.ID; round%2 == 1 && rand.IntN(3) > 0 {
							f.State = PairApart
						}
						return tx.SavePair(ctx, f)
					})
					if err != nil {
						t.Error(err)
					}
				})
				if rand.IntN(2) == 0 {
					all.Go(func() {
						u, err := d.UserByID(ctx, me)
						if err == nil {
							err = d.SettleWaiting(ctx, u)
						}
						if err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
			checkWaiting(t, d, me)
		}
	})
}

// TestSettlingWaitsForARequestThatIsOnItsWay settles what waits for somebody, while a request to them is stored and not
// committed: the request is not counted yet, and has the lock of the row.
func TestSettlingWaitsForARequestThatIsOnItsWay(t *testing.T) {
	d := openMigrated(t, rig.MySQL(t))
	ctx, users := t.Context(), createUsers(t, d, 2)
	me, settled := users[0].ID, make(chan error, 1)
	must(t, d.somethingWaits(ctx, []uint64{me})) // so that there is something to settle
	u, err := d.UserByID(ctx, me)
	must(t, err)
	must(t, d.TxOnce(ctx, func(tx *DB) error {
		f, err := tx.LockPair(ctx, me, users[1].ID, noon)
		if err != nil {
			return err
		}
		f.State, f.RequestedBy = PairRequested, users[1].ID
		if err := tx.SavePair(ctx, f); err != nil {
			return err
		}
		go func() { settled <- d.SettleWaiting(ctx, u) }()
		rig.Eventually(t, "it waits for the lock", func() bool {
			time.Sleep(150 * time.Millisecond) // InnoDB does not look again for whoever asks within a tenth of a second
			n, err := numbers(d.query(ctx, "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE 'UPDATE users SET waits = waits + 1 %'"))
			return err == nil && n[0] > 0
		})
		return nil
	}))
	must(t, <-settled)
	equal(t, "what waits", checkWaiting(t, d, me), Waiting{Requests: 1})
}
