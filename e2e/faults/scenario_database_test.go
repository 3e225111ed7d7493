package faults

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"parley/e2e/rig"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
)

func databaseKilled(r *run) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	down := timeSpan{from: time.Now()}
	r.database.Kill()
	r.atMost("not ready after", r.timeUntil(5*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(time.Until(down.from.Add(r.duration(15*time.Second, 6*time.Second))))
	down.to = time.Now()
	if err := r.database.Start(); err != nil {
		return err
	}
	back := time.Now()
	r.atMost("ready again after", r.timeUntil(10*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); !ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(r.duration(10*time.Second, 5*time.Second))
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	during := l.history.latencies(down, retryLater, unknown, refused)
	r.figure("%d attempts refused", len(during))
	r.expect("posts are refused while it is down", len(during) > 0)
	r.atMost("refused in (p99)", quantile(during, 0.99), 3*time.Second)
	r.countAtMost("unanswered", len(l.history.latencies(timeSpan{down.from, time.Now()}, unknown)), 0)
	r.countAtMost("refused for good", len(l.history.latencies(timeSpan{down.from, time.Now()}, refused)), 0)
	r.countAtMost("failed posts from 5 s after", l.history.failedPosts(timeSpan{back.Add(5 * time.Second), time.Now()}), 0)
	r.countAtMost("streams lost", l.history.count(disconnected, timeSpan{down.from, l.ended}), 0)
	return nil
}

// timeUntil measures the time until a condition holds. It is just above the limit if that never happens.
func (r *run) timeUntil(limit time.Duration, condition func() bool) time.Duration {
	start := time.Now()
	if err := rig.WaitFor(limit, "", condition); err != nil {
		return limit + time.Millisecond
	}
	return time.Since(start)
}

// databaseFrozen stops the database without closing connections.
func databaseFrozen(r *run) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	before := r.goroutines()
	down := timeSpan{from: time.Now()}
	r.database.Signal(syscall.SIGSTOP)
	defer r.database.Signal(syscall.SIGCONT)
	var slowest time.Duration
	for reader := r.users[0]; time.Since(down.from) < r.duration(20*time.Second, 8*time.Second); {
		start := time.Now()
		status, _, err := reader.get("/rooms")
		if err != nil {
			return err
		}
		slowest = max(slowest, time.Since(start))
		r.expect("a page that cannot be loaded is a 503", status == http.StatusServiceUnavailable)
	}
	down.to = time.Now()
	r.database.Signal(syscall.SIGCONT)
	if err := r.awaitHealthy(20 * time.Second); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	after := r.goroutines()
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	r.atMost("slowest page", slowest, 5*time.Second)
	r.atMost("slowest post", quantile(l.history.latencies(down, acked, retryLater, unknown, refused), 1), 5*time.Second)
	r.countAtMost("unanswered", len(l.history.latencies(down, unknown)), 0)
	r.figure("goroutines %d before, %d after", before, after)
	r.expect("goroutines have not grown", after <= before+before/5+20)
	r.countAtMost("streams lost", l.history.count(disconnected, timeSpan{down.from, l.ended}), 0)
	return nil
}

func (r *run) goroutines() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("go_goroutines"))
	}
	return n
}

// commitCut cuts connections exactly where a client cannot know whether the commit took effect.
func commitCut(r *run) error {
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	cuts := r.times(500, 60)
	for i, f := range r.commitFaults {
		f.set(newRand(r.seed, r.label, i), 0.5, cuts/2)
	}
	start := time.Now()
	err := rig.WaitFor(3*time.Minute, "all cuts", func() bool {
		for _, f := range r.commitFaults {
			if left, _ := f.counts(); left > 0 {
				return false
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	var made [3]int
	for _, f := range r.commitFaults {
		_, cuts := f.counts()
		for i := range cuts {
			made[i] += cuts[i]
		}
	}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	in := timeSpan{start, l.ended}
	r.figure("cut %d before, %d after, %d during the commit", made[cutBefore], made[cutAfter], made[cutDuring])
	r.expect("both outcomes seen", made[cutBefore] > 0 && made[cutAfter] > 0)
	r.figure("%d answered 'send again'", len(l.history.latencies(in, retryLater)))
	r.countAtMost("unanswered", len(l.history.latencies(in, unknown)), 0)
	r.countAtMost("refused for good", len(l.history.latencies(in, refused)), 0)
	return nil
}

// deadlocks runs transactions that lock in the opposite order of posts, and that are too large to be chosen
// as the victim. It also injects the errors of deadlocks and lock timeouts.
func deadlocks(r *run) error {
	if _, err := r.sql.Exec("CREATE TABLE IF NOT EXISTS weight (id INT PRIMARY KEY, n INT)"); err != nil {
		return err
	}
	for i := range 200 {
		if _, err := r.sql.Exec("INSERT IGNORE INTO weight VALUES (?, 0)", i); err != nil {
			return err
		}
	}
	defer func() { _, _ = r.sql.Exec("DROP TABLE weight") }()
	for i, f := range r.commitFaults {
		f.refuseLocks(newRand(r.seed, r.label, i), 0.15)
	}
	l := r.startLoad(r.label, r.seed, r.loadConfig())
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	random := newRand(r.seed, r.label, 9)
	collisions := 0
	for time.Since(start) < r.duration(25*time.Second, 8*time.Second) {
		room := r.rooms[random.IntN(len(r.rooms))].ID
		if err := collide(r.sql, room); err != nil {
			return err
		}
		collisions++
		time.Sleep(10 * time.Millisecond)
	}
	injected := 0
	for _, f := range r.commitFaults {
		injected += f.refuseLocks(nil, 0)
	}
	in := timeSpan{start, time.Now()}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	done, failed := len(l.history.latencies(in, acked)), l.history.failedPosts(in)
	retries := r.processes[0].metric("parley_tx_retries_total") + r.processes[1].metric("parley_tx_retries_total")
	r.figure("%d conflicting transactions, %d errors injected, %.0f retries; %d posts stored at once, %d not", collisions, injected, retries, done, failed)
	r.expect("errors were injected", injected > 0)
	r.expect("99.9 % of the posts succeed at once", failed*1000 <= done+failed)
	return nil
}

// collide locks the end of a room's log and then the room. A post locks them in the opposite order.
func collide(database *sql.DB, room uint64) error {
	tx, err := database.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, statement := range []string{
		"UPDATE weight SET n = n + 1",
		fmt.Sprintf("SELECT seq FROM messages WHERE room_id = %d AND seq > 1000000000 FOR UPDATE", room),
		"DO SLEEP(0.03)",
		fmt.Sprintf("UPDATE rooms SET last_seq = last_seq WHERE id = %d", room),
	} {
		if _, err := tx.Exec(statement); err != nil {
			var my *mysql.MySQLError
			if errors.As(err, &my) {
				return nil // it was chosen as the victim after all
			}
			return err
		}
	}
	return nil
}
