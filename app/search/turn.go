package search

import (
	"context"
	"sync"
)

// turns admits a few searches at a time, and one of each person: whoever asks often waits for their own
// searches, and not others for them.
type turns struct {
	slots chan struct{}

	mu     sync.Mutex
	people map[uint64]*turn // those who search or wait
}

type turn struct {
	slot chan struct{}
	n    int // searches that run or wait
}

func newTurns(atOnce int) *turns {
	return &turns{slots: make(chan struct{}, atOnce), people: map[uint64]*turn{}}
}

// take waits for a turn, or for the context. The caller calls leave at the end.
func (t *turns) take(ctx context.Context, user uint64) (leave func(), err error) {
	t.mu.Lock()
	own := t.people[user]
	if own == nil {
		own = &turn{slot: make(chan struct{}, 1)}
		t.people[user] = own
	}
	own.n++
	t.mu.Unlock()
	forget := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if own.n--; own.n == 0 {
			delete(t.people, user)
		}
	}
	select {
	case own.slot <- struct{}{}:
	case <-ctx.Done():
		forget()
		return nil, ctx.Err()
	}
	select {
	case t.slots <- struct{}{}:
		return func() { <-t.slots; <-own.slot; forget() }, nil
	case <-ctx.Done():
		<-own.slot
		forget()
		return nil, ctx.Err()
	}
}
