package chat

import (
	"context"
	"errors"
	"time"

	"parley/db"
)

// How many friend requests somebody may send: T33 in docs/threats.md.
const (
	maxRequestsPerDay  = 20
	maxPendingRequests = 5

	// maxNamesPerDay is the most usernames that somebody may enter. The answer shows whether there is such an
	// account, so all count: as many typing errors as requests, and too few to go through a list of names.
	maxNamesPerDay = 40

	// maxUnblocksPerDay is how often somebody may end a block. Blocks can change what anybody's lists show, so
	// everybody's cached lines are read again after each.
	maxUnblocksPerDay = 50

	// maxWaitingRequests is the most requests that may wait for one person. When there are more, those that have
	// waited longest give way, as if they had been declined, and may be sent again. Refusing new ones
	// instead would let whoever has made that many accounts shut somebody off for good with one request
	// from each; like this they have to keep asking, and everything new is seen. 200 accounts are ten hours
	// of signing up from one address.
	maxWaitingRequests = 200
)

// A block cannot be seen from outside. So it is kept beside the state of the pair and changes only
// what the person who blocks sees: the other one finds what a plain removal leaves, and their
// requests look sent and stay unanswered.

// RequestFriend sends a friend request. If they already asked you, you become friends; friends reports
// that. Repeating a request has no effect.
func (c *Chat) RequestFriend(ctx context.Context, me db.User, username string) (friends bool, err error) {
	username = canonicalName(username)
	if username == me.Username {
		return false, ErrSelf
	}
	if err := c.countName(ctx, me); err != nil {
		return false, err
	}
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return false, err
	}
	var gaveWay []uint64
	err = c.lockPair(ctx, me, other, func(tx *db.DB, f *db.Friendship) (_ *db.Room, err error) {
		friends, gaveWay = false, nil // it may be done again
		switch {
		case f.Blocks(me.ID):
			return nil, ErrBlocking
		case f.State == db.PairFriends:
			return nil, ErrFriends
		case f.State == db.PairRequested && f.RequestedBy == me.ID:
			return nil, nil
		case f.State == db.PairRequested:
			friends = true
			return c.befriend(ctx, tx, f, me)
		}
		if err := c.checkRequestLimits(ctx, tx, me); err != nil {
			return nil, err
		}
		if other.ID == 0 { // only now, and with the pair's row undone, so that the limits refuse nobody and somebody alike
			return nil, ErrNoSuchUser
		}
		f.State, f.RequestedBy = db.PairRequested, me.ID
		if !f.Blocks(other.ID) { // or those who are blocked would push out the requests of others
			gaveWay, err = tx.DropOldRequests(ctx, other.ID, maxWaitingRequests-1, c.now())
		}
		return nil, err
	})
	if err == nil {
		c.notifyUsers(gaveWay...)
	}
	return friends && err == nil, err
}

// countName counts a username that is about to be looked up, over all processes.
func (c *Chat) countName(ctx context.Context, me db.User) error {
	return c.store.Tx(ctx, func(tx *db.DB) error {
		return c.countToday(ctx, tx, "ask-name", me, 1, maxNamesPerDay, ErrTooManyNames)
	})
}

func (c *Chat) checkRequestLimits(ctx context.Context, tx *db.DB, me db.User) error {
	// Counting comes first: it locks a row, so that my requests are looked at one at a time. A refusal
	// undoes it.
	today := c.countToday(ctx, tx, "ask", me, 1, maxRequestsPerDay, ErrTooManyToday)
	if today != nil && !errors.Is(today, ErrTooManyToday) {
		return today
	}
	pending, err := tx.CountPairs(ctx, me.ID, db.ListSent)
	switch {
	case err != nil:
		return err
	case pending >= maxPendingRequests:
		return ErrTooManyPending
	}
	return today
}

// AcceptFriend accepts a request: the two are friends and have a room.
func (c *Chat) AcceptFriend(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(tx *db.DB, f *db.Friendship, other db.User) (*db.Room, error) {
		switch {
		case f.State == db.PairFriends:
			return nil, nil
		case f.State != db.PairRequested || f.RequestedBy != other.ID || f.Blocks(me.ID):
			return nil, ErrNoRequest
		}
		return c.befriend(ctx, tx, f, me)
	})
}

// DeclineFriend declines a request. The other sees only that it is gone.
func (c *Chat) DeclineFriend(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(_ *db.DB, f *db.Friendship, other db.User) (*db.Room, error) {
		if f.State == db.PairRequested && f.RequestedBy == other.ID && !f.Blocks(me.ID) {
			f.State = db.PairApart
		}
		return nil, nil
	})
}

// CancelRequest withdraws my request.
func (c *Chat) CancelRequest(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(_ *db.DB, f *db.Friendship, _ db.User) (*db.Room, error) {
		if f.State == db.PairRequested && f.RequestedBy == me.ID {
			f.State = db.PairApart
		}
		return nil, nil
	})
}

// RemoveFriend ends a friendship and closes its room for both.
func (c *Chat) RemoveFriend(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(tx *db.DB, f *db.Friendship, _ db.User) (*db.Room, error) {
		if f.State != db.PairFriends {
			return nil, nil
		}
		return c.unfriend(ctx, tx, f)
	})
}

