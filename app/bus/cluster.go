package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/redis/go-redis/v9"
)

// bucketCount is fixed, because all processes of a deployment must agree on it: signals are spread over this many
// channels, and with them over the nodes of a cluster.
const bucketCount = 8

func buckets(k kind) int {
	if k == cluster {
		return bucketCount
	}
	return 1
}

// Cluster is the bus over a Redis Cluster: a few buckets over one client, each a bus of its own, with a channel that one
// node is responsible for. It is up while every bucket is.
type Cluster struct {
	client    conn
	listeners listeners
	buckets   []*Redis

	mu    sync.Mutex // held while listeners hear about it, so that they hear of changes in their order
	heard EventKind  // EventRecovered or EventDown, whichever came last; 0 before
}

func newCluster(a address, client conn, log *slog.Logger, t intervals) *Cluster {
	c := &Cluster{client: client, listeners: listeners{log: log}}
	for n := range bucketCount {
		bucket := newBucket(client, a.bucketChannel(uint64(n)), log.With("bucket", n), t)
		bucket.Listen(c.hear)
		c.buckets = append(c.buckets, bucket)
	}
	for _, bucket := range c.buckets { // all are there before the first is heard
		bucket.start()
	}
	return c
}

// hear passes on what a bucket says. One that is down makes the whole bus down.
func (c *Cluster) hear(e Event) {
	if e.Kind == EventSignal {
		c.listeners.notify(e)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Kind == EventDown && c.heard == EventDown:
		return // for another bucket
	case e.Kind == EventDown, e.Kind == EventRecovered && c.Up() && c.heard != EventRecovered:
		c.heard = e.Kind
	default:
		e.Kind = EventMissed
	}
	c.listeners.notify(e)
}

// Publish calls the listeners of this process, and leaves the rest to the bucket of the signal.
func (c *Cluster) Publish(s Signal) { c.buckets[bucketOf(s)].Publish(s) }

// bucketOf returns the same bucket in all processes, so that only the newest of a room's signals waits.
func bucketOf(s Signal) uint64 {
	switch {
	case s.Room != 0:
		return s.Room % bucketCount
	case s.User != 0:
		return s.User % bucketCount
	}
	return s.Session % bucketCount
}

// Listen adds a listener.
func (c *Cluster) Listen(on func(Event)) (stop func()) { return c.listeners.add(on) }

// Up reports whether our own heartbeat comes back in every bucket.
func (c *Cluster) Up() bool {
	for _, bucket := range c.buckets {
		if !bucket.Up() {
			return false
		}
	}
	return true
}

// Peers returns the number of processes whose heartbeats were heard lately in every bucket, with this one.
func (c *Cluster) Peers() int {
	least := c.buckets[0].Peers()
	for _, bucket := range c.buckets[1:] {
		least = min(least, bucket.Peers())
	}
	return least
}

// Waiting returns how many signals wait to be sent in all buckets.
func (c *Cluster) Waiting() (n int) {
	for _, bucket := range c.buckets {
		n += bucket.Waiting()
	}
	return n
}

// Close sends what is pending in the buckets that are up, and ends the goroutines.
func (c *Cluster) Close() error {
	c.listeners.close()
	var all sync.WaitGroup
	for _, bucket := range c.buckets {
		all.Go(bucket.end)
	}
	all.Wait()
	if err := c.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("bus: closing the client: %w", err)
	}
	return nil
}
