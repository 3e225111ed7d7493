package live

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// crew are the goroutines of a hub. A bell or a stream may want to begin one while Close already
// waits for them, which a bare WaitGroup forbids.
type crew struct {
	mu   sync.Mutex
	over bool
	work sync.WaitGroup
}

func (c *crew) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return false
	}
	c.work.Add(1)
	return true
}

// wait lets nothing begin any more and waits for the rest.
func (c *crew) wait() {
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
	c.work.Wait()
}

// every runs fn again and again until the hub closes.
func (h *Hub) every(pause time.Duration, fn func()) {
	h.guard("every "+pause.String(), func() {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			select {
			case <-h.done:
				return
			case <-ticker.C:
				h.safely("tick", fn)
			}
		}
	})
}

// guard starts a goroutine of the hub that cannot take the process with it. Once the hub has closed
// there is nobody left to work for, and it starts nothing.
func (h *Hub) guard(what string, fn func()) {
	if !h.crew.begin() {
		return
	}
	go func() {
		defer h.crew.work.Done()
		h.safely(what, fn)
	}()
}

// safely tells whether fn came to its end.
func (h *Hub) safely(what string, fn func()) (ended bool) {
	defer func() {
		if cause := recover(); cause != nil {
			h.Stats.Panics.Add(1)
			h.log.Error("panic in the hub", "what", what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
	return true
}
