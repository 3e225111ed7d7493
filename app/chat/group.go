package chat

import (
	"context"
	"fmt"
	"slices"

	"parley/app/settings"
	"parley/app/text"
	"parley/db"
)

const (
	maxGroup      = 5000 // members
	maxAtCreation = 100  // of them, with whoever creates the group: that is one transaction
	maxGroupName  = 60   // characters

	// The limits on the groups that somebody may create in a day, and on the people that they bring into any: nobody's
	// room list should become pages of groups that they never asked for, and yet a club can be moved here in an
	// afternoon.
	maxGroupsPerDay    = 20
	maxBroughtInPerDay = 200
)

// CreateGroup opens a room for me and some of my friends, and returns its id.
func (c *Chat) CreateGroup(ctx context.Context, me db.User, name string, usernames []string) (uint64, error) {
	name, err := cleanGroupName(name)
	if err != nil {
		return 0, err
	}
	if !me.IsAdmin && c.settings(ctx).GroupsBy == settings.ByAdmins {
		return 0, ErrGroupsByAdmins
	}
	if len(usernames) >= maxAtCreation {
		return 0, ErrTooManyAtOnce
	}
	if !c.postLimit.allow(me.ID, c.now()) {
		return 0, ErrTooFast
	}
	now := c.now()
	var room db.Room
	var members []uint64
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		if err := c.countGroup(ctx, tx, me, len(usernames)); err != nil {
			return err
		}
		room = db.Room{Kind: db.RoomGroup, Name: name, IsOpen: true, OwnerID: me.ID, MakerID: me.ID, Epoch: newEpoch(now), LastSeq: 1, CreatedAt: now}
		if err := tx.CreateRoom(ctx, &room); err != nil {
			return err
		}
		friends, err := friendsNamed(ctx, tx, me, usernames) // in here, so that nobody who has just blocked me is brought in
		if err != nil {
			return err
		}
		members = []uint64{me.ID}
		for _, friend := range friends {
			members = append(members, friend.ID)
		}
		if err := tx.AddMembers(ctx, room.ID, members, 1); err != nil {
			return err
		}
		return tx.InsertMessage(ctx, &db.Message{RoomID: room.ID, Seq: 1, Kind: db.KindGroupCreated, AuthorID: me.ID, Body: name, CreatedAt: now})
	})
	if err != nil {
		return 0, err
	}
	c.notifyUsers(members...)
	return room.ID, nil
}

// countGroup counts a group with this many others in it.
func (c *Chat) countGroup(ctx context.Context, tx *db.DB, me db.User, others int) error {
	if !c.limits {
		return nil
	}
	if err := c.countToday(ctx, tx, "group", me, 1, maxGroupsPerDay, ErrTooManyGroups); err != nil {
		return err
	}
	return c.countBroughtIn(ctx, tx, me, others)
}

func (c *Chat) countBroughtIn(ctx context.Context, tx *db.DB, me db.User, n int) error {
	if !c.limits || n == 0 {
		return nil
	}
	return c.countToday(ctx, tx, "bring", me, n, maxBroughtInPerDay, ErrTooManyBroughtIn)
}

// AddMember adds a friend of mine to a group, where they see new messages, but not earlier ones, or to an open
// room, where they see all.
func (c *Chat) AddMember(ctx context.Context, me db.User, room uint64, username string) error {
	var friend db.User
	err := c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if r.Kind == db.RoomDirect {
			return nil, ErrNotFound
		}
		friends, err := friendsNamed(ctx, tx, me, []string{username})
		if err != nil {
			return nil, err
		}
		friend = friends[0]
		members, err := tx.MembersAmong(ctx, room, []uint64{friend.ID})
		if err != nil {
			return nil, err
		}
		switch {
		case members[friend.ID]:
			return nil, ErrAlreadyMember
		case r.Kind == db.RoomGroup && r.MemberCount >= maxGroup:
			return nil, ErrGroupFull
		}
		if err := checkEnter(ctx, tx, r, friend.ID); err != nil {
			return nil, err
		}
		if err := c.countBroughtIn(ctx, tx, me, 1); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindJoin, AboutID: friend.ID, Members: r.MemberCount + 1}, tx.AddMember(ctx, room, friend.ID, r.LastSeq)
	})
	if err == nil {
		c.notifyUsers(friend.ID)
	}
	return err
}

// LeaveGroup ends my membership of a group. If I own it, the longest-standing of the others becomes the
// owner.
func (c *Chat) LeaveGroup(ctx context.Context, me db.User, room uint64) error {
	return c.endMembership(ctx, me, room, func(*db.DB, db.Room) (*db.Message, error) {
		return &db.Message{Kind: db.KindLeave, AboutID: me.ID}, nil
	})
}

