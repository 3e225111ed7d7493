package db

import (
	"context"
	"slices"
)

// RoomSize is the size of a room, without any of its contents.
type RoomSize struct {
	RoomID     uint64
	Members    int
	Photos     int
	PhotoBytes int64
	TextBytes  int64 // estimated from the newest entries
}

// sampled is the number of the newest entries of a room that are read to estimate the size of its texts.
const sampled = 500

// sharedRooms is the condition for rooms that have a name and members. A direct room has neither: it is its
// two people's own.
const sharedRooms = "kind <> ? AND id NOT IN (SELECT room_id FROM room_removals)"

// SharedRooms lists the rooms that have a name and members, below an id and the newest first. It asks nobody
// who is in them, so it is for administrators alone.
func (d *DB) SharedRooms(ctx context.Context, before uint64, limit int) ([]Room, error) {
	return all[Room](d.in(ctx).Where(sharedRooms+" AND id < ?", RoomDirect, before).Order("id DESC").Limit(limit))
}

// SharedRoomNames lists these rooms with nothing but id and name.
func (d *DB) SharedRoomNames(ctx context.Context, limit int) ([]Room, error) {
	return all[Room](d.in(ctx).Select("id", "name").Where(sharedRooms, RoomDirect).Order("id DESC").Limit(limit))
}

// SharedRoomsAmong returns those of the rooms that have a name and members, the newest first.
func (d *DB) SharedRoomsAmong(ctx context.Context, ids []uint64) ([]Room, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return all[Room](d.in(ctx).Where(sharedRooms+" AND id IN ?", RoomDirect, ids).Order("id DESC"))
}

// DirectRooms counts the direct rooms, and the entries of their logs.
func (d *DB) DirectRooms(ctx context.Context) (rooms, entries int64, err error) {
	var sum struct{ Rooms, Entries int64 }
	err = d.in(ctx).Raw("SELECT COUNT(*) AS rooms, CAST(COALESCE(SUM(last_seq), 0) AS SIGNED) AS entries FROM rooms WHERE kind = ?", RoomDirect).Scan(&sum).Error
	return sum.Rooms, sum.Entries, translate(err)
}

// RoomSizes measures rooms.
func (d *DB) RoomSizes(ctx context.Context, rooms []Room) (map[uint64]RoomSize, error) {
	sizes := make(map[uint64]RoomSize, len(rooms))
	if len(rooms) == 0 {
		return sizes, nil
	}
	ids := make([]uint64, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	var photos []RoomSize
	err := d.in(ctx).Raw("SELECT room_id, COUNT(*) AS photos, CAST(SUM(bytes) AS SIGNED) AS photo_bytes FROM photos WHERE room_id IN ? GROUP BY room_id", ids).Scan(&photos).Error
	if err != nil {
		return nil, translate(err)
	}
	for _, r := range rooms {
		s := RoomSize{RoomID: r.ID, Members: r.MemberCount}
		if i := slices.IndexFunc(photos, func(one RoomSize) bool { return one.RoomID == r.ID }); i >= 0 {
			s.Photos, s.PhotoBytes = photos[i].Photos, photos[i].PhotoBytes
		}
		var text struct{ Entries, Bytes int64 }
		err := d.in(ctx).Raw("SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(LENGTH(body)), 0) AS SIGNED) AS bytes FROM "+
			"(SELECT body FROM messages WHERE room_id = ? ORDER BY seq DESC LIMIT ?) m", r.ID, sampled).Scan(&text).Error
		if err != nil {
			return nil, translate(err)
		}
		if text.Entries > 0 {
			s.TextBytes = text.Bytes * int64(r.LastSeq) / text.Entries
		}
		sizes[r.ID] = s
	}
	return sizes, nil
}

// PhotosByID maps those of the ids that exist to their photos.
func (d *DB) PhotosByID(ctx context.Context, ids []uint64) (map[uint64]Photo, error) {
	found := make(map[uint64]Photo, len(ids))
	for batch := range slices.Chunk(ids, 500) {
		rows, err := all[Photo](d.in(ctx).Where("id IN ?", batch))
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			found[p.ID] = p
		}
	}
	return found, nil
}
