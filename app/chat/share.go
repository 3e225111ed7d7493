package chat

import (
	"context"
	"errors"
	"fmt"

	"parley/db"
)

// share is one room's part of a transaction.
type share struct {
	ctx   context.Context // until when it may wait and write
	room  uint64
	batch []*pending
	grown db.Room // the room after it
	err   error   // nil when it is committed
	done  chan struct{}
}

// shareRows is how many rows a share counts for besides its posts: it takes as long as these for statements of its own.
const shareRows = 20

// write commits the posts of a room. A file takes one transaction at a time, and waits for the disk in each: there
// the rooms that wait share the next one. On MySQL, whose transactions wait for the disk together, each room has its
// own, and none waits for the lock of another.
func (b *batcher) write(ctx context.Context, room uint64, batch []*pending) (db.Room, error) {
	s := &share{ctx: ctx, room: room, batch: batch, done: make(chan struct{})}
	if !b.chat.store.IsSQLite() {
		b.commitShares([]*share{s})
		return s.grown, s.err
	}
	b.mu.Lock()
	b.shares = append(b.shares, s)
	first := !b.sharing
	b.sharing = true
	b.mu.Unlock()
	if first {
		go b.runShares()
	}
	<-s.done
	return s.grown, s.err
}

// runShares writes shares until none is waiting.
func (b *batcher) runShares() {
	for shares := b.nextShares(); len(shares) > 0; shares = b.nextShares() {
		b.commitShares(inTime(shares))
		for _, s := range shares {
			close(s.done)
		}
	}
}

// nextShares takes the shares of the next transaction; none ends the goroutine that writes them.
func (b *batcher) nextShares() []*share {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, rows := 0, 0
	for ; n < len(b.shares); n++ {
		rows += shareRows
		for _, p := range b.shares[n].batch {
			rows += p.rows()
		}
		if n > 0 && rows > maxBatchRows {
			break
		}
	}
	shares := b.shares[:n:n]
	b.shares = b.shares[n:]
	if b.sharing = n > 0; !b.sharing {
		b.shares = nil
	}
	return shares
}

// inTime returns those shares whose time has not ended while they waited, and refuses the others.
func inTime(shares []*share) (list []*share) {
	for _, s := range shares {
		if err := s.ctx.Err(); err != nil {
			s.err = fmt.Errorf("%w: %w", db.ErrUnavailable, err)
		} else {
			list = append(list, s)
		}
	}
	return list
}

// commitShares writes shares in one transaction. One that is refused is undone alone.
func (b *batcher) commitShares(shares []*share) {
	if len(shares) == 0 {
		return
	}
	var err error
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("chat: panic in the writer of %d rooms: %v", len(shares), cause)
		}
		written := false
		for _, s := range shares {
			if err != nil {
				s.err = err
			}
			written = written || s.err == nil
		}
		if written {
			b.chat.Stats.Batches.Add(1)
		}
	}()
	ctx := shares[0].ctx // which ends first
	err = b.chat.store.WithPriority(db.High).Tx(ctx, func(tx *db.DB) error {
		for _, s := range shares {
			if len(shares) == 1 {
				return b.insertShare(ctx, tx, s)
			}
			s.err = tx.Part(ctx, func() error { return b.insertShare(ctx, tx, s) })
			if errors.Is(s.err, db.ErrUnavailable) {
				return s.err
			}
		}
		return nil
	})
}

// insertShare is insert for a share. What panics in it concerns no other share.
func (b *batcher) insertShare(ctx context.Context, tx *db.DB, s *share) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("chat: panic in the writer of a room: %v", cause)
		}
	}()
	s.grown, err = b.insert(ctx, tx, s.room, s.batch)
	return err
}
