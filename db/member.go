package db

import (
	"context"
	"errors"
)

// MaxSpans is how many times in a room are kept of one person, so that nobody can make the room slow by
// being removed and added without end. Nobody comes back a hundred times for another reason. They are more
// than a replay can reach back: it has 200 entries, and each time takes two of them.
const MaxSpans = 120

// AddMember makes a person a member of a room from seq on. It returns ErrDuplicate if they are one already.
// Of their earlier times there, the newest are kept.
func (d *DB) AddMember(ctx context.Context, room, user, seq uint64) error {
	if err := d.create(ctx, &Member{RoomID: room, UserID: user, JoinedSeq: seq, ReadSeq: seq}); err != nil {
		return err
	}
	var old []uint64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND user_id = ? AND left_seq > 0", room, user).
		Order("left_seq DESC").Offset(MaxSpans-1).Limit(MaxSpans).Pluck("id", &old).Error
	if err != nil || len(old) == 0 {
		return translate(err)
	}
	return d.exec(ctx, "DELETE FROM members WHERE id IN ?", old)
}

// EndMembers ends the membership of everybody in the room at this seq.
func (d *DB) EndMembers(ctx context.Context, room, seq uint64) error {
	return d.exec(ctx, "UPDATE members SET left_seq = ? WHERE room_id = ? AND left_seq = 0", seq, room)
}

// EndMember ends one person's membership of a room at this seq, and reports whether they were a member.
func (d *DB) EndMember(ctx context.Context, room, user, seq uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE members SET left_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0", seq, room, user)
	return n > 0, err
}

// ShareGroup reports whether two people are members of the same group now. It goes through the groups of
// a, so that the time it takes says nothing about b, who may be 0 for nobody.
func (d *DB) ShareGroup(ctx context.Context, a, b uint64) (bool, error) {
	var n int
	// Counting keeps the databases from turning the question around and starting at the groups of b.
	err := d.in(ctx).Raw("SELECT COUNT(*) FROM members x JOIN rooms r ON r.id = x.room_id AND r.kind = ? WHERE x.user_id = ? AND x.left_seq = 0 "+
		"AND (SELECT COUNT(*) FROM members y WHERE y.room_id = x.room_id AND y.user_id = ? AND y.left_seq = 0) > 0", RoomGroup, a, b).Scan(&n).Error
	return n > 0, translate(err)
}

// MemberIDs lists the current members of the room in the order in which they joined.
func (d *DB) MemberIDs(ctx context.Context, room uint64) ([]uint64, error) {
	var ids []uint64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND left_seq = 0", room).Order("joined_seq, user_id").Pluck("user_id", &ids).Error
	return ids, translate(err)
}

// MembersAt returns how many members the room had right after an entry of its log.
func (d *DB) MembersAt(ctx context.Context, room, seq uint64) (int, error) {
	var n int64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND joined_seq <= ? AND (left_seq = 0 OR left_seq > ?)", room, seq, seq).Count(&n).Error
	return int(n), translate(err)
}

// MembersAmong returns the set of those people who are members of the room now.
func (d *DB) MembersAmong(ctx context.Context, room uint64, users []uint64) (map[uint64]bool, error) {
	var found []uint64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND left_seq = 0 AND user_id IN ?", room, users).Pluck("user_id", &found).Error
	members := make(map[uint64]bool, len(found))
	for _, u := range found {
		members[u] = true
	}
	return members, translate(err)
}

// MemberName is what somebody is called who is in a room, or was, and the entry with which they first came.
type MemberName struct {
	UserID      uint64
	Username    string
	DisplayName string
	Since       uint64
}

// maxNames is how many memberships of one room are looked at for names. Fewer people than that have ever been in
// a group of a hundred.
const maxNames = 5000

