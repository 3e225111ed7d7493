package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/app/markup"
	"parley/db"
)

const (
	maxBatch     = 100             // posts in one transaction
	maxBatchRows = 300             // that they write, in some 10 ms on SQLite, where others wait in the meantime
	batchTimeout = 4 * time.Second // for one transaction, and for a post to wait for its own
	maxWaiting   = 4000            // posts: as many as are written in a second, and 64 MB of the longest
)

// batcher appends posts to the logs of rooms. Whatever waits shares the next transaction, for as many rooms as there are:
// each post is still checked and answered for itself, and a busy server is as fast as the disk, times the posts that
// wait.
//
// A room that somebody else has locked is skipped, and its posts wait for the next transaction. One that is locked
// again and again is written alone by a goroutine that waits for the lock, and delays nobody else.
type batcher struct {
	chat        *Chat
	limit       int           // posts in one transaction
	most        int           // writers
	capacity    int64         // for posts that wait or are being written
	skipsLocked func() bool   // whether the database does; otherwise each room is written alone
	alone       chan struct{} // has an element for each room that may be written alone at the same time

	mu      sync.Mutex
	queues  map[uint64]*queue // of the rooms with posts that wait or are being written
	waiting []*queue          // those that wait for a transaction, the longest first
	writers int               // goroutines that write what waits
	late    int               // those of them whose transaction takes long

	held atomic.Int64 // posts that are not answered yet
}

// pending is a post on its way in.
type pending struct {
	entry     db.Message
	photos    []db.Photo // uploads that belong to it
	text      *markup.Text
	usernames []string   // whom it may mention
	session   uint64     // with which its author must be signed in, or 0
	since     time.Time  // when it came
	done      chan error // gets one answer; nil when the entry with its seq is committed
	answered  bool
	leave     func() // called when it is answered; may be nil
}

// append appends a post to its room and returns its seq once it is committed. ErrSignedOut: it has a session that is
// over. db.ErrDuplicate: its key was used before. db.ErrUnknown: it may be there or not, or may still come.
// db.ErrUnavailable: it is not there, and may be sent again; that happens at once if the queue is full.
func (b *batcher) append(ctx context.Context, entry db.Message, photos []db.Photo, session uint64) (uint64, error) {
	text := b.chat.Texts.Text(entry.Body)
	p := &pending{entry: entry, photos: photos, text: text, usernames: lookedUp(text), session: session, since: time.Now(), done: make(chan error, 1), leave: func() { b.held.Add(-1) }}
	if n := b.held.Add(1); n > b.capacity {
		b.held.Add(-1)
		return 0, fmt.Errorf("%w: %d posts wait", db.ErrUnavailable, n-1)
	}
	b.enqueue(p)
	select {
	case err := <-p.done:
		return p.entry.Seq, err
	case <-ctx.Done():
		return 0, db.ErrUnknown
	}
}

// rows estimates the rows that a post writes: itself, and as a row each KiB of text, photo and mention.
func (p *pending) rows() int {
	return 1 + len(p.entry.Body)/1024 + len(p.photos) + len(p.usernames)
}

// answer answers a post, unless it has been answered.
func (p *pending) answer(err error) {
	if !p.answered {
		p.answered = true
		if p.leave != nil {
			p.leave()
		}
		p.done <- err
	}
}

// write writes posts and answers each of them, apart from those in rooms that it skips, which it returns: true for
// those that somebody has locked, false if the database has only said that somebody has one of them. With wait it
// skips none. The posts of a room follow each other. Repeats are looked up: after an outage everybody sends
// again. A batch with another post that cannot be written is bisected: one such post among a hundred makes fourteen
// transactions of one, and not a hundred.
func (b *batcher) write(batch []*pending, wait bool) (skipped map[uint64]bool) {
	if len(batch) == 0 {
		return nil
	}
	w, err := b.try(batch, wait)
	switch {
	case err == nil:
		b.announce(w)
		return w.skipped
	case errors.Is(err, db.ErrContention) && !wait:
		skipped = map[uint64]bool{}
		for _, p := range batch {
			skipped[p.entry.RoomID] = false
		}
		return skipped
	case errors.Is(err, errPhotosGone):
		for _, p := range w.gone {
			p.answer(ErrPhotoGone)
		}
		return b.write(slices.DeleteFunc(slices.Clone(batch), func(p *pending) bool { return p.answered }), wait)
	case len(batch) == 1 || errors.Is(err, db.ErrUnavailable) || errors.Is(err, db.ErrUnknown):
		for _, p := range batch {
			p.answer(err)
		}
		return nil
	}
	fresh, again := batch, []*pending(nil)
	if errors.Is(err, db.ErrDuplicate) {
		fresh, again = b.answerRepeats(batch)
	}
	if len(fresh) == len(batch) {
		fresh, again = batch[:len(batch)/2], batch[len(batch)/2:]
	}
	skipped = b.write(fresh, wait)
	if len(skipped) == 0 {
		return b.write(again, wait)
	}
	// Posts of a room that was skipped stay behind those that were before them.
	for room, locked := range b.write(slices.DeleteFunc(slices.Clone(again), func(p *pending) bool { _, is := skipped[p.entry.RoomID]; return is }), wait) {
		skipped[room] = locked
	}
	return skipped
}

