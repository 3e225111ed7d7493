package photo

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

const (
	maxWait  = 5 * time.Second // for photos of others
	halfLife = time.Minute     // after which half of what somebody had decoded counts no more
	forgiven = 100_000         // pixels that are not worth remembering
)

// turns lets one photo be decoded at a time, because two at once need twice the memory. Next is whoever has
// had the fewest pixels decoded lately, this photo included: then the photos of others delay nobody by more
// than the one that is being decoded.
type turns struct {
	mu      sync.Mutex
	now     func() time.Time
	busy    bool
	waiting []*turn // in the order in which they came
	spent   map[uint64]spent
}

// turn is a photo that waits.
type turn struct {
	owner  uint64
	pixels int
	comes  chan struct{} // closed when it may be decoded
}

// spent is the number of pixels that a person has had decoded, and until when they are counted.
type spent struct {
	pixels float64
	at     time.Time
}

func newTurns(now func() time.Time) *turns {
	return &turns{now: now, spent: map[uint64]spent{}}
}

// acquire waits for the turn of a photo, for maxWait at most. done lets the next one in.
func (t *turns) acquire(ctx context.Context, owner uint64, pixels int) (done func(), err error) {
	own := &turn{owner, pixels, make(chan struct{})}
	t.mu.Lock()
	t.waiting = append(t.waiting, own)
	if !t.busy {
		t.next()
	}
	t.mu.Unlock()
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case <-own.comes:
		return t.done, nil
	case <-timer.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.waiting, own)
	if i < 0 { // it came in the same moment
		return t.done, nil
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	return nil, err
}

func (t *turns) length() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waiting)
}

func (t *turns) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next()
}

// next lets the next photo in, if one waits.
func (t *turns) next() {
	t.busy = len(t.waiting) > 0
	if !t.busy {
		return
	}
	best, fewest := 0, math.Inf(1)
	for i, w := range t.waiting {
		if sum := t.lately(w.owner) + float64(w.pixels); sum < fewest {
			best, fewest = i, sum
		}
	}
	w := t.waiting[best]
	t.waiting = slices.Delete(t.waiting, best, best+1)
	t.forget()
	t.spent[w.owner] = spent{fewest, t.now()}
	close(w.comes)
}

// lately returns the number of a person's pixels that still count.
func (t *turns) lately(owner uint64) float64 {
	s := t.spent[owner]
	return s.pixels * math.Exp2(-float64(t.now().Sub(s.at))/float64(halfLife))
}

// forget drops those who have had nothing decoded for long.
func (t *turns) forget() {
	for owner := range t.spent {
		if t.lately(owner) < forgiven {
			delete(t.spent, owner)
		}
	}
}
