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

// company is who else runs on the same database. Processes that cannot ring each other would each
// show half of the conversation late, so while there are several without Redis none is ready.
type company struct {
	store   *db.DB
	id      string
	hasBus  bool
	log     *slog.Logger
	split   atomic.Bool
	done    chan struct{}
	ended   sync.WaitGroup
	failing bool
}

const (
	companyEvery = 5 * time.Second
	splitReason  = "several processes use this MySQL database and not all of them have Redis: set the same PARLEY_REDIS_URL for all"
)

func newCompany(store *db.DB, hasBus bool, log *slog.Logger) *company {
	c := &company{store: store, id: rand.Text(), hasBus: hasBus, log: log, done: make(chan struct{})}
	c.look()
	c.ended.Add(1)
	go c.watch()
	return c
}

// trouble is why this process should not be used, or "".
func (c *company) trouble() string {
	if c.split.Load() {
		return splitReason
	}
	return ""
}

func (c *company) watch() {
	defer c.ended.Done()
	ticker := time.NewTicker(companyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-ticker.C:
			c.look()
		}
	}
}

func (c *company) look() {
	ctx, cancel := context.WithTimeout(context.Background(), companyEvery)
	defer cancel()
	others, withoutBus, err := c.store.Heartbeat(ctx, c.id, c.hasBus)
	if err != nil {
		if !c.failing {
			c.log.Warn("looking for other processes failed", "error", err)
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

func (c *company) leave() {
	close(c.done)
	c.ended.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := c.store.ForgetProcess(ctx, c.id); err != nil {
		c.log.Warn("leaving the list of processes failed", "error", err)
	}
}
