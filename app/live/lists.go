package live

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"
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
	rung    map[uint64]struct{}              // the rooms that grew while a user's lists are read, or else nil
}

// watcher is a user with at least one open page.
type watcher struct {
	user    uint64
	viewers []*Viewer
	rooms   []uint64
	dirty   bool

	failures int // in a row; only the goroutine that refreshes knows
}

func newLists(h *Hub) *lists {
	return &lists{hub: h, seed: maphash.MakeSeed(), wake: make(chan struct{}, 1),
		users: map[uint64]*watcher{}, rooms: map[uint64]map[*watcher]struct{}{}}
}

func (l *lists) join(v *Viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.ended.Load() { // leave has been here already
		return
	}
	w := l.users[v.User]
	if w == nil {
		w = &watcher{user: v.User}
		l.users[v.User] = w
	}
	w.viewers = append(w.viewers, v)
	l.mark(w) // what changed between the page and its stream
}

func (l *lists) leave(v *Viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.users[v.User]
	if w == nil {
		return
	}
	w.viewers = without(w.viewers, v)
	if len(w.viewers) == 0 {
		delete(l.users, v.User)
		l.follow(w, nil)
	}
}

func (l *lists) roomChanged(room uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rung != nil {
		l.rung[room] = struct{}{}
	}
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

// follow replaces the rooms that a watcher hears of. A room that is new to it may have grown while
// its lists were read, and then it must look again. The caller holds the lock.
func (l *lists) follow(w *watcher, rooms []uint64) {
	for _, room := range w.rooms {
		delete(l.rooms[room], w)
		if len(l.rooms[room]) == 0 {
			delete(l.rooms, room)
		}
	}
	known := w.rooms
	w.rooms = rooms
	for _, room := range rooms {
		if _, grew := l.rung[room]; grew && !slices.Contains(known, room) {
			l.mark(w)
		}
		if l.rooms[room] == nil {
			l.rooms[room] = map[*watcher]struct{}{}
		}
		l.rooms[room][w] = struct{}{}
	}
}

func (l *lists) run() {
	t := l.hub.times
	for {
		select {
		case <-l.hub.done:
			return
		case <-l.wake:
		}
		for more := true; more; {
			start := time.Now()
			more = l.refreshSome(start)
			if l.hub.paused(min(max(t.lists, (listsShare-1)*time.Since(start)), t.rest)) {
				return
			}
		}
	}
}

// refreshSome makes the lists of the next users anew, and tells whether others wait.
func (l *lists) refreshSome(start time.Time) (more bool) {
	for range min(listsBatch, l.waiting()) {
		if time.Since(start) > l.hub.times.lists {
			break
		}
		l.refresh(l.next())
	}
	return l.waiting() > 0
}

func (l *lists) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.changed)
}

// next takes the watcher that has waited longest.
func (l *lists) next() *watcher {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.changed[0]
	l.changed[0] = nil
	l.changed = l.changed[1:]
	w.dirty = false
	l.rung = map[uint64]struct{}{}
	return w
}

// refresh makes the lists of a user anew. What fails or panics is tried again, ever more patiently:
// until then nobody knows which rooms they must follow.
func (l *lists) refresh(w *watcher) {
	done := false
	l.hub.safely("lists", func() { done = l.show(w) })
	l.mu.Lock()
	l.rung = nil
	l.mu.Unlock()
	if done {
		w.failures = 0
		return
	}
	w.failures++
	time.AfterFunc(time.Duration(min(w.failures, 30))*l.hub.times.again, func() { l.userChanged(w.user) })
}

// show reads the lists of a user and sends them to the pages that are open.
func (l *lists) show(w *watcher) (done bool) {
	if _, here := l.pages(w); !here {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), l.hub.times.query)
	defer cancel()
	rooms, render, err := l.hub.source.Lists(ctx, w.user)
	if err != nil {
		if w.failures == 0 {
			l.hub.log.Warn("reading the lists of a page failed", "user", w.user, "error", err)
		}
		return false
	}
	l.mu.Lock()
	if l.users[w.user] == w {
		l.follow(w, rooms)
	}
	l.mu.Unlock()
	viewers, _ := l.pages(w)
	for _, v := range viewers {
		data, current := render(v)
		if !current {
			v.reset(OtherLocale)
			continue
		}
		v.show(listState, data, l.hash(data))
	}
	return true
}

func (l *lists) hash(state []byte) uint64 { return maphash.Bytes(l.seed, state) }

// pages are a watcher's, and whether it is still here.
func (l *lists) pages(w *watcher) (viewers []*Viewer, here bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(w.viewers), l.users[w.user] == w
}
