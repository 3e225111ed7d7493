package db

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"

	"parley/e2e/rig"
)

// bump increments a counter, which locks its row.
func bump(ctx context.Context, tx *DB, name string) error {
	return tx.exec(ctx, "UPDATE counters SET n = n + 1 WHERE name = ?", name)
}

func countOf(t *testing.T, d *DB, name string) int {
	t.Helper()
	c, err := one[Counter](d.in(t.Context()).Where("name = ?", name))
	must(t, err)
	return c.N
}

func makeCounters(t *testing.T, d *DB, names ...string) {
	t.Helper()
	for _, name := range names {
		must(t, d.createIfNone(t.Context(), &Counter{Name: name, EndsAt: noon}))
	}
}

// TestDeadlocksAreTriedAgain makes two transactions wait for each other's rows.
func TestDeadlocksAreTriedAgain(t *testing.T) {
	const rounds = 5
	d := openMigrated(t, rig.MySQL(t))
	makeCounters(t, d, "a", "b")
	for round := range rounds {
		var held, both sync.WaitGroup
		held.Add(2)
		for _, rows := range [][2]string{{"a", "b"}, {"b", "a"}} {
			both.Go(func() {
				tries := 0
				err := d.Tx(t.Context(), func(tx *DB) error {
					tries++
					if err := bump(t.Context(), tx, rows[0]); err != nil {
						return err
					}
					if tries == 1 {
						held.Done()
						held.Wait()
					}
					return bump(t.Context(), tx, rows[1])
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := int(d.Retries()); n <= round {
			t.Fatalf("%d deadlocks in %d rounds: the test does not force any", n, round+1)
		}
	}
	for _, name := range []string{"a", "b"} {
		equal(t, "each done once", countOf(t, d, name), 2*rounds)
	}
}

// TestLockTimeoutsAreTriedAgain locks a row until others time out waiting for it: a transaction, and
// a single statement.
func TestLockTimeoutsAreTriedAgain(t *testing.T) {
	t.Parallel()
	d := openMigrated(t, rig.MySQL(t))
	makeCounters(t, d, "a")
	var waiting sync.WaitGroup
	must(t, d.Tx(t.Context(), func(tx *DB) error {
		if err := bump(t.Context(), tx, "a"); err != nil {
			return err
		}
		waiting.Go(func() {
			if err := d.Tx(t.Context(), func(tx *DB) error { return bump(t.Context(), tx, "a") }); err != nil {
				t.Errorf("in a transaction: %v", err)
			}
		})
		waiting.Go(func() {
			if err := bump(t.Context(), d, "a"); err != nil {
				t.Errorf("alone: %v", err)
			}
		})
		for d.Retries() < 2 && t.Context().Err() == nil && !t.Failed() {
			time.Sleep(10 * time.Millisecond)
		}
		return nil
	}))
	waiting.Wait()
	equal(t, "count", countOf(t, d, "a"), 3)
}

func TestTxGivesUp(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		makeCounters(t, d, "a")
		tries, start := 0, time.Now()
		err := d.Tx(t.Context(), func(tx *DB) error {
			tries++
			must(t, bump(t.Context(), tx, "a"))
			return translate(&mysqldriver.MySQLError{Number: mysqlDeadlock})
		})
		wantError(t, "always a deadlock", err, ErrUnavailable)
		if took := time.Since(start); tries < minTries || took < retryTime {
			t.Errorf("gave up after %d tries in %v", tries, took)
		}
		equal(t, "undone", countOf(t, d, "a"), 0)
		other := errors.New("no deadlock")
		tries = 0
		wantError(t, "another error", d.Tx(t.Context(), func(*DB) error { tries++; return other }), other)
		equal(t, "tries", tries, 1)
	})
}

func TestTxUndoesAndJoins(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, stop := t.Context(), errors.New("stop")
		makeCounters(t, d, "a")
		wantError(t, "the outer one fails", d.Tx(ctx, func(tx *DB) error {
			must(t, tx.Tx(ctx, func(inner *DB) error { return bump(ctx, inner, "a") }))
			must(t, tx.Snapshot(ctx, func(inner *DB) error { equal(t, "seen within", countOf(t, inner, "a"), 1); return nil }))
			return stop
		}), stop)
		equal(t, "undone with the outer one", countOf(t, d, "a"), 0)
		func() {
			defer func() { equal(t, "panic", recover(), any("oh")) }()
			_ = d.Tx(ctx, func(tx *DB) error {
				must(t, bump(ctx, tx, "a"))
				panic("oh")
			})
		}()
		equal(t, "undone after a panic", countOf(t, d, "a"), 0)
		must(t, d.Tx(ctx, func(tx *DB) error { return bump(ctx, tx, "a") })) // no lock is left
		equal(t, "done", countOf(t, d, "a"), 1)
	})
}

// TestSnapshotStandsStill writes between two reads of a snapshot.
func TestSnapshotStandsStill(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, two := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		postText(t, d, r.ID, two[0].ID, "a")
		must(t, d.AddMember(ctx, r.ID, two[0].ID, 1))
		check := func(tx *DB, entries int, name string, members int) {
			t.Helper()
			list, err := tx.MessagesAfter(ctx, r.ID, 0, 9)
			must(t, err)
			equal(t, "entries", len(list), entries)
			heads, err := tx.Heads(ctx, []uint64{r.ID})
			must(t, err)
			equal(t, "head", heads[0].LastSeq, uint64(entries))
			u, err := tx.UserByID(ctx, two[0].ID)
			must(t, err)
			equal(t, "name", u.DisplayName, name)
			ids, err := tx.MemberIDs(ctx, r.ID)
			must(t, err)
			equal(t, "members", len(ids), members)
		}
		must(t, d.Snapshot(ctx, func(tx *DB) error {
			check(tx, 1, "User", 1)
			postText(t, d, r.ID, two[0].ID, "b")
			must(t, d.SetProfile(ctx, two[0].ID, "New", "UTC", ""))
			must(t, d.AddMember(ctx, r.ID, two[1].ID, 2))
			check(tx, 1, "User", 1)
			return nil
		}))
		check(d, 2, "New", 2)
	})
}

