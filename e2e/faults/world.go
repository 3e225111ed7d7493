package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/e2e/rig"
)

// world is a deployment: clients - front - balancer - two processes - links - MariaDB and Redis.
type world struct {
	database, redis *rig.Server
	sql             *sql.DB
	binary          string
	data            []*link // to the database, one for each process
	rings           []*link // to Redis
	cutters         []*commitCutter
	benders         []*ringBender
	processes       []*process
	balancer        *balancer
	front           *link                  // a way past the balancer's own connections, which can misbehave
	via             atomic.Pointer[string] // the way that people take
	people          []*person
	rooms           []place

	viewers atomic.Int64
	loads   []*load // of the scenario under way
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
	if w.front, err = newLink(w.balancer.pick); err != nil {
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
	cutter, bender := &commitCutter{}, &ringBender{}
	data, err := newLink(to(w.database.Addr), cutter.hook)
	if err != nil {
		return nil, err
	}
	rings, err := newLink(to(w.redis.Addr), bender.hook)
	if err != nil {
		data.Close()
		return nil, err
	}
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

// invite signs people up and gives them rooms: one for each two of them, or groups of a size.
func (w *world) invite(people, rooms, size int) error {
	first := len(w.people)
	for i := range people {
		w.people = append(w.people, newPerson(fmt.Sprintf("person%d", first+i), &w.via))
	}
	guests := w.people[first:]
	err := together(people, func(i int) error { return guests[i].signUp() })
	if err != nil {
		return err
	}
	places := make([]place, rooms)
	err = together(rooms, func(i int) (err error) {
		if size == 2 {
			places[i], err = w.meet(guests[2*i], guests[2*i+1])
			return err
		}
		members := make([]*person, size)
		for j := range members {
			members[j] = guests[(i+j*people/size)%people]
		}
		places[i], err = w.gather(fmt.Sprintf("Room %d", i), members)
		return err
	})
	w.rooms = append(w.rooms, places...)
	return err
}

// together does something n times, four at once: hashing passwords is slow on purpose.
func together(n int, do func(i int) error) error {
	problems := make([]error, n)
	tickets := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			tickets <- struct{}{}
			defer func() { <-tickets }()
			problems[i] = do(i)
		})
	}
	all.Wait()
	return errors.Join(problems...)
}

// gather makes a group room; its owner must be a friend of all.
func (w *world) gather(name string, members []*person) (place, error) {
	form := url.Values{"name": {name}}
	for _, other := range members[1:] {
		if _, err := directRoom(w.sql, members[0].Name, other.Name); err != nil {
			if err := members[0].befriend(other); err != nil {
				return place{}, err
			}
		}
		form.Add("username", other.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, page, header, err := members[0].request(ctx, http.MethodPost, "/rooms", form)
	if err != nil {
		return place{}, err
	}
	room, err := strconv.ParseUint(strings.TrimPrefix(header.Get("Location"), "/rooms/"), 10, 64)
	if err != nil {
		return place{}, fmt.Errorf("making a group: %d %s", status, alert(page))
	}
	return place{ID: room, Members: members}, nil
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

// dropLoads ends what people do.
func (w *world) dropLoads() {
	for _, l := range w.loads {
		l.drop()
	}
	w.loads = nil
}

// Close ends everything, the last first.
func (w *world) Close() {
	w.dropLoads()
	for _, close := range slices.Backward(w.closers) {
		close()
	}
	w.closers = nil
}
