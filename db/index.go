package db

import (
	"context"
	"slices"
)

// IndexVersion is raised whenever a text yields other index terms. Rooms that were indexed by an earlier version
// are indexed again in the background, and what the new one does not have any more is removed then.
const IndexVersion = 3

// IndexMark is how far the log of a room is indexed; no row means not at all. Whoever indexes compares it
// with what it was when they read the log: if it differs, others have indexed, or a message is gone.
type IndexMark struct {
	RoomID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Indexed      Cursor `gorm:"embedded"`
	Deletions    uint64 `gorm:"not null;default:0"` // messages whose words were to be removed
	Version      uint8  `gorm:"not null;default:0"` // of the index
	Again        Cursor `gorm:"embedded;embeddedPrefix:again_"`
	AgainTo      uint64 `gorm:"not null;default:0"`          // entries up to this one were indexed by an earlier version; 0 when all have been indexed again
	AgainCleaned string `gorm:"size:32;not null;default:''"` // what earlier versions left is gone up to this word
}

func (m *IndexMark) columns() columns[IndexMark] {
	return columns[IndexMark]{
		{"room_id", (*unsigned)(&m.RoomID)}, {"seq", (*unsigned)(&m.Indexed.Seq)}, {"part_seq", (*unsigned)(&m.Indexed.PartSeq)},
		{"part_terms", (*number)(&m.Indexed.PartTerms)}, {"deletions", (*unsigned)(&m.Deletions)}, {"version", (*octet)(&m.Version)},
		{"again_seq", (*unsigned)(&m.Again.Seq)}, {"again_part_seq", (*unsigned)(&m.Again.PartSeq)}, {"again_part_terms", (*number)(&m.Again.PartTerms)},
		{"again_to", (*unsigned)(&m.AgainTo)}, {"again_cleaned", (*text)(&m.AgainCleaned)},
	}
}

// Cursor is a place in the log of a room, which may be within an entry.
type Cursor struct {
	Seq       uint64 `gorm:"not null;default:0"` // everything up to this entry
	PartSeq   uint64 `gorm:"not null;default:0"` // the next entry, if some of it is done as well; 0 otherwise
	PartTerms int    `gorm:"not null;default:0"` // the number of its words
}

// IndexMarks returns the marks of those of the rooms that have one.
func (d *DB) IndexMarks(ctx context.Context, rooms []uint64) (map[uint64]IndexMark, error) {
	marks := make(map[uint64]IndexMark, len(rooms))
	for batch := range slices.Chunk(rooms, 500) {
		rows, err := all[IndexMark](d.in(ctx).Where("room_id IN ?", batch))
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			marks[m.RoomID] = m
		}
	}
	return marks, nil
}

// LockIndexMarks locks the marks of these rooms until the transaction ends, and reads them; those that have
// none get one. It must come before every read of its transaction; of several rooms the lower id comes
// first.
func (d *DB) LockIndexMarks(ctx context.Context, rooms []uint64) (map[uint64]IndexMark, error) {
	for batch := range slices.Chunk(rooms, 500) {
		fresh := make([]IndexMark, len(batch))
		for i, room := range batch {
			fresh[i] = IndexMark{RoomID: room, Version: IndexVersion}
		}
		if err := d.createIfNone(ctx, &fresh); err != nil {
			return nil, err
		}
		if err := d.exec(ctx, "UPDATE index_marks SET seq = seq WHERE room_id IN ?", batch); err != nil {
			return nil, err
		}
	}
	return d.IndexMarks(ctx, rooms)
}

// SetIndexMark stores the mark of a room. LockIndexMarks must hold it.
func (d *DB) SetIndexMark(ctx context.Context, m IndexMark) error {
	return d.exec(ctx, "UPDATE index_marks SET seq = ?, part_seq = ?, part_terms = ?, deletions = ?, version = ?, "+
		"again_seq = ?, again_part_seq = ?, again_part_terms = ?, again_to = ?, again_cleaned = ? WHERE room_id = ?",
		m.Indexed.Seq, m.Indexed.PartSeq, m.Indexed.PartTerms, m.Deletions, m.Version,
		m.Again.Seq, m.Again.PartSeq, m.Again.PartTerms, m.AgainTo, m.AgainCleaned, m.RoomID)
}

