package bus

import (
	"context"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
)

// maxWaiting bounds the signals that wait to be published.
const maxWaiting = 4096

// outbox is what waits to be published. It is bounded, and signals that say the same wait once: of
// a room's entries only the newest counts.
type outbox struct {
	wake chan struct{} // holds a token while there is something to take

	mu      sync.Mutex
	waiting map[Signal]uint64 // signals without their seq, and the highest seq
	beat    uint64            // the newest heartbeat to send, 0 if none
	lost    bool              // something did not get out, and the others do not know yet
}

// mail is what is published at once.
type mail struct {
	signals []Signal
	lost    bool
	beat    uint64
}

func newOutbox() outbox {
	return outbox{wake: make(chan struct{}, 1), waiting: make(map[Signal]uint64)}
}

// put never blocks: what finds no room is lost, and lost is sent in its place.
func (o *outbox) put(s Signal) {
	seq := s.Seq
	s.Seq = 0
	o.mu.Lock()
	if highest, ok := o.waiting[s]; ok || len(o.waiting) < maxWaiting {
		o.waiting[s] = max(highest, seq)
	} else if !s.Kind.isTransient() {
		o.lost = true
	}
	o.mu.Unlock()
	o.rouse()
}

func (o *outbox) putBeat(n uint64) {
	o.mu.Lock()
	o.beat = n
	o.mu.Unlock()
	o.rouse()
}

func (o *outbox) rouse() {
	select {
	case o.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (o *outbox) take() mail {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := mail{lost: o.lost, beat: o.beat, signals: make([]Signal, 0, len(o.waiting))}
	for s, seq := range o.waiting {
		s.Seq = seq
		m.signals = append(m.signals, s)
	}
	clear(o.waiting)
	o.lost, o.beat = false, 0
	return m
}

// failed notes that mail did not get out. Its signals are not put back: they may have got out after
// all, and one "you missed something" covers them and whatever else was lost.
func (o *outbox) failed(m mail) {
	if !m.lost && !slices.ContainsFunc(m.signals, func(s Signal) bool { return !s.Kind.isTransient() }) {
		return
	}
	o.mu.Lock()
	o.lost = true
	o.mu.Unlock()
}

// publish sends what is in the outbox until ctx ends, and then once more, so that the last posts of
// a process that stops are not left for the others to find.
func (r *Redis) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			if m := r.outbox.take(); r.Up() && (m.lost || len(m.signals) > 0) {
				_ = r.send(m)
			}
			return
		case <-r.outbox.wake:
		}
		if err := r.send(r.outbox.take()); err != nil {
			r.fail(err)
			r.pause(ctx)
		}
	}
}

// send publishes mail in one round trip and within the time that is set for it. It is not cut short
// when the bus closes, because that is when it matters most.
func (r *Redis) send(m mail) error {
	sent := false
	defer func() {
		if !sent { // for an error or a panic
			r.outbox.failed(m)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), r.timing.publish)
	defer cancel()
	_, err := r.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		if m.beat != 0 {
			p.Publish(ctx, r.channel, Signal{Kind: heartbeat, process: r.process, beat: m.beat}.Encode())
		}
		if m.lost {
			p.Publish(ctx, r.channel, Signal{Kind: signalsLost, process: r.process}.Encode())
		}
		for _, s := range m.signals {
			p.Publish(ctx, r.channel, s.Encode())
		}
		return nil
	})
	sent = err == nil
	return err
}
