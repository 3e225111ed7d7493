package db

import (
	"context"
	"time"
)

// RoomRemoval is a room that an administrator deletes. Nobody is in it any more, and what it has is erased
// step by step.
type RoomRemoval struct {
	RoomID    uint64    `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
}

// NextSeqOfAny is NextSeq for a room that may be closed.
func (d *DB) NextSeqOfAny(ctx context.Context, room uint64) (Room, error) {
	return d.advance(ctx, room, "UPDATE rooms SET last_seq = last_seq + 1 WHERE id = ?", room)
}

// RoomByID returns a room, whoever is in it, or ErrNotFound. It is for administrators, and for rules that need
// no more than the room's kind.
func (d *DB) RoomByID(ctx context.Context, room uint64) (Room, error) {
	return one[Room](d.in(ctx).Where("id = ? AND id NOT IN (SELECT room_id FROM room_removals)", room))
}

// BeginRemoval marks a room as one to be erased, and removes its name, its photo and what it is about. It is not an
// error if it was marked before.
func (d *DB) BeginRemoval(ctx context.Context, room uint64, now time.Time) error {
	if err := d.createIfNone(ctx, &RoomRemoval{RoomID: room, CreatedAt: now}); err != nil {
		return err
	}
	if err := d.exec(ctx, "UPDATE rooms SET name = '', about = '', photo_id = 0 WHERE id = ?", room); err != nil {
		return err
	}
	return d.dropPhotos(ctx, "room_id = ? AND seq = 0", room)
}

// RoomRemovals lists rooms that are being erased.
func (d *DB) RoomRemovals(ctx context.Context, limit int) (rooms []uint64, err error) {
	err = d.in(ctx).Model(&RoomRemoval{}).Order("room_id").Limit(limit).Pluck("room_id", &rooms).Error
	return rooms, translate(err)
}

// EraseSome erases some of what a room has, in a transaction of some milliseconds, and reports whether
// nothing of it is left, not even the room itself.
func (d *DB) EraseSome(ctx context.Context, room uint64) (done bool, err error) {
	for _, step := range []func(context.Context, uint64) (int64, error){d.erasePhoto, d.eraseMessages, d.erasePostings, d.eraseRemovals, d.eraseMembers} {
		if n, err := step(ctx, room); err != nil || n > 0 {
			return false, err
		}
	}
	return true, d.Tx(ctx, func(tx *DB) error {
		for _, statement := range []string{
			"DELETE FROM index_marks WHERE room_id = ?", "DELETE FROM mentions WHERE room_id = ?", "DELETE FROM invitation_rooms WHERE room_id = ?",
			"DELETE FROM bans WHERE room_id = ?", "DELETE FROM pins WHERE room_id = ?", "DELETE FROM last_posts WHERE room_id = ?",
			"DELETE FROM rooms WHERE id = ?", "DELETE FROM room_removals WHERE room_id = ?",
		} {
			if err := tx.exec(ctx, statement, room); err != nil {
				return err
			}
		}
		return nil
	})
}

// erasePhoto takes a photo away from a room. Its bytes are deleted unless a report keeps them.
func (d *DB) erasePhoto(ctx context.Context, room uint64) (int64, error) {
	var ids []uint64
	if err := d.in(ctx).Model(&Photo{}).Where("room_id = ?", room).Order("id").Limit(1).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return 0, translate(err)
	}
	return 1, d.Tx(ctx, func(tx *DB) error { return tx.dropPhotos(ctx, "id = ?", ids[0]) })
}

// eraseMessages deletes the oldest entries of a room. Whoever indexes them at this moment finds that the mark
// has changed, and that there is nothing left to index.
func (d *DB) eraseMessages(ctx context.Context, room uint64) (n int64, err error) {
	var seqs []uint64
	err = d.in(ctx).Model(&Message{}).Where("room_id = ?", room).Order("seq").Limit(deleteBatch).Pluck("seq", &seqs).Error
	if err != nil || len(seqs) == 0 {
		return 0, translate(err)
	}
	last := seqs[len(seqs)-1]
	err = d.Tx(ctx, func(tx *DB) error {
		marks, err := tx.LockIndexMarks(ctx, []uint64{room})
		if err != nil {
			return err
		}
		heads, err := tx.Heads(ctx, []uint64{room})
		if err != nil {
			return err
		}
		mark := marks[room]
		mark.Deletions++
		mark.Version, mark.Again, mark.AgainTo, mark.Indexed = IndexVersion, Cursor{}, 0, Cursor{Seq: last}
		for _, head := range heads {
			mark.Indexed.Seq = head.LastSeq
		}
		if err := tx.SetIndexMark(ctx, mark); err != nil {
			return err
		}
		if err := tx.exec(ctx, "DELETE FROM mentions WHERE room_id = ? AND seq <= ?", room, last); err != nil {
			return err
		}
		n, err = tx.affect(ctx, "DELETE FROM messages WHERE room_id = ? AND seq <= ?", room, last)
		return err
	})
	return n, err
}

// erasePostings deletes some words of a room from the search index.
func (d *DB) erasePostings(ctx context.Context, room uint64) (int64, error) {
	list, err := all[Posting](d.in(ctx).Where("room_id = ?", room).Order("term, at, seq").Limit(deleteBatch))
	if err != nil || len(list) == 0 {
		return 0, err
	}
	last := list[len(list)-1]
	// All of the earlier words, and of the last one those that were read: a common word may have a million.
	return d.affect(ctx, "DELETE FROM postings WHERE room_id = ? AND (term < ? OR term = ? AND (at < ? OR at = ? AND seq <= ?))",
		room, last.Term, last.Term, last.At, last.At, last.Seq)
}

// eraseMembers deletes some memberships of a room, of which there may be thousands.
func (d *DB) eraseMembers(ctx context.Context, room uint64) (int64, error) {
	var ids []uint64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ?", room).Limit(deleteBatch).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err)
	}
	return d.affect(ctx, "DELETE FROM members WHERE id IN ?", ids)
}

// eraseRemovals forgets texts of deleted messages whose words have not been removed from the index yet.
func (d *DB) eraseRemovals(ctx context.Context, room uint64) (int64, error) {
	return d.affect(ctx, "DELETE FROM index_removals WHERE room_id = ?", room)
}
