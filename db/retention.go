package db

import (
	"context"
	"time"
)

// Expired is a part of a room's log that is older than the room keeps its messages.
type Expired struct {
	RoomID uint64
	From   uint64 // everything up to here is gone
	To     uint64 // and this is the end of the part
	// Messages are those in it that still have a text or photos.
	Messages []Message
}

// RoomsToErase lists rooms whose oldest entry that has not been looked at came before a moment, from after an id. days
// selects the rooms with that retention of their own; 0 selects the others.
func (d *DB) RoomsToErase(ctx context.Context, after uint64, days int, before time.Time, limit int) ([]uint64, error) {
	var ids []uint64
	err := d.in(ctx).Raw("SELECT r.id FROM rooms r WHERE r.id > ? AND r.retention_days = ? AND r.erased_seq < r.last_seq "+
		"AND EXISTS (SELECT 1 FROM messages m WHERE m.room_id = r.id AND m.seq = r.erased_seq + 1 AND m.created_at < ?) ORDER BY r.id LIMIT ?",
		after, days, before, limit).Scan(&ids).Error
	return ids, translate(err)
}

// RetentionDays lists the different days of rooms that have their own.
func (d *DB) RetentionDays(ctx context.Context) ([]int, error) {
	var days []int
	err := d.in(ctx).Raw("SELECT DISTINCT retention_days FROM rooms WHERE retention_days > 0 ORDER BY retention_days").Scan(&days).Error
	return days, translate(err)
}

// ExpiredIn looks at the next entries of a room's log, up to limit, and returns those that came before a moment.
func (d *DB) ExpiredIn(ctx context.Context, room uint64, before time.Time, limit int) (e Expired, err error) {
	r, err := one[Room](d.in(ctx).Where("id = ?", room))
	if err != nil {
		return e, err
	}
	e = Expired{RoomID: room, From: r.ErasedSeq, To: r.ErasedSeq}
	rows, err := all[Message](d.in(ctx).Where("room_id = ? AND seq > ?", room, r.ErasedSeq).Order("seq").Limit(limit))
	for _, m := range rows {
		if !m.CreatedAt.Before(before) {
			break
		}
		e.To = m.Seq
		if m.IsText() && m.DeleteSeq == 0 {
			e.Messages = append(e.Messages, m)
		}
	}
	return e, err
}

// AdvanceErased begins to erase a part: it locks the room, and reports whether nobody else has erased it meanwhile.
func (d *DB) AdvanceErased(ctx context.Context, e Expired) (bool, error) {
	n, err := d.affect(ctx, "UPDATE rooms SET erased_seq = ? WHERE id = ? AND erased_seq = ?", e.To, e.RoomID, e.From)
	return n > 0, err
}

// SetRetention sets the number of days after which the messages of a room are erased; 0 is the server's default.
func (d *DB) SetRetention(ctx context.Context, room uint64, days int) error {
	return d.exec(ctx, "UPDATE rooms SET retention_days = ? WHERE id = ?", days, room)
}
