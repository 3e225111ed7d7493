package chat

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

// The index of a room follows the room's log, entry by entry, and remembers how far it has come. So
// posting costs nothing more, what is missing after a crash is known exactly, and a database from
// before there was an index is only one that is far behind. Whoever searches brings the index of
// their rooms up to date first: nothing that was said is missed because it is new.
const (
	indexPause = 2 * time.Second // what was said in the meantime is indexed together
	indexBatch = 500             // entries in one transaction
	indexShare = 4               // of the time; the rest belongs to those who write
	indexSweep = 10 * time.Minute
)

// indexer knows which rooms have grown through this process.
type indexer struct {
	mu    sync.Mutex
	rooms map[uint64]struct{}
}

func (x *indexer) grew(room uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.rooms == nil {
		x.rooms = map[uint64]struct{}{}
	}
	x.rooms[room] = struct{}{}
}

func (x *indexer) take() []uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	rooms := slices.Sorted(maps.Keys(x.rooms))
	x.rooms = nil
	return rooms
}

// KeepIndex indexes what was said, here or by a process that is no more, until the context ends.
func (c *Chat) KeepIndex(ctx context.Context, log *slog.Logger) {
	swept := time.Time{}
	for rest(ctx, indexPause) {
		rooms := c.index.take()
		err := c.catchUp(ctx, rooms)
		if err == nil && time.Since(swept) > indexSweep {
			swept, err = time.Now(), c.IndexAll(ctx)
		}
		if err != nil && ctx.Err() == nil {
			if !errors.Is(err, db.ErrUnavailable) {
				log.Warn("the search index is behind", "error", err)
			}
			for _, room := range rooms {
				c.index.grew(room)
			}
		}
	}
}

// IndexAll brings the index of all rooms up to date.
func (c *Chat) IndexAll(ctx context.Context) error {
	for last := uint64(0); ; {
		rooms, err := c.store.RoomsBehind(ctx, last, 100)
		if err != nil || len(rooms) == 0 {
			return err
		}
		if err := c.catchUp(ctx, rooms); err != nil {
			return err
		}
		last = rooms[len(rooms)-1]
	}
}

func (c *Chat) catchUp(ctx context.Context, rooms []uint64) error {
	for len(rooms) > 0 {
		start := time.Now()
		behind, err := c.indexSome(ctx, rooms[:min(len(rooms), 100)])
		if err != nil {
			return err
		}
		rooms = append(behind, rooms[min(len(rooms), 100):]...)
		if len(rooms) > 0 && !rest(ctx, (indexShare-1)*time.Since(start)) {
			return ctx.Err()
		}
	}
	return nil
}

// rest waits, and tells whether to go on.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// indexSome puts the next entries of these rooms into the index, indexBatch at most, and answers which
// of the rooms may have more. The marks are its lock: Delete takes it too, so that no text comes
// into the index after it was taken back.
func (c *Chat) indexSome(ctx context.Context, rooms []uint64) (behind []uint64, err error) {
	err = c.store.Tx(ctx, func(tx *db.DB) error {
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

// indexRows adds the words of messages and of their edits. Those of an earlier text stay: it can
// still be looked at, and who was away since has it on the page. A search compares with the text.
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
		said := m
		if m.Kind == db.KindEdit {
			said = targets[m.TargetSeq]
		}
		if !said.IsText() || said.DeleteSeq != 0 {
			continue
		}
		for _, term := range append(terms(words(plainText(m.Body))), authorTerm(said.AuthorID)) {
			list = append(list, db.Posting{RoomID: room, Term: term, At: said.CreatedAt.UnixMicro(), Seq: said.Seq})
		}
	}
	if err := tx.AddPostings(ctx, list); err != nil {
		return err
	}
	return tx.SetIndexMark(ctx, room, rows[len(rows)-1].Seq)
}

// authorTerm is the word that everything of one author has. No text has it: it is no letter.
func authorTerm(user uint64) string { return "@" + strconv.FormatUint(user, 10) }

// unindex takes every word that a message ever had out of the index.
func unindex(ctx context.Context, tx *db.DB, m db.Message) error {
	if _, err := tx.LockIndexMarks(ctx, []uint64{m.RoomID}); err != nil {
		return err
	}
	texts, err := versions(ctx, tx, m, everybody)
	if err != nil {
		return err
	}
	gone := []string{authorTerm(m.AuthorID)}
	for _, text := range texts {
		gone = append(gone, terms(words(plainText(text.Body)))...)
	}
	return tx.DeletePostings(ctx, m.RoomID, m.Seq, m.CreatedAt.UnixMicro(), gone)
}
