package live

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

var errNoLists = errors.New("live: the user's lists were not found")

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
	grown map[uint64]struct{}              // the rooms that grew while lists are read; nil otherwise

	atOnce int // the number of users to read together, so that one read fits into a run; used by run alone
}

// watcher is a user with at least one open page.
type watcher struct {
	user    uint64
	viewers []*Viewer
	rooms   []uint64
	queued  bool

	// Changed only by the goroutine that refreshes.
	failures int // in a row
	lags     int // how often in a row the database lacked what a signal had announced
}

func newLists(h *Hub) *lists {
	return &lists{hub: h, seed: maphash.MakeSeed(), wake: make(chan struct{}, 1), atOnce: 1,
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
	longest := l.hub.times.listsInterval
	for refreshed := 0; refreshed < listsBatch && l.queueLen() > 0 && time.Since(start) <= longest; {
		batch, began := l.next(min(l.atOnce, listsBatch-refreshed)), time.Now()
		l.refresh(batch)
		refreshed += len(batch)
		l.atOnce = min(max(int(time.Duration(len(batch))*longest/max(time.Since(began), 1)), 1), listsBatch, 2*l.atOnce)
	}
	return l.queueLen() > 0
}

// WaitingLists returns the number of people whose lists are waiting to be read.
func (h *Hub) WaitingLists() int { return h.lists.queueLen() }

func (l *lists) queueLen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue)
}

// next takes the watchers that have waited longest, at most n. One whose lists failed is taken alone, so that it
// cannot make others fail too.
func (l *lists) next(most int) []*watcher {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 1
	for n < min(most, len(l.queue)) && l.queue[0].failures == 0 && l.queue[n].failures == 0 {
		n++
	}
	batch := slices.Clone(l.queue[:n])
	clear(l.queue[:n])
	l.queue = l.queue[n:]
	for _, w := range batch {
		w.queued = false
	}
	l.grown = map[uint64]struct{}{}
	return batch
}

// refresh reads the lists of users and sends them. What fails or panics is tried again, after ever longer pauses: until
// it succeeds nobody knows which rooms to follow.
func (l *lists) refresh(batch []*watcher) {
	ctx, cancel := context.WithTimeout(context.Background(), l.hub.times.queryTimeout)
	defer cancel()
	read, err := map[uint64]Lists{}, errPanic
	l.hub.recovering("lists", func() { read, err = l.read(ctx, batch) })
	for _, w := range batch {
		done := false
		l.hub.recovering("lists", func() {
			ctx, cancel := context.WithTimeout(context.Background(), l.hub.times.queryTimeout) // one for each: what is slow for one must not fail for the next
			defer cancel()
			done = l.send(ctx, w, read, err)
		})
		if done {
			w.failures = 0
			continue
		}
		w.failures++
		time.AfterFunc(time.Duration(min(w.failures, 30))*l.hub.times.retryDelay, func() { l.userChanged(w.user) })
	}
	l.mu.Lock()
	l.grown = nil
	l.mu.Unlock()
}

// read reads the lists of those who still have a page open.
func (l *lists) read(ctx context.Context, batch []*watcher) (map[uint64]Lists, error) {
	var users []uint64
	for _, w := range batch {
		if _, watching := l.viewersOf(w); watching {
			users = append(users, w.user)
		}
	}
	if len(users) == 0 {
		return nil, nil
	}
	l.followLag(ctx, batch)
	return l.hub.source.Lists(ctx, users)
}

// send sends a user's lists, if they were read, to the open pages.
func (l *lists) send(ctx context.Context, w *watcher, read map[uint64]Lists, err error) (done bool) {
	if _, watching := l.viewersOf(w); !watching {
		return true
	}
	lists, found := read[w.user]
	if err == nil && !found {
		err = errNoLists
	}
	if err != nil {
		return l.failed(w, err)
	}
	l.mu.Lock()
	if l.users[w.user] == w {
		l.follow(w, lists.Rooms)
	}
	l.mu.Unlock()
	viewers, _ := l.viewersOf(w)
	for _, v := range viewers {
		data, current, err := lists.Render(ctx, v)
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

// followLag has the lists read again soon if the database lacks what was announced of their rooms.
// It looks before they are read, so that what it finds is in them.
func (l *lists) followLag(ctx context.Context, batch []*watcher) {
	l.mu.Lock()
	announced := make([][]uint64, len(batch))
	for i, w := range batch {
		announced[i] = l.hub.signaled.among(w.rooms)
	}
	l.mu.Unlock()
	rooms := slices.Concat(announced...)
	slices.Sort(rooms)
	behind := map[uint64]bool{}
	if rooms = slices.Compact(rooms); len(rooms) > 0 {
		heads, err := l.hub.source.Heads(ctx, rooms)
		if err != nil {
			return // nor will the lists be read
		}
		now := time.Now()
		for _, room := range rooms {
			behind[room] = l.hub.signaled.isBehind(room, heads[room], now)
		}
	}
	for i, w := range batch {
		if !slices.ContainsFunc(announced[i], func(room uint64) bool { return behind[room] }) {
			w.lags = 0
			continue
		}
		time.AfterFunc(lagPause(w.lags, l.hub.times.lagPause), func() { l.userChanged(w.user) })
		w.lags++
	}
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
