package chat

import (
	"context"
	"errors"
	"time"

	"parley/app/settings"
	"parley/db"
)

const (
	// maxJoinsPerDay is how often somebody may join open rooms in a day: each time is two entries of a log, with
	// the leaving, and a place in its lines.
	maxJoinsPerDay = 100

	// joinTime is how long after the first others join with the same line, if nothing is said in between.
	joinTime = 10 * time.Minute
)

// MayOpenRooms reports whether the settings let me open rooms to everybody.
func (c *Chat) MayOpenRooms(ctx context.Context, me db.User) bool {
	return me.IsAdmin || c.settings(ctx).OpenRoomsBy != settings.ByAdmins
}

// CreateOpenRoom opens a room that everybody on the server may join, and returns its id.
func (c *Chat) CreateOpenRoom(ctx context.Context, me db.User, name, about string) (uint64, error) {
	name, err := cleanGroupName(name)
	if err != nil {
		return 0, err
	}
	if about, err = cleanAbout(about); err != nil {
		return 0, err
	}
	if !c.MayOpenRooms(ctx, me) {
		return 0, ErrOnlyAdmins
	}
	if !c.postLimit.allow(me.ID, c.now()) {
		return 0, ErrTooFast
	}
	now := c.now()
	var room db.Room
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		if err := c.countGroup(ctx, tx, me, 0); err != nil {
			return err
		}
		room = db.Room{Kind: db.RoomOpen, Name: name, About: about, IsOpen: true, OwnerID: me.ID, MakerID: me.ID, Epoch: newEpoch(now), LastSeq: 1, CreatedAt: now}
		if err := tx.CreateRoom(ctx, &room); err != nil {
			return err
		}
		if err := tx.JoinRoom(ctx, room.ID, me.ID, 1); err != nil {
			return err
		}
		return tx.InsertMessage(ctx, &db.Message{RoomID: room.ID, Seq: 1, Kind: db.KindGroupCreated, AuthorID: me.ID, AboutID: me.ID, Body: name, CreatedAt: now})
	})
	if err != nil {
		return 0, err
	}
	c.notifyUsers(me.ID)
	return room.ID, nil
}

// JoinRoom makes me a member of an open room. I see all of its log, and what was said before counts as read.
// ErrNotFound is for every room that is not open, and for those that I am banned from.
func (c *Chat) JoinRoom(ctx context.Context, me db.User, room uint64) error {
	return c.joinRoom(ctx, me, room, func(tx *db.DB) error {
		if !c.limits {
			return nil
		}
		return c.countToday(ctx, tx, "join", me, 1, maxJoinsPerDay, ErrTooManyJoins)
	})
}

// JoinDefaultRooms makes somebody who has just signed up a member of the rooms that are there for newcomers. It
// may be repeated: whoever has left one of them stays outside.
func (c *Chat) JoinDefaultRooms(ctx context.Context, me db.User) error {
	rooms, err := c.store.DefaultRooms(ctx, me.ID, me.CreatedAt)
	for _, r := range rooms {
		if one := c.joinRoom(ctx, me, r.ID, func(*db.DB) error { return nil }); !errors.Is(one, ErrNotFound) { // closed or turned into a group meanwhile
			err = errors.Join(err, one)
		}
	}
	return err
}

// joinRoom takes the room's lock like every change; count may refuse.
func (c *Chat) joinRoom(ctx context.Context, me db.User, room uint64, count func(tx *db.DB) error) error {
	if !c.postLimit.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	r, err := c.store.OpenRoom(ctx, room)
	if err != nil {
		return notFound(err)
	}
	if already, err := c.comeBackTo(ctx, me, r); already || err != nil {
		return err
	}
	done, err := c.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	var grown db.Room
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		if grown, err = tx.NextSeq(ctx, room); err != nil {
			return err
		}
		if grown.Kind != db.RoomOpen {
			return ErrNotFound
		}
		if err := checkEnter(ctx, tx, grown, me.ID); errors.Is(err, ErrBanned) {
			return ErrNotFound
		} else if err != nil {
			return err
		}
		members, err := tx.MembersAmong(ctx, room, []uint64{me.ID})
		if err != nil {
			return err
		}
		if members[me.ID] {
			return errNothingNew
		}
		if err := count(tx); err != nil {
			return err
		}
		return c.enter(ctx, tx, grown, me)
	})
	if errors.Is(err, errNothingNew) { // in another tab, at the same moment
		return nil
	}
	if err == nil {
		c.notifyRoom(grown)
		c.notifyUsers(me.ID)
	}
	return notFound(err)
}

// comeBackTo reports whether I am a member of an open room, and then shows it to me again if it was hidden
// because I block who owns it, and somebody else had brought me in.
func (c *Chat) comeBackTo(ctx context.Context, me db.User, r db.Room) (already bool, err error) {
	m, err := c.store.MemberNow(ctx, r.ID, me.ID)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil || m.Chosen {
		return true, err
	}
	err = c.store.SetChosen(ctx, me.ID, r.ID)
	c.notifyUsers(me.ID)
	return true, err
}

// enter makes somebody a member with the next entry of an open room, which is locked. Those who come soon after
// each other share one line.
func (c *Chat) enter(ctx context.Context, tx *db.DB, r db.Room, who db.User) error {
	members, err := tx.MembersFrom(ctx, r.ID, db.MemberPosition{}, 1)
	if err != nil {
		return err
	}
	if len(members) == 0 { // everybody has left it, so nobody could look after it
		if err := tx.SetRoomOwner(ctx, r.ID, who.ID, r.OwnerID); err != nil {
			return err
		}
	}
	entry, err := c.joinEntry(ctx, tx, r, who)
	if err != nil {
		return err
	}
	if err := tx.JoinRoom(ctx, r.ID, who.ID, r.LastSeq); err != nil {
		return err
	}
	entry.RoomID, entry.Seq, entry.AuthorID, entry.AboutID, entry.Members, entry.CreatedAt = r.ID, r.LastSeq, who.ID, who.ID, r.MemberCount+1, c.now()
	return tx.InsertMessage(ctx, &entry)
}

// joinEntry returns the kind of entry with which somebody joins.
func (c *Chat) joinEntry(ctx context.Context, tx *db.DB, r db.Room, who db.User) (db.Message, error) {
	above, err := tx.MessagesBefore(ctx, r.ID, r.LastSeq, everything, 1)
	if err != nil || len(above) == 0 || !above[0].IsJoinLine() || c.now().Sub(above[0].CreatedAt) >= joinTime {
		return db.Message{Kind: db.KindJoin}, err
	}
	again, err := tx.JoinedSince(ctx, r.ID, who.ID, above[0].Seq)
	if again {
		return db.Message{Kind: db.KindCameBack}, err
	}
	return db.Message{Kind: db.KindJoinedToo, TargetSeq: above[0].Seq}, err
}
