package live

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/app/bus"
)

// presence knows who is in the rooms that somebody watches here, in this process and, as announced, in
// the others. It is best effort: in memory only, and a few seconds stale. A room in which nothing
// changes costs nothing, except for an announcement once a minute.
type presence struct {
	hub  *Hub
	wake chan struct{}

	mu       sync.Mutex
	rooms    map[uint64]*attendance
	schedule schedule
}

func newPresence(h *Hub) *presence {
	return &presence{hub: h, wake: make(chan struct{}, 1), rooms: map[uint64]*attendance{}}
}

// join counts a viewer as present. The first one here asks the other processes who is in the room.
func (p *presence) join(v *Viewer) {
	if v.room == nil || p.hub.source.Presence == nil {
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
		a = newAttendance(v.Room)
		p.rooms[v.Room] = a
	}
	first := len(a.local) == 0
	a.local[v.User]++
	delete(a.leaving, v.User)
	p.markStale(a, p.hub.times.presenceInterval)
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
	if a.local[v.User]--; a.local[v.User] > 0 {
		return
	}
	delete(a.local, v.User)
	until := time.Now().Add(p.hub.times.leaveGrace)
	a.leaving[v.User] = until
	p.updateAt(a, until)
}

// markStale notes that the pages may have to show something else, at the earliest an interval after
// their last update. The caller holds the lock.
func (p *presence) markStale(a *attendance, interval time.Duration) {
	a.stale = true
	p.updateAt(a, latest(time.Now().Add(p.hub.times.typingInterval), a.updatedAt.Add(interval)))
}

