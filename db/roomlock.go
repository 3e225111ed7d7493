package db

import (
	"context"
	"slices"
	"strings"
	"time"
)

// The queries and writes of one transaction that posts to several rooms at once: each of these is one statement,
// however many rooms there are.

// LockRooms locks these rooms until the transaction ends, in rising order, and returns those that are open. Without
// wait it skips those that another transaction has locked, like those that are closed or do not exist, so
// that nobody ever waits for one room while holding another; on SQLite, where a transaction has locked everything,
// there are none. It must come before every read of its transaction.
func (d *DB) LockRooms(ctx context.Context, ids []uint64, wait bool) (map[uint64]Room, error) {
	query := "SELECT * FROM rooms" + d.forceIndex("PRIMARY") + " WHERE id IN ? AND is_open = ? ORDER BY id"
	switch {
	case d.sqlite:
	case wait:
		query += " FOR UPDATE"
	default:
		query += skipLocked
	}
	rooms, err := all[Room](d.query(ctx, query, padded(ids), true))
	locked := make(map[uint64]Room, len(rooms))
	for _, r := range rooms {
		locked[r.ID] = r
	}
	return locked, err
}

const skipLocked = " FOR UPDATE SKIP LOCKED"

// SkipsLocked reports whether LockRooms can skip rooms that are locked: servers older than MySQL 8.0 and MariaDB
// 10.6 always wait, and some others do not know how to.
func (d *DB) SkipsLocked() bool { return d.sqlite || d.skipsLocked.Load() }

// padded repeats the last element of a list up to the next power of two, so that statements which differ only in how
// much they ask for are the same to whatever keeps them prepared.
func padded[T any](list []T) []T {
	size := 1
	for size < len(list) {
		size *= 2
	}
	full := slices.Grow(list[:len(list):len(list)], size-len(list))
	for len(full) > 0 && len(full) < size {
		full = append(full, list[len(list)-1])
	}
	return full
}

// Posters is what PostersAmong finds.
type Posters struct {
	Moderates map[RoomUser]bool // those who may post, and whether they are moderators
	Sessions  map[uint64]uint64 // whose the sessions are that somebody is signed in with
	Looks     uint64            // the version of everybody's names and photos, if anybody may post
}

// PostersAmong returns those of these people who are in these rooms and have them in their lists, and those of these
// sessions that exist and have not expired. The caller has the locks of the rooms, so that nobody can be removed between
// the question and the use.
func (d *DB) PostersAmong(ctx context.Context, asked []RoomUser, sessions []uint64, now time.Time) (Posters, error) {
	condition, values := among("m", padded(asked))
	text := "SELECT m.room_id, m.user_id, m.is_moderator, 0 AS session_id, " + looks + " FROM members m" + d.forceIndex("one_open") + " CROSS JOIN rooms r ON r.id = m.room_id " +
		withBlocks("r", "m") + "WHERE " + condition + " AND m.left_seq = 0 AND " + visible("r", "m")
	if len(sessions) > 0 {
		text += " UNION ALL SELECT 0, s.user_id, 0, s.id, 0 FROM sessions s WHERE s.id IN ? AND s.expires_at > ?"
		for len(sessions) < len(asked) { // so that there are few statements, which stay prepared
			sessions = append(sessions[:len(sessions):len(sessions)], sessions[0])
		}
		values = append(values, padded(sessions), now)
	}
	rows, err := all[poster](d.query(ctx, text, values...))
	found := Posters{make(map[RoomUser]bool, len(asked)), make(map[uint64]uint64, len(sessions)), 0}
	for _, p := range rows {
		if p.session != 0 {
			found.Sessions[p.session] = p.User
		} else {
			found.Moderates[p.RoomUser], found.Looks = p.isModerator, p.looks
		}
	}
	return found, err
}

// poster is somebody who may post in a room, or a session and whose it is.
type poster struct {
	RoomUser
	isModerator bool
	session     uint64
	looks       uint64
}

func (p *poster) columns() columns[poster] {
	return append(columns[poster](p.RoomUser.columns()), column{"is_moderator", (*flag)(&p.isModerator)},
		column{"session_id", (*unsigned)(&p.session)}, column{"looks", (*unsigned)(&p.looks)})
}

// SetLastSaid stores the LastSeq of rooms that the caller has locked, whose newest entry is a message.
func (d *DB) SetLastSaid(ctx context.Context, rooms []Room) error {
	if d.sqlite { // which keeps it compiled
		rooms = padded(rooms)
	}
	seqs, values, ids := strings.Repeat(" WHEN ? THEN ?", len(rooms)), make([]any, 0, 4*len(rooms)+1), make([]uint64, len(rooms))
	for i, r := range rooms {
		values, ids[i] = append(values, r.ID, r.LastSeq), r.ID
	}
	values = append(append(values, values...), ids)
	return d.putOff(ctx, "UPDATE rooms SET said_seq = CASE id"+seqs+" END, last_seq = CASE id"+seqs+" END WHERE id IN ?", values...)
}

// LastPosts maps those people who have posted in these rooms during slow mode to when they last did.
func (d *DB) LastPosts(ctx context.Context, asked []RoomUser) (map[RoomUser]time.Time, error) {
	last := make(map[RoomUser]time.Time, len(asked))
	if len(asked) == 0 {
		return last, nil
	}
	places, values := make([]string, len(asked)), make([]any, 0, 2*len(asked))
	for i, k := range asked {
		places[i] = "room_id = ? AND user_id = ?"
		values = append(values, k.Room, k.User)
	}
	rows, err := all[LastPost](d.in(ctx).Where(strings.Join(places, " OR "), values...))
	for _, row := range rows {
		last[RoomUser{row.RoomID, row.UserID}] = row.At
	}
	return last, err
}

// SetLastPosts stores that these people have posted in these rooms just now. The caller has the locks of the rooms.
func (d *DB) SetLastPosts(ctx context.Context, posted []RoomUser, now time.Time) error {
	if len(posted) == 0 {
		return nil
	}
	values := make([]any, 0, 3*len(posted))
	for _, p := range posted {
		values = append(values, p.Room, p.User, now)
	}
	update := " ON DUPLICATE KEY UPDATE at = VALUES(at)"
	if d.sqlite {
		update = " ON CONFLICT (room_id, user_id) DO UPDATE SET at = excluded.at"
	}
	return d.exec(ctx, "INSERT INTO last_posts (room_id, user_id, at) VALUES "+strings.Repeat(", (?, ?, ?)", len(posted))[2:]+update, values...)
}
