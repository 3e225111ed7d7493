package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/app/markup"
	"parley/db"
)

const (
	maxBatch     = 100             // posts in one transaction
	maxBatchRows = 300             // that they write, in some 10 ms on SQLite, where others wait in the meantime
	batchTimeout = 4 * time.Second // for one transaction
)

// batcher appends posts to the logs of rooms. A room's lock lets one transaction commit at a time,
// so whatever waits for the same room shares the next one: each post is still checked and answered
// for itself, and a busy room is as fast as the disk, times the posts that wait.
type batcher struct {
	chat  *Chat
	limit int // posts in one transaction

	mu      sync.Mutex
	pending map[uint64][]*pending // a room is in here while a goroutine writes its posts
	shares  []*share              // that wait for the next transaction, where rooms share one
	sharing bool                  // a goroutine writes shares
}

// pending is a post on its way in.
type pending struct {
	entry     db.Message
	photos    []db.Photo // uploads that belong to it
	text      *markup.Text
	usernames []string   // whom it may mention
	done      chan error // gets one answer; nil when the entry with its seq is committed
}

// append appends a post to its room and returns its seq once it is committed. db.ErrDuplicate: its
// key was used before. db.ErrUnknown: it may be there or not, or may still come.
func (b *batcher) append(ctx context.Context, entry db.Message, photos []db.Photo) (uint64, error) {
	text := b.chat.Texts.Text(entry.Body)
	p := &pending{entry: entry, photos: photos, text: text, usernames: lookedUp(text), done: make(chan error, 1)}
	if b.enqueue(p) {
		go b.run(entry.RoomID)
	}
	select {
	case err := <-p.done:
		return p.entry.Seq, err
	case <-ctx.Done():
		return 0, db.ErrUnknown
	}
}

// enqueue adds a post, and reports whether nobody writes the posts of its room yet.
func (b *batcher) enqueue(p *pending) (first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	queue, running := b.pending[p.entry.RoomID]
	b.pending[p.entry.RoomID] = append(queue, p)
	return !running
}

// rows is about how many rows a post writes: itself, and as a row each KiB of text, photo and mention.
func (p *pending) rows() int {
	return 1 + len(p.entry.Body)/1024 + len(p.photos) + len(p.usernames)
}

// next takes the posts of the next transaction; none ends the goroutine of the room.
func (b *batcher) next(room uint64) []*pending {
	b.mu.Lock()
	defer b.mu.Unlock()
	queue := b.pending[room]
	if len(queue) == 0 {
		delete(b.pending, room)
		return nil
	}
	n, rows := 1, queue[0].rows()
	for ; n < min(len(queue), b.limit); n++ {
		if rows += queue[n].rows(); rows > maxBatchRows {
			break
		}
	}
	b.pending[room] = slices.Clone(queue[n:])
	return queue[:n]
}

func (b *batcher) run(room uint64) {
	for batch := b.next(room); batch != nil; batch = b.next(room) {
		b.commitBatch(room, batch)
	}
}

// commitBatch writes a batch and answers each of its posts, also if something panics. Repeats are looked up:
// after an outage everybody sends again. A batch with another post that cannot be written is bisected: one such
// post among a hundred makes fourteen transactions of one, and not a hundred.
func (b *batcher) commitBatch(room uint64, batch []*pending) {
	if len(batch) == 0 {
		return
	}
	answer := db.ErrUnknown
	defer func() {
		if cause := recover(); cause != nil { // not worth the process: the others go on, and these may send again
			answer = fmt.Errorf("chat: panic in the writer of a room: %v", cause)
		}
		for _, p := range batch {
			select {
			case p.done <- answer:
			default: // answered already
			}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	r, err := b.write(ctx, room, batch)
	if len(batch) > 1 && errors.Is(err, db.ErrDuplicate) {
		if fresh, again := b.answerRepeats(ctx, room, batch); len(fresh) < len(batch) {
			b.commitBatch(room, fresh)
			b.commitBatch(room, again)
			return
		}
	}
	if len(batch) > 1 && isAboutOne(err) {
		half := len(batch) / 2
		b.commitBatch(room, batch[:half])
		b.commitBatch(room, batch[half:])
		return
	}
	if errors.Is(err, db.ErrNotMember) {
		err = db.ErrNotFound
	}
	if answer = err; err == nil {
		b.chat.handOver(r, batch)
		b.chat.notifyRoom(r)
	}
}

// answerRepeats answers those posts of a batch whose keys are in the database. It returns the others, apart from
// those that have the key of another post before them: what they are depends on what becomes of that one. All are
// fresh if the database cannot tell, or lags.
func (b *batcher) answerRepeats(ctx context.Context, room uint64, batch []*pending) (fresh, again []*pending) {
	keys := make([]db.AuthorKey, 0, len(batch))
	for _, p := range batch {
		if key, has := p.key(); has {
			keys = append(keys, key)
		}
	}
	used, err := b.chat.store.UsedKeys(ctx, room, keys)
	if err != nil {
		return batch, nil
	}
	seen := map[db.AuthorKey]bool{}
	for _, p := range batch {
		key, has := p.key()
		switch {
		case has && used[key]:
			p.done <- db.ErrDuplicate
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
	return db.AuthorKey{AuthorID: p.entry.AuthorID, ClientKey: *p.entry.ClientKey}, true
}

// isAboutOne reports whether an error is about some post of a batch, and not about all of it.
func isAboutOne(err error) bool {
	return errors.Is(err, db.ErrDuplicate) || errors.Is(err, db.ErrNotMember) || errors.Is(err, ErrPhotoGone) || errors.Is(err, ErrSlowMode) || errors.Is(err, ErrOnlyModerators)
}

// insert is what a transaction does for the posts of a room. Raising the room's seq comes first: it is the lock, and
// because it lasts until the commit, the order of commits is the order of seq.
func (b *batcher) insert(ctx context.Context, tx *db.DB, room uint64, batch []*pending) (r db.Room, err error) {
	authors := make([]uint64, len(batch))
	for i, p := range batch {
		authors[i] = p.entry.AuthorID
	}
	slices.Sort(authors)
	authors = slices.Compact(authors)
	if r, err = tx.NextSaidSeqsOf(ctx, room, len(batch), authors); err != nil {
		return r, err
	}
	hidden, err := tx.HiddenFrom(ctx, r, authors...)
	if err != nil {
		return r, err
	}
	if hidden {
		return r, db.ErrNotMember
	}
	now := b.chat.now()
	if err := checkPosts(ctx, tx, r, authors, batch, now); err != nil {
		return r, err
	}
	entries := make([]db.Message, len(batch))
	for i, p := range batch {
		p.entry.Seq, p.entry.CreatedAt = r.LastSeq-uint64(len(batch)-1-i), now
		entries[i] = p.entry
	}
	if err := tx.InsertMessages(ctx, entries); err != nil {
		return r, err
	}
	if err := addBatchMentions(ctx, tx, room, batch); err != nil {
		return r, err
	}
	return r, claimPhotos(ctx, tx, batch)
}

// claimPhotos attaches photos to the entries that they came with. Whoever reads those sees them whole.
func claimPhotos(ctx context.Context, tx *db.DB, batch []*pending) error {
	for _, p := range batch {
		for _, photo := range p.photos {
			photo.Seq = p.entry.Seq
			err := tx.ClaimPhoto(ctx, photo)
			if errors.Is(err, db.ErrNotFound) {
				return ErrPhotoGone
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