// NamesIn lists what the people of a room are called. Every entry that is shown asks for this, so it scans the
// rows by hand, which takes a third of the time.
func (d *DB) NamesIn(ctx context.Context, room uint64) (list []MemberName, err error) {
	rows, err := d.in(ctx).Raw("SELECT u.id, u.username, u.display_name, m.joined_seq FROM members m JOIN users u ON u.id = m.user_id "+
		"WHERE m.room_id = ? ORDER BY m.user_id LIMIT ?", room, maxNames).Rows()
	if err != nil {
		return nil, translate(err)
	}
	defer func() { err = errors.Join(err, translate(rows.Close())) }()
	for rows.Next() {
		var n MemberName
		if err := rows.Scan(&n.UserID, &n.Username, &n.DisplayName, &n.Since); err != nil {
			return nil, translate(err)
		}
		if i := len(list) - 1; i >= 0 && list[i].UserID == n.UserID {
			list[i].Since = min(list[i].Since, n.Since)
			continue
		}
		list = append(list, n)
	}
	return list, translate(rows.Err())
}

// SpansOf lists the parts of a room's log during which a person was a member, oldest first.
func (d *DB) SpansOf(ctx context.Context, user, room uint64) (Spans, error) {
	times, err := all[Member](d.in(ctx).Where("room_id = ? AND user_id = ?", room, user).Order("joined_seq"))
	spans := make(Spans, len(times))
	for i, m := range times {
		spans[i] = Span{From: m.JoinedSeq, To: m.LeftSeq}
	}
	return spans, err
}

// Returns lists the entries with which people left a room that they came back to, from a seq on and in no
// order. Something came in between, which is hidden from them.
func (d *DB) Returns(ctx context.Context, room, from uint64) (seqs []uint64, err error) {
	var times []struct{ UserID, JoinedSeq, LeftSeq uint64 }
	err = d.in(ctx).Model(&Member{}).Where("room_id = ? AND (left_seq = 0 OR left_seq >= ?)", room, from).Order("user_id, joined_seq").Scan(&times).Error
	for i, later := range times {
		if i > 0 && times[i-1].UserID == later.UserID && later.JoinedSeq > times[i-1].LeftSeq+1 {
			seqs = append(seqs, times[i-1].LeftSeq)
		}
	}
	return seqs, translate(err)
}

// MarkRead moves a member's read mark forward, never back and never past the end of the log. It
// reports whether the mark moved.
func (d *DB) MarkRead(ctx context.Context, user, room, seq uint64) (bool, error) {
	// The end only grows, so it is read by itself. A subquery in the update would make MySQL lock the
	// room's row, and readers would wait for those who post.
	heads, err := d.Heads(ctx, []uint64{room})
	if err != nil || len(heads) == 0 || seq > heads[0].LastSeq {
		return false, err
	}
	n, err := d.affect(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0 "+
		"AND read_seq < ?", seq, room, user, seq)
	return n > 0, err
}

// MarkUnread moves a member's read mark back, not to before they joined, and reports whether it moved.
func (d *DB) MarkUnread(ctx context.Context, user, room, seq uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0 "+
		"AND joined_seq <= ? AND read_seq > ?", seq, room, user, seq, seq)
	return n > 0, err
}

// SetMuted mutes or unmutes a room for a member. It returns ErrNotFound if they are not one.
func (d *DB) SetMuted(ctx context.Context, user, room uint64, muted bool) error {
	n, err := d.affect(ctx, "UPDATE members SET muted = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0", muted, room, user)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// FirstUnread returns the first entry after a seq that counts as unread for a person, or 0.
func (d *DB) FirstUnread(ctx context.Context, user, room, read uint64) (uint64, error) {
	var found []uint64
	err := d.in(ctx).Model(&Message{}).Where("room_id = ? AND seq > ? AND kind = ? AND gone_seq = 0 AND author_id <> ?", room, read, KindText, user).
		Order("seq").Limit(1).Pluck("seq", &found).Error
	if len(found) == 0 {
		return 0, translate(err)
	}
	return found[0], translate(err)
}
