package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/db"
)

const (
	groupSize = 100             // entries in one transaction
	groupTime = 4 * time.Second // for one transaction
)

// writers puts what people say into the database. A room's lock lets one transaction commit at a
// time, so whatever waits for the same room shares the next one: each entry is still checked and
// answered for itself, and a busy room is as fast as the disk, times the entries that wait.
type writers struct {
	chat *Chat
	most int // entries in one transaction

	mu      sync.Mutex
	waiting map[uint64][]*waiting // a room is in here while its writer runs
}

// waiting is an entry on its way in.
type waiting struct {
	entry  db.Message
	photos []db.Photo // uploads that go with it
	names  []string   // whom it may mention
	done   chan error // gets one answer; nil when the entry with its seq is committed
}

// write appends an entry to its room and answers its seq once it is committed. db.ErrDuplicate:
// its key was used before. db.ErrUnknown: it may be there or not, or may still come.
func (w *writers) write(ctx context.Context, entry db.Message, photos []db.Photo) (uint64, error) {
	one := &waiting{entry: entry, photos: photos, names: mentionedIn(entry.Body), done: make(chan error, 1)}
	if w.add(one) {
		go w.run(entry.RoomID)
	}
	select {
	case err := <-one.done:
		return one.entry.Seq, err
	case <-ctx.Done():
		return 0, db.ErrUnknown
	}
}

// add queues an entry, and tells whether its room needs a writer.
func (w *writers) add(one *waiting) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	queue, running := w.waiting[one.entry.RoomID]
	w.waiting[one.entry.RoomID] = append(queue, one)
	return !running
}

// next takes the entries of the next transaction; none ends the room's writer.
func (w *writers) next(room uint64) []*waiting {
	w.mu.Lock()
	defer w.mu.Unlock()
	queue := w.waiting[room]
	if len(queue) == 0 {
		delete(w.waiting, room)
		return nil
	}
	n := min(len(queue), w.most)
	w.waiting[room] = slices.Clone(queue[n:])
	return queue[:n]
}

func (w *writers) run(room uint64) {
	for group := w.next(room); group != nil; group = w.next(room) {
		w.commit(room, group)
	}
}

// commit writes a group and answers each of its entries, also if something panics.
func (w *writers) commit(room uint64, group []*waiting) {
	answer := db.ErrUnknown
	defer func() {
		if cause := recover(); cause != nil { // not worth the process: the others go on, and these may send again
			answer = fmt.Errorf("chat: panic in the writer of a room: %v", cause)
		}
		for _, one := range group {
			select {
			case one.done <- answer:
			default: // answered already
			}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), groupTime)
	defer cancel()
	r, err := w.together(ctx, room, group)
	if len(group) > 1 && (errors.Is(err, db.ErrDuplicate) || errors.Is(err, errNotAll) || errors.Is(err, ErrPhotoGone)) {
		for i := range group { // one of them cannot be; find out which, one by one
			w.commit(room, group[i:i+1])
		}
		return
	}
	if errors.Is(err, errNotAll) {
		err = db.ErrNotFound
	}
	if answer = err; err == nil {
		w.chat.Stats.Groups.Add(1)
		w.chat.rang(r)
	}
}

var (
	errNotAll = errors.New("chat: somebody in the group is not a member")
)

// together is the transaction of a post. Raising the room's seq comes first: it is the lock, and
// because it lasts until the commit, the order of commits is the order of seq.
func (w *writers) together(ctx context.Context, room uint64, group []*waiting) (r db.Room, err error) {
	authors := make([]uint64, len(group))
	for i, one := range group {
		authors[i] = one.entry.AuthorID
	}
	slices.Sort(authors)
	authors = slices.Compact(authors)
	err = w.chat.store.Tx(ctx, func(tx *db.DB) error {
		if r, err = tx.NextSaidSeqs(ctx, room, len(group)); err != nil {
			return err
		}
		// Asked after the lock, so that nobody can be removed between the question and the use.
		members, err := tx.MembersAmong(ctx, room, authors)
		if err != nil {
			return err
		}
		if len(members) < len(authors) {
			return errNotAll
		}
		now := w.chat.now()
		entries := make([]db.Message, len(group))
		for i, one := range group {
			one.entry.Seq, one.entry.CreatedAt = r.LastSeq-uint64(len(group)-1-i), now
			entries[i] = one.entry
		}
		if err := tx.InsertMessages(ctx, entries); err != nil {
			return err
		}
		if err := mentionGroup(ctx, tx, room, group); err != nil {
			return err
		}
		return claim(ctx, tx, group)
	})
	return r, err
}
