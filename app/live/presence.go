package live

import (
	"context"
	"hash/maphash"
	"maps"
	"parley/app/bus"
	"slices"
	"sync"
	"time"
)

// What somebody who rings in Redis at will can make this process remember of one room.
const (
	maxHeard   = 128 // people in other processes
	maxWriting = 8
)

// presence knows who is in the rooms that somebody watches here, in this process and by what others
// tell. All of it is guesswork of some seconds: kept in memory, stored nowhere and promised to nobody.
// Nothing is done for a room in which nothing changes, but once a minute.
type presence struct {
	hub  *Hub
	wake chan struct{}

	mu    sync.Mutex
	rooms map[uint64]*attendance
	due   map[*attendance]time.Time
}

// attendance is who is in a room.
type attendance struct {
	room    uint64
	here    map[uint64]int       // people by how many streams they have open here
	left    map[uint64]time.Time // until when they still count
	heard   map[uint64]time.Time // in other processes, until then
	writing map[uint64]time.Time // until then

	told    map[uint64]bool // the people of here of whom the other processes know
	retell  bool            // somebody asked who is here
	stale   bool            // the pages may show something else
	updated time.Time       // when the pages were last told
	renew   time.Time       // when to tell the others again
}

func newPresence(h *Hub) *presence {
	return &presence{hub: h, wake: make(chan struct{}, 1), rooms: map[uint64]*attendance{}, due: map[*attendance]time.Time{}}
}

// join counts a viewer in. The first one here asks who is in the room elsewhere.
func (p *presence) join(v *Viewer) {
	if v.room == nil || p.hub.source.Here == nil {
		return
	}
	p.mu.Lock()
	if v.ended.Load() || v.counted {
		p.mu.Unlock()
		return
	}
	v.counted = true
	a := p.rooms[v.Room]
	if a == nil {
		a = &attendance{room: v.Room, here: map[uint64]int{}, left: map[uint64]time.Time{}, heard: map[uint64]time.Time{},
			writing: map[uint64]time.Time{}, told: map[uint64]bool{}}
		p.rooms[v.Room] = a
	}
	first := len(a.here) == 0
	a.here[v.User]++
	delete(a.left, v.User)
	p.change(a, p.hub.times.calm)
	p.mu.Unlock()
	if first {
		p.hub.bus.Publish(bus.Signal{Kind: bus.RollCall, Room: v.Room})
	}
}

func (p *presence) leave(v *Viewer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.rooms[v.Room]
	if !v.counted || a == nil {
		return
	}
	v.counted = false
	if a.here[v.User]--; a.here[v.User] > 0 {
		return
	}
	delete(a.here, v.User)
	a.left[v.User] = time.Now().Add(p.hub.times.away)
	p.at(a, time.Now().Add(p.hub.times.away))
}

// change notes that pages may have to show something else, after a pause. The caller holds the lock.
func (p *presence) change(a *attendance, pause time.Duration) {
	a.stale = true
	p.at(a, later(time.Now().Add(p.hub.times.quick), a.updated.Add(pause)))
}

