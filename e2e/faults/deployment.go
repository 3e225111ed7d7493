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

// deployment is a complete site: clients, front, balancer, two processes, links, MariaDB and Redis.
type deployment struct {
	database, redis *rig.Server
	sql             *sql.DB
	binary          string
	databaseLinks   []*link // one for each process
	redisLinks      []*link // one for each process
	commitFaults    []*commitFault
	signalFaults    []*signalFault
	processes       []*process
	balancer        *balancer
	front           *link                  // between clients and balancer, for faults on that part of the way
	entry           atomic.Pointer[string] // the address to which users connect
	users           []*user
	rooms           []chatRoom

	viewers atomic.Int64
	loads   []*load // of the running scenario
	closers []func()
}

// chatRoom is a room and its members.
type chatRoom struct {
	ID      uint64
	Members []*user
}

// newDeployment starts everything, without users. There is one process for each of the settings.
func newDeployment(binary string, all ...settings) (d *deployment, err error) {
	d = &deployment{binary: binary}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	if d.database, err = rig.NewMySQL(); err != nil {
		return d, err
	}
	d.closers = append(d.closers, d.database.Close)
	if d.redis, err = rig.NewRedis(); err != nil {
		return d, err
	}
	d.closers = append(d.closers, d.redis.Close)
	if err = d.newDatabase("parley"); err != nil {
		return d, err
	}
	for _, extra := range all {
		p, err := d.linkedProcess(extra)
		if err != nil {
			return d, err
		}
		d.processes = append(d.processes, p)
		if err := p.Start(); err != nil {
			return d, err
		}
	}
	return d, d.open()
}

// open puts the balancer and the front before the processes, and waits until all of them are well.
func (d *deployment) open() (err error) {
	var backends []string
	for _, p := range d.processes {
		backends = append(backends, p.Addr)
	}
	if d.balancer, err = newBalancer(backends); err != nil {
		return err
	}
	d.closers = append(d.closers, d.balancer.Close)
	if d.front, err = newLink(d.balancer.pick); err != nil {
		return err
	}
	d.closers = append(d.closers, d.front.Close)
	d.routeThrough(d.balancer.link)
	return d.awaitHealthy(30 * time.Second)
}

// newDatabase creates an empty database and connects to it.
func (d *deployment) newDatabase(name string) error {
	server, err := openDatabase(d.database.Addr, "")
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	if _, err := server.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		return err
	}
	if d.sql, err = openDatabase(d.database.Addr, name); err != nil {
		return err
	}
	d.closers = append(d.closers, func() { _ = d.sql.Close() })
	return nil
}

// linkedProcess prepares a process whose connections to database and Redis go through links.
func (d *deployment) linkedProcess(extra settings) (*process, error) {
	commits, signals := &commitFault{}, &signalFault{}
	database, err := newLink(dialer(d.database.Addr), commits.hook)
	if err != nil {
		return nil, err
	}
	redis, err := newLink(dialer(d.redis.Addr), signals.hook)
	if err != nil {
		database.Close()
		return nil, err
	}
	d.databaseLinks, d.redisLinks = append(d.databaseLinks, database), append(d.redisLinks, redis)
	d.commitFaults, d.signalFaults = append(d.commitFaults, commits), append(d.signalFaults, signals)
	all := settings{"DATABASE_URL": "mysql://root@" + database.Addr + "/parley", "REDIS_URL": "redis://" + redis.Addr + "/0", "LOG": "info"}
	binary := d.binary
	for name, value := range extra {
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
	d.closers = append(d.closers, database.Close, redis.Close, p.Close)
	return p, nil
}

// routeThrough sends new connections of users through a link.
func (d *deployment) routeThrough(l *link) { d.entry.Store(&l.Addr) }

// awaitHealthy waits until every process is ready and receives signals from the others.
func (d *deployment) awaitHealthy(limit time.Duration) error {
	return rig.WaitFor(limit, "all processes to be ready, with the bus up", func() bool {
		for _, p := range d.processes {
			if ok, _ := p.ready(); !ok || !p.busUp() {
				return false
			}
		}
		return d.balancer.readyCount() == len(d.processes)
	})
}

// populate creates users and rooms: direct rooms of disjoint pairs if size is 2, or else groups of that size.
func (d *deployment) populate(users, rooms, size int) error {
	first := len(d.users)
	for i := range users {
		d.users = append(d.users, newUser(fmt.Sprintf("user%d", first+i), &d.entry))
	}
	added := d.users[first:]
	err := inParallel(users, func(i int) error { return added[i].signUp() })
	if err != nil {
		return err
	}
	created := make([]chatRoom, rooms)
	err = inParallel(rooms, func(i int) (err error) {
		if size == 2 {
			created[i], err = d.makeFriends(added[2*i], added[2*i+1])
			return err
		}
		members := make([]*user, size)
		for j := range members {
			members[j] = added[(i+j*users/size)%users]
		}
		created[i], err = d.createGroup(fmt.Sprintf("Room %d", i), members)
		return err
	})
	d.rooms = append(d.rooms, created...)
	return err
}

// inParallel calls a function n times, four at once: hashing passwords is slow on purpose.
func inParallel(n int, do func(i int) error) error {
	problems := make([]error, n)
	slots := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			problems[i] = do(i)
		})
	}
	all.Wait()
	return errors.Join(problems...)
}

// createGroup creates a group room, after making its owner a friend of all members.
func (d *deployment) createGroup(name string, members []*user) (chatRoom, error) {
	form := url.Values{"name": {name}}
	for _, other := range members[1:] {
		if _, err := directRoom(d.sql, members[0].Name, other.Name); err != nil {
			if err := members[0].befriend(other); err != nil {
				return chatRoom{}, err
			}
		}
		form.Add("username", other.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, page, header, err := members[0].request(ctx, http.MethodPost, "/rooms", form)
	if err != nil {
		return chatRoom{}, err
	}
	room, err := strconv.ParseUint(strings.TrimPrefix(header.Get("Location"), "/rooms/"), 10, 64)
	if err != nil {
		return chatRoom{}, fmt.Errorf("creating a group: %d %s", status, alertOf(page))
	}
	return chatRoom{ID: room, Members: members}, nil
}

// makeFriends makes two users friends and returns their room.
func (d *deployment) makeFriends(a, b *user) (chatRoom, error) {
	if err := a.befriend(b); err != nil {
		return chatRoom{}, err
	}
	room, err := directRoom(d.sql, a.Name, b.Name)
	return chatRoom{ID: room, Members: []*user{a, b}}, err
}

// eachLink calls a function for each link.
func eachLink(links []*link, do func(*link)) {
	for _, l := range links {
		do(l)
	}
}

// abortLoads ends all loads at once.
func (d *deployment) abortLoads() {
	for _, l := range d.loads {
		l.abort()
	}
	d.loads = nil
}

// Close ends everything, in reverse order.
func (d *deployment) Close() {
	d.abortLoads()
	for _, close := range slices.Backward(d.closers) {
		close()
	}
	d.closers = nil
}
