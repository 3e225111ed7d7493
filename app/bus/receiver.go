package bus

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// receiveLoop keeps a subscription until ctx ends.
func (r *Redis) receiveLoop(ctx context.Context) {
	for ctx.Err() == nil {
		r.subscribe(ctx)
		r.pause(ctx)
	}
}

// subscribe keeps one subscription until heartbeatLoop drops it. The client replaces a connection that
// breaks by itself; it would keep one that is merely silent forever, so that one is replaced here.
func (r *Redis) subscribe(ctx context.Context) {
	ctx, drop := context.WithCancel(ctx)
	defer drop()
	r.dropSubscription.Store(&drop)

	subscription := r.client.Subscribe(ctx)
	hangUp := func() { _ = subscription.Close() } // twice is harmless
	defer hangUp()
	// Only closing it ends a read that is waiting. That happens in a goroutine of its own, because closing
	// waits for a connection that is being made.
	defer context.AfterFunc(ctx, hangUp)()

	if err := r.client.subscribe(ctx, subscription, r.channel); err != nil {
		r.reportFailure(err)
		return
	}
	for failures := 0; ; {
		got, err := subscription.Receive(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case isRefusal(err):
			r.reportFailure(err)
			return
		case err != nil:
			// After the first error the client has reconnected within Receive; more of them mean that it
			// could not.
			if failures++; failures > 1 {
				r.reportFailure(err)
				r.pause(ctx)
			}
			continue
		}
		failures = 0
		switch got := got.(type) {
		case *redis.Subscription:
			if got.Count == 0 { // the channel has moved to another node of the cluster
				r.client.relearn()
				return
			}
			// Whatever was published until now is lost.
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

// isRefusal reports whether the server answered, and has not subscribed us: another node of the cluster is responsible,
// or the password is wrong. On such a connection nothing will ever come.
func isRefusal(err error) bool {
	var refusal redis.Error
	return errors.As(err, &refusal)
}

// receiveSignal must not block: Redis hangs up on a client that does not read for a minute.
func (r *Redis) receiveSignal(payload string) {
	s, err := ParseSignal(payload)
	if err != nil {
		return // another program uses this channel; a line for each would let it fill the log
	}
	switch s.Kind {
	case heartbeat:
		if s.process != r.process {
			r.peers.add(s.process, r.intervals.peerTTL)
			return
		}
		select {
		case r.echoes <- s.beat:
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
