package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/db"
)

// cluster watches the other processes on the same database. Processes that cannot notify each other
// would each deliver half of the messages late, so if there are several, and not all of them have
// Redis, none is ready.
type cluster struct {
	store   *db.DB
	id      string
	hasBus  bool
	log     *slog.Logger
	split   atomic.Bool // some process cannot be reached by the others
	failing bool        // the last heartbeat failed
	stop    chan struct{}
	stopped sync.WaitGroup
}

const (
	heartbeatInterval = 5 * time.Second
	splitReason       = "several processes use this MySQL database and not all of them have Redis: set the same PARLEY_REDIS_URL for all"
)

// joinCluster registers this process, and keeps sending heartbeats until leave.
func joinCluster(store *db.DB, hasBus bool, log *slog.Logger) *cluster {
	c := &cluster{store: store, id: rand.Text(), hasBus: hasBus, log: log, stop: make(chan struct{})}
	c.heartbeat()
	c.stopped.Go(c.run)
	return c
}

// problem returns why this process is not ready, or "".
func (c *cluster) problem() string {
	if c.split.Load() {
		return splitReason
	}
	return ""
}

func (c *cluster) run() {
	ticker := time.NewTicker(heartbeatInterval)
	defer ticker.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
			c.heartbeat()
		}
	}
}

func (c *cluster) heartbeat() {
	ctx, cancel := context.WithTimeout(context.Background(), heartbeatInterval)
	defer cancel()
	others, withoutBus, err := c.store.Heartbeat(ctx, c.id, c.hasBus)
	if err != nil {
		if !c.failing {
			c.log.Warn("could not check for other processes", "error", err)
		}
		c.failing = true
		return
	}
	c.failing = false
	split := others > 0 && withoutBus > 0
	if split && !c.split.Load() {
		c.log.Error("not ready", "reason", splitReason)
	}
	c.split.Store(split)
}

// leave stops the heartbeats and unregisters this process.
func (c *cluster) leave() {
	close(c.stop)
	c.stopped.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := c.store.ForgetProcess(ctx, c.id); err != nil {
		c.log.Warn("could not unregister this process", "error", err)
	}
}
