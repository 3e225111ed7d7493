package db

import (
	"cmp"
	"context"
	"slices"
)

// MaxSpans is the number of one person's times in a room that are kept, so that nobody can make the room slow by
// being removed and added endlessly. Nobody comes back a hundred times for another reason. They are more
// than a replay can reach back: it has 200 entries, and each time takes two of them.
const MaxSpans = 120

// AddMember makes a person a member of a room from seq on. It returns ErrDuplicate if they are one already.
// Of their earlier times there, the newest are kept.
func (d *DB) AddMember(ctx context.Context, room, user, seq uint64) error {
	return d.addMember(ctx, Member{RoomID: room, UserID: user, JoinedSeq: seq, ReadSeq: seq})
}

// JoinRoom is AddMember for somebody who joins of their own accord.
func (d *DB) JoinRoom(ctx context.Context, room, user, seq uint64) error {
	return d.addMember(ctx, Member{RoomID: room, UserID: user, JoinedSeq: seq, ReadSeq: seq, Chosen: true})
}

// AddMembers is AddMember for several people, none of whom has been in the room before.
func (d *DB) AddMembers(ctx context.Context, room uint64, users []uint64, seq uint64) error {
	rows := make([]Member, len(users))
	for i, user := range users {
		rows[i] = Member{RoomID: room, UserID: user, JoinedSeq: seq, ReadSeq: seq}
	}
	return d.addMembers(ctx, room, rows)
}

// addMembers stores memberships of a room, of which the database knows the kind and counts the members.
func (d *DB) addMembers(ctx context.Context, room uint64, rows []Member) error {
	var kinds []RoomKind
	if err := d.in(ctx).Model(&Room{}).Where("id = ?", room).Pluck("kind", &kinds).Error; err != nil {
		return translate(err)
	}
	for i := range rows {
		rows[i].SeesAll = len(kinds) > 0 && kinds[0] == RoomOpen
	}
	if err := d.create(ctx, &rows); err != nil {
		return err
	}
	return d.changeMemberCount(ctx, room, len(rows))
}

func (d *DB) changeMemberCount(ctx context.Context, room uint64, by int) error {
	// While an older version that does not count is running too, the number could fall below zero.
	return d.exec(ctx, "UPDATE rooms SET member_count = CASE WHEN member_count + ? < 0 THEN 0 ELSE member_count + ? END WHERE id = ?", by, by, room)
}

