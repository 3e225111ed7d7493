package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/app/bus"
	"parley/db"
)

// cluster watches the other processes on the same database. Processes that cannot notify each other
// would each deliver half of the messages late, so if there are several, and not all of them have
// Redis, none is ready; nor is one that has never heard all others, because it has another Redis.
type cluster struct {
	store   *db.DB
	id      string
	bus     bus.Bus // nil without Redis
	log     *slog.Logger
	split   atomic.Bool  // some process cannot be reached by the others
	count   atomic.Int64 // processes on the database, with this one
	hearing hearing
	failing bool // the last heartbeat failed
	stop    chan struct{}
	stopped sync.WaitGroup
}

const (
	heartbeatInterval = 5 * time.Second
	splitReason       = "several processes use this MySQL database and not all of them have Redis: set the same PARLEY_REDIS_URL for all"
	deafReason        = "other processes on this database were never heard over Redis: set the same PARLEY_REDIS_URL for all"
)

// joinCluster registers this process, and keeps sending heartbeats until leave. The bus is nil without
// Redis.
func joinCluster(store *db.DB, bus bus.Bus, log *slog.Logger) *cluster {
	c := &cluster{store: store, id: rand.Text(), bus: bus, log: log, stop: make(chan struct{})}
	c.count.Store(1)
	c.heartbeat()
	c.stopped.Go(c.run)
	return c
}

// processes returns the number of processes that use the database, including this one.
func (c *cluster) processes() int { return int(c.count.Load()) }

// problem returns why this process is not ready, or "".
func (c *cluster) problem() string {
	switch {
	case c.split.Load():
		return splitReason
	case c.hearing.alwaysDeaf.Load():
		return deafReason
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
	others, withoutBus, err := c.store.Heartbeat(ctx, c.id, c.bus != nil)
	if err != nil {
		if !c.failing {
			c.log.Warn("could not check for other processes", "error", err)
		}
		c.failing = true
		return
	}
	c.failing = false
	c.count.Store(int64(others + 1))
	split := others > 0 && withoutBus > 0
	if split && !c.split.Load() {
		c.log.Error("not ready", "reason", splitReason)
	}
	c.split.Store(split)
	if c.bus != nil && !split && c.bus.Up() {
		c.hearing.compare(others+1, c.bus.Peers(), time.Now(), c.log)
	} else {
		c.hearing.pause()
	}
}

// deafAfter is how long fewer processes must be heard than the database knows. One that has died is
// known for as long (processTTL in db/process.go), and one that starts is heard after some seconds.
const deafAfter = 20 * time.Second

// hearing compares the processes on the database with those on the bus.
type hearing struct {
	since      time.Time // when fewer were heard for the first time in a row
	deaf       bool      // and that was some time ago
	heardAll   bool      // all were heard at some time
	alwaysDeaf atomic.Bool
}

// compare records the number of processes, and how many of them are heard. A process that has heard
// all of them before stays ready: what has failed then is Redis, and messages only come later.
func (h *hearing) compare(known, heard int, now time.Time, log *slog.Logger) {
	switch {
	case heard >= known:
		if h.deaf {
			log.Info("all processes are heard over Redis", "processes", known)
		}
		h.since, h.deaf, h.heardAll = time.Time{}, false, true
	case h.since.IsZero():
		h.since = now
	case !h.deaf && now.Sub(h.since) >= deafAfter:
		h.deaf = true
		log.Error("other processes on this database are not heard over Redis, so messages are delivered late: set the same PARLEY_REDIS_URL for all",
			"processes", known, "heard", heard)
	}
	h.alwaysDeaf.Store(h.deaf && !h.heardAll)
}

// pause starts over: while the bus is down it says nothing about other processes.
func (h *hearing) pause() {
	h.since, h.deaf = time.Time{}, false
	h.alwaysDeaf.Store(false)
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
