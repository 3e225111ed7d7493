package db

import (
	"context"
	"slices"
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

// Friendship is an unordered pair of people. LowID < HighID, so that a pair has one row. Its indexes are for
// the lists of either person, which are read by the page, newest change first.
type Friendship struct {
	LowID       uint64    `gorm:"primaryKey;autoIncrement:false;index:low_state,priority:1;index:low_blocked,priority:1"`
	HighID      uint64    `gorm:"primaryKey;autoIncrement:false;index:high_state,priority:1;index:high_blocked,priority:1"`
	State       PairState `gorm:"size:16;not null;index:low_state,priority:2;index:high_state,priority:2"`
	RequestedBy uint64    `gorm:"not null"`
	LowBlocks   bool      `gorm:"not null;index:low_blocked,priority:2"` // the low person blocks the high one
	HighBlocks  bool      `gorm:"not null;index:high_blocked,priority:2"`
	RoomID      uint64    `gorm:"not null"` // 0 until they first become friends; kept from then on
	Changes     uint64    `gorm:"not null"` // incremented to take the row's lock
	ChangedAt   time.Time `gorm:"precision:6;not null;index:low_state,priority:3;index:high_state,priority:3;index:low_blocked,priority:3;index:high_blocked,priority:3"`

	changedBlocks bool // since it was read
}

func (f *Friendship) columns() columns[Friendship] {
	return columns[Friendship]{
		{"low_id", (*unsigned)(&f.LowID)}, {"high_id", (*unsigned)(&f.HighID)}, {"state", (*text)(&f.State)},
		{"requested_by", (*unsigned)(&f.RequestedBy)}, {"low_blocks", (*flag)(&f.LowBlocks)}, {"high_blocks", (*flag)(&f.HighBlocks)},
		{"room_id", (*unsigned)(&f.RoomID)}, {"changes", (*unsigned)(&f.Changes)}, {"changed_at", (*moment)(&f.ChangedAt)},
	}
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
	blocks := &f.HighBlocks
	if who == f.LowID {
		blocks = &f.LowBlocks
	}
	f.changedBlocks = f.changedBlocks || *blocks != on
	*blocks = on
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
	if f.State == PairRequested {
		if err := d.somethingWaits(ctx, []uint64{f.Other(f.RequestedBy)}); err != nil {
			return err
		}
	}
	if f.changedBlocks {
		if err := d.countLook(ctx); err != nil {
			return err
		}
	}
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
	for batch := range slices.Chunk(others, 200) {
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

// DropOldRequests makes the requests to a person that have waited longest give way, but for the n newest,
// and returns who had sent them. Requests of people whom the person blocks are none of these.
func (d *DB) DropOldRequests(ctx context.Context, user uint64, n int, now time.Time) (senders []uint64, err error) {
	newest, err := d.PairsIn(ctx, user, ListReceived, nil, n)
	if err != nil || len(newest) < n {
		return nil, err
	}
	last := newest[n-1].PositionIn(user)
	old, err := d.PairsIn(ctx, user, ListReceived, &last, 100)
	if err != nil {
		return nil, err
	}
	for _, f := range old {
		dropped, err := d.affect(ctx, "UPDATE friendships SET state = ?, changed_at = ? WHERE low_id = ? AND high_id = ? AND state = ?",
			PairApart, now, f.LowID, f.HighID, PairRequested)
		if err != nil {
			return nil, err
		}
		if dropped > 0 {
			senders = append(senders, f.Other(user))
		}
	}
	return senders, nil
}

// BlocksAmong lists the pairs of these people in which one blocks the other. It begins with the blocks of each, which are
// few: MariaDB would plan all ten thousand pairs of a hundred people, which takes it 5 ms.
func (d *DB) BlocksAmong(ctx context.Context, people []uint64) ([]Friendship, error) {
	if len(people) < 2 {
		return nil, nil
	}
	return all[Friendship](d.query(ctx, "SELECT * FROM friendships"+d.forceIndex("low_blocked")+" WHERE low_id IN @people AND low_blocks = TRUE AND high_id IN @people "+
		"UNION ALL SELECT * FROM friendships"+d.forceIndex("high_blocked")+" WHERE high_id IN @people AND high_blocks = TRUE AND low_id IN @people AND low_blocks = FALSE",
		map[string]any{"people": padded(people)}))
}

// BlocksOf lists the pairs in which somebody blocks one of these people.
func (d *DB) BlocksOf(ctx context.Context, users []uint64) ([]Friendship, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return all[Friendship](d.query(ctx, "SELECT * FROM friendships WHERE low_id IN @users AND high_blocks = TRUE "+
		"UNION ALL SELECT * FROM friendships WHERE high_id IN @users AND low_blocks = TRUE", map[string]any{"users": users}))
}
