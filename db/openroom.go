package db

import (
	"context"
	"strings"
	"time"
)

// OpenRoom returns a room that everybody may join, or ErrNotFound.
func (d *DB) OpenRoom(ctx context.Context, room uint64) (Room, error) {
	return one[Room](d.in(ctx).Where("id = ? AND kind = ? AND is_open = ?", room, RoomOpen, true))
}

// FoundRoom is an open room as it is found by somebody who may not be in it.
type FoundRoom struct {
	RoomID, PhotoID uint64
	Name, About     string
	Members         int
	SaidAt          *time.Time // when the newest message came; nil if there is none
	CreatedAt       time.Time
	Joined          bool // the person who looks is a member, and the room is not hidden from them
}

// Position is the place of the room in the list, which runs from the newest message to the oldest. A room
// without one is placed where it was made.
func (f FoundRoom) Position() RoomPosition {
	at := f.CreatedAt
	if f.SaidAt != nil {
		at = *f.SaidAt
	}
	return RoomPosition{At: at.UnixMicro(), RoomID: f.RoomID}
}

const foundAt = "COALESCE(s.created_at, r.created_at)"

// OpenRoomIDs lists open rooms in the order of their list: n of them, from the beginning or after a position.
func (d *DB) OpenRoomIDs(ctx context.Context, after *RoomPosition, n int) (ids []uint64, err error) {
	values := map[string]any{"kind": RoomOpen, "n": n}
	query := "SELECT r.id FROM rooms r LEFT JOIN messages s ON s.room_id = r.id AND s.seq = r.said_seq WHERE r.kind = @kind AND r.is_open = TRUE"
	if after != nil {
		values["at"], values["id"] = time.UnixMicro(after.At).UTC(), after.RoomID
		query += " AND (" + foundAt + " < @at OR " + foundAt + " = @at AND r.id < @id)"
	}
	err = d.in(ctx).Raw(query+" ORDER BY "+foundAt+" DESC, r.id DESC LIMIT @n", values).Scan(&ids).Error
	return ids, translate(err)
}

// OpenRooms returns those of these rooms that are open, as a person finds them, in the order of the list.
func (d *DB) OpenRooms(ctx context.Context, user uint64, rooms []uint64) (list []FoundRoom, err error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	err = d.in(ctx).Raw("SELECT r.id AS room_id, r.photo_id, r.name, r.about, r.created_at, s.created_at AS said_at, r.member_count AS members, "+
		"EXISTS (SELECT 1 FROM members m "+withBlocks("r", "m")+"WHERE m.room_id = r.id AND m.user_id = @user AND m.left_seq = 0 AND "+visible("r", "m")+") AS joined "+
		"FROM rooms r LEFT JOIN messages s ON s.room_id = r.id AND s.seq = r.said_seq "+
		"WHERE r.id IN @rooms AND r.kind = @kind AND r.is_open = TRUE ORDER BY "+foundAt+" DESC, r.id DESC",
		map[string]any{"user": user, "rooms": rooms, "kind": RoomOpen}).Scan(&list).Error
	return list, translate(err)
}

// RoomText is what an open room says about itself.
type RoomText struct {
	ID          uint64
	Name, About string
}

// OpenRoomTexts lists what the newest n of these say about themselves.
func (d *DB) OpenRoomTexts(ctx context.Context, n int) (list []RoomText, err error) {
	err = d.in(ctx).Model(&Room{}).Select("id, name, about").Where("kind = ? AND is_open = ?", RoomOpen, true).Order("id DESC").Limit(n).Scan(&list).Error
	return list, translate(err)
}

// DefaultRooms lists the open rooms that somebody who signed up at a time is to be put into, and has never been in.
func (d *DB) DefaultRooms(ctx context.Context, user uint64, signedUp time.Time) ([]Room, error) {
	return all[Room](d.in(ctx).Where("kind = ? AND is_open = ? AND default_since <= ? AND id NOT IN (SELECT room_id FROM members WHERE user_id = ?)",
		RoomOpen, true, signedUp, user).Order("id"))
}

// CountDefaultRooms returns the number of rooms that newcomers are put into.
func (d *DB) CountDefaultRooms(ctx context.Context) (int, error) {
	var n int64
	err := d.in(ctx).Model(&Room{}).Where("kind = ? AND is_open = ? AND default_since IS NOT NULL", RoomOpen, true).Count(&n).Error
	return int(n), translate(err)
}

// SetRoomDefault makes newcomers from a time on members of an open room; nil ends that.
func (d *DB) SetRoomDefault(ctx context.Context, room uint64, since *time.Time) error {
	return d.exec(ctx, "UPDATE rooms SET default_since = ? WHERE id = ?", since, room)
}

// SetRoomAbout stores what a room is about.
func (d *DB) SetRoomAbout(ctx context.Context, room uint64, about string) error {
	return d.exec(ctx, "UPDATE rooms SET about = ? WHERE id = ?", about, room)
}

