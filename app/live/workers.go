package live

import (
	"sync/atomic"
	"time"
)

const (
	mostIdle = 16          // the most idle goroutines that are kept
	idleTime = time.Second // how long they are kept
)

// workers runs short tasks in goroutines that it keeps for a while. A new goroutine has a small stack, which grows again
// and again while entries are read and rendered, and is copied each time: a twentieth of what a post costs.
type workers struct {
	tasks chan func() // received by goroutines that are idle
	idle  atomic.Int32
}

func newWorkers() *workers { return &workers{tasks: make(chan func())} }

// start runs a task in a goroutine. It doesn't wait, however many tasks are running.
func (w *workers) start(task func()) {
	select {
	case w.tasks <- task:
	default:
		go w.run(task)
	}
}

func (w *workers) run(task func()) {
	timer := time.NewTimer(idleTime)
	defer timer.Stop()
	for task != nil {
		task()
		task = w.next(timer)
	}
}

// next returns the next task of a goroutine, or nil if none comes for a while or enough goroutines are idle already.
func (w *workers) next(timer *time.Timer) (task func()) {
	defer w.idle.Add(-1)
	if w.idle.Add(1) > mostIdle {
		return nil
	}
	timer.Reset(idleTime)
	select {
	case task = <-w.tasks:
	case <-timer.C:
	}
	return task
}
