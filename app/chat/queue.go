package chat

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/db"
)

const (
	// One writer makes the largest transactions, so on MySQL more than one write only while a transaction takes long.
	// SQLite takes one at a time.
	maxWriters  = 4
	longWriting = 50 * time.Millisecond

	maxAlone = 8 // rooms that are written alone at the same time, each with a connection, of which there are 16
	// maxSkipped is how often a room is skipped before it is written alone. What another process has locked for a
	// post is free again at the next transaction.
	maxSkipped = 3
	roomRows   = 2 // the rows that a room counts for besides its posts
)

// queue is the posts of one room that wait.
type queue struct {
	room    uint64
	posts   []*pending
	skipped int // how often in a row somebody else had the room's lock
}

// part is what a transaction writes of a queue.
type part struct {
	queue *queue
	posts []*pending
}

func newBatcher(c *Chat) *batcher {
	b := &batcher{chat: c, limit: maxBatch, most: maxWriters, capacity: maxWaiting, skipsLocked: c.store.SkipsLocked, queues: map[uint64]*queue{}, alone: make(chan struct{}, maxAlone)}
	if c.store.IsSQLite() {
		b.most = 1
	}
	return b
}

// enqueue adds a post to those that wait for its room.
func (b *batcher) enqueue(p *pending) {
	b.mu.Lock()
	defer b.mu.Unlock()
	room := p.entry.RoomID
	if q := b.queues[room]; q != nil {
		q.posts = append(q.posts, p)
		return
	}
	b.queues[room] = &queue{room: room, posts: []*pending{p}}
	b.schedule(b.queues[room])
}

// schedule puts a room behind those that wait for a transaction. The caller holds the lock.
func (b *batcher) schedule(q *queue) {
	if !b.skipsLocked() {
		go b.runAlone(q)
		return
	}
	b.waiting = append(b.waiting, q)
	b.startWriter()
}

// startWriter starts a writer if something waits that none is about to write. The caller holds the lock.
func (b *batcher) startWriter() {
	if len(b.waiting) > 0 && b.writers == b.late && b.writers < b.most {
		b.writers++
		go b.run()
	}
}

// run writes what waits, until nothing does, or until another writer does it.
func (b *batcher) run() {
	for parts := b.next(); len(parts) > 0; parts = b.next() {
		ended := b.expectEnd()
		skipped := b.write(inTime(parts), false)
		ended()
		b.finish(parts, skipped)
	}
}

// expectEnd counts a writer as late, and so makes room for another, unless what it returns is called soon.
func (b *batcher) expectEnd() (ended func()) {
	late, done := false, false
	timer := time.AfterFunc(longWriting, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if !done {
			late = true
			b.late++
			b.startWriter()
		}
	})
	return func() {
		timer.Stop()
		b.mu.Lock()
		defer b.mu.Unlock()
		if done = true; late {
			b.late--
		}
	}
}

// runAlone writes what waits in a room, and waits for its lock.
func (b *batcher) runAlone(q *queue) {
	b.alone <- struct{}{}
	defer func() { <-b.alone }()
	b.mu.Lock()
	parts := []part{{q, q.take(b.size())}}
	b.mu.Unlock()
	b.finish(parts, b.write(inTime(parts), true))
}

// next takes what the next transaction writes, by rising room. Nothing ends the writer.
func (b *batcher) next() (parts []part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.writers-b.late == 1 { // otherwise another goes on
		parts = b.take()
	}
	if len(parts) == 0 {
		b.writers--
	}
	return parts
}

// take takes of those rooms that wait what goes into a transaction. The caller holds the lock.
func (b *batcher) take() (parts []part) {
	for left := b.size(); len(b.waiting) > 0; {
		q := b.waiting[0]
		left.rows -= roomRows
		posts := q.take(left)
		if len(posts) == 0 {
			break
		}
		parts, b.waiting = append(parts, part{q, posts}), b.waiting[1:]
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.queue.room, b.queue.room) })
	return parts
}

// size is what a transaction may still write. It takes one post in any case.
type size struct {
	posts, rows int
	taken       bool
}

func (b *batcher) size() *size { return &size{posts: b.limit, rows: maxBatchRows} }

// take takes those posts of a room that a transaction may still write.
func (q *queue) take(left *size) []*pending {
	n := 0
	for ; n < len(q.posts) && left.posts > 0; n++ {
		rows := q.posts[n].rows()
		if rows > left.rows && left.taken {
			break
		}
		left.posts, left.rows, left.taken = left.posts-1, left.rows-rows, true
	}
	posts := q.posts[:n:n]
	q.posts = q.posts[n:]
	return posts
}

// inTime returns the posts of a transaction, and refuses those that have waited for too long: their senders have had an
// answer by then, or get this one.
func inTime(parts []part) (batch []*pending) {
	for _, part := range parts {
		for _, p := range part.posts {
			if waited := time.Since(p.since); waited > batchTimeout {
				p.answer(fmt.Errorf("%w: a post has waited for %v", db.ErrUnavailable, waited))
			} else {
				batch = append(batch, p)
			}
		}
	}
	return batch
}

// finish schedules the rooms of a transaction again that have posts left, those that were skipped behind the others.
// Those that are locked while nothing else waits, and those that were skipped too often, are written alone.
func (b *batcher) finish(parts []part, skipped map[uint64]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var over []*queue
	for _, part := range parts {
		q := part.queue
		if _, is := skipped[q.room]; is {
			q.posts = append(slices.DeleteFunc(part.posts, func(p *pending) bool { return p.answered }), q.posts...)
			q.skipped++
			over = append(over, q)
			continue
		}
		q.skipped = 0
		if len(q.posts) > 0 {
			b.schedule(q)
		} else {
			delete(b.queues, q.room)
		}
	}
	for _, q := range over {
		if q.skipped > maxSkipped || skipped[q.room] && len(b.waiting) == 0 {
			go b.runAlone(q)
		} else {
			b.schedule(q)
		}
	}
}
