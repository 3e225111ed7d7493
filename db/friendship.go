package db

import (
	"context"
	"time"
)

// PairState is the state of a friendship.
type PairState string

// The states of a pair. Blocks are separate, one for each direction, so that a blocked person's view
// of the pair does not change.
const (
	PairApart     PairState = "apart"
	PairRequested PairState = "requested"
	PairFriends   PairState = "friends"
)

// Friendship is an unordered pair of people. LowID < HighID, so that a pair has one row.
type Friendship struct {
	LowID       uint64    `gorm:"primaryKey;autoIncrement:false"`
	HighID      uint64    `gorm:"primaryKey;autoIncrement:false;index"`
	State       PairState `gorm:"size:16;not null"`
	RequestedBy uint64    `gorm:"not null"`
	LowBlocks   bool      `gorm:"not null"` // the low person blocks the high one
	HighBlocks  bool      `gorm:"not null"`
	RoomID      uint64    `gorm:"not null"` // 0 until they first become friends; kept from then on
	Changes     uint64    `gorm:"not null"` // incremented to take the row's lock
	ChangedAt   time.Time `gorm:"precision:6;not null"`
}

// Other returns the person in the pair who is not me.
func (f Friendship) Other(me uint64) uint64 {
	if f.LowID == me {
		return f.HighID
	}
	return f.LowID
}

// Blocks reports whether this person of the pair blocks the other.
func (f Friendship) Blocks(who uint64) bool {
	return who == f.LowID && f.LowBlocks || who == f.HighID && f.HighBlocks
}

// SetBlocks records whether this person of the pair blocks the other.
func (f *Friendship) SetBlocks(who uint64, on bool) {
	if who == f.LowID {
		f.LowBlocks = on
	} else {
		f.HighBlocks = on
	}
}

// LockPair creates the row of a pair if necessary, and locks it until the transaction ends. It must be
// the first statement of its transaction: the lock comes before any read.
func (d *DB) LockPair(ctx context.Context, a, b uint64, now time.Time) (Friendship, error) {
	low, high := min(a, b), max(a, b)
	fresh := Friendship{LowID: low, HighID: high, State: PairApart, ChangedAt: now}
	if err := d.createIfNone(ctx, &fresh); err != nil {
		return fresh, err
	}
	if err := d.exec(ctx, "UPDATE friendships SET changes = changes + 1 WHERE low_id = ? AND high_id = ?", low, high); err != nil {
		return fresh, err
	}
	return d.Pair(ctx, a, b)
}

// Pair returns the row of two people, or ErrNotFound if there has been nothing between them.
func (d *DB) Pair(ctx context.Context, a, b uint64) (Friendship, error) {
	return one[Friendship](d.in(ctx).Where("low_id = ? AND high_id = ?", min(a, b), max(a, b)))
}

// SavePair stores a pair that LockPair returned.
func (d *DB) SavePair(ctx context.Context, f Friendship) error {
	return d.exec(ctx, "UPDATE friendships SET state = ?, requested_by = ?, low_blocks = ?, high_blocks = ?, "+
		"room_id = ?, changed_at = ? WHERE low_id = ? AND high_id = ?",
		f.State, f.RequestedBy, f.LowBlocks, f.HighBlocks, f.RoomID, f.ChangedAt, f.LowID, f.HighID)
}

// PairsOf lists every pair that a person is in, most recently changed first.
func (d *DB) PairsOf(ctx context.Context, user uint64) ([]Friendship, error) {
	return all[Friendship](d.in(ctx).Where("low_id = ? OR high_id = ?", user, user).Order("changed_at DESC"))
}

// FriendsAmong returns the set of those people who are friends of a person.
func (d *DB) FriendsAmong(ctx context.Context, user uint64, others []uint64) (map[uint64]bool, error) {
	friends := make(map[uint64]bool, len(others))
	for batch := range chunks(others, 200) {
		pairs, err := all[Friendship](d.in(ctx).Where("(low_id = ? AND high_id IN ? OR high_id = ? AND low_id IN ?) AND state = ?", user, batch, user, batch, PairFriends))
		if err != nil {
			return nil, err
		}
		for _, f := range pairs {
			friends[f.Other(user)] = true
		}
	}
	return friends, nil
}

// CountSent counts the friend requests of a person that wait for an answer.
func (d *DB) CountSent(ctx context.Context, user uint64) (int, error) {
	var n int64
	err := d.in(ctx).Model(&Friendship{}).Where("(low_id = ? OR high_id = ?) AND state = ? AND requested_by = ?", user, user, PairRequested, user).Count(&n).Error
	return int(n), translate(err)
}

// CountRequests counts the friend requests to a person that wait for an answer, but for those of people
// whom the person blocks.
func (d *DB) CountRequests(ctx context.Context, user uint64) (int, error) {
	var n int64
	err := d.in(ctx).Model(&Friendship{}).Where("(low_id = ? AND low_blocks = ? OR high_id = ? AND high_blocks = ?) AND state = ? AND requested_by <> ?",
		user, false, user, false, PairRequested, user).Count(&n).Error
	return int(n), translate(err)
}

// BlocksAmong lists the pairs of these people in which one blocks the other.
func (d *DB) BlocksAmong(ctx context.Context, users []uint64) ([]Friendship, error) {
	if len(users) < 2 {
		return nil, nil
	}
	return all[Friendship](d.in(ctx).Where("low_id IN ? AND high_id IN ? AND (low_blocks = ? OR high_blocks = ?)", users, users, true, true))
}

// PairOfRoom returns the pair that a direct room belongs to, or ErrNotFound.
func (d *DB) PairOfRoom(ctx context.Context, room uint64) (Friendship, error) {
	return one[Friendship](d.in(ctx).Where("room_id = ? AND room_id <> 0", room)) // pairs without a room have 0
}
