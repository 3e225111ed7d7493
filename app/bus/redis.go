package bus

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Redis is the bus of a deployment with several processes: signals go through one channel of a Redis
// server. It works as well as it can while the server is down, frozen or restarting.
type Redis struct {
	log       *slog.Logger
	intervals intervals
	process   uint64 // identifies this process in heartbeats
	client    *redis.Client
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
	downAfter         time.Duration // without a heartbeat of our own for so long, the bus is down
	peerTTL           time.Duration // without a heartbeat for so long, a process is gone
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

// errBadAddress does not quote the address, which contains a password.
var errBadAddress = errors.New("bus: not the address of a Redis server, like redis://:password@host:6379/0")

// NewRedis returns a bus over the Redis server at url, "redis://" or "rediss://". It fails only if the url
// cannot be parsed: a server that is not there yet counts as down.
func NewRedis(url string, log *slog.Logger) (*Redis, error) {
	return newRedis(url, log, defaultIntervals())
}

func newRedis(url string, log *slog.Logger, t intervals) (*Redis, error) {
	options, err := redisOptions(url, t)
	if err != nil {
		return nil, err
	}
	// The client would write a line to stderr for each attempt to connect, past our JSON log. We log when
	// the bus goes down and comes up, and why. Nothing else in the program uses the client.
	logging.Disable()

	ctx, stop := context.WithCancel(context.Background())
	r := &Redis{
		log:        log,
		intervals:  t,
		process:    rand.Uint64(), // no secret
		client:     redis.NewClient(options),
		channel:    channelOf(options),
		listeners:  listeners{log: log},
		outbox:     newOutbox(),
		subscribed: make(chan struct{}, 1),
		echoes:     make(chan uint64, 16),
		failed:     make(chan struct{}, 1),
		stop:       stop,
	}
	r.run(ctx, "receiver", r.receiveLoop)
	r.run(ctx, "publisher", r.publishLoop)
	r.run(ctx, "heartbeat", r.heartbeatLoop)
	return r, nil
}

// channelOf returns the channel of a deployment. The numbered databases of a server share their channels, so the number
// separates deployments that have a database each. If two do meet, they cost each other some reads.
func channelOf(o *redis.Options) string { return "parley:" + strconv.Itoa(o.DB) }

func redisOptions(url string, t intervals) (*redis.Options, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errBadAddress
	}
	// Without these two a frozen server blocks a publish for 5 to 10 s, whatever its context says.
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1
	options.DialTimeout = t.publishTimeout
	options.DialerRetries = 1
	options.ReadTimeout = t.publishTimeout
	options.WriteTimeout = t.publishTimeout
	// One goroutine publishes. The pool is larger than that because after as many failed dials in a row it
	// tries only once a second.
	options.PoolSize = 4
	options.PipelinePoolSize = -1
	options.MinIdleConns = 0
	// Nothing that the newer protocol and these extras push to us is of use here.
	options.Protocol = 2
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return options, nil
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

// Close sends what is pending, if the bus is up, and ends the goroutines.
func (r *Redis) Close() error {
	r.listeners.close()
	r.stop()
	r.running.Wait()
	r.up.Store(false)
	if err := r.client.Close(); !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
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