// TestSnapshotsOnlyRead checks that nothing is written in one, and that MySQL is not asked for READ ONLY, which
// TiDB refuses: a statement that bypasses our own check goes through.
func TestSnapshotsOnlyRead(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		makeCounters(t, d, "a")
		must(t, d.Snapshot(ctx, func(tx *DB) error {
			wantError(t, "a statement", bump(ctx, tx, "a"), errWriteInSnapshot)
			wantError(t, "a transaction", tx.Tx(ctx, func(inner *DB) error { return bump(ctx, inner, "a") }), errWriteInSnapshot)
			if !d.IsSQLite() {
				must(t, tx.gorm.Exec("UPDATE counters SET n = n + 1 WHERE name = 'a'").Error)
			}
			return nil
		}))
		want := 1
		if d.IsSQLite() {
			want = 0
		}
		equal(t, "count", countOf(t, d, "a"), want)
	})
}

func TestRetryPausesGrow(t *testing.T) {
	for try, bounds := range map[int][2]int64{1: {5, 50}, 2: {10, 100}, 3: {20, 200}, 4: {20, 200}, 50: {20, 200}} {
		for range 1000 {
			if p := retryPause(try); p.Milliseconds() < bounds[0] || p.Milliseconds() > bounds[1] {
				t.Fatalf("after try %d: %v", try, p)
			}
		}
	}
}