// Block ends whatever is between the two, and hides the requests that come from the other, and the groups
// that they made or own. In other groups that both are in, their messages stay visible. Those of a group
// can block each other without having met.
func (c *Chat) Block(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(tx *db.DB, f *db.Friendship, _ db.User) (*db.Room, error) {
		f.SetBlocks(me.ID, true)
		switch {
		case f.State == db.PairFriends:
			return c.unfriend(ctx, tx, f)
		case f.State == db.PairRequested && f.RequestedBy == me.ID:
			f.State = db.PairApart
		}
		return nil, nil
	})
}

// Unblock lets the other ask again; a request that came meanwhile is seen now.
func (c *Chat) Unblock(ctx context.Context, me db.User, username string) error {
	return c.changePair(ctx, me, username, func(tx *db.DB, f *db.Friendship, _ db.User) (*db.Room, error) {
		if !f.Blocks(me.ID) {
			return nil, nil
		}
		f.SetBlocks(me.ID, false)
		if !c.limits {
			return nil, nil
		}
		return nil, c.countToday(ctx, tx, "unblock", me, 1, maxUnblocksPerDay, ErrTooManyUnblocks)
	})
}

// changePair changes a pair that is there already, or could be because the two share a group: with a
// stranger there is nothing to change, so it does not reveal who exists.
func (c *Chat) changePair(ctx context.Context, me db.User, username string,
	change func(tx *db.DB, f *db.Friendship, other db.User) (*db.Room, error)) error {
	username = canonicalName(username)
	if username == me.Username {
		return ErrNotFound
	}
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	_, err = c.store.Pair(ctx, me.ID, other.ID)
	if errors.Is(err, db.ErrNotFound) {
		together, err := c.store.ShareGroup(ctx, me.ID, other.ID)
		if err != nil {
			return err
		}
		if !together {
			return ErrNotFound
		}
	} else if err != nil {
		return err
	}
	return c.lockPair(ctx, me, other, func(tx *db.DB, f *db.Friendship) (*db.Room, error) {
		return change(tx, f, other)
	})
}

// lockPair changes what is between two people under the lock of the pair's row: two who ask each other
// at the same moment meet there. change returns their room if it appended an entry to it.
func (c *Chat) lockPair(ctx context.Context, me, other db.User, change func(tx *db.DB, f *db.Friendship) (*db.Room, error)) error {
	var room *db.Room
	var before, after db.Friendship
	err := c.store.Tx(ctx, func(tx *db.DB) (err error) {
		after, err = tx.LockPair(ctx, me.ID, other.ID, c.now())
		if err != nil {
			return err
		}
		before = after
		if room, err = change(tx, &after); err != nil || after == before {
			return err
		}
		if after.State != before.State { // lists are in this order, and a block may not move me in the other's
			after.ChangedAt = c.now()
		}
		return tx.SavePair(ctx, after)
	})
	if err != nil || after == before {
		return err
	}
	if room != nil {
		c.notifyRoom(*room)
	}
	for _, user := range []uint64{me.ID, other.ID} {
		if relation(before, user) != relation(after, user) { // otherwise a page that is woken for nothing would reveal a block
			c.notifyUsers(user)
		}
	}
	return nil
}

// befriend opens or creates the pair's room, and makes both members of it from here on.
func (c *Chat) befriend(ctx context.Context, tx *db.DB, f *db.Friendship, me db.User) (*db.Room, error) {
	now := c.now()
	f.State = db.PairFriends
	room := db.Room{Kind: db.RoomDirect, IsOpen: true, Epoch: newEpoch(now), LastSeq: 1, CreatedAt: now}
	var err error
	if f.RoomID == 0 {
		err = tx.CreateRoom(ctx, &room)
	} else {
		room, err = tx.ReopenRoom(ctx, f.RoomID)
	}
	if err != nil {
		return nil, err
	}
	f.RoomID = room.ID
	entry := db.Message{RoomID: room.ID, Seq: room.LastSeq, Kind: db.KindOpened, AuthorID: me.ID, CreatedAt: now}
	if err := tx.InsertMessage(ctx, &entry); err != nil {
		return nil, err
	}
	for _, user := range []uint64{f.LowID, f.HighID} {
		if err := tx.AddMember(ctx, room.ID, user, room.LastSeq); err != nil {
			return nil, err
		}
	}
	return &room, nil
}

// unfriend ends both memberships of the room with an entry of its log, so that "was this said
// before or after?" has one answer.
func (c *Chat) unfriend(ctx context.Context, tx *db.DB, f *db.Friendship) (*db.Room, error) {
	f.State = db.PairApart
	room, err := tx.CloseRoom(ctx, f.RoomID)
	if err != nil {
		return nil, err
	}
	entry := db.Message{RoomID: room.ID, Seq: room.LastSeq, Kind: db.KindClosed, CreatedAt: c.now()}
	if err := tx.InsertMessage(ctx, &entry); err != nil {
		return nil, err
	}
	return &room, tx.EndMembers(ctx, room.ID, room.LastSeq)
}

// newEpoch is the first epoch of a room. Seconds since 1970: a room that was lost with its database
// and created again cannot have an epoch that an open page still knows.
func newEpoch(now time.Time) uint64 { return uint64(max(now.Unix(), 1)) }
