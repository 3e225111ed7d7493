package db

import (
	"context"
	"time"
)

// unused are the photos that stand nowhere; a face is used, and only its account or room tells so.
const unused = "seq = 0 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = photos.owner_id AND u.photo_id = photos.id) " +
	"AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.id = photos.room_id AND r.photo_id = photos.id)"

// ClaimPhoto puts an uploaded photo into an entry of a room, or with no seq into the room itself.
// ErrNotFound when it is not the owner's or is in a room already.
func (d *DB) ClaimPhoto(ctx context.Context, p Photo) error {
	n, err := d.affect(ctx, "UPDATE photos SET room_id = ?, seq = ?, place = ?, alt = ?, sum = ? WHERE id = ? AND owner_id = ? AND room_id = 0",
		p.RoomID, p.Seq, p.Place, p.Alt, p.Sum, p.ID, p.OwnerID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// PhotosOf reads the photos of these entries of a room, each entry's in their order.
func (d *DB) PhotosOf(ctx context.Context, room uint64, seqs []uint64) (map[uint64][]Photo, error) {
	found := make(map[uint64][]Photo, len(seqs))
	for batch := range chunks(seqs, 500) {
		rows, err := all[Photo](d.in(ctx).Where("room_id = ? AND seq IN ?", room, batch).Order("seq, place"))
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			found[p.Seq] = append(found[p.Seq], p)
		}
	}
	return found, nil
}

// DeleteUnusedPhotos removes those of an owner's uploads that went into no room.
func (d *DB) DeleteUnusedPhotos(ctx context.Context, owner uint64, ids []uint64) error {
	if len(ids) == 0 {
		return nil
	}
	return d.deletePhotos(ctx, "id IN ? AND owner_id = ? AND room_id = 0", ids, owner)
}

// DeleteOldPhotos removes the photos from before a moment that stand nowhere, up to a limit, and
// tells how many those were.
func (d *DB) DeleteOldPhotos(ctx context.Context, before time.Time, limit int) (int, error) {
	var ids []uint64
	err := d.in(ctx).Model(&Photo{}).Where(unused+" AND created_at < ?", before).Order("id").Limit(limit).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err)
	}
	// Asked again: one of them may have found its place by now.
	return len(ids), d.deletePhotos(ctx, "id IN ? AND "+unused, ids)
}

// erasePhotos removes the photos of an entry.
func (d *DB) erasePhotos(ctx context.Context, room, seq uint64) error {
	return d.deletePhotos(ctx, "room_id = ? AND seq = ?", room, seq)
}
