package auth

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

const (
	gateQueue = 32              // how many wait for a turn
	gateWait  = 2 * time.Second // for how long
)

// gate lets few hashes run at once, so that a flood of sign-ins leaves the processor and the
// memory (19 MiB a hash) to those who chat.
type gate struct {
	slots   chan struct{}
	queue   chan struct{}
	entered atomic.Int64 // how many ever passed
}

func newGate() *gate {
	return &gate{
		slots: make(chan struct{}, max(runtime.NumCPU()-1, 1)),
		queue: make(chan struct{}, gateQueue),
	}
}

// do runs work when it is its turn; ErrBusy when the queue is full or too slow.
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

// wait takes a slot within the time allowed.
func (g *gate) wait(ctx context.Context) error {
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return ErrBusy
	}
	late := time.NewTimer(gateWait)
	defer late.Stop()
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-late.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}