// SetRoomKind turns a group into an open room, whose members then see all of its log, or an open room into a
// group, whose members go on seeing what they saw.
func (d *DB) SetRoomKind(ctx context.Context, room uint64, kind RoomKind) error {
	if kind == RoomOpen {
		if err := d.exec(ctx, "UPDATE members SET sees_all = TRUE WHERE room_id = ? AND left_seq = 0", room); err != nil {
			return err
		}
	}
	return d.exec(ctx, "UPDATE rooms SET kind = ?, default_since = NULL WHERE id = ?", kind, room)
}

// MemberPosition is a place in the list of a room's members, which runs from who joined first to who joined last.
type MemberPosition struct{ JoinedSeq, UserID uint64 }

// MembersFrom lists n current members of a room in the order in which they joined, from the beginning or after a
// position.
func (d *DB) MembersFrom(ctx context.Context, room uint64, after MemberPosition, n int) (list []MemberPosition, err error) {
	err = d.in(ctx).Raw("SELECT joined_seq, user_id FROM members WHERE room_id = ? AND left_seq = 0 AND joined_seq >= ? AND (joined_seq > ? OR user_id > ?) "+
		"ORDER BY joined_seq, user_id LIMIT ?", room, after.JoinedSeq, after.JoinedSeq, after.UserID, n).Scan(&list).Error
	return list, translate(err)
}

// MembersCalled lists n current members of a room by name, in the order in which they joined.
func (d *DB) MembersCalled(ctx context.Context, room uint64, n int) (list []MemberName, err error) {
	err = d.in(ctx).Raw("SELECT u.id AS user_id, u.username, u.display_name, m.joined_seq AS since FROM "+
		"(SELECT user_id, joined_seq FROM members WHERE room_id = ? AND left_seq = 0 ORDER BY joined_seq, user_id LIMIT ?) m JOIN users u ON u.id = m.user_id "+
		"ORDER BY m.joined_seq, m.user_id", room, n).Scan(&list).Error
	return list, translate(err)
}

// MembersBeginning lists n current members of a room whose username begins with a text, of the first looked
// usernames that do.
func (d *DB) MembersBeginning(ctx context.Context, room uint64, start string, looked, n int) (ids []uint64, err error) {
	err = d.in(ctx).Raw("SELECT u.id FROM (SELECT id, username FROM users WHERE username >= ? AND username < ? ORDER BY username LIMIT ?) u "+
		"CROSS JOIN members m ON m.room_id = ? AND m.user_id = u.id AND m.left_seq = 0 ORDER BY u.username LIMIT ?", start, start+maxCode, looked, room, n).Scan(&ids).Error
	return ids, translate(err)
}

// RecentAuthors lists who wrote the newest n messages of a room and is in it, each once, in no order.
func (d *DB) RecentAuthors(ctx context.Context, room uint64, n int) (ids []uint64, err error) {
	err = d.in(ctx).Raw("SELECT DISTINCT s.author_id FROM (SELECT author_id FROM messages"+d.forceIndex("of_kind")+" WHERE room_id = ? AND kind = ? ORDER BY seq DESC LIMIT ?) s "+
		"JOIN members m ON m.room_id = ? AND m.user_id = s.author_id AND m.left_seq = 0", room, KindText, n, room).Scan(&ids).Error
	return ids, translate(err)
}

// JoinedSince reports whether a person has joined a room with an entry or after it.
func (d *DB) JoinedSince(ctx context.Context, room, user, seq uint64) (bool, error) {
	var n int64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND user_id = ? AND joined_seq >= ?", room, user, seq).Count(&n).Error
	return n > 0, translate(err)
}

// SetChosen notes that a member has joined of their own accord after all.
func (d *DB) SetChosen(ctx context.Context, user, room uint64) error {
	return d.exec(ctx, "UPDATE members SET chosen = TRUE WHERE room_id = ? AND user_id = ? AND left_seq = 0", room, user)
}

// JoinedToo is the number of people who have joined with a line after its first, and the first entry of those.
type JoinedToo struct {
	TargetSeq uint64
	Count     int
	FirstSeq  uint64 // 0 if there is none
}

// JoinedTooUpTo counts, for lines of people who joined, the others who had joined up to a seq each.
func (d *DB) JoinedTooUpTo(ctx context.Context, room uint64, bounds map[uint64]uint64) (list []JoinedToo, err error) {
	if len(bounds) == 0 {
		return nil, nil
	}
	var parts []string
	var values []any
	for line, bound := range bounds {
		parts = append(parts, "SELECT ? AS target_seq, COUNT(*) AS count, COALESCE(MIN(seq), 0) AS first_seq FROM messages WHERE room_id = ? AND target_seq = ? AND kind = ? AND seq <= ?")
		values = append(values, line, room, line, KindJoinedToo, bound)
	}
	err = d.in(ctx).Raw(strings.Join(parts, " UNION ALL "), values...).Scan(&list).Error
	return list, translate(err)
}
