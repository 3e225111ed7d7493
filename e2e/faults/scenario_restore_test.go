package faults

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// alone gives a scenario a world of its own.
func (r *run) alone(binary string, rooms int, with ...settings) error {
	w, err := newWorld(binary, with...)
	if err != nil {
		return err
	}
	r.world = w
	r.t.Cleanup(w.Close)
	return w.invite(2*rooms, rooms, 2)
}

func (r *run) product() (string, error) { return r.builder.build("product", *raceFlag) }

// clockOff runs one process ten minutes ahead of the other.
func clockOff(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	ahead, err := r.builder.build("ahead", false,
		change{"app/main.go", "Now: time.Now,", "Now: func() time.Time { return time.Now().Add(10 * time.Minute) },"})
	if err != nil {
		return err
	}
	if err := r.alone(binary, 6, settings{}, settings{"binary": ahead}); err != nil {
		return err
	}
	l := r.chat(r.label, r.seed, volume{rooms: r.rooms, streams: 3, rate: 20})
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(15 * time.Second)
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	in := span{l.h.Start, time.Now()}
	r.count("signed out", l.h.count(signedOut, in), 0)
	r.count("failed posts", l.h.failed(in), 0)
	return nil
}

// restored puts an older state of the database back while pages are open that have seen more.
func restored(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	if err := r.alone(binary, 6, settings{}, settings{}); err != nil {
		return err
	}
	l := r.chat(r.label, r.seed, volume{rooms: r.rooms, streams: 3, rate: 20})
	if err := l.ready(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	tables, err := r.tables("parley")
	if err != nil {
		return err
	}
	if err := r.copyTables("parley", "backup", tables); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	l.quiet(20 * time.Second)
	if _, err := l.caughtUp(10 * time.Second); err != nil {
		return err
	}
	for _, p := range r.processes {
		p.Signal(syscall.SIGTERM)
		p.Wait(30 * time.Second)
	}
	if _, err := r.sql.Exec("DROP DATABASE parley"); err != nil {
		return err
	}
	if err := r.copyTables("backup", "parley", tables); err != nil {
		return err
	}
	_ = r.sql.Close() // its connections are in a database that is gone
	if r.sql, err = openDatabase(r.database.Addr, "parley"); err != nil {
		return err
	}
	finish := exec.Command(binary, "restore-finish")
	finish.Env = append(os.Environ(), "PARLEY_DATABASE_URL=mysql://root@"+r.database.Addr+"/parley")
	if out, err := finish.CombinedOutput(); err != nil {
		return fmt.Errorf("restore-finish: %w: %s", err, out)
	}
	for _, p := range r.processes {
		if err := p.Start(); err != nil {
			return err
		}
	}
	ends, err := heads(r.sql)
	if err != nil {
		return err
	}
	r.atMost("every page has loaded again after", r.takes(40*time.Second, func() bool {
		for _, v := range l.viewers {
			if at, _, _ := v.state(); at != ends[v.room] {
				return false
			}
		}
		return true
	}), 30*time.Second)
	again := r.chat(r.label+"-again", r.seed, volume{rooms: r.rooms, streams: 1, rate: 20})
	time.Sleep(3 * time.Second)
	if _, err := r.finish(again, 5*time.Second); err != nil {
		return err
	}
	took, err := l.caughtUp(5 * time.Second)
	if err != nil {
		return err
	}
	r.note("old pages current after %s", short(took))
	for _, v := range l.viewers {
		v.Stop()
	}
	s, err := readStored(r.sql)
	if err != nil {
		return err
	}
	// What was acknowledged since the backup is gone, as everybody knows who restores one. The pages
	// must not mix the two logs.
	for _, v := range l.viewers {
		l.h.Last = append(l.h.Last, v.id)
	}
	r.violations = append(r.violations, slices.Concat(checkViewers(l.h, s), checkCaughtUp(l.h, s), checkContiguous(l.h, s))...)
	return nil
}

func (r *run) tables(name string) (list []string, err error) {
	rows, err := r.sql.Query("SHOW TABLES FROM " + name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		list = append(list, table)
	}
	return list, rows.Err()
}

// copyTables is a backup in one transaction's view, or its way back.
func (r *run) copyTables(from, to string, tables []string) error {
	statements := []string{"CREATE DATABASE " + to + " CHARACTER SET utf8mb4"}
	for _, table := range tables {
		statements = append(statements, fmt.Sprintf("CREATE TABLE %s.%s LIKE %s.%s", to, table, from, table))
	}
	statements = append(statements, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT")
	for _, table := range tables {
		statements = append(statements, fmt.Sprintf("INSERT INTO %s.%s SELECT * FROM %s.%s", to, table, from, table))
	}
	conn, err := r.sql.Conn(r.t.Context())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	for _, statement := range append(statements, "COMMIT") {
		if _, err := conn.ExecContext(r.t.Context(), statement); err != nil {
			return fmt.Errorf("%s: %w", strings.SplitN(statement, " SELECT", 2)[0], err)
		}
	}
	return nil
}
