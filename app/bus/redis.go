package bus

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Redis is the bus of a deployment with several processes: signals go through one channel of a
// Redis server. It works as well as it can while the server is away, frozen or restarting.
type Redis struct {
	log       *slog.Logger
	timing    timing
	process   uint64 // tells the processes apart, in heartbeats
	client    *redis.Client
	channel   string
	listeners listeners
	outbox    outbox
	peers     peers

	up      atomic.Bool
	trouble atomic.Pointer[error]              // the newest error, for the log when the bus goes down
	drop    atomic.Pointer[context.CancelFunc] // ends the present subscription

	// To the heart, which alone decides.
	subscribed chan struct{} // a subscription took effect
	heard      chan uint64   // numbers of our own beats that came back
	failed     chan struct{} // something could not be sent, or subscribed to

	stop    context.CancelFunc
	running sync.WaitGroup
}

// timing holds the intervals, so that tests need not wait for the real ones.
type timing struct {
	beat    time.Duration // between two heartbeats
	dead    time.Duration // after so long without hearing our own, the bus is down
	peer    time.Duration // after so long without hearing a process, it is gone
	publish time.Duration // for everything that waits to be sent, connecting included
	retry   time.Duration // pause after a failure, give or take a fifth
}

func defaultTiming() timing {
	return timing{
		beat:    2 * time.Second,
		dead:    5 * time.Second,
		peer:    10 * time.Second,
		publish: 500 * time.Millisecond,
		retry:   500 * time.Millisecond,
	}
}

// errAddress does not quote the address, because there is a password in it.
var errAddress = errors.New("bus: not the address of a Redis server, like redis://:password@host:6379/0")

// NewRedis returns a bus over the Redis server at url, "redis://" or "rediss://". It fails only if
// url cannot be understood: a server that is not there yet is one that is down.
func NewRedis(url string, log *slog.Logger) (*Redis, error) {
	return newRedis(url, log, defaultTiming())
}

func newRedis(url string, log *slog.Logger, t timing) (*Redis, error) {
	options, err := redisOptions(url, t)
	if err != nil {
		return nil, err
	}
	// The client would write a line to stderr for each attempt to connect, past our JSON log. We
	// log when the bus goes down and comes up, and why. Nothing else in the program uses the client.
	logging.Disable()

	ctx, stop := context.WithCancel(context.Background())
	r := &Redis{
		log:     log,
		timing:  t,
		process: rand.Uint64(), // tells processes apart and keeps no secret
		client:  redis.NewClient(options),
		// The numbered databases of a server share their channels; the number keeps two deployments
		// apart that were kept apart in this way. If they do meet, they cost each other some reads.
		channel:    "parley:" + strconv.Itoa(options.DB),
		listeners:  listeners{log: log},
		outbox:     newOutbox(),
		subscribed: make(chan struct{}, 1),
		heard:      make(chan uint64, 16),
		failed:     make(chan struct{}, 1),
		stop:       stop,
	}
	r.run(ctx, "receiver", r.receive)
	r.run(ctx, "publisher", r.publish)
	r.run(ctx, "heart", r.watchHeartbeat)
	return r, nil
}

func redisOptions(url string, t timing) (*redis.Options, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errAddress
	}
	// Without these two a frozen server holds a publish for 5 to 10 s, whatever its context says.
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1
	options.DialTimeout = t.publish
	options.DialerRetries = 1
	options.ReadTimeout = t.publish
	options.WriteTimeout = t.publish
	// One goroutine publishes. More connections than it needs, since the pool takes as many failed
	// dials in a row as a reason to try only once a second.
	options.PoolSize = 4
	options.PipelinePoolSize = -1
	options.MinIdleConns = 0
	// Nothing the newer protocol and these extras push to us is of use to a doorbell.
	options.Protocol = 2
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return options, nil
}

// Publish tells the listeners of this process and leaves the rest to the publisher.
func (r *Redis) Publish(s Signal) {
	if !s.Kind.isPublic() {
		return
	}
	r.outbox.put(s)
	r.listeners.notify(Event{Kind: EventSignal, Signal: s})
}

// Listen adds a listener.
func (r *Redis) Listen(on func(Event)) (stop func()) {
	return r.listeners.add(on)
}

// Up reports whether our own heartbeat comes back.
func (r *Redis) Up() bool { return r.up.Load() }

// Peers counts the processes whose heartbeat was heard lately, and this one.
func (r *Redis) Peers() int {
	return 1 + r.peers.count(r.timing.peer)
}

// Close sends what is waiting, if the bus is up, and ends the goroutines.
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

// run starts a goroutine that outlives a panic. The Redis client has some for replies that it does
// not expect, and none of them is worth the process.
func (r *Redis) run(ctx context.Context, name string, loop func(context.Context)) {
	guarded := func() {
		defer func() {
			if cause := recover(); cause != nil {
				r.log.Error("the bus panicked", "in", name, "cause", cause, "stack", string(debug.Stack()))
			}
		}()
		loop(ctx)
	}
	r.running.Go(func() {
		for {
			guarded()
			if ctx.Err() != nil {
				return
			}
			r.pause(ctx)
		}
	})
}

// pause waits before the next attempt; the jitter keeps the processes of a deployment from meeting
// a server that just came back all at the same moment.
func (r *Redis) pause(ctx context.Context) {
	jitter := 0.8 + 0.4*rand.Float64() // a guess of it wins nothing
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(float64(r.timing.retry) * jitter)):
	}
}
