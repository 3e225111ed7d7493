package faults

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/e2e/rig"
)

// withoutCommonBus starts pairs of processes that must not run together.
func withoutCommonBus(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	file := "sqlite:" + filepath.Join(r.t.TempDir(), "parley.db")
	one, err := newProcess(binary, settings{"DATABASE_URL": file})
	if err != nil {
		return err
	}
	defer one.Close()
	if err := one.Start(); err != nil {
		return err
	}
	two, err := newProcess(binary, settings{"DATABASE_URL": file})
	if err != nil {
		return err
	}
	defer two.Close()
	if err := two.Launch(); err != nil {
		return err
	}
	code, ended := two.Wait(20 * time.Second)
	r.expect("the second process on a SQLite file refuses to start", ended && code != 0)
	r.expect("it says why: "+two.Log(), strings.Contains(two.Log(), "SQLite"))
	ok, _ := one.ready()
	r.expect("the first process stays ready", ok)

	d := &deployment{binary: binary}
	r.t.Cleanup(d.Close)
	if d.database, err = rig.NewMySQL(); err != nil {
		return err
	}
	d.closers = append(d.closers, d.database.Close)
	if err := d.newDatabase("parley"); err != nil {
		return err
	}
	var both []*process
	for range 2 {
		p, err := newProcess(binary, settings{"DATABASE_URL": "mysql://root@" + d.database.Addr + "/parley"})
		if err != nil {
			return err
		}
		d.closers = append(d.closers, p.Close)
		if err := p.Start(); err != nil {
			return err
		}
		both = append(both, p)
	}
	why := make([]string, 2)
	r.atMost("two processes on MySQL without Redis: not ready after", r.timeUntil(20*time.Second, func() bool {
		unready := 0
		for i, p := range both {
			ok, reason := p.ready()
			why[i] = reason
			if !ok {
				unready++
			}
		}
		return unready == 2
	}), 15*time.Second)
	r.expect("they say why: "+why[0], strings.Contains(why[0], "PARLEY_REDIS_URL"))
	both[1].Signal(syscall.SIGTERM)
	r.atMost("the remaining one ready after", r.timeUntil(30*time.Second, func() bool { ok, _ := both[0].ready(); return ok }), 30*time.Second)
	r.figure("the reason was: %s", why[0])
	return nil
}

// diskFull fills the only data file that the database has.
func diskFull(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	d := &deployment{binary: binary}
	r.t.Cleanup(d.Close)
	r.deployment = d
	if d.database, err = rig.NewMySQL("--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:32M"); err != nil {
		return err
	}
	d.closers = append(d.closers, d.database.Close)
	if d.redis, err = rig.NewRedis(); err != nil {
		return err
	}
	d.closers = append(d.closers, d.redis.Close)
	if err := d.newDatabase("parley"); err != nil {
		return err
	}
	p, err := d.linkedProcess(nil)
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	d.processes = append(d.processes, p)
	d.entry.Store(&p.Addr)
	if err := d.populate(6, 3, 2); err != nil {
		return err
	}
	if _, err := d.sql.Exec("CREATE TABLE ballast (n INT AUTO_INCREMENT PRIMARY KEY, fill LONGTEXT)"); err != nil {
		return err
	}
	l := d.startLoad(r.label, r.seed, loadConfig{rooms: d.rooms, pages: 2, rate: 30, padding: 3500})
	if err := l.awaitLive(20 * time.Second); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	for size := 1 << 20; size >= 1<<12; {
		if _, err := d.sql.Exec("INSERT INTO ballast (fill) VALUES (REPEAT('x', ?))", size); err != nil {
			size /= 2
		}
	}
	full := timeSpan{from: time.Now()}
	time.Sleep(8 * time.Second)
	full.to = time.Now()
	status, _, err := d.users[0].get(fmt.Sprintf("/rooms/%d", d.rooms[0].ID))
	if err != nil {
		return err
	}
	r.expect(fmt.Sprintf("reading still works (%d)", status), status == 200)
	// Enlarge the disk: on a full one, InnoDB cannot even drop a table.
	d.database.Signal(syscall.SIGTERM)
	if _, ended := d.database.Wait(time.Minute); !ended {
		return errors.New("MariaDB does not exit")
	}
	d.database.AddArgs("--innodb-data-file-path=ibdata1:12M:autoextend:max:128M")
	if err := d.database.Start(); err != nil {
		return err
	}
	time.Sleep(4 * time.Second)
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	r.figure("%d posts refused with 503 or 507 while it was full", len(l.history.latencies(full, retryLater)))
	r.expect("posts were refused", len(l.history.latencies(full, retryLater)) > 0)
	r.countAtMost("with another response", len(l.history.latencies(full, refused, unknown)), 0)
	for _, c := range l.history.Calls {
		if c.Outcome == refused || c.Outcome == unknown {
			r.t.Log(l.history.describeCall(c))
			break
		}
	}
	for _, table := range []string{"messages", "rooms", "members", "users"} {
		var name, op, kind, text string
		if err := d.sql.QueryRow("CHECK TABLE "+table).Scan(&name, &op, &kind, &text); err != nil {
			return err
		}
		r.expect(table+" is intact: "+text, text == "OK")
	}
	return nil
}

// migrations starts two processes at the same time on an empty database, several times.
func migrations(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	d := &deployment{}
	r.t.Cleanup(d.Close)
	if d.database, err = rig.NewMySQL(); err != nil {
		return err
	}
	d.closers = append(d.closers, d.database.Close)
	if d.redis, err = rig.NewRedis(); err != nil {
		return err
	}
	d.closers = append(d.closers, d.redis.Close)
	first := ""
	rounds := r.times(20, 3)
	for i := range rounds {
		name := fmt.Sprintf("parley%d", i)
		if err := d.newDatabase(name); err != nil {
			return err
		}
		problems := make([]error, 2)
		var both sync.WaitGroup
		for j := range 2 {
			both.Go(func() {
				p, err := newProcess(binary, settings{"DATABASE_URL": "mysql://root@" + d.database.Addr + "/" + name, "REDIS_URL": "redis://" + d.redis.Addr + "/0"})
				if err != nil {
					problems[j] = err
					return
				}
				defer p.Close()
				if problems[j] = p.Start(); problems[j] == nil {
					problems[j] = rig.WaitFor(20*time.Second, "it to be ready", func() bool { ok, _ := p.ready(); return ok })
				}
			})
		}
		both.Wait()
		for _, err := range problems {
			if err != nil {
				return fmt.Errorf("round %d: %w", i+1, err)
			}
		}
		r.deployment = d
		schema, err := r.schema(name)
		if err != nil {
			return err
		}
		if first == "" {
			first = schema
		}
		if schema != first {
			return fmt.Errorf("the schema of round %d differs:\n%s\nfrom\n%s", i+1, schema, first)
		}
	}
	r.figure("%d rounds, each with both ready and the same schema", rounds)
	return nil
}

func (r *run) schema(name string) (string, error) {
	tables, err := r.tables(name)
	var text strings.Builder
	for _, table := range tables {
		var t, statement string
		if err := r.sql.QueryRow("SHOW CREATE TABLE "+name+"."+table).Scan(&t, &statement); err != nil {
			return "", err
		}
		// The next id depends on the rows that there have been, and is no part of the schema.
		at := strings.Index(statement, " AUTO_INCREMENT=")
		if at >= 0 {
			end := strings.Index(statement[at+1:], " ")
			statement = statement[:at] + statement[at+1+end:]
		}
		text.WriteString(statement + "\n")
	}
	return text.String(), err
}
