package chat

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/db"
)

const (
	maxAlone = 8 // rooms that are written alone at the same time, each with a connection, of which there are 16
	// maxPassed is how often a room is passed over before it is written alone. What another process has locked for a
	// post is free again at the next transaction.
	maxPassed = 3
	roomRows  = 2 // how many rows a room counts for besides its posts
)

// writersOn returns how many writers a database gets, each with its share of the rooms. SQLite takes one transaction at a
// time, and on MySQL more of them make smaller transactions, and wait longer.
func writersOn(store *db.DB) int {
	if store.IsSQLite() {
		return 1
	}
	return 2
}

// share is the rooms of one writer.
type share struct {
	waiting []*queue // rooms with posts that wait for a transaction, the longest first
	running bool     // a goroutine writes them
}

// queue is the posts of one room that wait.
type queue struct {
	room   uint64
	posts  []*pending
	passed int // how often in a row somebody else had the room's lock
}

// part is what a transaction writes of a queue.
type part struct {
	queue *queue
	posts []*pending
}

func newBatcher(c *Chat, writers int) *batcher {
	b := &batcher{chat: c, limit: maxBatch, passesOver: c.store.PassesOver, queues: map[uint64]*queue{}, alone: make(chan struct{}, maxAlone)}
	for range writers {
		b.shares = append(b.shares, &share{})
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
	b.line(b.queues[room])
}

// shareOf returns the share that a room is in.
func (b *batcher) shareOf(room uint64) *share { return b.shares[room%uint64(len(b.shares))] }

// line puts a room in line for the next transaction of its writer. The caller holds the lock.
func (b *batcher) line(q *queue) {
	if !b.passesOver() {
		go b.runAlone(q)
		return
	}
	s := b.shareOf(q.room)
	s.waiting = append(s.waiting, q)
	if !s.running {
		s.running = true
		go b.run(s)
	}
}

// run writes what waits in a share, until nothing does.
func (b *batcher) run(s *share) {
	for parts := b.next(s); len(parts) > 0; parts = b.next(s) {
		b.finish(parts, b.write(inTime(parts), false))
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

// next takes what the next transaction of a share writes, by rising room. Nothing ends the goroutine of the share.
func (b *batcher) next(s *share) (parts []part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for left := b.size(); len(s.waiting) > 0; {
		q := s.waiting[0]
		left.rows -= roomRows
		posts := q.take(left)
		if len(posts) == 0 {
			break
		}
		parts, s.waiting = append(parts, part{q, posts}), s.waiting[1:]
	}
	s.running = len(parts) > 0
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

// inTime returns the posts of a transaction, apart from those that have waited for too long, which it refuses: whoever
// sent them has been told so, or will be.
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

// finish puts the rooms of a transaction in line again that have posts left, those that were passed over behind the
// others. If nothing else waits then, or if that has happened too often, they are written alone.
func (b *batcher) finish(parts []part, passed map[uint64]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var over []*queue
	for _, part := range parts {
		q := part.queue
		if passed[q.room] {
			q.posts = append(slices.DeleteFunc(part.posts, func(p *pending) bool { return p.answered }), q.posts...)
			q.passed++
			over = append(over, q)
			continue
		}
		q.passed = 0
		if len(q.posts) > 0 {
			b.line(q)
		} else {
			delete(b.queues, q.room)
		}
	}
	for _, q := range over {
		if q.passed > maxPassed || len(b.shareOf(q.room).waiting) == 0 {
			go b.runAlone(q)
		} else {
			b.line(q)
		}
	}
}
