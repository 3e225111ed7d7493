package bus

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// conn is a client, and how it subscribes and publishes: in a cluster every channel has its node.
type conn struct {
	redis.UniversalClient
	sharded bool
}

// connect returns a client for an address. It opens no connection yet.
func (a address) connect(t intervals) (conn, error) {
	options, err := a.options(t)
	if err != nil {
		return conn{}, err
	}
	switch a.kind {
	case sentinel:
		return conn{UniversalClient: redis.NewFailoverClient(options.Failover())}, nil
	case cluster:
		nodes := options.Cluster()
		// How long to trust what we know of the cluster while there is no error: any error reloads it at once.
		nodes.ClusterStateReloadInterval = 10 * time.Second
		return conn{redis.NewClusterClient(nodes), true}, nil
	}
	return conn{UniversalClient: redis.NewClient(options.Simple())}, nil
}

func (a address) options(t intervals) (*redis.UniversalOptions, error) {
	encrypted, err := a.tlsConfig()
	if err != nil {
		return nil, err
	}
	number := a.number
	if a.kind == cluster { // which has no numbered databases
		number = 0
	}
	return &redis.UniversalOptions{
		Addrs:            a.hosts,
		MasterName:       a.master,
		DB:               number,
		Username:         a.user,
		Password:         a.password,
		SentinelUsername: a.sentinelUser,
		SentinelPassword: a.sentinelPassword,
		TLSConfig:        encrypted,
		// Without these two a frozen server blocks a publish for 5 to 10 s, whatever its context says.
		ContextTimeoutEnabled: true,
		MaxRetries:            -1,
		DialTimeout:           t.publishTimeout,
		DialerRetries:         1,
		ReadTimeout:           t.publishTimeout,
		WriteTimeout:          t.publishTimeout,
		// One goroutine publishes, or one for each bucket. The pool is larger than that because after as many failed
		// dials in a row it tries only once a second.
		PoolSize:         4 * buckets(a.kind),
		PipelinePoolSize: -1,
		// Nothing that the newer protocol and these extras push to us is of use here.
		Protocol:                 2,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}, nil
}

// channel returns the channel of a deployment. The numbered databases of a server share their channels, so the number
// separates deployments that have a database each. If two do meet, they cost each other some reads.
func (a address) channel() string { return "parley:" + strconv.Itoa(a.number) }

// subscribe subscribes to a channel; what Redis answers comes from Receive of the subscription.
func (c conn) subscribe(ctx context.Context, s *redis.PubSub, channel string) error {
	if c.sharded {
		return s.SSubscribe(ctx, channel)
	}
	return s.Subscribe(ctx, channel)
}

// publish adds a message to what is sent next.
func (c conn) publish(ctx context.Context, to redis.Cmdable, channel, payload string) error {
	if c.sharded {
		return to.SPublish(ctx, channel, payload).Err()
	}
	return to.Publish(ctx, channel, payload).Err()
}

// relearn lets the client ask the cluster who is responsible for what, after something has failed.
func (c conn) relearn() {
	if nodes, ok := c.UniversalClient.(*redis.ClusterClient); ok {
		nodes.ReloadState(context.Background())
	}
}
