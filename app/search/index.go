package search

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/db"
)

// The index of a room follows the room's log, and a mark says how far it has come, down to the word. So
// posting costs nothing more, what is missing after a crash is known exactly, and a database from
// before there was an index is only one that is far behind. A search brings the index of its rooms
// up to date first: nothing is missed because it is new.
//
// What a text costs the index depends on who wrote it, and SQLite has one writer for all. So the work is
// done in slices: each is planned without the writer, and holds it for some milliseconds.
const (
	indexInterval = 2 * time.Second  // what comes in the meantime is indexed together
	indexRooms    = 100              // rooms in one slice
	indexShare    = 4                // indexing takes 1/indexShare of the time, while slices are short enough,
	busyShare     = 16               // but only 1/busyShare while rooms change, because posts and deliveries need the processors,
	busyLimit     = time.Minute      // unless the index has been behind for this long
	sweepInterval = 10 * time.Minute // for rooms that changed through a process that is no more

	catchUpSlices = 5               // that a search does itself; then it says that something is missing
	catchUpWait   = 2 * time.Second // that a search waits for others who write; then it looks in what is indexed
)

// roomSet is the rooms in which this process has changed something that the index follows.
type roomSet struct {
	mu    sync.Mutex
	rooms map[uint64]struct{}
}

func (s *roomSet) add(room uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms == nil {
		s.rooms = map[uint64]struct{}{}
	}
	s.rooms[room] = struct{}{}
}

func (s *roomSet) takeAll() []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	rooms := slices.Sorted(maps.Keys(s.rooms))
	s.rooms = nil
	return rooms
}

// roomQueue is rooms with something to do, each once. A room that needs more than a slice goes to the end, so
// that nobody's texts keep those of others out of the index.
type roomQueue struct {
	rooms []uint64
	in    map[uint64]bool
}

func (q *roomQueue) add(rooms ...uint64) {
	if q.in == nil {
		q.in = map[uint64]bool{}
	}
	for _, room := range rooms {
		if !q.in[room] {
			q.rooms, q.in[room] = append(q.rooms, room), true
		}
	}
}

func (q *roomQueue) take(n int) []uint64 {
	rooms := q.rooms[:min(n, len(q.rooms))]
	q.rooms = q.rooms[len(rooms):]
	for _, room := range rooms {
		delete(q.in, room)
	}
	return rooms
}

// lag is how far the index is behind, as Run has seen it last.
type lag struct {
	mu    sync.Mutex
	rooms int       // that need more
	since time.Time // when the first of them was added since all were done
}

func (l *lag) set(rooms int, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rooms = rooms; rooms == 0 {
		l.since = time.Time{}
	} else if l.since.IsZero() {
		l.since = now
	}
}

// Behind returns how many rooms Run has yet to index, and for how long there have been some without a break. What came
// since it looked last does not count: it looks every two seconds.
func (e *Engine) Behind() (rooms int, lag time.Duration) {
	e.lag.mu.Lock()
	defer e.lag.mu.Unlock()
	if e.lag.rooms == 0 {
		return 0, 0
	}
	return e.lag.rooms, time.Since(e.lag.since)
}

// RoomChanged tells the engine that a room may have entries to index, or words to remove from the index. It belongs
// after each commit that appends to a log or calls Remove; without it, the index follows only after sweepInterval.
func (e *Engine) RoomChanged(room uint64) { e.changed.add(room) }

// Run keeps the index up to date until the context ends, now and then also for rooms that changed
// through a process that is no more.
func (e *Engine) Run(ctx context.Context, log *slog.Logger) {
	var queue roomQueue
	var swept time.Time
	for pause := indexInterval; sleep(ctx, pause); {
		changed := e.changed.takeAll()
		queue.add(changed...)
		start := time.Now()
		err := e.work(ctx, &queue)
		if time.Since(swept) > sweepInterval && err == nil {
			swept, err = time.Now(), e.addBehind(ctx, &queue)
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, db.ErrUnavailable) {
			log.Warn("the search index is behind", "error", err)
		}
		e.lag.set(len(queue.rooms), start)
		if pause = indexInterval; err == nil && len(queue.rooms) > 0 {
			pause = min(time.Duration(e.share(len(changed) > 0)-1)*time.Since(start), indexInterval) // a slice may have waited long for a database that is busy
		}
	}
}

