package db

import (
	"context"
	"slices"
	"sync"
)

// Priority is the order in which transactions get SQLite's one writer. MySQL has many, and knows no such
// order.
type Priority int

// The priorities.
const (
	High       Priority = iota // messages: a bounded number of each person, and few rows
	Normal                     // what else somebody does and waits for
	Low                        // what a stranger can ask for, such as the counters of sign-ins
	Idle                       // what nobody waits for, such as the search index
	priorities                 // their number
)

// patience is the number of transactions of other priorities that go first while one of this priority waits. Nothing
// waits forever then, and a post waits for one sign-in and a few other changes at most, however many there are.
var patience = [priorities]int{High: 0, Normal: 2, Low: 4, Idle: 32}

// WithPriority returns the same database with another priority for its transactions.
func (d *DB) WithPriority(p Priority) *DB {
	other := *d
	other.priority = p
	return &other
}

// writer admits one transaction at a time to SQLite: by priority, and first come, first served within
// one. SQLite's own busy handler polls, and starves some callers under load.
type writer struct {
	mu      sync.Mutex
	busy    bool // somebody writes; otherwise nobody waits
	waiting [priorities][]chan struct{}
	passed  [priorities]int // the number that have gone first since the last one of this priority
}

// enter waits for the caller's turn, or for the context. The caller calls leave when it has written.
func (w *writer) enter(ctx context.Context, p Priority) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	if !w.busy {
		w.busy = true
		w.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	w.waiting[p] = append(w.waiting[p], turn)
	w.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	w.mu.Lock()
	i := slices.Index(w.waiting[p], turn)
	if i >= 0 {
		w.waiting[p] = slices.Delete(w.waiting[p], i, i+1)
	}
	w.mu.Unlock()
	if i < 0 { // the turn came at the same moment
		w.leave()
	}
	return ctx.Err()
}

// leave gives the turn to the next.
func (w *writer) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.next()
	if p == priorities {
		w.busy = false
		return
	}
	for other := range w.waiting {
		if len(w.waiting[other]) > 0 {
			w.passed[other]++
		}
	}
	w.passed[p] = 0
	close(w.waiting[p][0])
	w.waiting[p] = w.waiting[p][1:]
}

// next returns whose turn it is, or priorities if nobody waits.
func (w *writer) next() Priority {
	first := priorities
	for p := Idle; p >= High; p-- {
		if len(w.waiting[p]) == 0 {
			continue
		}
		if first = p; p > High && w.passed[p] >= patience[p] {
			break
		}
	}
	return first
}
