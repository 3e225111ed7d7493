package web

import (
	"context"
	"slices"
	"sync"
)

// requestsAtOnce is how many requests of one person are handled at a time: T42 in docs/threats.md. The others
// wait for their turn. A page with everything on it takes many times what a post does, and without a bound
// somebody with a hundred connections has a hundred pages made while the post of somebody else waits for the
// same processors and database connections. Two may be uploads, which take longer than pages.
const requestsAtOnce = ownUploads + 1

// turns admits a bounded number of requests of each person at a time, first come, first served. A nil *turns
// admits all.
type turns struct {
	mu   sync.Mutex
	list map[uint64]*ownRequests // of people with a request
}

// ownRequests is what one person has asked for.
type ownRequests struct {
	running int
	waiting []chan struct{} // closed when it is their turn, the first one first
}

func newTurns(limits bool) *turns {
	if !limits {
		return nil
	}
	return &turns{list: map[uint64]*ownRequests{}}
}

// take waits for a turn of a person. done must be called once, when the request has been handled.
func (t *turns) take(ctx context.Context, person uint64) (done func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	done = func() { t.end(person) }
	t.mu.Lock()
	l := t.list[person]
	if l == nil {
		l = &ownRequests{}
		t.list[person] = l
	}
	if l.running < requestsAtOnce {
		l.running++
		t.mu.Unlock()
		return done, nil
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return done, nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	i := slices.Index(l.waiting, turn)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	t.mu.Unlock()
	if i < 0 { // it came at the same moment
		done()
	}
	return nil, ctx.Err()
}

// end gives the turn of a request to the next one of the same person.
func (t *turns) end(person uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.list[person]
	if len(l.waiting) > 0 {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		return
	}
	if l.running--; l.running == 0 {
		delete(t.list, person)
	}
}