// at looks at a room by then. The caller holds the lock.
func (p *presence) at(a *attendance, when time.Time) {
	if due, is := p.due[a]; is && !when.Before(due) {
		return
	}
	p.due[a] = when
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// hear takes a signal. Of rooms that nobody watches here nothing is kept.
func (p *presence) hear(s bus.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Kind == bus.VisibilityChanged {
		for _, a := range p.rooms {
			if a.here[s.User] > 0 || !a.heard[s.User].IsZero() {
				p.change(a, 0)
			}
		}
		return
	}
	a := p.rooms[s.Room]
	if a == nil {
		return
	}
	switch s.Kind {
	case bus.Arrived:
		a.hearHere(p, s.User)
	case bus.Left:
		if !a.heard[s.User].IsZero() {
			delete(a.heard, s.User)
			p.change(a, p.hub.times.calm)
		}
		if a.here[s.User] > 0 && a.told[s.User] { // gone elsewhere, and still here
			delete(a.told, s.User)
			p.change(a, p.hub.times.calm)
		}
	case bus.RollCall:
		if len(a.told) > 0 {
			a.retell = true
			p.at(a, later(time.Now(), a.updated.Add(time.Second)))
		}
	case bus.Typing:
		if _, already := a.writing[s.User]; already || len(a.writing) < maxWriting {
			a.writing[s.User] = time.Now().Add(p.hub.times.writes)
			if !already {
				p.change(a, p.hub.times.quick)
			}
		}
	}
}

func (a *attendance) hearHere(p *presence, user uint64) {
	_, already := a.heard[user]
	if a.here[user] > 0 || !already && len(a.heard) >= maxHeard {
		return
	}
	a.heard[user] = time.Now().Add(p.hub.times.heard)
	if !already {
		p.change(a, p.hub.times.calm)
	}
}

// said ends the writing of those whose message has come.
func (p *presence) said(room uint64, records []Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.rooms[room]
	if a == nil || len(a.writing) == 0 {
		return
	}
	for _, r := range records {
		if _, was := a.writing[r.Author]; was {
			delete(a.writing, r.Author)
			p.change(a, 0)
		}
	}
}

func (p *presence) run() {
	for {
		wait := p.lookAround(time.Now())
		timer := time.NewTimer(wait)
		select {
		case <-p.hub.done:
			timer.Stop()
			return
		case <-p.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// lookAround looks after the rooms whose time has come, and tells when the next one's does.
func (p *presence) lookAround(now time.Time) time.Duration {
	p.mu.Lock()
	var ready []*attendance
	next := now.Add(time.Hour)
	for a, when := range p.due {
		if !when.After(now) {
			ready = append(ready, a)
			delete(p.due, a)
		} else if when.Before(next) {
			next = when
		}
	}
	p.mu.Unlock()
	for _, a := range ready {
		p.hub.safely("presence", func() { p.lookAfter(a) })
	}
	if len(ready) > 0 {
		return 0
	}
	return next.Sub(now)
}

// lookAfter brings one room up to date: who has gone, what its pages show, what the others know.
func (p *presence) lookAfter(a *attendance) {
	now := time.Now()
	p.mu.Lock()
	var signals []bus.Signal
	for _, user := range a.expire(now) {
		signals = a.away(signals, user)
	}
	empty := len(a.here) == 0 && len(a.left) == 0
	if empty {
		delete(p.rooms, a.room)
		delete(p.due, a)
	}
	stale := a.stale && !empty
	if a.retell || !now.Before(a.renew) {
		for user := range a.told {
			signals = append(signals, bus.Signal{Kind: bus.Arrived, Room: a.room, User: user})
		}
		a.retell, a.renew = false, now.Add(p.hub.times.announce).Truncate(p.hub.times.announce/6) // many rooms at once, now and then
	}
	a.stale, a.updated = false, now
	here, writing := a.present(), slices.Sorted(maps.Keys(a.writing))
	p.mu.Unlock()

	if stale {
		signals = append(signals, p.tell(a, here, writing)...)
	}
	for _, s := range signals { // without the lock, which our own listener takes
		p.hub.bus.Publish(s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := a.next(); !next.IsZero() && p.rooms[a.room] == a {
		p.at(a, next)
	}
}

// tell shows the pages who is here, and answers what the other processes should hear: of those, and
// only those, who let themselves be shown.
func (p *presence) tell(a *attendance, here, writing []uint64) (signals []bus.Signal) {
	ctx, cancel := context.WithTimeout(context.Background(), p.hub.times.query)
	defer cancel()
	shown, render, err := p.hub.source.Here(ctx, a.room, here, writing)
	if err != nil { // the next change tells it
		p.hub.log.Warn("looking up who is here failed", "room", a.room, "error", err)
		return nil
	}
	if r := p.hub.watched(a.room); r != nil {
		for _, v := range r.watching() {
			data := render(v)
			v.show(hereState, data, maphash.Bytes(p.hub.lists.seed, data))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for user := range a.here {
		if slices.Contains(shown, user) == a.told[user] {
			continue
		}
		if a.told[user] {
			signals = a.away(signals, user)
			continue
		}
		a.told[user] = true
		signals = append(signals, bus.Signal{Kind: bus.Arrived, Room: a.room, User: user})
	}
	return signals
}

// away takes back what the others were told.
func (a *attendance) away(signals []bus.Signal, user uint64) []bus.Signal {
	if !a.told[user] {
		return signals
	}
	delete(a.told, user)
	return append(signals, bus.Signal{Kind: bus.Left, Room: a.room, User: user})
}

// expire forgets whose time is over, and answers who has left here for good.
func (a *attendance) expire(now time.Time) (gone []uint64) {
	over := func(of map[uint64]time.Time) (users []uint64) {
		for user, until := range of {
			if !until.After(now) {
				delete(of, user)
				users = append(users, user)
				a.stale = true
			}
		}
		return users
	}
	over(a.heard)
	over(a.writing)
	return over(a.left)
}

// present lists who counts as here, in a fixed order.
func (a *attendance) present() []uint64 {
	all := map[uint64]bool{}
	for user := range a.here {
		all[user] = true
	}
	for user := range a.left {
		all[user] = true
	}
	for user := range a.heard {
		all[user] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// next is when something is over by itself.
func (a *attendance) next() (when time.Time) {
	sooner := func(t time.Time) {
		if when.IsZero() || t.Before(when) {
			when = t
		}
	}
	for _, of := range []map[uint64]time.Time{a.left, a.heard, a.writing} {
		for _, until := range of {
			sooner(until)
		}
	}
	if len(a.told) > 0 {
		sooner(a.renew)
	}
	return when
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Here lists who is in a room, as far as this process knows: it knows of rooms that are watched here.
func (h *Hub) Here(room uint64) []uint64 {
	p := h.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.rooms[room]
	if a == nil {
		return nil
	}
	return a.present()
}
