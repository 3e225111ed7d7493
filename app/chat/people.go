package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/db"
)

// Relation is what somebody is to me, as far as I may know.
type Relation string

// The standings of other people.
const (
	RelationSelf     Relation = "self"
	RelationFriend   Relation = "friend"
	RequestReceived  Relation = "asked-me"
	RequestSent      Relation = "asked-them"
	RelationStranger Relation = "none"
	RelationBlocked  Relation = "blocked"
)

// standing reads a pair from one side. It never tells whether the other blocks.
func standing(f db.Friendship, me uint64) Relation {
	switch {
	case f.Blocks(me):
		return RelationBlocked
	case f.State == db.PairFriends:
		return RelationFriend
	case f.State == db.PairRequested && f.RequestedBy == me:
		return RequestSent
	case f.State == db.PairRequested:
		return RequestReceived
	}
	return RelationStranger
}

// Known is a person in one of my lists.
type Known struct {
	User   db.User
	RoomID uint64 // the room with a friend, 0 for others
}

// People is everybody that I have to do with.
type People struct {
	Friends, Incoming, Outgoing, Blocked []Known
}

// People lists friends, requests in and out, and who is blocked.
func (c *Chat) People(ctx context.Context, me db.User) (People, error) {
	pairs, err := c.store.PairsOf(ctx, me.ID)
	if err != nil {
		return People{}, err
	}
	ids := make([]uint64, len(pairs))
	for i, f := range pairs {
		ids[i] = f.Other(me.ID)
	}
	users, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return People{}, err
	}
	var p People
	for _, f := range pairs {
		other := users[f.Other(me.ID)]
		switch standing(f, me.ID) {
		case RelationFriend:
			p.Friends = append(p.Friends, Known{User: other, RoomID: f.RoomID})
		case RequestReceived:
			p.Incoming = append(p.Incoming, Known{User: other})
		case RequestSent:
			p.Outgoing = append(p.Outgoing, Known{User: faceless(other)})
		case RelationBlocked:
			p.Blocked = append(p.Blocked, Known{User: faceless(other)})
		}
	}
	slices.Reverse(p.Incoming) // a new request comes last, and moves no button from under a finger
	return p, nil
}

// Requests counts the requests that wait for my answer.
func (c *Chat) Requests(ctx context.Context, me db.User) (int, error) {
	pairs, err := c.store.PairsOf(ctx, me.ID)
	n := 0
	for _, f := range pairs {
		if standing(f, me.ID) == RequestReceived {
			n++
		}
	}
	return n, err
}

// Person finds somebody whom I may see: myself, my friends, who has asked me, and who is in a
// group with me. Of those whom I
// asked or block I see the name that I typed and no more, or else a face that goes away would
// tell that I am blocked.
func (c *Chat) Person(ctx context.Context, me db.User, username string) (db.User, Relation, uint64, error) {
	if username == me.Username {
		return me, RelationSelf, 0, nil
	}
	other, err := c.store.UserByName(ctx, username)
	if err != nil {
		return db.User{}, "", 0, hidden(err)
	}
	f, err := c.store.Pair(ctx, me.ID, other.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return db.User{}, "", 0, err
	}
	s := RelationStranger
	if err == nil {
		s = standing(f, me.ID)
	}
	switch s {
	case RelationFriend:
		return other, s, f.RoomID, nil
	case RequestReceived:
		return other, s, 0, nil
	}
	together, err := c.store.ShareGroup(ctx, me.ID, other.ID)
	switch {
	case err != nil:
		return db.User{}, "", 0, err
	case together:
		return other, s, 0, nil
	case s == RequestSent, s == RelationBlocked:
		return faceless(other), s, 0, nil
	}
	return db.User{}, "", 0, ErrNotFound
}

// MaySeePerson tells whether I may see the face of an account.
func (c *Chat) MaySeePerson(ctx context.Context, me db.User, other uint64) (bool, error) {
	if other == me.ID {
		return true, nil
	}
	f, err := c.store.Pair(ctx, me.ID, other)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, err
	}
	if s := standing(f, me.ID); err == nil && (s == RelationFriend || s == RequestReceived) {
		return true, nil
	}
	return c.store.ShareGroup(ctx, me.ID, other)
}

// NotifyProfileChanged tells the pages of everybody who sees me that I look different now.
func (c *Chat) NotifyProfileChanged(ctx context.Context, me db.User) error {
	pairs, err := c.store.PairsOf(ctx, me.ID)
	c.changed(me.ID)
	for _, f := range pairs {
		if f.State != db.PairApart {
			c.changed(f.Other(me.ID))
		}
	}
	return err
}

func (c *Chat) person(ctx context.Context, me db.User, username string) (db.User, error) {
	username = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(username), "@"))
	if username == me.Username {
		return db.User{}, ErrSelf
	}
	other, err := c.store.UserByName(ctx, username)
	if errors.Is(err, db.ErrNotFound) {
		return db.User{}, ErrNoSuchUser
	}
	return other, err
}

// faceless is what may be shown of somebody who has not let me see more: the name I typed.
func faceless(u db.User) db.User {
	return db.User{ID: u.ID, Username: u.Username, DisplayName: u.Username}
}

func userKey(what string, user uint64) string { return fmt.Sprintf("%s/%d", what, user) }
