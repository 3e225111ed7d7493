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
	Level   db.NotifyLevel // for me
	Count   int            // of all members
	Members []db.User      // of this page, those who came first before the others
	More    bool           // there are others after them
	Friends []db.User      // mine who are not in it, the newest of them

	Moderators map[uint64]bool // without the owner
	Moderates  bool            // I may do what they may
}

// RosterPage says which members to list: those after so many others, or those whose name is like a query.
type RosterPage struct {
	Skip  int
	Query string
}

// maxCalled is how many members of a room are looked at for a name.
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
	if list.Count, err = c.store.CountMembers(ctx, room); err != nil {
		return Roster{}, err
	}
	if words := foldedWords(text.First(p.Query, maxQuery)); len(words) > 0 {
		list.Members, err = c.membersCalled(ctx, room, words)
	} else {
		list.Members, err = c.members(ctx, room, p.Skip, PeoplePage+1)
	}
	if err != nil {
		return Roster{}, err
	}
	if list.More = len(list.Members) > PeoplePage; list.More {
		list.Members = list.Members[:PeoplePage]
	}
	if err := c.markLike(ctx, room, list.Members); err != nil {
		return Roster{}, err
	}
	if list.Moderators, err = c.store.Moderators(ctx, room); err != nil {
		return Roster{}, err
	}
	list.Friends, err = c.friendsOutside(ctx, me, room)
	return list, err
}

// membersCalled lists a page of members, and one more, whose name or username has every folded word.
func (c *Chat) membersCalled(ctx context.Context, room uint64, words []string) ([]db.User, error) {
	names, err := c.store.MembersCalled(ctx, room, maxCalled)
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, n := range names {
		person := RoomName{Friend: db.User{Username: n.Username, DisplayName: n.DisplayName}, Room: db.Room{Kind: db.RoomDirect}}
		if person.rank(words) > 0 && len(ids) <= PeoplePage {
			ids = append(ids, n.UserID)
		}
	}
	return c.peopleInOrder(ctx, ids)
}

// friendsOutside lists the newest of my friends who are not in a room, even if all of a group are friends of mine.
func (c *Chat) friendsOutside(ctx context.Context, me db.User, room uint64) ([]db.User, error) {
	friends, err := c.newestFriends(ctx, me, maxGroup+PeoplePage)
	if err != nil || len(friends) == 0 {
		return nil, err
	}
	ids := make([]uint64, len(friends))
	for i, f := range friends {
		ids[i] = f.ID
	}
	inside, err := c.store.MembersAmong(ctx, room, ids)
	friends = slices.DeleteFunc(friends, func(f db.User) bool { return inside[f.ID] })
	return friends[:min(len(friends), PeoplePage)], err
}

// Friends lists my friends, those of the last page of friendships alone.
func (c *Chat) Friends(ctx context.Context, me db.User) ([]db.User, error) {
	return c.newestFriends(ctx, me, PeoplePage)
}

func (c *Chat) newestFriends(ctx context.Context, me db.User, n int) ([]db.User, error) {
	pairs, err := c.store.PairsIn(ctx, me.ID, db.ListFriends, nil, n)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(pairs))
	for i, f := range pairs {
		ids[i] = f.Other(me.ID)
	}
	users, err := c.store.UsersByID(ctx, ids)
	friends := make([]db.User, len(ids))
	for i, id := range ids {
		friends[i] = users[id]
	}
	return friends, err
}
