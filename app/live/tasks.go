package live

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// taskGroup counts the goroutines of a hub. A signal or a stream may start one while Close is already
// waiting for them, which a bare WaitGroup forbids.
type taskGroup struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// start reports whether a new goroutine may run. It must call running.Done at its end.
func (g *taskGroup) start() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

// close refuses new goroutines and waits for the others.
func (g *taskGroup) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.running.Wait()
}

// every calls fn at every interval until the hub closes.
func (h *Hub) every(interval time.Duration, what string, fn func()) {
	h.goSafe(what, func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-h.done:
				return
			case <-ticker.C:
				h.recovering(what, fn)
			}
		}
	})
}

// goSafe runs fn in a goroutine that Close waits for. A panic does not end the process. After Close
// nothing is started, because there is nobody left to work for.
func (h *Hub) goSafe(what string, fn func()) {
	if !h.tasks.start() {
		return
	}
	go func() {
		defer h.tasks.running.Done()
		h.recovering(what, fn)
	}()
}

// goOften is goSafe for tasks that are started often and are usually short.
func (h *Hub) goOften(what string, fn func()) {
	if !h.tasks.start() {
		return
	}
	h.workers.start(func() {
		defer h.tasks.running.Done()
		h.recovering(what, fn)
	})
}

// recovering runs fn and reports whether it returned without a panic. A panic is counted and logged.
func (h *Hub) recovering(what string, fn func()) (ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			h.Stats.Panics.Add(1)
			h.log.Error("panic in a stream or its upkeep", "task", what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
	return true
}

// sleep waits, and reports whether the hub has closed instead.
func (h *Hub) sleep(d time.Duration) (closed bool) {
	select {
	case <-h.done:
		return true
	case <-time.After(d):
		return false
	}
}
