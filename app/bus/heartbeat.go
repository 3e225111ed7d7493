package bus

import (
	"context"
	"sync"
	"time"
)

// beatsToRecover is the number of our own heartbeats that must come back before a bus that was down counts as up
// again: a server that is restarting answers now and then.
const beatsToRecover = 3

// heartbeatLoop sends our heartbeat through Redis and decides by what comes back whether the bus is up.
func (r *Redis) heartbeatLoop(ctx context.Context) {
	r.up.Store(false)
	beat := time.NewTicker(r.intervals.heartbeatInterval)
	defer beat.Stop()
	dead := time.NewTimer(r.intervals.downAfter)
	defer dead.Stop()

	var sent, last uint64 // the last beat that was sent, and the last one that came back
	var returned int      // the number that came back since the bus was last down
	reported := false     // that it is down
	send := func() {
		sent++
		r.outbox.addBeat(sent)
	}
	goDown := func() {
		returned = 0
		r.up.Store(false)
		if !reported {
			reported = true
			r.log.Warn("the bus is down", "cause", r.downCause())
			r.listeners.notify(Event{Kind: EventDown})
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			send()
		case <-r.subscribed:
			// Beats from before this subscription say nothing about it: a frozen server that continues
			// delivers everything that has piled up at once.
			last = sent
			send()
		case n := <-r.echoes:
			if n <= last || n > sent {
				continue // doubled, late or forged
			}
			last = n
			dead.Reset(r.intervals.downAfter)
			if returned++; returned >= beatsToRecover && !r.up.Load() {
				reported = false
				r.up.Store(true)
				r.log.Info("the bus is up")
				r.listeners.notify(Event{Kind: EventRecovered})
			}
		case <-r.failed:
			// Silence takes seconds to prove what an error says at once, and until the hub knows, it
			// looks for new entries only now and then.
			goDown()
		case <-dead.C:
			goDown()
			r.client.relearn()
			if drop := r.dropSubscription.Load(); drop != nil {
				(*drop)()
			}
			dead.Reset(r.intervals.downAfter)
		}
	}
}

// reportFailure tells heartbeatLoop that publishing or subscribing has failed.
func (r *Redis) reportFailure(err error) {
	r.lastError.Store(&err)
	r.client.relearn()
	select {
	case r.failed <- struct{}{}:
	default:
	}
}

// downCause returns the newest error since the last call, if there is one. A server that freezes while we
// have nothing to send causes none.
func (r *Redis) downCause() string {
	if err := r.lastError.Swap(nil); err != nil {
		return (*err).Error()
	}
	return "no answer"
}

// maxPeers bounds what forged heartbeats can make us remember.
const maxPeers = 256

// peers are the other processes. The zero value is ready to use.
type peers struct {
	mu        sync.Mutex
	lastHeard map[uint64]time.Time
}

func (p *peers) add(process uint64, ttl time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lastHeard == nil {
		p.lastHeard = make(map[uint64]time.Time)
	}
	if _, known := p.lastHeard[process]; !known && len(p.lastHeard) >= maxPeers {
		if p.expire(ttl); len(p.lastHeard) >= maxPeers {
			return
		}
	}
	p.lastHeard[process] = time.Now()
}

func (p *peers) count(ttl time.Duration) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(ttl)
	return len(p.lastHeard)
}

func (p *peers) expire(ttl time.Duration) {
	for process, at := range p.lastHeard {
		if time.Since(at) > ttl {
			delete(p.lastHeard, process)
		}
	}
}
