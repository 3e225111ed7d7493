package chat

import (
	"context"
	"errors"
	"slices"

	"parley/db"
)

// Invited is what an invitation gives whoever accepts it.
type Invited struct {
	Inviter   db.User
	Befriends bool
	Rooms     []uint64
	IsNew     bool // whoever accepts it has no account until then
}

// Arrival is the result of an accepted invitation.
type Arrival struct {
	FriendRoom uint64   // the room with the inviter, 0 if they are not friends
	Joined     []uint64 // the rooms that the person is a member of now, and was not before
	Missed     int      // the rooms that no longer accept anybody

	changed bool
	grown   []db.Room
}

// Arrive lets somebody in who has accepted an invitation: they become a friend of whoever invited them, and
// a member of the rooms. enter comes first in the transaction and returns who it is; an error from it undoes
// everything, and so does having nothing new for somebody who had an account: then only FriendRoom
// and Missed are set. Someone whom the inviter blocks gets ErrNotFound, and someone who blocks the inviter
// ErrBlocking.
func (c *Chat) Arrive(ctx context.Context, i Invited, enter func(tx *db.DB) (db.User, error)) (Arrival, error) {
	rooms := slices.Compact(slices.Sorted(slices.Values(i.Rooms))) // everybody takes their turns and locks in this order
	for _, room := range rooms {
		done, err := c.changes.Take(ctx, room)
		if err != nil {
			return Arrival{}, err
		}
		defer done()
	}
	var a Arrival
	var who db.User
	err := c.store.WithPriority(db.Low).Tx(ctx, func(tx *db.DB) (err error) {
		a = Arrival{} // it may be done again
		if who, err = enter(tx); err != nil {
			return err
		}
		if err := c.arriveAsFriend(ctx, tx, i, who, &a); err != nil {
			return err
		}
		for _, room := range rooms {
			if err := c.arriveInRoom(ctx, tx, room, i.Inviter, who, &a); err != nil {
				return err
			}
		}
		if !a.changed && !i.IsNew {
			return errNothingNew
		}
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return a, nil
	}
	if err != nil {
		return Arrival{}, err
	}
	for _, room := range a.grown {
		c.notifyRoom(room)
	}
	c.notifyUsers(i.Inviter.ID, who.ID)
	return a, nil
}

func (c *Chat) arriveAsFriend(ctx context.Context, tx *db.DB, i Invited, who db.User, a *Arrival) error {
	if !i.Befriends { // but blocks count all the same; a pair that never met gets no row
		f, err := tx.Pair(ctx, i.Inviter.ID, who.ID)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		return blockOf(f, i.Inviter, who)
	}
	f, err := tx.LockPair(ctx, i.Inviter.ID, who.ID, c.now())
	if err != nil {
		return err
	}
	if err := blockOf(f, i.Inviter, who); err != nil {
		return err
	}
	if f.State != db.PairFriends {
		room, err := c.befriend(ctx, tx, &f, who)
		if err != nil {
			return err
		}
		f.ChangedAt = c.now()
		if err := tx.SavePair(ctx, f); err != nil {
			return err
		}
		a.grown, a.changed = append(a.grown, *room), true
	}
	a.FriendRoom = f.RoomID
	return nil
}

// CheckArrive returns nil if no block keeps somebody from accepting an invitation; otherwise the error is that
// of Arrive.
func (c *Chat) CheckArrive(ctx context.Context, inviter, who db.User) error {
	f, err := c.store.Pair(ctx, inviter.ID, who.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	return blockOf(f, inviter, who)
}

// blockOf returns the error for two people of whom one blocks the other. To whoever is blocked, the
// invitation looks like one that is over: a block cannot be seen.
func blockOf(f db.Friendship, inviter, who db.User) error {
	switch {
	case f.Blocks(inviter.ID):
		return ErrNotFound
	case f.Blocks(who.ID):
		return ErrBlocking
	}
	return nil
}

// arriveInRoom makes somebody a member of a room, if it accepts them: it may be full by now, or not the
// inviter's any more.
func (c *Chat) arriveInRoom(ctx context.Context, tx *db.DB, room uint64, inviter, who db.User, a *Arrival) error {
	r, err := tx.LockRoom(ctx, room) // before anything is read, and without a seq that a refusal would leave unused
	if err != nil {
		return err
	}
	members, err := tx.MembersAmong(ctx, room, []uint64{who.ID, inviter.ID})
	if err != nil || members[who.ID] {
		return err
	}
	may, err := mayBringIn(ctx, tx, r, inviter, who)
	if err != nil {
		return err
	}
	if !may || !members[inviter.ID] || r.Kind == db.RoomGroup && r.MemberCount >= maxGroup {
		a.Missed++
		return nil
	}
	if r, err = tx.NextSeq(ctx, room); err != nil {
		return err
	}
	a.Joined, a.grown, a.changed = append(a.Joined, room), append(a.grown, r), true
	if r.Kind == db.RoomOpen { // they have chosen it, and newcomers stand in one line
		return c.enter(ctx, tx, r, who)
	}
	if err := tx.AddMember(ctx, room, who.ID, r.LastSeq); err != nil {
		return err
	}
	return tx.InsertMessage(ctx, &db.Message{RoomID: room, Seq: r.LastSeq, Kind: db.KindJoin, AuthorID: inviter.ID, AboutID: who.ID, Members: r.MemberCount + 1, CreatedAt: c.now()})
}

// mayBringIn reports whether an invitation of somebody leads into a room: an open one from which whoever accepts
// is not banned, or a group that they own, and that blocks do not hide from whoever accepts.
func mayBringIn(ctx context.Context, tx *db.DB, r db.Room, inviter, who db.User) (bool, error) {
	if err := checkEnter(ctx, tx, r, who.ID); err != nil {
		if errors.Is(err, ErrBanned) { // an invitation is no way around a ban
			err = nil
		}
		return false, err
	}
	if !r.IsOpen {
		return false, nil
	}
	if r.Kind == db.RoomOpen {
		return true, nil
	}
	if !isOwner(r, inviter) {
		return false, nil
	}
	hidden, err := tx.HiddenFrom(ctx, r, who.ID)
	return !hidden, err
}

// RoomsToOffer lists what I may invite to, the newest first: groups that I own, and open rooms that I am in.
func (c *Chat) RoomsToOffer(ctx context.Context, me db.User) ([]db.Room, error) {
	return c.store.RoomsToOffer(ctx, me.ID, maxRoomsToOffer)
}

// maxRoomsToOffer is the most rooms that a form offers.
const maxRoomsToOffer = 100
