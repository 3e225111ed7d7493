package live

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

// lists keeps the room lists, unread counts and friend requests of open pages up to date. They are sent
// as whole states without an id, so one that is late or left out does no harm.
type lists struct {
	hub  *Hub
	seed maphash.Seed
	wake chan struct{}

	mu    sync.Mutex
	users map[uint64]*watcher
	rooms map[uint64]map[*watcher]struct{} // whose lists change when a room's log grows
	queue []*watcher                       // in the order of their changes
	grown map[uint64]struct{}              // the rooms that grew while a user's lists are read; nil otherwise
}

// watcher is a user with at least one open page.
type watcher struct {
	user    uint64
	viewers []*Viewer
	rooms   []uint64
	queued  bool

	// Used only by the goroutine that refreshes.
	failures int // in a row
	lags     int // how often in a row the database lacked what a signal had announced
}

func newLists(h *Hub) *lists {
	return &lists{hub: h, seed: maphash.MakeSeed(), wake: make(chan struct{}, 1),
		users: map[uint64]*watcher{}, rooms: map[uint64]map[*watcher]struct{}{}}
}

func (l *lists) join(v *Viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.ended.Load() { // and leave was called already
		return
	}
	w := l.users[v.User]
	if w == nil {
		w = &watcher{user: v.User}
		l.users[v.User] = w
	}
	w.viewers = append(w.viewers, v)
	l.enqueue(w) // something may have changed between the page and its stream
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
	if l.grown != nil {
		l.grown[room] = struct{}{}
	}
	for w := range l.rooms[room] {
		l.enqueue(w)
	}
}

func (l *lists) userChanged(user uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w := l.users[user]; w != nil {
		l.enqueue(w)
	}
}

func (l *lists) allChanged() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.users {
		l.enqueue(w)
	}
}

// enqueue queues a watcher for a refresh. The caller holds the lock.
func (l *lists) enqueue(w *watcher) {
	if w.queued {
		return
	}
	w.queued = true
	l.queue = append(l.queue, w)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// follow replaces the rooms that change a watcher's lists. A room that is new to it may have grown while
// the lists were read, and then they must be read again. The caller holds the lock.
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
		if _, grew := l.grown[room]; grew && !slices.Contains(known, room) {
			l.enqueue(w)
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
			if l.hub.sleep(min(max(t.listsInterval, (listsShare-1)*time.Since(start)), t.maxPause)) {
				return
			}
		}
	}
}

// refreshSome refreshes the lists of the next users, and reports whether others are queued.
func (l *lists) refreshSome(start time.Time) (more bool) {
	for range min(listsBatch, l.queueLen()) {
		if time.Since(start) > l.hub.times.listsInterval {
			break
		}
		l.refresh(l.next())
	}
	return l.queueLen() > 0
}

// WaitingLists returns of how many people the lists are to be looked at.
func (h *Hub) WaitingLists() int { return h.lists.queueLen() }

func (l *lists) queueLen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue)
}

// next takes the watcher that has waited longest.
func (l *lists) next() *watcher {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	w.queued = false
	l.grown = map[uint64]struct{}{}
	return w
}

// refresh reads the lists of a user and sends them. What fails or panics is tried again, after ever
// longer pauses: until it succeeds nobody knows which rooms to follow.
func (l *lists) refresh(w *watcher) {
	done := false
	l.hub.recovering("lists", func() { done = l.send(w) })
	l.mu.Lock()
	l.grown = nil
	l.mu.Unlock()
	if done {
		w.failures = 0
		return
	}
	w.failures++
	time.AfterFunc(time.Duration(min(w.failures, 30))*l.hub.times.retryDelay, func() { l.userChanged(w.user) })
}

// send reads the lists of a user and sends them to the open pages.
func (l *lists) send(w *watcher) (done bool) {
	if _, watching := l.viewersOf(w); !watching {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), l.hub.times.queryTimeout)
	defer cancel()
	l.followLag(ctx, w)
	rooms, render, err := l.hub.source.Lists(ctx, w.user)
	if err != nil {
		return l.failed(w, err)
	}
	l.mu.Lock()
	if l.users[w.user] == w {
		l.follow(w, rooms)
	}
	l.mu.Unlock()
	viewers, _ := l.viewersOf(w)
	for _, v := range viewers {
		data, current, err := render(v)
		if err != nil {
			return l.failed(w, err)
		}
		if !current {
			v.reset(OtherLocale)
			continue
		}
		v.show(listState, data, l.hash(data))
	}
	return true
}

// followLag makes the lists be read again soon if the database lacks what was announced of their rooms.
// It looks before they are read, so that what it finds is in them.
func (l *lists) followLag(ctx context.Context, w *watcher) {
	l.mu.Lock()
	rooms := l.hub.signaled.among(w.rooms)
	l.mu.Unlock()
	behind := false
	if len(rooms) > 0 {
		heads, err := l.hub.source.Heads(ctx, rooms)
		if err != nil {
			return // nor will the lists be read
		}
		for _, room := range rooms {
			behind = l.hub.signaled.isBehind(room, heads[room], time.Now()) || behind
		}
	}
	if !behind {
		w.lags = 0
		return
	}
	time.AfterFunc(lagPause(w.lags, l.hub.times.lagPause), func() { l.userChanged(w.user) })
	w.lags++
}

// failed logs the first of several failures.
func (l *lists) failed(w *watcher, err error) (done bool) {
	if w.failures == 0 {
		l.hub.log.Warn("reading the lists of a page failed", "user", w.user, "error", err)
	}
	return false
}

func (l *lists) hash(state []byte) uint64 { return maphash.Bytes(l.seed, state) }

// viewersOf returns the pages of a watcher, and reports whether it still has any.
func (l *lists) viewersOf(w *watcher) (viewers []*Viewer, watching bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(w.viewers), l.users[w.user] == w
}
