package faults

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
)

func databaseKilled(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	down := span{from: time.Now()}
	r.database.Kill()
	r.atMost("not ready after", r.takes(5*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(time.Until(down.from.Add(r.length(15*time.Second, 6*time.Second))))
	down.to = time.Now()
	if err := r.database.Start(); err != nil {
		return err
	}
	back := time.Now()
	r.atMost("ready again after", r.takes(10*time.Second, func() bool {
		for _, p := range r.processes {
			if ok, _ := p.ready(); !ok {
				return false
			}
		}
		return true
	}), 5*time.Second)
	time.Sleep(r.length(10*time.Second, 5*time.Second))
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	during := l.h.answers(down, later, unknown, refused)
	r.note("%d attempts refused", len(during))
	r.holds("posts are refused while it is away", len(during) > 0)
	r.atMost("refused in (p99)", quantile(during, 0.99), 3*time.Second)
	r.count("unanswered", len(l.h.answers(span{down.from, time.Now()}, unknown)), 0)
	r.count("text gone or refused for ever", len(l.h.answers(span{down.from, time.Now()}, refused)), 0)
	r.count("failed posts from 5 s after", l.h.failed(span{back.Add(5 * time.Second), time.Now()}), 0)
	r.count("streams lost", l.h.count(lost, span{down.from, l.ended}), 0)
	return nil
}

// takes measures how long it takes until something holds; a bit more than the limit if it does not.
func (r *run) takes(limit time.Duration, holds func() bool) time.Duration {
	start := time.Now()
	if err := within(limit, "", holds); err != nil { // it may have taken for ever
		return limit + time.Millisecond
	}
	return time.Since(start)
}

// databaseFrozen stops the database without ending a connection.
func databaseFrozen(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	before := r.goroutines()
	down := span{from: time.Now()}
	r.database.Signal(syscall.SIGSTOP)
	defer r.database.Signal(syscall.SIGCONT)
	var slowest time.Duration
	for reader := r.people[0]; time.Since(down.from) < r.length(20*time.Second, 8*time.Second); {
		start := time.Now()
		status, _, err := reader.get("/rooms")
		if err != nil {
			return err
		}
		slowest = max(slowest, time.Since(start))
		r.holds("a page that cannot be read says 503", status == http.StatusServiceUnavailable)
	}
	down.to = time.Now()
	r.database.Signal(syscall.SIGCONT)
	if err := r.settle(20 * time.Second); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	after := r.goroutines()
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	r.atMost("slowest page", slowest, 5*time.Second)
	r.atMost("slowest post", quantile(l.h.answers(down, acked, later, unknown, refused), 1), 5*time.Second)
	r.count("unanswered", len(l.h.answers(down, unknown)), 0)
	r.note("goroutines %d before, %d after", before, after)
	r.holds("goroutines have not grown", after <= before+before/5+20)
	r.count("streams lost", l.h.count(lost, span{down.from, l.ended}), 0)
	return nil
}

func (r *run) goroutines() (n int) {
	for _, p := range r.processes {
		n += int(p.metric("go_goroutines"))
	}
	return n
}

// commitCut cuts connections exactly where nobody can tell whether the commit took effect.
func commitCut(r *run) error {
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	cuts := r.times(500, 60)
	for i, k := range r.cutters {
		k.set(chance(r.seed, r.label, i), 0.5, cuts/2)
	}
	start := time.Now()
	err := within(3*time.Minute, "all cuts are made", func() bool {
		for _, k := range r.cutters {
			if left, _ := k.done(); left > 0 {
				return false
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	var ways [3]int
	for _, k := range r.cutters {
		_, made := k.done()
		for i := range made {
			ways[i] += made[i]
		}
	}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	in := span{start, l.ended}
	r.note("cut %d before, %d after, %d during the commit", ways[cutBefore], ways[cutAfter], ways[cutDuring])
	r.holds("both outcomes seen", ways[cutBefore] > 0 && ways[cutAfter] > 0)
	r.note("%d answered 'send again'", len(l.h.answers(in, later)))
	r.count("unanswered", len(l.h.answers(in, unknown)), 0)
	r.count("refused for ever", len(l.h.answers(in, refused)), 0)
	return nil
}

// deadlocks makes posts meet a transaction that locks the other way round and is too heavy to be
// the victim, and injects the errors of a deadlock and of a lock timeout beside it.
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
	for i, k := range r.cutters {
		k.refuse(chance(r.seed, r.label, i), 0.15)
	}
	l := r.chat(r.label, r.seed, r.volume())
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	start := time.Now()
	dice := chance(r.seed, r.label, 9)
	collisions := 0
	for time.Since(start) < r.length(25*time.Second, 8*time.Second) {
		room := r.rooms[dice.IntN(len(r.rooms))].ID
		if err := collide(r.sql, room); err != nil {
			return err
		}
		collisions++
		time.Sleep(10 * time.Millisecond)
	}
	injected := 0
	for _, k := range r.cutters {
		injected += k.refuse(nil, 0)
	}
	in := span{start, time.Now()}
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	done, failed := len(l.h.answers(in, acked)), l.h.failed(in)
	retries := r.processes[0].metric("parley_tx_retries_total") + r.processes[1].metric("parley_tx_retries_total")
	r.note("%d crossing transactions, %d errors injected, %.0f retries; %d posts at once, %d not", collisions, injected, retries, done, failed)
	r.holds("there were deadlocks", injected > 0)
	r.holds("99.9 % of the posts succeed", failed*1000 <= done+failed)
	return nil
}

// collide takes the end of a room's log and then the room: a post takes them the other way.
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
				return nil // it lost; that happens
			}
			return err
		}
	}
	return nil
}
