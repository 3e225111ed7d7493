package live

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// How often the lists beside the rooms are made again: soon after the first change, and never
// with more than a fifth of one core, however many people watch a busy room.
const (
	listsPause = 150 * time.Millisecond
	listsShare = 5
	listsBatch = 20 // users, before the others' turn is looked at again
)

// lists keeps the room lists, unread counts and friend requests of open pages up to date. They
// travel as whole state without an id, so one that is skipped or late harms nothing.
type lists struct {
	hub  *Hub
	seed maphash.Seed
	wake chan struct{}

	mu      sync.Mutex
	users   map[uint64]*watcher
	rooms   map[uint64]map[*watcher]struct{} // who must look again when a room grows
	changed []*watcher                       // in the order of the changes
}

// watcher is a user with at least one open page.
type watcher struct {
	user    uint64
	viewers map[*Viewer]struct{}
	rooms   []uint64
	dirty   bool
}

func newLists(h *Hub) *lists {
	return &lists{hub: h, seed: maphash.MakeSeed(), wake: make(chan struct{}, 1),
		users: map[uint64]*watcher{}, rooms: map[uint64]map[*watcher]struct{}{}}
}

func (l *lists) join(v *Viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.hasEnded() { // leave has been here already
		return
	}
	w := l.users[v.User]
	if w == nil {
		w = &watcher{user: v.User, viewers: map[*Viewer]struct{}{}}
		l.users[v.User] = w
	}
	w.viewers[v] = struct{}{}
	l.mark(w) // what changed between the page and its stream
}

func (l *lists) leave(v *Viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.users[v.User]
	if w == nil {
		return
	}
	delete(w.viewers, v)
	if len(w.viewers) == 0 {
		delete(l.users, v.User)
		l.follow(w, nil)
	}
}

func (l *lists) roomChanged(room uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.rooms[room] {
		l.mark(w)
	}
}

func (l *lists) userChanged(user uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w := l.users[user]; w != nil {
		l.mark(w)
	}
}

func (l *lists) allChanged() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.users {
		l.mark(w)
	}
}

// mark queues a watcher. The caller holds the lock.
func (l *lists) mark(w *watcher) {
	if w.dirty {
		return
	}
	w.dirty = true
	l.changed = append(l.changed, w)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// follow replaces the rooms that a watcher hears of. The caller holds the lock.
func (l *lists) follow(w *watcher, rooms []uint64) {
	for _, room := range w.rooms {
		delete(l.rooms[room], w)
		if len(l.rooms[room]) == 0 {
			delete(l.rooms, room)
		}
	}
	w.rooms = rooms
	for _, room := range rooms {
		if l.rooms[room] == nil {
			l.rooms[room] = map[*watcher]struct{}{}
		}
		l.rooms[room][w] = struct{}{}
	}
}

func (l *lists) run() {
	for {
		select {
		case <-l.hub.done:
			return
		case <-l.wake:
		}
		for {
			start := time.Now()
			more := l.refreshSome()
			select {
			case <-l.hub.done:
				return
			case <-time.After(max(listsPause, (listsShare-1)*time.Since(start))):
			}
			if !more {
				break
			}
		}
	}
}

// refreshSome makes the lists of the next users anew, and tells whether others wait.
func (l *lists) refreshSome() bool {
	l.mu.Lock()
	n := min(listsBatch, len(l.changed))
	now := l.changed[:n:n]
	l.changed = l.changed[n:]
	for _, w := range now {
		w.dirty = false
	}
	more := len(l.changed) > 0
	l.mu.Unlock()
	for _, w := range now {
		l.hub.safely("lists", func() { l.refresh(w) })
	}
	return more
}

func (l *lists) refresh(w *watcher) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	rooms, render, err := l.hub.source.Lists(ctx, w.user)
	if err != nil {
		l.hub.log.Warn("reading the lists of a page failed", "user", w.user, "error", err)
		time.AfterFunc(time.Second, func() { l.userChanged(w.user) })
		return
	}
	l.mu.Lock()
	if l.users[w.user] != w { // gone meanwhile
		l.mu.Unlock()
		return
	}
	l.follow(w, rooms)
	viewers := make([]*Viewer, 0, len(w.viewers))
	for v := range w.viewers {
		viewers = append(viewers, v)
	}
	l.mu.Unlock()
	for _, v := range viewers {
		data := render(v)
		v.show(data, maphash.Bytes(l.seed, data))
	}
}
