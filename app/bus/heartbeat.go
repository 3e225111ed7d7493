package bus

import (
	"context"
	"sync"
	"time"
)

// beatsToRecover is how many of our own heartbeats must come back before a bus that was down is
// trusted again; a server that is being restarted answers now and then.
const beatsToRecover = 3

// watchHeartbeat sends our heartbeat round through Redis and decides by what comes back whether the bus is up.
func (r *Redis) watchHeartbeat(ctx context.Context) {
	r.up.Store(false)
	beat := time.NewTicker(r.timing.beat)
	defer beat.Stop()
	dead := time.NewTimer(r.timing.dead)
	defer dead.Stop()

	var sent, last uint64 // the last beat sent, and the last one that came back
	var returned int      // how many came back since the bus was last given up
	silent := false       // given up, and said so
	send := func() {
		sent++
		r.outbox.putBeat(sent)
	}
	giveUp := func() {
		returned = 0
		r.up.Store(false)
		if !silent {
			silent = true
			r.log.Warn("the bus is down", "cause", r.cause())
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
			// Beats from before this subscription say nothing about it: a server that thaws hands
			// out all that piled up at once.
			last = sent
			send()
		case n := <-r.heard:
			if n <= last || n > sent {
				continue // doubled, late or forged
			}
			last = n
			dead.Reset(r.timing.dead)
			if returned++; returned >= beatsToRecover && !r.up.Load() {
				silent = false
				r.up.Store(true)
				r.log.Info("the bus is up")
				r.listeners.notify(Event{Kind: EventRecovered})
			}
		case <-r.failed:
			// Nobody waits for silence to prove what an error says: until the hub knows, it looks
			// for itself only now and then.
			giveUp()
		case <-dead.C:
			giveUp()
			if drop := r.drop.Load(); drop != nil {
				(*drop)()
			}
			dead.Reset(r.timing.dead)
		}
	}
}

// fail tells the heart that something could not be sent or subscribed to.
func (r *Redis) fail(err error) {
	r.trouble.Store(&err)
	select {
	case r.failed <- struct{}{}:
	default:
	}
}

// cause is the newest error, if there was one since the last time; a server that is frozen while
// we have nothing to send makes none.
func (r *Redis) cause() string {
	if err := r.trouble.Swap(nil); err != nil {
		return (*err).Error()
	}
	return "no answer"
}

// maxPeers bounds what somebody who forges heartbeats can make us remember.
const maxPeers = 256

// peers are the other processes that were heard. The zero value is ready to use.
type peers struct {
	mu   sync.Mutex
	seen map[uint64]time.Time
}

func (p *peers) heard(process uint64, within time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = make(map[uint64]time.Time)
	}
	if _, known := p.seen[process]; !known && len(p.seen) >= maxPeers {
		if p.forget(within); len(p.seen) >= maxPeers {
			return
		}
	}
	p.seen[process] = time.Now()
}

func (p *peers) count(within time.Duration) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(within)
	return len(p.seen)
}

func (p *peers) forget(within time.Duration) {
	for process, at := range p.seen {
		if time.Since(at) > within {
			delete(p.seen, process)
		}
	}
}
