package abuse

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/e2e/rig"
)

// abusers is the number of people who make work: as many as have been enough to stop everybody's posts.
const abusers = 6

// site is the program with its database, the two people who chat, and the six.
type site struct {
	parley     *rig.Parley   // the first process
	processes  []*rig.Parley // of which there are several on MariaDB alone
	database   *rig.Server   // nil on SQLite
	address    string        // of the database
	data       string        // the folder of its data
	files      files
	chatters   []*chatter
	readers    []*reader
	crew       []*abuser
	bystander  *browser
	crowd      []member
	crowdRooms map[int]string // of some of the crowd with each other
	signedUp   int
}

// size is how large a site is.
type size struct {
	mysql     bool
	processes int
	crowd     int // people with accounts besides
}

// start starts the program. Everything ends with the test.
func start(t *testing.T, binary string, of size) *site {
	t.Helper()
	s := &site{data: t.TempDir(), crowdRooms: map[int]string{}}
	settings := map[string]string{
		"LIMITS": "on", "TRUSTED_PROXIES": "127.0.0.1", "LOG": "warn",
		"DATABASE_URL": "sqlite:" + filepath.Join(s.data, "parley.db"),
	}
	var err error
	if of.mysql {
		if s.database, err = rig.NewMySQL(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.database.Close)
		if err := s.database.SQL("CREATE DATABASE parley CHARACTER SET utf8mb4"); err != nil {
			t.Fatal(err)
		}
		s.data = filepath.Join(s.database.Dir, "data", "parley")
		settings["DATABASE_URL"] = "mysql://root@" + s.database.Addr + "/parley"
		settings["REDIS_URL"] = rig.Redis(t)
	}
	s.address = settings["DATABASE_URL"]
	if of.crowd > 0 {
		if s.crowd, err = makeCrowd(t.Context(), s.address, of.crowd); err != nil {
			t.Fatal(err)
		}
	}
	for range of.processes {
		p, err := rig.NewParley(binary, settings)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		s.processes = append(s.processes, p)
	}
	s.parley = s.processes[0]
	if err := s.populate(t.Context()); err != nil {
		t.Fatal(err)
	}
	reading, stop := context.WithCancel(context.Background())
	var pages sync.WaitGroup
	t.Cleanup(func() { stop(); pages.Wait() })
	if err := s.open(reading, &pages); err != nil {
		t.Fatal(err)
	}
	return s
}

// person signs somebody up who has an address of their own, at one process after the other.
func (s *site) person(ctx context.Context, name, addr string) (*browser, error) {
	s.signedUp++
	b := newBrowser(s.processes[s.signedUp%len(s.processes)].Addr, name, func() string { return addr })
	return b, b.signUp(ctx)
}

func (s *site) populate(ctx context.Context) (err error) {
	if s.files, err = makeFiles(); err != nil {
		return err
	}
	ann, err := s.person(ctx, "ann", "10.9.0.1")
	if err != nil {
		return err
	}
	bob, err := s.person(ctx, "bob", "10.9.0.2")
	if err != nil {
		return err
	}
	if s.bystander, err = s.person(ctx, "carl", "10.9.0.3"); err != nil {
		return err
	}
	if err := ann.befriend(ctx, bob); err != nil {
		return err
	}
	quiet, err := ann.room(ctx, "bob")
	if err != nil {
		return err
	}
	group, err := s.assemble(ctx, ann, bob)
	if err != nil {
		return err
	}
	for _, r := range []struct {
		who  *browser
		room string
	}{{ann, quiet}, {bob, quiet}, {ann, group}} {
		s.readers = append(s.readers, newReader(r.who, r.room))
	}
	own, common := s.readers[:2], s.readers[2:]
	s.chatters = []*chatter{
		{who: ann, room: quiet, label: "ann", pause: 300 * time.Millisecond, readers: own},
		{who: bob, room: quiet, label: "bob", pause: 500 * time.Millisecond, readers: own, forms: true},
		{who: bob, room: group, label: "bob.in.the.group", pause: 700 * time.Millisecond, readers: common},
	}
	for _, c := range s.chatters {
		c.socket = &socket{browser: c.who, room: c.room}
	}
	return nil
}

// assemble makes the six friends of each other, and a group of them with two more.
func (s *site) assemble(ctx context.Context, victims ...*browser) (group string, err error) {
	for n := range abusers {
		b, err := s.person(ctx, fmt.Sprint("eve", n+1), fmt.Sprintf("10.1.%d.1", n))
		if err != nil {
			return "", err
		}
		for _, other := range s.crew {
			if err := other.befriend(ctx, b); err != nil {
				return "", err
			}
		}
		s.crew = append(s.crew, &abuser{browser: b, site: s, n: n, victims: victims})
	}
	pairs := []string{"name", "Everybody"}
	for _, v := range victims {
		pairs = append(pairs, "username", v.name)
		if err := s.crew[0].befriend(ctx, v); err != nil {
			return "", err
		}
	}
	for _, a := range s.crew[1:] {
		pairs = append(pairs, "username", a.name)
	}
	if group, err = s.crew[0].must(ctx, "/rooms", pairs...); err != nil {
		return "", err
	}
	for i, a := range s.crew {
		next := s.crew[(i+1)%len(s.crew)].name
		a.crew, a.group, a.socket = s.crew, group, &socket{browser: a.browser, room: group}
		if a.own, err = a.must(ctx, "/rooms", "name", "Mine", "username", next); err != nil {
			return "", err
		}
		if a.direct, err = a.room(ctx, next); err != nil {
			return "", err
		}
	}
	return group, nil
}

// open opens the pages of the two people.
func (s *site) open(ctx context.Context, reading *sync.WaitGroup) error {
	for _, r := range s.readers {
		reading.Go(func() { r.read(ctx) })
		select {
		case <-r.live:
		case <-time.After(patience):
			return errors.New("a page of " + r.who.name + " is not live")
		}
	}
	return nil
}

// inParallel calls a function n times at once.
func inParallel(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
