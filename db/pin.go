package db

import "context"

// Pin is a message that is shown above its room.
type Pin struct {
	RoomID    uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq       uint64 `gorm:"primaryKey;autoIncrement:false"` // of the message
	PinnedSeq uint64 `gorm:"not null"`                       // the entry with which it was pinned
}

// AddPin pins a message. It returns ErrDuplicate if it is pinned already. The caller has the room's lock.
func (d *DB) AddPin(ctx context.Context, p *Pin) error {
	if err := d.create(ctx, p); err != nil {
		return err
	}
	return d.exec(ctx, "UPDATE rooms SET pins = pins + 1 WHERE id = ?", p.RoomID)
}

// RemovePin takes a pin away, and reports whether there was one. The caller has the room's lock.
func (d *DB) RemovePin(ctx context.Context, room, seq uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM pins WHERE room_id = ? AND seq = ?", room, seq)
	if err != nil || n == 0 {
		return false, err
	}
	return true, d.exec(ctx, "UPDATE rooms SET pins = pins - 1 WHERE id = ?", room)
}

// PinsOf lists the pins of a room, the newest first.
func (d *DB) PinsOf(ctx context.Context, room uint64) ([]Pin, error) {
	return all[Pin](d.in(ctx).Where("room_id = ?", room).Order("pinned_seq DESC"))
}
