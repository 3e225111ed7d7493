package db

import (
	"context"
	"slices"
	"strings"
)

// Waiting counts what waits for a person to look at it.
type Waiting struct {
	Requests int // of friendship, for their answer
	Answered int // reports of theirs that were answered since they looked last
}

// CountWaiting counts what waits for a person.
func (d *DB) CountWaiting(ctx context.Context, user uint64) (Waiting, error) {
	found, err := d.waitingOf(ctx, []uint64{user})
	return found[user], err
}

// waitingOf counts what waits for each of these people.
func (d *DB) waitingOf(ctx context.Context, users []uint64) (map[uint64]Waiting, error) {
	found := make(map[uint64]Waiting, len(users))
	if len(users) == 0 {
		return found, nil
	}
	var user uint64
	var w Waiting
	a := d.query(ctx, "SELECT users.id, "+strings.ReplaceAll(d.count(ListReceived), "@user", "users.id")+" AS requests, "+
		answered("users.id")+" AS answered FROM users WHERE users.id IN ?", padded(users))
	err := a.each(func([]string) []any { return []any{(*unsigned)(&user), (*number)(&w.Requests), (*number)(&w.Answered)} }, func() { found[user] = w })
	return found, err
}

// answered counts the reports of a user that were answered since they looked last.
func answered(user string) string {
	return "(SELECT COUNT(*) FROM reports WHERE reporter_id = " + user + " AND is_closed = TRUE AND answer_seen = FALSE)"
}

// waitingFor counts what waits for those of these people for whom there may be something.
func (d *DB) waitingFor(ctx context.Context, people []User) (map[uint64]Waiting, error) {
	var users []uint64
	for _, u := range people {
		if !u.NothingWaits() && !slices.Contains(users, u.ID) {
			users = append(users, u.ID)
		}
	}
	return d.waitingOf(ctx, users)
}

// somethingWaits records that there is something to count for these people. It belongs in the transaction that adds to it,
// before countLook, because whoever changes a name takes the locks in that order.
func (d *DB) somethingWaits(ctx context.Context, users []uint64) error {
	if len(users) == 0 {
		return nil
	}
	return d.exec(ctx, "UPDATE users SET waits = waits + 2 - waits % 2 WHERE id IN ?", users)
}

// SettleWaiting records that there is nothing to count for somebody who was just read, if that is so. It is one statement:
// what has added to it before u was read is counted now, and what does so later has changed u.Waits, or will.
func (d *DB) SettleWaiting(ctx context.Context, u User) error {
	if u.NothingWaits() {
		return nil
	}
	return d.exec(ctx, "UPDATE users SET waits = waits + 1 WHERE id = @user AND waits = @waits AND "+d.count(ListReceived)+" + "+answered("@user")+" = 0",
		map[string]any{"user": u.ID, "waits": u.Waits})
}

// RecountWaiting marks everybody who has something to count, because older versions do not.
func (d *DB) RecountWaiting(ctx context.Context) error {
	for _, query := range []string{
		"SELECT DISTINCT CASE WHEN requested_by = low_id THEN high_id ELSE low_id END FROM friendships WHERE state = 'requested'",
		"SELECT DISTINCT reporter_id FROM reports WHERE is_closed = TRUE AND answer_seen = FALSE",
	} {
		users, err := numbers(d.query(ctx, query))
		if err != nil {
			return err
		}
		for batch := range slices.Chunk(users, 500) {
			if err := d.exec(ctx, "UPDATE users SET waits = waits + 1 WHERE id IN ? AND waits % 2 = 1", batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reader is somebody whose room list is open, with what waits for them.
type Reader struct {
	User    User
	Waiting Waiting
	Rooms   int // that they are in
}

func (r *Reader) columns() columns[Reader] {
	return append(columns[Reader](r.User.columns()), column{"rooms", (*number)(&r.Rooms)})
}

// Readers returns these people, by their ids. Those whose accounts are gone are missing. There may be no more than BatchSize.
func (d *DB) Readers(ctx context.Context, users []uint64) (map[uint64]Reader, error) {
	rows, err := all[Reader](d.query(ctx, "SELECT users.*, (SELECT COUNT(*) FROM members WHERE user_id = users.id AND left_seq = 0) AS rooms "+
		"FROM users WHERE users.id IN ?", padded(users)))
	if err != nil {
		return nil, err
	}
	people := make([]User, len(rows))
	for i, r := range rows {
		people[i] = r.User
	}
	waiting, err := d.waitingFor(ctx, people)
	found := make(map[uint64]Reader, len(rows))
	for _, r := range rows {
		r.Waiting = waiting[r.User.ID]
		found[r.User.ID] = r
	}
	return found, err
}