// RoomsBehind lists rooms with something to index, to index again or to remove from the index, in the order
// of their ids, from after one.
func (d *DB) RoomsBehind(ctx context.Context, after uint64, limit int) ([]uint64, error) {
	var ids []uint64
	err := d.in(ctx).Raw("SELECT r.id FROM rooms r LEFT JOIN index_marks i ON i.room_id = r.id WHERE r.id > ? "+
		"AND (r.last_seq > COALESCE(i.seq, 0) OR i.version <> ? OR i.again_to > 0 OR EXISTS (SELECT 1 FROM index_removals x WHERE x.room_id = r.id)) "+
		"ORDER BY r.id LIMIT ?", after, IndexVersion, limit).Scan(&ids).Error
	return ids, translate(err)
}

// IndexRemoval is a text of a deleted message whose words have yet to be removed from the index. It is all
// that is left of the text.
type IndexRemoval struct {
	RoomID     uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq        uint64 `gorm:"primaryKey;autoIncrement:false"` // of the entry that brought the text
	MessageSeq uint64 `gorm:"not null"`
	AuthorID   uint64 `gorm:"not null"`
	At         int64  `gorm:"not null"` // when the message came, in microseconds since 1970
	Body       string `gorm:"type:text;not null"`
	Done       int    `gorm:"not null;default:0"` // the number of its words that are removed
}

// TextOf is the length of a text of a message, in characters or in bytes.
type TextOf struct {
	Seq    uint64 // of the entry that brought it
	Length int
}

// TextsOf lists the texts that a message has had, by the seqs of its entry and its edits.
func (d *DB) TextsOf(ctx context.Context, room, seq uint64) (list []TextOf, err error) {
	err = d.in(ctx).Raw("SELECT seq, LENGTH(body) AS length FROM messages WHERE room_id = ? AND (seq = ? OR target_seq = ? AND kind = ?) ORDER BY seq",
		room, seq, seq, KindEdit).Scan(&list).Error
	return list, translate(err)
}

// QueueRemovals keeps texts of a message until their words are removed from the index. The message itself
// can be erased then.
func (d *DB) QueueRemovals(ctx context.Context, m Message, seqs []uint64) error {
	for batch := range slices.Chunk(seqs, 500) {
		err := d.exec(ctx, "INSERT INTO index_removals (room_id, seq, message_seq, author_id, at, body, done) "+
			"SELECT room_id, seq, ?, ?, ?, body, 0 FROM messages WHERE room_id = ? AND seq IN ?", m.Seq, m.AuthorID, m.CreatedAt.UnixMicro(), m.RoomID, batch)
		if err != nil {
			return err
		}
	}
	return nil
}

// Removals returns texts whose words have yet to be removed.
func (d *DB) Removals(ctx context.Context, room uint64, limit int) ([]IndexRemoval, error) {
	return all[IndexRemoval](d.in(ctx).Where("room_id = ?", room).Order("seq").Limit(limit))
}

// SetRemoved stores the number of words of a text that are removed.
func (d *DB) SetRemoved(ctx context.Context, r IndexRemoval, done int) error {
	return d.exec(ctx, "UPDATE index_removals SET done = ? WHERE room_id = ? AND seq = ?", done, r.RoomID, r.Seq)
}

// DeleteRemoval forgets a text all of whose words are removed.
func (d *DB) DeleteRemoval(ctx context.Context, r IndexRemoval) error {
	return d.exec(ctx, "DELETE FROM index_removals WHERE room_id = ? AND seq = ?", r.RoomID, r.Seq)
}
