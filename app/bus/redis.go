package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// Redis is the bus of a deployment with several processes: signals go through one channel of a Redis
// server, or of the one that Sentinels call the master. It works as well as it can while the server is down,
// frozen, restarting or replaced.
type Redis struct {
	log       *slog.Logger
	intervals intervals
	process   uint64 // identifies this process in heartbeats
	client    conn
	channel   string
	listeners listeners
	outbox    outbox
	peers     peers

	up               atomic.Bool
	lastError        atomic.Pointer[error]              // for the log when the bus goes down
	dropSubscription atomic.Pointer[context.CancelFunc] // ends the current subscription

	// For heartbeatLoop, which alone decides whether the bus is up.
	subscribed chan struct{} // a subscription took effect
	echoes     chan uint64   // our own heartbeats that came back
	failed     chan struct{} // publishing or subscribing has failed

	stop    context.CancelFunc
	running sync.WaitGroup
}

// intervals are the times of a bus, which tests shorten.
type intervals struct {
	heartbeatInterval time.Duration // between two heartbeats
	downAfter         time.Duration // without a heartbeat of our own for this long, the bus is down
	peerTTL           time.Duration // without a heartbeat for this long, a process is gone
	publishTimeout    time.Duration // for a whole batch, including the connection
	retryDelay        time.Duration // after a failure, give or take a fifth
}

func defaultIntervals() intervals {
	return intervals{
		heartbeatInterval: 2 * time.Second,
		downAfter:         5 * time.Second,
		peerTTL:           10 * time.Second,
		publishTimeout:    500 * time.Millisecond,
		retryDelay:        500 * time.Millisecond,
	}
}

// NewRedis returns a bus over the Redis at an address: one server, those that Sentinels watch, or a cluster. It fails only
// if the address cannot be parsed, or its CA certificate not be read: a server that is not there yet counts as down.
func NewRedis(address string, log *slog.Logger) (Bus, error) {
	return newRedis(address, log, defaultIntervals())
}

func newRedis(text string, log *slog.Logger, t intervals) (Bus, error) {
	a, err := parseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("the address of Redis %w", err)
	}
	// The client would write a line to stderr for each attempt to connect, past our JSON log. We log when
	// the bus goes down and comes up, and why. Nothing else in the program uses the client.
	logging.Disable()
	client, err := a.connect(t)
	if err != nil {
		return nil, err
	}
	if a.kind == cluster {
		return newCluster(a, client, log, t), nil
	}
	r := newBucket(client, a.channel(), log, t)
	r.start()
	return r, nil
}

// newBucket returns a bus over one channel, which does nothing before its start.
func newBucket(client conn, channel string, log *slog.Logger, t intervals) *Redis {
	return &Redis{
		log:        log,
		intervals:  t,
		process:    rand.Uint64(), // no secret
		client:     client,
		channel:    channel,
		listeners:  listeners{log: log},
		outbox:     newOutbox(),
		subscribed: make(chan struct{}, 1),
		echoes:     make(chan uint64, 16),
		failed:     make(chan struct{}, 1),
	}
}

func (r *Redis) start() {
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	r.run(ctx, "receiver", r.receiveLoop)
	r.run(ctx, "publisher", r.publishLoop)
	r.run(ctx, "heartbeat", r.heartbeatLoop)
}

// Publish calls the listeners of this process and leaves the rest to publishLoop.
func (r *Redis) Publish(s Signal) {
	if !s.Kind.isPublic() {
		return
	}
	r.outbox.add(s)
	r.listeners.notify(Event{Kind: EventSignal, Signal: s})
}

// Listen adds a listener.
func (r *Redis) Listen(on func(Event)) (stop func()) {
	return r.listeners.add(on)
}

// Up reports whether our own heartbeat comes back.
func (r *Redis) Up() bool { return r.up.Load() }

// Peers returns the number of processes whose heartbeat was heard lately, with this one.
func (r *Redis) Peers() int {
	return 1 + r.peers.count(r.intervals.peerTTL)
}

// Waiting returns how many signals wait to be sent.
func (r *Redis) Waiting() int { return r.outbox.length() }

// Close sends what is pending, if the bus is up, and ends the goroutines.
func (r *Redis) Close() error {
	r.end()
	if err := r.client.Close(); !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
}

// end is Close for all but the client.
func (r *Redis) end() {
	r.listeners.close()
	r.stop()
	r.running.Wait()
	r.up.Store(false)
}

// run runs a loop in a goroutine, and again if it panics. The Redis client panics at some replies that it
// does not expect, and none of them is worth the process.
func (r *Redis) run(ctx context.Context, name string, loop func(context.Context)) {
	r.running.Go(func() {
		for {
			recovering(r.log, name, func() { loop(ctx) })
			if ctx.Err() != nil {
				return
			}
			r.pause(ctx)
		}
	})
}

// pause waits before the next attempt. The jitter keeps the processes of a deployment from reaching a
// server that has just come back all at the same moment.
func (r *Redis) pause(ctx context.Context) {
	jitter := 0.8 + 0.4*rand.Float64() // no secret
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(float64(r.intervals.retryDelay) * jitter)):
	}
}
