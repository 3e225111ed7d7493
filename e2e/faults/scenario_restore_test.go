package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// useOwnDeployment replaces the shared deployment.
func (r *run) useOwnDeployment(binary string, rooms int, all ...settings) error {
	d, err := newDeployment(binary, all...)
	if err != nil {
		return err
	}
	r.deployment = d
	r.t.Cleanup(d.Close)
	return d.populate(2*rooms, rooms, 2)
}

func (r *run) product() (string, error) { return r.builder.build("product", *raceFlag) }

var tenMinutesAhead = change{"app/main.go", "Now: time.Now,", "Now: func() time.Time { return time.Now().Add(10 * time.Minute) },"}

// clockOff runs one process ten minutes ahead of the other.
func clockOff(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	ahead, err := r.builder.build("ahead", false, tenMinutesAhead)
	if err != nil {
		return err
	}
	if err := r.useOwnDeployment(binary, 6, settings{}, settings{"binary": ahead}); err != nil {
		return err
	}
	l := r.startLoad(r.label, r.seed, loadConfig{rooms: r.rooms, pages: 3, rate: 20})
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(15 * time.Second)
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	in := timeSpan{l.history.Start, time.Now()}
	r.countAtMost("signed out", l.history.count(signedOut, in), 0)
	r.countAtMost("failed posts", l.history.failedPosts(in), 0)
	return nil
}

// restored restores an older state of the database, which was copied by other means, while pages are open that have seen
// more.
func restored(r *run) error {
	var tables []string
	return r.restore(restoration{
		backup: func(string) (err error) {
			if tables, err = r.tables("parley"); err != nil {
				return err
			}
			return r.copyTables("parley", "backup", tables)
		},
		stop: func(p *process) {
			p.Signal(syscall.SIGTERM)
			p.Wait(30 * time.Second)
		},
		restore: func(binary string) error {
			if _, err := r.sql.Exec("DROP DATABASE parley"); err != nil {
				return err
			}
			if err := r.copyTables("backup", "parley", tables); err != nil {
				return err
			}
			_ = r.sql.Close() // its connections use a database that is gone
			var err error
			if r.sql, err = openDatabase(r.database.Addr, "parley"); err != nil {
				return err
			}
			_, err = r.parley(binary, "parley", "restore-finish")
			return err
		},
	})
}

// drill makes a backup during traffic, kills everything, and restores the backup elsewhere.
func drill(r *run) error {
	file := filepath.Join(r.t.TempDir(), "backup.zip")
	return r.restore(restoration{
		backup: func(binary string) error {
			begun := time.Now()
			out, err := r.parley(binary, "parley", "backup", file)
			_, contents, _ := strings.Cut(strings.TrimSpace(out), file+": ")
			r.figure("backup in %s: %s", short(time.Since(begun)), strings.TrimSuffix(contents, "."))
			return err
		},
		stop: func(p *process) { p.Kill() },
		restore: func(binary string) error {
			if err := r.newDatabase("elsewhere"); err != nil {
				return err
			}
			begun := time.Now()
			if _, err := r.parley(binary, "elsewhere", "restore", file); err != nil {
				return err
			}
			r.figure("restored in %s", short(time.Since(begun)))
			for i, p := range r.processes {
				p.Set("DATABASE_URL", "mysql://root@"+r.databaseLinks[i].Addr+"/elsewhere")
			}
			return nil
		},
	})
}

// restoration is a way to make a backup and to put it back.
type restoration struct {
	backup  func(binary string) error
	stop    func(p *process)
	restore func(binary string) error
}

// parley runs a command on a database, without a link.
func (r *run) parley(binary, database string, words ...string) (string, error) {
	cmd := exec.Command(binary, words...)
	cmd.Env = append(os.Environ(), "PARLEY_DATABASE_URL=mysql://root@"+r.database.Addr+"/"+database)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", words[0], err, out)
	}
	return string(out), nil
}

func (r *run) restore(how restoration) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	if err := r.useOwnDeployment(binary, 6, settings{}, settings{}); err != nil {
		return err
	}
	l := r.startLoad(r.label, r.seed, loadConfig{rooms: r.rooms, pages: 3, rate: 20})
	if err := l.awaitLive(30 * time.Second); err != nil {
		return err
	}
	time.Sleep(3 * time.Second)
	before := time.Now()
	if err := how.backup(binary); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	l.settle(20 * time.Second)
	if _, err := l.awaitCurrent(10 * time.Second); err != nil {
		return err
	}
	for _, p := range r.processes {
		how.stop(p)
	}
	if err := how.restore(binary); err != nil {
		return err
	}
	for _, p := range r.processes {
		if err := p.Start(); err != nil {
			return err
		}
	}
	ends, err := roomEnds(r.sql)
	if err != nil {
		return err
	}
	r.atMost("every page reloaded after", r.timeUntil(40*time.Second, func() bool {
		for _, v := range l.viewers {
			if at, _, _ := v.state(); at != ends[v.room] {
				return false
			}
		}
		return true
	}), 30*time.Second)
	again := r.startLoad(r.label+"-again", r.seed, loadConfig{rooms: r.rooms, pages: 1, rate: 20})
	time.Sleep(3 * time.Second)
	if _, err := r.finish(again, 5*time.Second); err != nil {
		return err
	}
	took, err := l.awaitCurrent(5 * time.Second)
	if err != nil {
		return err
	}
	r.figure("old pages current after %s", short(took))
	for _, v := range l.viewers {
		v.Stop()
	}
	return r.checkRestored(l, before)
}

// checkRestored compares the pages, and what was acknowledged before the backup, with what was restored. Posts that were
// acknowledged since are gone, as is expected of a restore. But the pages must not mix the two logs.
func (r *run) checkRestored(l *load, before time.Time) error {
	s, err := readStored(r.sql)
	if err != nil {
		return err
	}
	for _, v := range l.viewers {
		l.history.MustBeCurrent = append(l.history.MustBeCurrent, v.id)
	}
	var kept history
	for _, c := range l.history.Calls {
		if c.Done.Before(before) {
			kept.Calls = append(kept.Calls, c)
		}
	}
	r.figure("%d posts acknowledged before the backup", len(kept.Calls))
	r.expect("there were posts before the backup", len(kept.Calls) > 0)
	r.violations = append(r.violations, slices.Concat(checkAcknowledged(&kept, s), checkOnce(&kept, s),
		checkViewers(l.history, s), checkCaughtUp(l.history, s), checkContiguous(l.history, s))...)
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

// copyTables makes a backup in one consistent read, or restores it.
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