// share returns the n of the 1/n of the time that indexing takes.
func (e *Engine) share(changing bool) int {
	if _, behind := e.Behind(); changing && behind < busyLimit {
		return busyShare
	}
	return indexShare
}

// work does one slice for the first rooms of a queue.
func (e *Engine) work(ctx context.Context, queue *roomQueue) error {
	rooms := queue.take(indexRooms)
	if len(rooms) == 0 {
		return nil
	}
	behind, err := e.indexSome(ctx, rooms)
	if err != nil {
		behind = rooms
	}
	queue.add(behind...)
	return err
}

// addBehind adds all rooms to a queue whose index is behind.
func (e *Engine) addBehind(ctx context.Context, queue *roomQueue) error {
	for last := uint64(0); ; {
		rooms, err := e.store.RoomsBehind(ctx, last, indexRooms)
		if err != nil || len(rooms) == 0 {
			return err
		}
		queue.add(rooms...)
		last = rooms[len(rooms)-1]
	}
}

// sleep waits, and reports whether to go on.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// indexSome does one slice of all the work on the index of these rooms, while nobody else wants to write. It
// returns the rooms that need more.
func (e *Engine) indexSome(ctx context.Context, rooms []uint64) (behind []uint64, err error) {
	s := slice{engine: e, store: e.store.WithPriority(db.Idle), terms: sliceTerms}
	return s.run(ctx, rooms, (*roomPlan).addAll)
}

// catchUpFor indexes what is new in these rooms, and reports whether something is still missing.
func (e *Engine) catchUpFor(ctx context.Context, rooms []db.SearchableRoom) (behind bool, err error) {
	var late []uint64
	for _, r := range rooms {
		if r.Late {
			late = append(late, r.RoomID)
		}
		behind = behind || r.Again
	}
	wait := catchUpWait
	for n := 0; n < catchUpSlices && len(late) > 0 && err == nil; n++ {
		s := slice{engine: e, store: e.store.WithPriority(db.Low), terms: sliceTerms, wait: max(wait, 1)}
		late, err = s.run(ctx, late, (*roomPlan).addNew)
		wait -= s.waited
	}
	if errors.Is(err, db.ErrUnavailable) { // searching goes on while nothing can be written
		return true, nil
	}
	return behind || len(late) > 0, err
}

// maxQuickRemoval is the greatest length, in characters, of all texts of a message together whose words are
// removed in the transaction that deletes it.
const maxQuickRemoval = 200

// Remove removes every word that a message ever had from the index, or leaves the rest to Run, which has to be told
// of it by RoomChanged after the commit. It belongs in the transaction that deletes the message, before its texts
// are erased. That the message is deleted keeps it from being found in the meantime.
func Remove(ctx context.Context, tx *db.DB, m db.Message) error {
	marks, err := tx.LockIndexMarks(ctx, []uint64{m.RoomID})
	if err != nil {
		return err
	}
	mark := marks[m.RoomID]
	mark.Deletions++ // whoever has read the texts to index them starts over
	if err := tx.SetIndexMark(ctx, mark); err != nil {
		return err
	}
	texts, err := tx.TextsOf(ctx, m.RoomID, m.Seq)
	if err != nil {
		return err
	}
	var indexed []uint64
	length := 0
	for _, t := range texts {
		if t.Seq <= mark.Indexed.Seq || t.Seq == mark.Indexed.PartSeq {
			indexed, length = append(indexed, t.Seq), length+t.Length
		}
	}
	if length > maxQuickRemoval {
		return tx.QueueRemovals(ctx, m, indexed)
	}
	rows, err := tx.MessagesAt(ctx, m.RoomID, indexed)
	if err != nil {
		return err
	}
	var gone []string
	for _, row := range rows {
		gone = append(gone, indexTerms(row.Body, m.AuthorID)...)
	}
	return tx.DeletePostings(ctx, m.RoomID, m.Seq, m.CreatedAt.UnixMicro(), gone)
}
