package bus

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// receive keeps a subscription until ctx ends.
func (r *Redis) receive(ctx context.Context) {
	for ctx.Err() == nil {
		r.subscribe(ctx)
		r.pause(ctx)
	}
}

// subscribe holds one subscription until the heart drops it. The client mends a connection that
// breaks by itself; one that is merely silent it would keep for ever, so that one is remade here.
func (r *Redis) subscribe(ctx context.Context) {
	ctx, drop := context.WithCancel(ctx)
	defer drop()
	r.drop.Store(&drop)

	subscription := r.client.Subscribe(ctx)
	hangUp := func() { _ = subscription.Close() } // twice is harmless
	defer hangUp()
	// Nothing but closing it ends a read under way. This runs on a goroutine of its own, because
	// closing waits for a connection that is being made.
	defer context.AfterFunc(ctx, hangUp)()

	if err := subscription.Subscribe(ctx, r.channel); err != nil {
		r.fail(err)
		return
	}
	for failures := 0; ; {
		got, err := subscription.Receive(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			// After the first error the client has connected again within Receive; more of them
			// mean that it could not.
			if failures++; failures > 1 {
				r.fail(err)
				r.pause(ctx)
			}
			continue
		}
		failures = 0
		switch got := got.(type) {
		case *redis.Subscription:
			// What was published until now is gone without a trace.
			select {
			case r.subscribed <- struct{}{}:
			default:
			}
			r.listeners.notify(Event{Kind: EventMissed})
		case *redis.Message:
			r.receiveSignal(got.Payload)
		}
	}
}

// receiveSignal must not block: after a minute in which nobody reads, Redis hangs up.
func (r *Redis) receiveSignal(payload string) {
	s, err := ParseSignal(payload)
	if err != nil {
		return // another program's channel of the same name; a log line each would be its to fill
	}
	switch s.Kind {
	case heartbeat:
		if s.process != r.process {
			r.peers.heard(s.process, r.timing.peer)
			return
		}
		select {
		case r.heard <- s.beat:
		default:
		}
	case signalsLost:
		if s.process != r.process {
			r.listeners.notify(Event{Kind: EventMissed})
		}
	default:
		r.listeners.notify(Event{Kind: EventSignal, Signal: s})
	}
}
