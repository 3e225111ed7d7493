package faults

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/e2e/rig"
)

// world is a deployment: clients - front - balancer - two processes - links - MariaDB and Redis.
type world struct {
	database, redis *rig.Daemon
	sql             *sql.DB
	binary          string
	data            []*link // to the database, one for each process
	rings           []*link // to Redis
	cutters         []*commitCutter
	benders         []*ringBender
	processes       []*process
	balancer        *balancer
	front           *link                  // a second way in, which can misbehave
	via             atomic.Pointer[string] // the way that people take
	people          []*person
	rooms           []place

	viewers atomic.Int64
	closers []func()
}

// place is a room and who is in it.
type place struct {
	ID      uint64
	Members []*person
}

// newWorld starts everything but the people. Each with is the settings of one process.
func newWorld(binary string, with ...settings) (w *world, err error) {
	w = &world{binary: binary}
	defer func() {
		if err != nil {
			w.Close()
		}
	}()
	if w.database, err = rig.NewMySQL(); err != nil {
		return w, err
	}
	w.closers = append(w.closers, w.database.Close)
	if w.redis, err = rig.NewRedis(); err != nil {
		return w, err
	}
	w.closers = append(w.closers, w.redis.Close)
	if err = w.newDatabase("parley"); err != nil {
		return w, err
	}
	var backends []string
	for _, extra := range with {
		p, err := w.process(extra)
		if err != nil {
			return w, err
		}
		w.processes = append(w.processes, p)
		backends = append(backends, p.Addr)
		if err := p.Start(); err != nil {
			return w, err
		}
	}
	if w.balancer, err = newBalancer(backends); err != nil {
		return w, err
	}
	w.closers = append(w.closers, w.balancer.Close)
	if w.front, err = newLink(to(w.balancer.Addr)); err != nil {
		return w, err
	}
	w.closers = append(w.closers, w.front.Close)
	w.enterBy(w.balancer.link)
	return w, w.settle(30 * time.Second)
}

// newDatabase makes an empty database and connects to it.
func (w *world) newDatabase(name string) error {
	server, err := openDatabase(w.database.Addr, "")
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	if _, err := server.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		return err
	}
	if w.sql, err = openDatabase(w.database.Addr, name); err != nil {
		return err
	}
	w.closers = append(w.closers, func() { _ = w.sql.Close() })
	return nil
}

// process puts links around a new process; it is not started.
func (w *world) process(with settings) (*process, error) {
	data, err := newLink(to(w.database.Addr))
	if err != nil {
		return nil, err
	}
	rings, err := newLink(to(w.redis.Addr))
	if err != nil {
		data.Close()
		return nil, err
	}
	cutter, bender := &commitCutter{}, &ringBender{}
	cutter.hook(data)
	bender.hook(rings)
	w.data, w.rings = append(w.data, data), append(w.rings, rings)
	w.cutters, w.benders = append(w.cutters, cutter), append(w.benders, bender)
	all := settings{"DATABASE_URL": "mysql://root@" + data.Addr + "/parley", "REDIS_URL": "redis://" + rings.Addr + "/0", "LOG": "info"}
	binary := w.binary
	for name, value := range with {
		if name == "binary" {
			binary = value
			continue
		}
		all[name] = value
	}
	p, err := newProcess(binary, all)
	if err != nil {
		return nil, err
	}
	w.closers = append(w.closers, data.Close, rings.Close, p.Close)
	return p, nil
}

// enterBy sends people's new connections through a link.
func (w *world) enterBy(l *link) { w.via.Store(&l.Addr) }

// settle waits until every process is ready, and hears the others.
func (w *world) settle(limit time.Duration) error {
	return within(limit, "all processes are ready and their bus is up", func() bool {
		for _, p := range w.processes {
			if ok, _ := p.ready(); !ok || !p.busUp() {
				return false
			}
		}
		return w.balancer.readyCount() == len(w.processes)
	})
}

// within waits for a condition.
func within(limit time.Duration, what string, holds func() bool) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if holds() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %s", limit, what)
		}
	}
}

// invite signs people up, two for each room, and makes them friends.
func (w *world) invite(rooms int) error {
	first := len(w.people)
	people := make([]*person, 2*rooms)
	for i := range people {
		people[i] = newPerson(fmt.Sprintf("person%d", first+i), &w.via)
	}
	places := make([]place, rooms)
	problems := make([]error, rooms)
	tickets := make(chan struct{}, 4) // hashing passwords is slow on purpose
	var all sync.WaitGroup
	for i := range rooms {
		all.Go(func() {
			tickets <- struct{}{}
			defer func() { <-tickets }()
			a, b := people[2*i], people[2*i+1]
			if problems[i] = errors.Join(a.signUp(), b.signUp()); problems[i] != nil {
				return
			}
			places[i], problems[i] = w.meet(a, b)
		})
	}
	all.Wait()
	w.people = append(w.people, people...)
	w.rooms = append(w.rooms, places...)
	return errors.Join(problems...)
}

// meet makes friends and finds their room.
func (w *world) meet(a, b *person) (place, error) {
	if err := a.befriend(b); err != nil {
		return place{}, err
	}
	room, err := directRoom(w.sql, a.Name, b.Name)
	return place{ID: room, Members: []*person{a, b}}, err
}

// eachLink does something to some links.
func eachLink(links []*link, do func(*link)) {
	for _, l := range links {
		do(l)
	}
}

// Close ends everything, the last first.
func (w *world) Close() {
	for _, close := range slices.Backward(w.closers) {
		close()
	}
	w.closers = nil
}