// RemoveMember ends somebody else's membership of a group that I own or moderate. Only its owner removes other
// moderators, and nobody the owner.
func (c *Chat) RemoveMember(ctx context.Context, me db.User, room uint64, username string) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	return c.endMembership(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if err := checkMayExclude(ctx, tx, r, me, other.ID); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindLeave, AboutID: other.ID}, c.audit(ctx, tx, me, db.AuditEntry{Action: db.AuditRemoveMember, RoomID: room, UserID: other.ID})
	})
}

// endMembership ends the membership of the person that the entry of choose is about. Somebody who is banned need not be
// a member.
func (c *Chat) endMembership(ctx context.Context, me db.User, room uint64, choose func(tx *db.DB, r db.Room) (*db.Message, error)) error {
	var who uint64
	err := c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if r.Kind == db.RoomDirect {
			return nil, ErrNotFound
		}
		entry, err := choose(tx, r)
		if err != nil || entry == nil {
			return nil, err
		}
		who = entry.AboutID
		wasMember, err := tx.EndMember(ctx, room, who, r.LastSeq)
		if err != nil {
			return nil, err
		}
		if !wasMember && entry.Kind != db.KindBanned {
			return nil, ErrNotFound
		}
		if who == r.OwnerID {
			if err := chooseOwner(ctx, tx, r); err != nil {
				return nil, err
			}
		}
		if entry.Members = r.MemberCount; wasMember {
			entry.Members = membersWithout(r)
		}
		if who == me.ID {
			entry.Kind = leaveKind(r)
		}
		return entry, nil
	})
	if err == nil && who != 0 {
		c.notifyUsers(who)
	}
	return err
}

// membersWithout returns the number of members in a room once one of them has left.
func membersWithout(r db.Room) int { return max(r.MemberCount-1, 0) }

// leaveKind is the kind of the entry with which somebody leaves a room of their own accord.
func leaveKind(r db.Room) db.MessageKind {
	if r.Kind == db.RoomOpen {
		return db.KindWentAway
	}
	return db.KindLeave
}

// chooseOwner gives a group or an open room that its owner has left to the longest-standing member, if there is any.
func chooseOwner(ctx context.Context, tx *db.DB, r db.Room) error {
	successor, err := successorOf(ctx, tx, r)
	if err != nil || successor == 0 {
		return err
	}
	return tx.SetRoomOwner(ctx, r.ID, successor, r.OwnerID)
}

// successorOf returns who would own a room without its owner, or 0.
func successorOf(ctx context.Context, tx *db.DB, r db.Room) (uint64, error) {
	members, err := tx.MembersFrom(ctx, r.ID, db.MemberPosition{}, 2)
	for _, m := range members {
		if m.UserID != r.OwnerID {
			return m.UserID, err
		}
	}
	return 0, err
}

// TransferOwnership makes another member the owner of my group.
func (c *Chat) TransferOwnership(ctx context.Context, me db.User, room uint64, username string) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) {
			return nil, ErrNotFound
		}
		if other.ID == me.ID {
			return nil, nil
		}
		members, err := tx.MembersAmong(ctx, room, []uint64{other.ID})
		if err != nil {
			return nil, err
		}
		if !members[other.ID] {
			return nil, ErrNotFound
		}
		return &db.Message{Kind: db.KindOwnerChanged, AboutID: other.ID}, tx.SetRoomOwner(ctx, room, other.ID, me.ID)
	})
}

// RenameGroup gives my group another name.
func (c *Chat) RenameGroup(ctx context.Context, me db.User, room uint64, name string) error {
	name, err := cleanGroupName(name)
	if err != nil {
		return err
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) {
			return nil, ErrNotFound
		}
		if r.Name == name {
			return nil, nil
		}
		return &db.Message{Kind: db.KindRenamed, Body: name}, tx.SetRoomName(ctx, room, name)
	})
}

func isOwner(r db.Room, me db.User) bool { return r.Kind != db.RoomDirect && r.OwnerID == me.ID }

// friendsNamed finds friends of mine by their names, each once. ErrNotFriend is for all others, strangers and
// names that nobody has.
func friendsNamed(ctx context.Context, tx *db.DB, me db.User, usernames []string) ([]db.User, error) {
	names := make([]string, len(usernames))
	for i, username := range usernames {
		names[i] = canonicalName(username)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	found, err := tx.UsersByName(ctx, names)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(names)) // 0 where there is nobody, so that the next query is the same
	for i, name := range names {
		ids[i] = found[name].ID
	}
	friends, err := tx.FriendsAmong(ctx, me.ID, ids)
	if err != nil {
		return nil, err
	}
	list := make([]db.User, len(names))
	for i, name := range names {
		if list[i] = found[name]; !friends[list[i].ID] {
			return nil, ErrNotFriend
		}
	}
	return list, nil
}

// cleanGroupName returns the stored form of a group's name: on one line, and otherwise by the rule for
// the names of people. ErrBadName wraps the reason that text has.
func cleanGroupName(name string) (string, error) {
	name, err := text.Name(text.OneLine(name), maxGroupName)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadName, err)
	}
	return name, nil
}
