package chat

import (
	"context"
	"slices"

	"parley/app/text"
	"parley/db"
)

// Roster is a page of who is in a group or an open room, and which of my friends I could add.
type Roster struct {
	Room    db.Room
	Level   db.NotifyLevel     // for me
	Members []db.User          // of this page, those who came first before the others
	Next    *db.MemberPosition // where the next page begins; nil if there is none
	Friends []db.User          // mine who are not in it, the newest of them

	MoreFriends bool // there may be others whom I could add

	Moderators map[uint64]bool // of this page, without the owner
	Moderates  bool            // I may do what they may
}

// RosterPage is which members to list: those after a position, or those whose name is like a query.
type RosterPage struct {
	After db.MemberPosition // the zero value is the beginning
	Query string
}

// maxCalled is the most members of a room that are searched for a name.
const maxCalled = 10_000

// Roster reads a group or an open room that I am in. ErrNotFound for every other room.
func (c *Chat) Roster(ctx context.Context, me db.User, room uint64, p RosterPage) (Roster, error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return Roster{}, notFound(err)
	}
	if r.Kind == db.RoomDirect {
		return Roster{}, ErrNotFound
	}
	list := Roster{Room: r, Level: m.Level(), Moderates: moderates(r, m)}
	if words := foldedWords(text.First(p.Query, maxQuery)); len(words) > 0 {
		list.Members, err = c.membersCalled(ctx, room, words)
	} else {
		list.Members, list.Next, err = c.members(ctx, room, p.After, PeoplePage)
	}
	if err != nil {
		return Roster{}, err
	}
	if err := c.markLookalikes(ctx, room, list.Members); err != nil {
		return Roster{}, err
	}
	if list.Moderators, err = c.store.ModeratorsAmong(ctx, room, idsOf(list.Members, func(u db.User) uint64 { return u.ID })); err != nil {
		return Roster{}, err
	}
	list.Friends, list.MoreFriends, err = c.friendsOutside(ctx, me, room)
	return list, err
}

// membersCalled lists a page of members whose name or username has every folded word.
func (c *Chat) membersCalled(ctx context.Context, room uint64, words []string) ([]db.User, error) {
	names, err := c.store.MembersCalled(ctx, room, maxCalled)
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, n := range names {
		person := RoomName{Friend: db.User{Username: n.Username, DisplayName: n.DisplayName}, Kind: db.RoomDirect}
		if person.rank(words) > 0 && len(ids) < PeoplePage {
			ids = append(ids, n.UserID)
		}
	}
	return c.peopleInOrder(ctx, ids)
}

// maxFriendsLooked is the most of somebody's friends who are checked for not being in a room.
const maxFriendsLooked = 500

// friendsOutside lists the newest of my friends who are not in a room, and reports whether there may be others.
func (c *Chat) friendsOutside(ctx context.Context, me db.User, room uint64) (friends []db.User, more bool, err error) {
	pairs, err := c.store.PairsIn(ctx, me.ID, db.ListFriends, nil, maxFriendsLooked)
	if err != nil || len(pairs) == 0 {
		return nil, false, err
	}
	ids := make([]uint64, len(pairs))
	for i, f := range pairs {
		ids[i] = f.Other(me.ID)
	}
	inside, err := c.store.MembersAmong(ctx, room, ids)
	if err != nil {
		return nil, false, err
	}
	ids = slices.DeleteFunc(ids, func(id uint64) bool { return inside[id] })
	more = len(pairs) == maxFriendsLooked || len(ids) > PeoplePage
	friends, err = c.peopleInOrder(ctx, ids[:min(len(ids), PeoplePage)])
	return friends, more, err
}

// Friends lists my friends, those of the last page of friendships alone.
func (c *Chat) Friends(ctx context.Context, me db.User) ([]db.User, error) {
	pairs, err := c.store.PairsIn(ctx, me.ID, db.ListFriends, nil, PeoplePage)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(pairs))
	for i, f := range pairs {
		ids[i] = f.Other(me.ID)
	}
	return c.peopleInOrder(ctx, ids)
}
