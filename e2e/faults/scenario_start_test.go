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

// split starts what must not run side by side.
func split(r *run) error {
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
	r.holds("the second process on a SQLite file refuses", ended && code != 0)
	r.holds("and says why: "+two.Log(), strings.Contains(two.Log(), "SQLite"))
	ok, _ := one.ready()
	r.holds("the first is not disturbed", ok)

	w := &world{binary: binary}
	r.t.Cleanup(w.Close)
	if w.database, err = rig.NewMySQL(); err != nil {
		return err
	}
	w.closers = append(w.closers, w.database.Close)
	if err := w.newDatabase("parley"); err != nil {
		return err
	}
	var both []*process
	for range 2 {
		p, err := newProcess(binary, settings{"DATABASE_URL": "mysql://root@" + w.database.Addr + "/parley"})
		if err != nil {
			return err
		}
		w.closers = append(w.closers, p.Close)
		if err := p.Start(); err != nil {
			return err
		}
		both = append(both, p)
	}
	why := make([]string, 2)
	r.atMost("MySQL without Redis twice: not ready after", r.takes(20*time.Second, func() bool {
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
	r.holds("and they say why: "+why[0], strings.Contains(why[0], "PARLEY_REDIS_URL"))
	both[1].Signal(syscall.SIGTERM)
	r.atMost("the one that is left is ready after", r.takes(30*time.Second, func() bool { ok, _ := both[0].ready(); return ok }), 30*time.Second)
	r.note("it said: %s", why[0])
	return nil
}

// diskFull fills the only file that the database may grow.
func diskFull(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	w := &world{binary: binary}
	r.t.Cleanup(w.Close)
	r.world = w
	if w.database, err = rig.NewMySQL("--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:32M"); err != nil {
		return err
	}
	w.closers = append(w.closers, w.database.Close)
	if w.redis, err = rig.NewRedis(); err != nil {
		return err
	}
	w.closers = append(w.closers, w.redis.Close)
	if err := w.newDatabase("parley"); err != nil {
		return err
	}
	p, err := w.process(nil)
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	w.processes = append(w.processes, p)
	w.via.Store(&p.Addr)
	if err := w.invite(6, 3, 2); err != nil {
		return err
	}
	if _, err := w.sql.Exec("CREATE TABLE ballast (n INT AUTO_INCREMENT PRIMARY KEY, fill LONGTEXT)"); err != nil {
		return err
	}
	l := w.chat(r.label, r.seed, volume{rooms: w.rooms, streams: 2, rate: 30, pad: 3500})
	if err := l.ready(20 * time.Second); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	for size := 1 << 20; size >= 1<<12; {
		if _, err := w.sql.Exec("INSERT INTO ballast (fill) VALUES (REPEAT('x', ?))", size); err != nil {
			size /= 2
		}
	}
	full := span{from: time.Now()}
	time.Sleep(8 * time.Second)
	full.to = time.Now()
	status, _, err := w.people[0].get(fmt.Sprintf("/rooms/%d", w.rooms[0].ID))
	if err != nil {
		return err
	}
	r.holds(fmt.Sprintf("reading works (%d)", status), status == 200)
	// A larger disk: on a full one, InnoDB cannot even drop a table.
	w.database.Signal(syscall.SIGTERM)
	if _, ended := w.database.Wait(time.Minute); !ended {
		return errors.New("MariaDB does not end")
	}
	w.database.AddArgs("--innodb-data-file-path=ibdata1:12M:autoextend:max:128M")
	if err := w.database.Start(); err != nil {
		return err
	}
	time.Sleep(4 * time.Second)
	if _, err := r.finish(l, 5*time.Second); err != nil {
		return err
	}
	r.note("%d posts refused with 503 or 507 while it was full", len(l.h.answers(full, later)))
	r.holds("posts were refused", len(l.h.answers(full, later)) > 0)
	r.count("with another answer", len(l.h.answers(full, refused, unknown)), 0)
	for _, c := range l.h.Calls {
		if c.Outcome == refused || c.Outcome == unknown {
			r.t.Log(l.h.call(c))
			break
		}
	}
	for _, table := range []string{"messages", "rooms", "members", "users"} {
		var name, op, kind, text string
		if err := w.sql.QueryRow("CHECK TABLE "+table).Scan(&name, &op, &kind, &text); err != nil {
			return err
		}
		r.holds(table+" is intact: "+text, text == "OK")
	}
	return nil
}

// migrations starts two processes at once on an empty database, again and again.
func migrations(r *run) error {
	binary, err := r.product()
	if err != nil {
		return err
	}
	w := &world{}
	r.t.Cleanup(w.Close)
	if w.database, err = rig.NewMySQL(); err != nil {
		return err
	}
	w.closers = append(w.closers, w.database.Close)
	if w.redis, err = rig.NewRedis(); err != nil {
		return err
	}
	w.closers = append(w.closers, w.redis.Close)
	first := ""
	times := r.times(20, 3)
	for i := range times {
		name := fmt.Sprintf("parley%d", i)
		if err := w.newDatabase(name); err != nil {
			return err
		}
		problems := make([]error, 2)
		var both sync.WaitGroup
		for j := range 2 {
			both.Go(func() {
				p, err := newProcess(binary, settings{"DATABASE_URL": "mysql://root@" + w.database.Addr + "/" + name, "REDIS_URL": "redis://" + w.redis.Addr + "/0"})
				if err != nil {
					problems[j] = err
					return
				}
				defer p.Close()
				if problems[j] = p.Start(); problems[j] == nil {
					problems[j] = within(20*time.Second, "it is ready", func() bool { ok, _ := p.ready(); return ok })
				}
			})
		}
		both.Wait()
		for _, err := range problems {
			if err != nil {
				return fmt.Errorf("the %d. time: %w", i+1, err)
			}
		}
		r.world = w
		schema, err := r.schema(name)
		if err != nil {
			return err
		}
		if first == "" {
			first = schema
		}
		if schema != first {
			return fmt.Errorf("the schema of the %d. time differs:\n%s\nfrom\n%s", i+1, schema, first)
		}
	}
	r.note("%d times both ready, the same schema", times)
	return nil
}

func (r *run) schema(name string) (string, error) {
	tables, err := r.tables(name)
	var text strings.Builder
	for _, table := range tables {
		var t, sentence string
		if err := r.sql.QueryRow("SHOW CREATE TABLE "+name+"."+table).Scan(&t, &sentence); err != nil {
			return "", err
		}
		// The next free number says how many rows there have been, not what the table is.
		at := strings.Index(sentence, " AUTO_INCREMENT=")
		if at >= 0 {
			end := strings.Index(sentence[at+1:], " ")
			sentence = sentence[:at] + sentence[at+1+end:]
		}
		text.WriteString(sentence + "\n")
	}
	return text.String(), err
}
