package auth

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

const (
	maxWaiting = 32              // hashes waiting for a slot
	maxWait    = 2 * time.Second // for a slot
	maxLookups = 2               // attempts that are being compared with the limits; a few queries each
)

// gate limits how many hashes run at once, so that a flood of sign-ins leaves CPU and memory (19 MiB
// per hash) for those who are signed in.
type gate struct {
	lookups chan struct{}
	places  chan struct{} // of those who may ask for hashes; as many as can run and wait
	slots   chan struct{}
	queue   chan struct{}
	entered atomic.Int64 // hashes ever let in
}

func newGate() *gate {
	slots := max(runtime.NumCPU()-1, 1)
	return &gate{
		lookups: make(chan struct{}, maxLookups),
		places:  make(chan struct{}, slots+maxWaiting),
		slots:   make(chan struct{}, slots),
		queue:   make(chan struct{}, maxWaiting),
	}
}

// look runs the queries that an attempt costs before it is admitted. Those of 500 at once would be in front of
// everybody else's.
func (g *gate) look(ctx context.Context, look func() error) error {
	select {
	case g.lookups <- struct{}{}:
		defer func() { <-g.lookups }()
		return look()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// admit lets somebody in who will ask for hashes, or returns ErrBusy if too many are in. It comes before
// whatever else an attempt costs: without it each of 500 sign-ins at once would write its counters, only
// to be refused and to write them back. The caller calls leave at the end.
func (g *gate) admit() (leave func(), err error) {
	select {
	case g.places <- struct{}{}:
		return func() { <-g.places }, nil
	default:
		return nil, ErrBusy
	}
}

// do runs work when there is a free slot. It returns ErrBusy if the queue is full or too slow.
func (g *gate) do(ctx context.Context, work func()) error {
	select {
	case g.slots <- struct{}{}:
	default:
		if err := g.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-g.slots }()
	g.entered.Add(1)
	work()
	return nil
}

// wait queues for a slot.
func (g *gate) wait(ctx context.Context) error {
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return ErrBusy
	}
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}