func (d *DB) addMember(ctx context.Context, m Member) error {
	room, user := m.RoomID, m.UserID
	if err := d.addMembers(ctx, room, []Member{m}); err != nil {
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
	if err := d.exec(ctx, "UPDATE members SET left_seq = ? WHERE room_id = ? AND left_seq = 0", seq, room); err != nil {
		return err
	}
	return d.exec(ctx, "UPDATE rooms SET member_count = 0 WHERE id = ?", room)
}

// EndMember ends one person's membership of a room at this seq, and reports whether they were a member.
func (d *DB) EndMember(ctx context.Context, room, user, seq uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE members SET left_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0", seq, room, user)
	if err != nil || n == 0 {
		return false, err
	}
	return true, d.changeMemberCount(ctx, room, -1)
}

// recounted is the number of rooms that a step of RecountMembers looks at.
const recounted = 200

// RecountMembers corrects the numbers of members of all rooms. They are wrong after a version that does not keep
// them has written to this database: before the first start of this one, or while both were running.
func (d *DB) RecountMembers(ctx context.Context) error {
	const counted = "(SELECT COUNT(*) FROM members m WHERE m.room_id = rooms.id AND m.left_seq = 0)"
	for after, more := uint64(0), true; more; {
		var rooms []struct {
			ID      uint64
			IsWrong bool
		}
		err := d.in(ctx).Raw("SELECT id, member_count <> "+counted+" AS is_wrong FROM rooms WHERE id > ? ORDER BY id LIMIT ?", after, recounted).Scan(&rooms).Error
		if err != nil {
			return translate(err)
		}
		var wrong []uint64
		for _, r := range rooms {
			if after = r.ID; r.IsWrong {
				wrong = append(wrong, r.ID)
			}
		}
		if more = len(rooms) == recounted; len(wrong) == 0 {
			continue
		}
		err = d.Tx(ctx, func(tx *DB) error {
			// The locks come before the counting, which would miss whoever is joining.
			if err := tx.exec(ctx, "UPDATE rooms SET last_seq = last_seq WHERE id IN ?", wrong); err != nil {
				return err
			}
			return tx.exec(ctx, "UPDATE rooms SET member_count = "+counted+" WHERE id IN ?", wrong)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ShareGroup reports whether two people are members of the same group or open room now. It goes through the groups of
// a, so that the time it takes says nothing about b, who may be 0 for nobody.
func (d *DB) ShareGroup(ctx context.Context, a, b uint64) (bool, error) {
	var n int
	// Counting keeps the databases from turning the question around and starting at the groups of b.
	err := d.in(ctx).Raw("SELECT COUNT(*) FROM members x JOIN rooms r ON r.id = x.room_id AND r.kind <> ? WHERE x.user_id = ? AND x.left_seq = 0 "+
		"AND (SELECT COUNT(*) FROM members y WHERE y.room_id = x.room_id AND y.user_id = ? AND y.left_seq = 0) > 0", RoomDirect, a, b).Scan(&n).Error
	return n > 0, translate(err)
}

// MemberIDs lists the current members of the room in the order in which they joined.
func (d *DB) MemberIDs(ctx context.Context, room uint64) ([]uint64, error) {
	return numbers(d.query(ctx, "SELECT user_id FROM members WHERE room_id = ? AND left_seq = 0 ORDER BY joined_seq, user_id", room))
}

// MembersAt returns the number of members that the room had right after an entry of its log that does not say so
// itself.
func (d *DB) MembersAt(ctx context.Context, room, seq uint64) (int, error) {
	var n int64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND joined_seq <= ? AND (left_seq = 0 OR left_seq > ?)", room, seq, seq).Count(&n).Error
	return int(n), translate(err)
}

// MembersAmong returns the set of those people who are members of the room now.
func (d *DB) MembersAmong(ctx context.Context, room uint64, users []uint64) (map[uint64]bool, error) {
	found, err := numbers(d.query(ctx, "SELECT user_id FROM members WHERE room_id = ? AND left_seq = 0 AND user_id IN ?", room, users))
	members := make(map[uint64]bool, len(found))
	for _, u := range found {
		members[u] = true
	}
	return members, err
}

// VisibleMembersAmong lists those of these people who are members of the room now and let others see that they are
// there, in the order of their ids.
func (d *DB) VisibleMembersAmong(ctx context.Context, room uint64, users []uint64) (visible []uint64, err error) {
	for batch := range slices.Chunk(users, 500) {
		found, err := numbers(d.query(ctx, "SELECT u.id FROM users u JOIN members m ON m.room_id = ? AND m.user_id = u.id AND m.left_seq = 0 "+
			"WHERE u.id IN ? AND u.hides_here = ?", room, batch, false))
		if err != nil {
			return nil, err
		}
		visible = append(visible, found...)
	}
	slices.Sort(visible)
	return visible, nil
}

// MemberName is the name and photo of a present or past member, and the entry with which they first joined.
type MemberName struct {
	UserID      uint64
	Username    string
	DisplayName string
	PhotoID     uint64
	IsDeleted   bool
	Since       uint64
}

// maxNames is the number of memberships of one room that are read for names. Groups of a hundred rarely get there.
const maxNames = 500

// RoomNames is what the people who came first to a room are called, with the end of its log at the same moment.
type RoomNames struct {
	Head      Head
	ErasedSeq uint64
	People    []MemberName // each once, in the order in which they came, deleted accounts as well
	Crowded   uint64       // if there are more, the entry with which the first of the others came
}

// nameInRoom is a MemberName beside the end of the log.
type nameInRoom struct {
	MemberName
	head   Head
	erased uint64
}

func (n *nameInRoom) columns() columns[nameInRoom] {
	return columns[nameInRoom]{
		{"room_id", (*unsigned)(&n.head.RoomID)}, {"epoch", (*unsigned)(&n.head.Epoch)}, {"last_seq", (*unsigned)(&n.head.LastSeq)}, {"erased_seq", (*unsigned)(&n.erased)},
		{"id", (*unsigned)(&n.UserID)}, {"username", (*text)(&n.Username)}, {"display_name", (*text)(&n.DisplayName)},
		{"photo_id", (*unsigned)(&n.PhotoID)}, {"is_deleted", (*flag)(&n.IsDeleted)}, {"joined_seq", (*unsigned)(&n.Since)},
	}
}

// NamesIn lists what the people of a room are called.
func (d *DB) NamesIn(ctx context.Context, room uint64) (names RoomNames, err error) {
	rows, err := all[nameInRoom](d.query(ctx, "SELECT r.epoch, r.last_seq, r.erased_seq, u.id, u.username, u.display_name, u.photo_id, u.is_deleted, m.joined_seq FROM "+
		"(SELECT user_id, joined_seq FROM members"+d.forceIndex("by_start")+" WHERE room_id = ? ORDER BY joined_seq LIMIT ?) m JOIN users u ON u.id = m.user_id "+
		"JOIN rooms r ON r.id = ? ORDER BY m.joined_seq", room, maxNames+1, room))
	if err != nil {
		return names, err
	}
	names = namesOf(rows)
	names.Head.RoomID = room
	for _, n := range rows {
		names.Head.Epoch, names.Head.LastSeq, names.ErasedSeq = n.head.Epoch, n.head.LastSeq, n.erased
	}
	return names, nil
}

// namesOf are the names of a room, for which one membership more was read than is used.
func namesOf(rows []nameInRoom) (names RoomNames) {
	known := map[uint64]bool{}
	for seen, n := range rows {
		if seen == maxNames {
			names.Crowded = n.Since
		} else if n.UserID != 0 && !known[n.UserID] {
			known[n.UserID] = true
			names.People = append(names.People, n.MemberName)
		}
	}
	// Those who came with the same entry have no order in the database.
	slices.SortFunc(names.People, func(a, b MemberName) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.UserID, b.UserID))
	})
	return names
}

// NamesInAll is NamesIn for several rooms, without the ends of their logs. It takes one statement, unless the rooms have
// more people together than are read for one.
func (d *DB) NamesInAll(ctx context.Context, rooms []uint64) (map[uint64]RoomNames, error) {
	left := slices.Compact(slices.Sorted(slices.Values(rooms)))
	names := make(map[uint64]RoomNames, len(left))
	for len(left) > 0 {
		batch := left[:min(BatchSize, len(left))]
		rows, err := all[nameInRoom](d.query(ctx, "SELECT m.room_id, u.id, u.username, u.display_name, u.photo_id, u.is_deleted, m.joined_seq FROM "+
			"members m"+d.forceIndex("by_start")+" LEFT JOIN users u"+d.forceIndex("PRIMARY")+" ON u.id = m.user_id WHERE m.room_id IN ? ORDER BY m.room_id, m.joined_seq LIMIT ?", batch, maxNames+1))
		if err != nil {
			return nil, err
		}
		byRoom := map[uint64][]nameInRoom{}
		for _, n := range rows {
			byRoom[n.head.RoomID] = append(byRoom[n.head.RoomID], n)
		}
		for _, room := range batch {
			if n := len(byRoom[room]); len(rows) > maxNames && n <= maxNames && room >= rows[maxNames].head.RoomID {
				break // there may be more of it
			}
			names[room] = namesOf(byRoom[room])
			left = left[1:]
		}
	}
	return names, nil
}

// SpansOf lists the parts of a room's log during which a person was a member, oldest first.
func (d *DB) SpansOf(ctx context.Context, user, room uint64) (Spans, error) {
	times, err := all[Member](d.in(ctx).Where("room_id = ? AND user_id = ?", room, user))
	// SQLite would read all of the room in this order, to save the sorting of what is often one row.
	slices.SortFunc(times, func(a, b Member) int { return cmp.Compare(a.JoinedSeq, b.JoinedSeq) })
	spans := make(Spans, len(times))
	for i, m := range times {
		spans[i] = m.span()
	}
	return spans.united(), err
}

// Returns lists the entries with which people left a room that they came back to, from a seq on and in no
// order. Something came in between, which is hidden from them.
func (d *DB) Returns(ctx context.Context, room, from uint64) ([]uint64, error) {
	return numbers(d.query(ctx, "SELECT DISTINCT m.left_seq FROM members m JOIN members n ON n.room_id = m.room_id AND n.user_id = m.user_id "+
		"AND n.joined_seq > m.left_seq + 1 AND n.sees_all = ? WHERE m.room_id = ? AND m.left_seq >= ? "+
		"AND NOT EXISTS (SELECT 1 FROM members o WHERE o.room_id = m.room_id AND o.user_id = m.user_id AND o.joined_seq = m.left_seq + 1)",
		false, room, max(from, 1)))
}

// MarkRead moves a member's read mark forward, never back and never past the end of the log. It
// reports whether the mark moved.
func (d *DB) MarkRead(ctx context.Context, user uint64, r Room, seq uint64) (bool, error) {
	// The end only grows, so what the caller has read of it holds. A subquery in the update would make MySQL
	// lock the room's row, and readers would wait for those who post.
	if seq > r.LastSeq {
		return false, nil
	}
	n, err := d.affect(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0 "+
		"AND read_seq < ?", seq, r.ID, user, seq)
	return n > 0, err
}

// MarkUnread moves a member's read mark back, not to before what they may see, and reports whether it moved.
func (d *DB) MarkUnread(ctx context.Context, user, room, seq uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0 "+
		"AND (joined_seq <= ? OR sees_all = TRUE) AND read_seq > ?", seq, room, user, seq, seq)
	return n > 0, err
}
