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

// The relations of other people to me.
const (
	RelationSelf     Relation = "self"
	RelationFriend   Relation = "friend"
	RequestReceived  Relation = "asked-me"
	RequestSent      Relation = "asked-them"
	RelationStranger Relation = "none"
	RelationBlocked  Relation = "blocked"
)

// relation reads a pair from one side. It never reveals whether the other blocks.
func relation(f db.Friendship, me uint64) Relation {
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
	User   db.User // without what no list shows
	RoomID uint64  // the room with a friend, 0 for others
}

// PeoplePage is the number of people on a page of a list.
const PeoplePage = 50

// People is the beginning of each list of those whom I have a relation to, or a later page of one of them.
// A Next is where the page after it begins; nil if there is none. Of requests that I sent there are too
// few for a second page.
type People struct {
	Friends, Incoming, Outgoing, Blocked   []Known
	NextFriends, NextIncoming, NextBlocked *db.PairPosition
}

// People lists friends, requests in and out, and who is blocked: a page of each.
func (c *Chat) People(ctx context.Context, me db.User) (People, error) {
	lists, err := c.store.PairsInAll(ctx, me.ID, PeoplePage+1)
	if err != nil {
		return People{}, err
	}
	return peopleIn(me, lists), nil
}

// PeopleAfter is a later page of one list.
func (c *Chat) PeopleAfter(ctx context.Context, me db.User, list db.PairList, after db.PairPosition) (People, error) {
	pairs, err := c.store.ListedPairs(ctx, me.ID, list, &after, PeoplePage+1)
	if err != nil {
		return People{}, err
	}
	return peopleIn(me, map[db.PairList][]*db.ListedPair{list: pairs}), nil
}

// peopleIn returns the people of my lists, of each of which one more was read than a page shows.
func peopleIn(me db.User, lists map[db.PairList][]*db.ListedPair) (p People) {
	for list, pairs := range lists {
		p.add(me, list, pairs)
	}
	return p
}

func (p *People) add(me db.User, list db.PairList, pairs []*db.ListedPair) {
	var next *db.PairPosition
	if len(pairs) > PeoplePage {
		pairs = pairs[:PeoplePage]
		last := pairs[PeoplePage-1].PositionIn(me.ID)
		next = &last
	}
	known := make([]Known, len(pairs))
	for i, f := range pairs {
		known[i] = Known{User: f.Person}
		switch list {
		case db.ListFriends:
			known[i].RoomID = f.RoomID
		case db.ListSent, db.ListBlocked:
			known[i].User = redacted(f.Person)
		}
	}
	switch list {
	case db.ListFriends:
		p.Friends, p.NextFriends = known, next
	case db.ListReceived:
		slices.Reverse(known) // a new request comes last, and moves no button from under a finger
		p.Incoming, p.NextIncoming = known, next
	case db.ListSent:
		p.Outgoing = known
	case db.ListBlocked:
		p.Blocked, p.NextBlocked = known, next
	}
}

// Waiting counts the requests that wait for my answer, and the answers to my reports that I have not seen.
func (c *Chat) Waiting(ctx context.Context, me db.User) (db.Waiting, error) {
	return c.store.CountWaiting(ctx, me.ID)
}

// RecountWaiting marks those for whom something waits and whom older versions have left unmarked. Call it from time to time.
func (c *Chat) RecountWaiting(ctx context.Context) error {
	return c.store.WithPriority(db.Idle).RecountWaiting(ctx)
}

// Person finds somebody whom I may see: myself, my friends, who has asked me, and who is in a
// group with me. For people whom I have asked or blocked, I see only the name that I typed;
// otherwise a disappearing avatar would reveal the block.
func (c *Chat) Person(ctx context.Context, me db.User, username string) (db.User, Relation, uint64, error) {
	if username == me.Username {
		return me, RelationSelf, 0, nil
	}
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return db.User{}, "", 0, err
	}
	f, err := c.store.Pair(ctx, me.ID, other.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return db.User{}, "", 0, err
	}
	r := RelationStranger
	if err == nil {
		r = relation(f, me.ID)
	}
	switch r {
	case RelationFriend:
		return other, r, f.RoomID, nil
	case RequestReceived:
		return other, r, 0, nil
	}
	together, err := c.store.ShareGroup(ctx, me.ID, other.ID)
	switch {
	case err != nil:
		return db.User{}, "", 0, err
	case together:
		return other, r, 0, nil
	case r == RequestSent, r == RelationBlocked:
		return redacted(other), r, 0, nil
	}
	return db.User{}, "", 0, ErrNotFound
}

// NotifyProfileChanged updates the pages of everybody who sees me, after a change of my name or avatar.
func (c *Chat) NotifyProfileChanged(ctx context.Context, me db.User) error {
	pairs, err := c.store.PairsOf(ctx, me.ID)
	c.notifyUsers(me.ID)
	for _, f := range pairs {
		if f.State != db.PairApart {
			c.notifyUsers(f.Other(me.ID))
		}
	}
	return err
}

// userOrNobody finds an account by its username; if there is none, it returns the zero User and no error.
// Callers run the same queries for both, so that the time of an answer does not reveal who has an account.
func (c *Chat) userOrNobody(ctx context.Context, username string) (db.User, error) {
	u, err := c.store.UserByName(ctx, username)
	if errors.Is(err, db.ErrNotFound) {
		return db.User{}, nil
	}
	return u, err
}

// canonicalName turns a name as people type it into a username.
func canonicalName(typed string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(typed), "@"))
}

// redacted is what may be shown of somebody who has not let me see more: the name I typed.
func redacted(u db.User) db.User {
	return db.User{ID: u.ID, Username: u.Username, DisplayName: u.Username}
}

func userKey(what string, user uint64) string { return fmt.Sprintf("%s/%d", what, user) }