// updateAt updates a room by that time. The caller holds the lock.
func (p *presence) updateAt(a *attendance, due time.Time) {
	if !p.schedule.add(a, due) {
		return
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// onSignal handles a signal about presence. Nothing is kept of rooms that nobody watches here.
func (p *presence) onSignal(s bus.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Kind == bus.VisibilityChanged {
		for _, a := range p.rooms {
			if a.local[s.User] > 0 || !a.remote[s.User].IsZero() {
				if a.changed == nil {
					a.changed = map[uint64]bool{}
				}
				a.changed[s.User] = true
				p.markStale(a, 0)
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
		p.arrived(a, s.User)
	case bus.Left:
		p.left(a, s.User)
	case bus.RollCall:
		if len(a.announced) > 0 {
			a.rollCalled = true
			p.updateAt(a, latest(time.Now(), a.updatedAt.Add(rollCallPause)))
		}
	case bus.Typing:
		if _, known := a.typing[s.User]; known || len(a.typing) < maxTyping {
			a.typing[s.User] = time.Now().Add(p.hub.times.typingTTL)
			if !known {
				p.markStale(a, p.hub.times.typingInterval)
			}
		}
	}
}

func (p *presence) arrived(a *attendance, user uint64) {
	_, known := a.remote[user]
	if a.local[user] > 0 || !known && len(a.remote) >= maxRemote {
		return
	}
	a.remote[user] = time.Now().Add(p.hub.times.peerTTL)
	if !known {
		p.markStale(a, p.hub.times.presenceInterval)
	}
}

func (p *presence) left(a *attendance, user uint64) {
	if !a.remote[user].IsZero() {
		delete(a.remote, user)
		p.markStale(a, p.hub.times.presenceInterval)
	}
	if a.local[user] > 0 && a.announced[user] { // left elsewhere and still present here: announce it again
		delete(a.announced, user)
		p.markStale(a, p.hub.times.presenceInterval)
	}
}

// endTyping ends the typing marks of the authors of new messages.
func (p *presence) endTyping(room uint64, records []Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.rooms[room]
	if a == nil || len(a.typing) == 0 {
		return
	}
	for _, r := range records {
		if _, typing := a.typing[r.Author]; typing {
			delete(a.typing, r.Author)
			p.markStale(a, 0)
		}
	}
}

func (p *presence) run() {
	for {
		timer := time.NewTimer(p.updateDue(time.Now()))
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

// updateDue updates the rooms that are due, and returns how long to wait for the next ones.
func (p *presence) updateDue(now time.Time) time.Duration {
	p.mu.Lock()
	ready, next := p.schedule.take(now)
	p.mu.Unlock()
	for _, a := range ready {
		p.hub.recovering("presence", func() { p.update(a) })
	}
	switch {
	case len(ready) > 0:
		return 0
	case next.IsZero():
		return time.Hour
	}
	return next.Sub(now)
}

// update brings one room up to date: who has left, what its pages show, what the other processes know.
func (p *presence) update(a *attendance) {
	now := time.Now()
	p.mu.Lock()
	var signals []bus.Signal
	for _, user := range a.expire(now) {
		signals = a.withdraw(signals, user)
	}
	empty := len(a.local) == 0 && len(a.leaving) == 0
	if empty {
		delete(p.rooms, a.room)
		p.schedule.remove(a)
	}
	stale := a.stale && !empty
	if a.rollCalled || !now.Before(a.announceAt) {
		a.toAnnounce = slices.Collect(maps.Keys(a.announced))
		interval := p.hub.times.announceInterval
		a.rollCalled, a.announceAt = false, now.Add(interval).Truncate(interval/6) // many rooms at once, now and then
	}
	signals = a.announceSome(signals, now)
	a.stale, a.updatedAt = false, now
	present, typing := a.present(), slices.Sorted(maps.Keys(a.typing))
	p.mu.Unlock()

	if stale {
		signals = append(signals, p.show(a, present, typing)...)
	}
	for _, s := range signals { // without the lock, which our own listener takes
		p.hub.bus.Publish(s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := a.nextExpiry(); !next.IsZero() && p.rooms[a.room] == a {
		p.updateAt(a, next)
	}
}

// show sends the pages who is present, and returns what to announce to the other processes: only users
// who allow themselves to be seen.
func (p *presence) show(a *attendance, present, typing []uint64) (signals []bus.Signal) {
	ctx, cancel := context.WithTimeout(context.Background(), p.hub.times.queryTimeout)
	defer cancel()
	visible, render, err := p.look(ctx, a, present, typing)
	if err != nil { // the next change makes up for it
		p.hub.log.Warn("looking up who is present failed", "room", a.room, "error", err)
		return nil
	}
	if r := p.hub.room(a.room); r != nil {
		for _, v := range r.currentViewers() {
			data := render(v)
			v.show(presenceState, data, p.hub.lists.hash(data))
		}
	}
	seen := make(map[uint64]bool, len(visible))
	for _, user := range visible {
		seen[user] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	a.visible = visible
	for user := range a.local {
		if seen[user] == a.announced[user] {
			continue
		}
		if a.announced[user] {
			signals = a.withdraw(signals, user)
			continue
		}
		a.announced[user] = true
		signals = append(signals, bus.Signal{Kind: bus.Arrived, Room: a.room, User: user})
	}
	return signals
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Present returns who is present in a room, as far as this process knows. It knows only rooms that are
// watched here.
func (h *Hub) Present(room uint64) (present []uint64) {
	h.presence.withAttendance(room, func(a *attendance) { present = a.present() })
	return present
}

// PresentAmong returns which of these people are present in a room, in the same order, as Present does.
func (h *Hub) PresentAmong(room uint64, users []uint64) (present []uint64) {
	h.presence.withAttendance(room, func(a *attendance) {
		for _, user := range users {
			if a.local[user] > 0 || !a.leaving[user].IsZero() || !a.remote[user].IsZero() {
				present = append(present, user)
			}
		}
	})
	return present
}

// Visible returns who is present in a room and lets it be seen, as the open pages show it.
func (h *Hub) Visible(room uint64) (visible []uint64) {
	h.presence.withAttendance(room, func(a *attendance) { visible = a.visible })
	return visible
}

// withAttendance calls do, under the lock, with who is present in a room that is watched here.
func (p *presence) withAttendance(room uint64, do func(a *attendance)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.rooms[room]; a != nil {
		do(a)
	}
}
