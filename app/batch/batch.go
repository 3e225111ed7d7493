// Package batch answers look-ups that wait at the same moment with one query: when a thousand browsers come back at
// once, they need a thousand sessions, and a few statements.
//
// No answer is older than its question. A look-up joins a query only before the query has begun; whoever comes later
// waits for the next one, or something that has just been revoked would still let somebody in.
package batch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Loader looks up values by their keys. Its methods may be called from several goroutines.
type Loader[K comparable, V any] struct {
	load   Func[K, V]
	atOnce int
	most   int
	limit  time.Duration

	mu      sync.Mutex
	waiting []*query[K, V] // not begun, the oldest first; all but the last are full
	running int
}

// Func looks up keys, each of them once. What is not found is missing in the result.
type Func[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

type query[K comparable, V any] struct {
	keys  []K
	asked map[K]struct{}
	late  *time.Timer // begins it beside those that run
	done  chan struct{}
	found map[K]V
	err   error
}

const (
	queriesAtOnce = 3                // one that hangs does not stop the others, and few are large ones
	patience      = time.Millisecond // how long a query waits for one that runs: a key among others costs a tenth of one alone
	enough        = 16               // keys, with which it waits no longer
	queryTime     = 5 * time.Second  // a query that belongs to several doesn't end with the context of one of them
)

// New returns a loader whose queries each ask for up to most keys.
func New[K comparable, V any](most int, load Func[K, V]) *Loader[K, V] {
	return &Loader[K, V]{load: load, atOnce: queriesAtOnce, most: most, limit: queryTime}
}

// Load looks up one key. The error is that of the query, or the context's.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (value V, found bool, err error) {
	q, own := l.join(key)
	if own {
		l.answer(ctx, q)
		l.handOver()
	}
	select {
	case <-q.done:
		value, found = q.found[key]
		if own && ctx.Err() != nil {
			return value, false, ctx.Err()
		}
		return value, found, q.err
	case <-ctx.Done():
		return value, false, ctx.Err()
	}
}

// join adds a key to the newest query that hasn't begun. That begins when one that runs has ended, or once it has enough
// keys or has waited long enough. If none is running, it begins now, is nobody else's, and the caller runs it: without
// another goroutine, which costs half as much as the query.
func (l *Loader[K, V]) join(key K) (q *query[K, V], own bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running == 0 {
		l.running++
		return &query[K, V]{keys: []K{key}, done: make(chan struct{})}, true
	}
	if n := len(l.waiting); n == 0 || len(l.waiting[n-1].keys) == l.most {
		q := &query[K, V]{asked: map[K]struct{}{}, done: make(chan struct{})}
		q.late = time.AfterFunc(patience, func() { l.begin(q) })
		l.waiting = append(l.waiting, q)
	}
	q = l.waiting[len(l.waiting)-1]
	if _, is := q.asked[key]; is {
		return q, false
	}
	q.asked[key] = struct{}{}
	q.keys = append(q.keys, key)
	if n := len(q.keys); n == enough || n == l.most {
		l.beginLocked()
	}
	return q, false
}

// handOver ends a query of a caller's own. If others wait by now, somebody else answers them.
func (l *Loader[K, V]) handOver() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.running--
		return
	}
	go l.run()
}

// begin begins a query that has waited long enough, unless as many as may are running.
func (l *Loader[K, V]) begin(q *query[K, V]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.Contains(l.waiting, q) {
		l.beginLocked()
	}
}

// beginLocked begins the oldest query, unless as many as may are running. The caller holds the lock.
func (l *Loader[K, V]) beginLocked() {
	if l.running < l.atOnce {
		l.running++
		go l.run()
	}
}

// run answers queries until none is waiting.
func (l *Loader[K, V]) run() {
	for q := l.next(); q != nil; q = l.next() {
		l.answer(context.Background(), q) // no query belongs to one of those who wait for it
	}
}

func (l *Loader[K, V]) next() *query[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.running--
		return nil
	}
	q := l.waiting[0]
	l.waiting = l.waiting[1:]
	q.late.Stop()
	return q
}

func (l *Loader[K, V]) answer(ctx context.Context, q *query[K, V]) {
	defer close(q.done)
	defer func() {
		if p := recover(); p != nil { // otherwise it would end the process, unlike a panic in a request's own goroutine
			q.err = fmt.Errorf("batch: a look-up panicked: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, l.limit)
	defer cancel()
	q.found, q.err = l.load(ctx, q.keys)
}
