package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// stage is a private database with a world in it, and processes of Parley on it.
type stage struct {
	kind      string // "sqlite" or "mysql"
	dir       string
	binary    string
	address   string // of the database
	mysql     *rig.Server
	redis     *rig.Server
	processes []*rig.Parley
	looks     int  // at the counter of statements, which counts them, too
	played    bool // W2 has been done here, so that its rooms are no longer as they were made
}

// newStage starts the database, as durable as one in production, writes the world and starts one process.
func newStage(ctx context.Context, kind, dir, binary string, world func(*builder)) (s *stage, err error) {
	s = &stage{kind: kind, dir: dir, binary: binary, address: "sqlite:" + filepath.Join(dir, "parley.db")}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if kind == "mysql" {
		if s.mysql, err = rig.NewMySQL("--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=512M"); err != nil {
			return s, err
		}
		if s.redis, err = rig.NewRedis(); err != nil {
			return s, err
		}
		if err = s.mysql.SQL("CREATE DATABASE bench CHARACTER SET utf8mb4"); err != nil {
			return s, err
		}
		s.address = "mysql://root@" + s.mysql.Addr + "/bench"
	}
	if err = s.write(ctx, world); err != nil {
		return s, err
	}
	return s, s.start()
}

func (s *stage) write(ctx context.Context, world func(*builder)) (err error) {
	store, err := db.Open(s.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	b := &builder{ctx: ctx, kind: s.kind, store: store, now: time.Now().UTC().Truncate(time.Microsecond)}
	world(b)
	return b.err
}

// start starts one more process.
func (s *stage) start() error {
	settings := map[string]string{"DATABASE_URL": s.address, "LOG": "error"}
	if s.redis != nil {
		settings["REDIS_URL"] = "redis://" + s.redis.Addr + "/0"
	}
	p, err := rig.NewParley(s.binary, settings)
	if err != nil {
		return err
	}
	s.processes = append(s.processes, p)
	return p.Start()
}

// addr is where the first process listens.
func (s *stage) addr() string { return s.at(0) }

// at is where the i-th client connects: to each process in turn.
func (s *stage) at(i int) string { return s.processes[i%len(s.processes)].Addr }

func (s *stage) close() {
	for _, p := range s.processes {
		p.Close()
	}
	for _, server := range []*rig.Server{s.mysql, s.redis} {
		if server != nil {
			server.Close()
		}
	}
}

// settle waits until the processes have nothing to do, such as messages to put into the search index. Ten thousand open
// streams are never quiet, so ten seconds that are as busy as the ones before are enough.
func (s *stage) settle() {
	var last time.Duration
	for steady := 0; steady < 10; {
		before, err := s.read()
		time.Sleep(time.Second)
		after, err2 := s.read()
		used := after.server - before.server + after.database - before.database
		if errors.Join(err, err2) != nil || used < 80*time.Millisecond {
			return
		}
		if steady++; used < last*3/4 {
			steady = 0
		}
		last = used
	}
}

// settleQueue waits until nothing waits in a queue for some seconds: "lists" until all open pages have their first lists,
// which are looked at a few at a time, so that ten thousand take most of a minute, and "search_index" until a search finds
// all there is. A program from before these were counted is not waited for.
func (s *stage) settleQueue(name string, seconds int) {
	for try, empty := 0, 0; empty < seconds; try++ {
		if try == 180 {
			fmt.Fprintln(os.Stderr, "bench: something still waits in the queue", name)
			return
		}
		waiting, err := s.metric(`parley_waiting{queue="` + name + `"}`)
		if err != nil {
			return
		}
		if empty++; waiting > 0 {
			empty = 0
		}
		time.Sleep(time.Second)
	}
}

// settleIndex waits until a search finds all there is. The server looks every two seconds for what it has to index.
func (s *stage) settleIndex() { s.settleQueue("search_index", 4) }

// head is the seq of a room's newest entry, as its page says.
func (s *stage) head(room uint64, p person) (uint64, error) {
	w, err := dial(s.addr())
	if err != nil {
		return 0, err
	}
	defer w.close()
	status, page, err := w.ask(w.get(fmt.Sprintf("/rooms/%d", room), p.cookie))
	if err != nil {
		return 0, err
	}
	_, after, found := strings.Cut(string(page), "/events?after=1-")
	digits, _, _ := strings.Cut(after, "&")
	if !found {
		return 0, fmt.Errorf("the page of room %d, answered %d, names no stream", room, status)
	}
	return strconv.ParseUint(digits, 10, 64)
}