func TestContextsEnd(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		r := createRoom(t, d)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		for what, do := range map[string]func(ctx context.Context) error{
			"read": func(ctx context.Context) error { _, err := d.UserByID(ctx, 1); return err },
			"list": func(ctx context.Context) error {
				_, err := d.RoomSummaries(ctx, linesOf(1, []uint64{r.ID}))
				return err
			},
			"write":       func(ctx context.Context) error { return d.SetUserPhoto(ctx, 1, 2) },
			"create":      func(ctx context.Context) error { return d.CreateUser(ctx, &User{Username: "x"}) },
			"transaction": func(ctx context.Context) error { return d.append(ctx, &Message{RoomID: r.ID, Kind: KindJoin}) },
			"snapshot":    func(ctx context.Context) error { return d.Snapshot(ctx, func(*DB) error { return nil }) },
			"check":       d.Check,
			"migrate":     d.Migrate,
		} {
			wantError(t, what, do(ended), ErrUnavailable)
		}
		short := func() context.Context {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			t.Cleanup(cancel)
			return ctx
		}
		start := time.Now()
		must(t, d.Tx(t.Context(), func(tx *DB) error {
			_, err := tx.NextSeq(t.Context(), r.ID)
			must(t, err)
			wantError(t, "a write that waits for another", d.exec(short(), "UPDATE rooms SET name = 'New' WHERE id = ?", r.ID), ErrUnavailable)
			wantError(t, "a transaction that does", d.append(short(), &Message{RoomID: r.ID, Kind: KindJoin, CreatedAt: noon}), ErrUnavailable)
			return nil
		}))
		long := "SELECT SLEEP(20)"
		if d.IsSQLite() { // its driver interrupts a write at any time, and a query only between two rows
			long = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100000000) SELECT COUNT(*) FROM c"
		}
		long = "UPDATE rooms SET epoch = (" + long + ")"
		wantError(t, "a long write", d.exec(short(), long), ErrUnavailable)
		wantError(t, "a long write in a transaction", d.Tx(short(), func(tx *DB) error { return tx.exec(short(), long) }), ErrUnavailable)
		if took := time.Since(start); took > rig.Limit(10*time.Second) {
			t.Errorf("all of it took %v", took)
		}
		must(t, d.Check(t.Context()))
		equal(t, "nothing is left behind", addEntry(t, d, r.ID, 1, KindJoin).Seq, 2)
	})
}

// TestReadingWaitsForNobody marks entries as read while a post has locked the room.
func TestReadingWaitsForNobody(t *testing.T) {
	d := openMigrated(t, rig.MySQL(t)) // SQLite has one writer at a time
	r := createRoom(t, d)
	must(t, d.AddMember(t.Context(), r.ID, 1, addEntry(t, d, r.ID, 1, KindJoin).Seq))
	postText(t, d, r.ID, 2, "a")
	must(t, d.Tx(t.Context(), func(tx *DB) error {
		_, err := tx.NextSeq(t.Context(), r.ID)
		must(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		moved, err := d.MarkRead(ctx, 1, Room{ID: r.ID, LastSeq: 2}, 2)
		must(t, err)
		equal(t, "moved", moved, true)
		return nil
	}))
}

// TestIsolationOnMySQL looks at what transactions see of what others commit meanwhile: on one connection after a
// snapshot, and on a new one.
func TestIsolationOnMySQL(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), openMigrated(t, rig.MySQL(t))
	other := openAgain(t, d)
	pool, err := d.gorm.DB()
	must(t, err)
	pool.SetMaxOpenConns(1)
	sees := func(run func(context.Context, func(*DB) error) error) (changes bool) {
		t.Helper()
		must(t, run(ctx, func(tx *DB) error {
			before, err := tx.CountIn(ctx, "k", time.Hour, noon)
			must(t, err)
			_, err = other.CountUp(ctx, "k", time.Hour, noon)
			must(t, err)
			after, err := tx.CountIn(ctx, "k", time.Hour, noon)
			must(t, err)
			changes = after > before
			return nil
		}))
		return changes
	}
	value := func(query string) (n int) {
		t.Helper()
		must(t, d.gorm.Raw(query).Row().Scan(&n))
		return n
	}
	const settings = "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Com_set_option'"
	for range 2 {
		equal(t, "a transaction sees changes", sees(d.Tx), true)
		equal(t, "a snapshot sees changes", sees(d.Snapshot), false)
		before := value(settings)
		equal(t, "a transaction after a snapshot sees changes", sees(d.Tx), true)
		equal(t, "settings of a transaction", value(settings)-before, 0)
		must(t, other.exec(ctx, "KILL CONNECTION ?", value("SELECT CONNECTION_ID()"))) // the next one is new
	}
}
