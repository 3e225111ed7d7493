package bus

import (
	"context"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
)

// maxPending bounds the signals that are waiting to be published.
const maxPending = 4096

// outbox holds what is waiting to be published. It is bounded, and equal signals wait only once: of a room's
// entries only the newest counts.
type outbox struct {
	wake chan struct{} // holds a token while there is something to take

	mu      sync.Mutex
	pending map[Signal]uint64 // the highest seq of each signal, which itself is without one
	beat    uint64            // the newest heartbeat to send, 0 if none
	lost    bool              // something was not published, and the other processes do not know yet
}

// batch is what is published in one round trip.
type batch struct {
	signals []Signal
	lost    bool
	beat    uint64
}

func newOutbox() outbox {
	return outbox{wake: make(chan struct{}, 1), pending: make(map[Signal]uint64)}
}

// add never blocks: what does not fit is dropped, and the others get a notice that something was lost.
func (o *outbox) add(s Signal) {
	seq := s.Seq
	s.Seq = 0
	o.mu.Lock()
	if highest, ok := o.pending[s]; ok || len(o.pending) < maxPending {
		o.pending[s] = max(highest, seq)
	} else if !s.Kind.isTransient() {
		o.lost = true
	}
	o.mu.Unlock()
	o.wakeUp()
}

func (o *outbox) addBeat(n uint64) {
	o.mu.Lock()
	o.beat = n
	o.mu.Unlock()
	o.wakeUp()
}

func (o *outbox) wakeUp() {
	select {
	case o.wake <- struct{}{}:
	default: // there is one
	}
}

func (o *outbox) take() batch {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := batch{lost: o.lost, beat: o.beat, signals: make([]Signal, 0, len(o.pending))}
	for s, seq := range o.pending {
		s.Seq = seq
		b.signals = append(b.signals, s)
	}
	clear(o.pending)
	o.lost, o.beat = false, 0
	return b
}

func (o *outbox) length() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.pending)
}

// markLost notes that a batch was not published. Its signals are not added again: they may have been
// published after all, and one notice covers them and whatever else was lost.
func (o *outbox) markLost(b batch) {
	if !b.lost && !slices.ContainsFunc(b.signals, func(s Signal) bool { return !s.Kind.isTransient() }) {
		return
	}
	o.mu.Lock()
	o.lost = true
	o.mu.Unlock()
}

// publishLoop sends what is in the outbox until ctx ends, and then once more, so that the other processes
// need not look for the last posts of one that stops.
func (r *Redis) publishLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			if b := r.outbox.take(); r.Up() && (b.lost || len(b.signals) > 0) {
				_ = r.send(b)
			}
			return
		case <-r.outbox.wake:
		}
		if err := r.send(r.outbox.take()); err != nil {
			r.reportFailure(err)
			r.pause(ctx)
		}
	}
}

// send publishes a batch in one round trip and within the timeout. Closing the bus does not cut it short,
// because that is when it matters most.
func (r *Redis) send(b batch) error {
	sent := false
	defer func() {
		if !sent { // after an error or a panic
			r.outbox.markLost(b)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), r.intervals.publishTimeout)
	defer cancel()
	_, err := r.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		publish := func(s Signal) { _ = r.client.publish(ctx, p, r.channel, s.Encode()) } // Pipelined returns the errors
		if b.beat != 0 {
			publish(Signal{Kind: heartbeat, process: r.process, beat: b.beat})
		}
		if b.lost {
			publish(Signal{Kind: signalsLost, process: r.process})
		}
		for _, s := range b.signals {
			publish(s)
		}
		return nil
	})
	sent = err == nil
	return err
}
