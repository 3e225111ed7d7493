package search

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"parley/db"
)

// The index of a room follows the room's log, entry by entry, and a mark says how far it has come. So
// posting costs nothing more, what is missing after a crash is known exactly, and a database from
// before there was an index is only one that is far behind. A search brings the index of its rooms
// up to date first: nothing is missed because it is new.
const (
	indexInterval = 2 * time.Second // what comes in the meantime is indexed together
	indexBatch    = 500             // entries in one transaction
	indexRooms    = 100             // rooms in one transaction
	indexShare    = 4               // indexing takes one part in so many of the time, and leaves the rest to those who post
	sweepInterval = 10 * time.Minute
)

// roomSet is the rooms whose log has grown through this process.
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

// RoomGrew tells the engine that the log of a room has new entries to index.
func (e *Engine) RoomGrew(room uint64) { e.grown.add(room) }

// Run keeps the index up to date until the context ends, now and then also for rooms that grew
// through a process that is no more.
func (e *Engine) Run(ctx context.Context, log *slog.Logger) {
	swept := time.Time{}
	for sleep(ctx, indexInterval) {
		rooms := e.grown.takeAll()
		err := e.catchUp(ctx, rooms)
		if err == nil && time.Since(swept) > sweepInterval {
			swept, err = time.Now(), e.indexAll(ctx)
		}
		if err != nil && ctx.Err() == nil {
			if !errors.Is(err, db.ErrUnavailable) {
				log.Warn("the search index is behind", "error", err)
			}
			for _, room := range rooms {
				e.grown.add(room)
			}
		}
	}
}

// indexAll brings the index of all rooms up to date.
func (e *Engine) indexAll(ctx context.Context) error {
	for last := uint64(0); ; {
		rooms, err := e.store.RoomsBehind(ctx, last, indexRooms)
		if err != nil || len(rooms) == 0 {
			return err
		}
		if err := e.catchUp(ctx, rooms); err != nil {
			return err
		}
		last = rooms[len(rooms)-1]
	}
}

func (e *Engine) catchUp(ctx context.Context, rooms []uint64) error {
	for len(rooms) > 0 {
		start := time.Now()
		behind, err := e.indexSome(ctx, rooms[:min(len(rooms), indexRooms)])
		if err != nil {
			return err
		}
		rooms = append(behind, rooms[min(len(rooms), indexRooms):]...)
		if len(rooms) > 0 && !sleep(ctx, (indexShare-1)*time.Since(start)) {
			return ctx.Err()
		}
	}
	return nil
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

// indexSome adds the next entries of these rooms to the index, indexBatch at most, and returns the
// rooms that may have more. The marks are its lock: Remove takes it too, so that no text gets into the
// index after it was deleted.
func (e *Engine) indexSome(ctx context.Context, rooms []uint64) (behind []uint64, err error) {
	err = e.store.Tx(ctx, func(tx *db.DB) error {
		behind = nil
		marks, err := tx.LockIndexMarks(ctx, rooms)
		if err != nil {
			return err
		}
		left := indexBatch
		for i, room := range rooms {
			rows, err := tx.MessagesAfter(ctx, room, marks[room], left)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				continue
			}
			if err := indexRows(ctx, tx, room, rows); err != nil {
				return err
			}
			if left -= len(rows); left == 0 {
				behind = rooms[i:]
				return nil
			}
		}
		return nil
	})
	return behind, err
}

// indexRows adds the words of messages and of their edits. Those of an earlier text stay: it is still in
// the edit history, and people who were away since see it on the page.
func indexRows(ctx context.Context, tx *db.DB, room uint64, rows []db.Message) error {
	var edited []uint64
	for _, m := range rows {
		if m.Kind == db.KindEdit {
			edited = append(edited, m.TargetSeq)
		}
	}
	targets, err := tx.MessagesAt(ctx, room, edited)
	if err != nil {
		return err
	}
	var list []db.Posting
	for _, m := range rows {
		message := m
		if m.Kind == db.KindEdit {
			message = targets[m.TargetSeq]
		}
		if !message.IsText() || message.DeleteSeq != 0 {
			continue
		}
		for _, term := range append(termsOf(m.Body), authorTerm(message.AuthorID)) {
			list = append(list, db.Posting{RoomID: room, Term: term, At: message.CreatedAt.UnixMicro(), Seq: message.Seq})
		}
	}
	if err := tx.AddPostings(ctx, list); err != nil {
		return err
	}
	return tx.SetIndexMark(ctx, room, rows[len(rows)-1].Seq)
}

// authorTerm is the term that all messages of one author have. No text has it: it is not a letter.
func authorTerm(user uint64) string { return "@" + strconv.FormatUint(user, 10) }

// Remove takes every word that a message ever had out of the index. It belongs into the transaction
// that deletes the message, before its texts are erased.
func Remove(ctx context.Context, tx *db.DB, m db.Message) error {
	if _, err := tx.LockIndexMarks(ctx, []uint64{m.RoomID}); err != nil {
		return err
	}
	changes, err := tx.ChangesOf(ctx, m.RoomID, []uint64{m.Seq})
	if err != nil {
		return err
	}
	gone := append(termsOf(m.Body), authorTerm(m.AuthorID))
	for _, change := range changes {
		if change.Kind == db.KindEdit {
			gone = append(gone, termsOf(change.Body)...)
		}
	}
	return tx.DeletePostings(ctx, m.RoomID, m.Seq, m.CreatedAt.UnixMicro(), gone)
}