// rooms is the set of the rooms of posts.
func rooms(batch []*pending) map[uint64]bool {
	set := map[uint64]bool{}
	for _, p := range batch {
		set[p.entry.RoomID] = true
	}
	return set
}

// try writes posts in one transaction. What panics is an error.
func (b *batcher) try(batch []*pending, wait bool) (w *writing, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	w = &writing{}
	defer func() {
		if cause := recover(); cause != nil { // not worth ending the process: the others go on, and these may be sent again
			err = fmt.Errorf("chat: panic in the writer of a room: %v", cause)
		}
	}()
	store := b.chat.store.WithPriority(db.High)
	inTx := store.Tx
	if !wait {
		inTx = store.TxOnce
	}
	err = inTx(ctx, func(tx *db.DB) error {
		*w = writing{chat: b.chat, tx: tx, batch: batch, wait: wait || store.IsSQLite(), now: b.chat.now()}
		return w.do(ctx)
	})
	if err == nil && len(w.batch) > 0 {
		b.chat.Stats.Batches.Add(1)
	}
	return w, err
}

// announce passes on what is committed, and answers its posts.
func (b *batcher) announce(w *writing) {
	for p, reason := range w.refused {
		p.answer(reason)
	}
	for _, posts := range byRoom(w.batch) {
		b.announceRoom(w.rooms[posts[0].entry.RoomID], w.looks, posts)
	}
}

func (b *batcher) announceRoom(r db.Room, looks uint64, posts []*pending) {
	var err error
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: panic after a commit: %v", db.ErrUnknown, cause)
		}
		for _, p := range posts {
			p.answer(err)
		}
	}()
	b.chat.handOver(r, looks, posts)
	b.chat.notifyRoom(r)
}

// byRoom returns the posts of each room, in the order in which the rooms come.
func byRoom(batch []*pending) (list [][]*pending) {
	for len(batch) > 0 {
		room, n := batch[0].entry.RoomID, 1
		for n < len(batch) && batch[n].entry.RoomID == room {
			n++
		}
		list, batch = append(list, batch[:n]), batch[n:]
	}
	return list
}

// answerRepeats answers those posts of a batch whose keys are in the database. It returns the others, apart from
// those that have the key of another post before them: their outcome depends on that of the earlier one. All are
// fresh if the database cannot tell, or lags.
func (b *batcher) answerRepeats(batch []*pending) (fresh, again []*pending) {
	keys := make([]db.AuthorKey, 0, len(batch))
	for _, p := range batch {
		if key, has := p.key(); has {
			keys = append(keys, key)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	used, err := b.chat.store.UsedKeys(ctx, keys)
	if err != nil {
		return batch, nil
	}
	seen := map[db.AuthorKey]bool{}
	for _, p := range batch {
		key, has := p.key()
		switch {
		case has && used[key]:
			p.answer(db.ErrDuplicate)
		case has && seen[key]:
			again = append(again, p)
		default:
			seen[key] = has
			fresh = append(fresh, p)
		}
	}
	return fresh, again
}

// key returns the key of a post, if it has one.
func (p *pending) key() (key db.AuthorKey, has bool) {
	if p.entry.ClientKey == nil {
		return db.AuthorKey{}, false
	}
	return db.AuthorKey{RoomID: p.entry.RoomID, AuthorID: p.entry.AuthorID, ClientKey: *p.entry.ClientKey}, true
}
