// Package turn makes requests of one person, searches of one person and changes to one room take turns, so that
// nobody can tie up everything that others need (T39 and T42 in docs/threats.md).
package turn

import (
	"context"
	"sync"
)

// Queue admits a bounded number of holders of each key at a time, first come, first served. A nil *Queue admits
// all.
type Queue struct {
	atOnce int

	mu   sync.Mutex
	keys map[uint64]*line // those that somebody holds or waits for
}

type line struct {
	slots chan struct{} // one for each holder
	users int           // who hold or wait
}

// New returns a queue that admits atOnce holders of a key at a time.
func New(atOnce int) *Queue {
	return &Queue{atOnce: atOnce, keys: map[uint64]*line{}}
}

// Take waits for a turn. done must be called once, at its end. The error is the context's.
func (q *Queue) Take(ctx context.Context, key uint64) (done func(), err error) {
	if q == nil {
		return func() {}, nil
	}
	l := q.enter(key)
	select {
	case l.slots <- struct{}{}:
		return func() {
			<-l.slots
			q.leave(key)
		}, nil
	case <-ctx.Done():
		q.leave(key)
		return nil, ctx.Err()
	}
}

func (q *Queue) enter(key uint64) *line {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.keys[key]
	if l == nil {
		l = &line{slots: make(chan struct{}, q.atOnce)}
		q.keys[key] = l
	}
	l.users++
	return l
}

func (q *Queue) leave(key uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.keys[key]
	if l.users--; l.users == 0 {
		delete(q.keys, key)
	}
}

// Users returns how many callers hold a key or wait for it.
func (q *Queue) Users(key uint64) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l := q.keys[key]; l != nil {
		return l.users
	}
	return 0
}
