package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// PairList is one of the lists of people that somebody has.
type PairList int

// The lists. Somebody who is blocked is in that list alone.
const (
	ListFriends  PairList = iota
	ListReceived          // requests from others
	ListSent              // requests to others
	ListBlocked
)

// condition returns what is true of the pairs of a list, for the person on one side ("low" or "high").
func (l PairList) condition(side string) string {
	switch l {
	case ListFriends:
		return side + "_id = @user AND state = 'friends' AND " + side + "_blocks = FALSE"
	case ListReceived:
		return side + "_id = @user AND state = 'requested' AND requested_by <> @user AND " + side + "_blocks = FALSE"
	case ListSent:
		return side + "_id = @user AND state = 'requested' AND requested_by = @user AND " + side + "_blocks = FALSE"
	}
	return side + "_id = @user AND " + side + "_blocks = TRUE"
}

// listOf returns the list of one of its people that the pair is in, as the condition says of each.
func (f Friendship) listOf(user uint64) (list PairList, listed bool) {
	switch {
	case f.Blocks(user):
		return ListBlocked, true
	case f.State == PairFriends:
		return ListFriends, true
	case f.State != PairRequested:
		return 0, false
	case f.RequestedBy == user:
		return ListSent, true
	}
	return ListReceived, true
}

// PairPosition is a place in one of those lists, which run from the newest change to the oldest.
type PairPosition struct {
	At    int64 // in microseconds since 1970
	Other uint64
}

// PositionIn returns the position of the pair in the lists of one of its people.
func (f Friendship) PositionIn(user uint64) PairPosition {
	return PairPosition{At: f.ChangedAt.UnixMicro(), Other: f.Other(user)}
}

// PairsIn returns a page of one of a person's lists: n pairs from the beginning, or after a position.
func (d *DB) PairsIn(ctx context.Context, user uint64, list PairList, after *PairPosition, n int) ([]Friendship, error) {
	query, values := list.page(user, after, n)
	return all[Friendship](d.query(ctx, query, values))
}

// ListedPair is a pair in a list of one of its people, with the other one, without what no list shows of them.
type ListedPair struct {
	Friendship
	Person User
}

func (p *ListedPair) columns() columns[ListedPair] {
	return append(columns[ListedPair](p.Friendship.columns()),
		column{"person_id", (*unsigned)(&p.Person.ID)}, column{"username", (*text)(&p.Person.Username)}, column{"display_name", (*text)(&p.Person.DisplayName)},
		column{"photo_id", (*unsigned)(&p.Person.PhotoID)}, column{"is_deleted", (*flag)(&p.Person.IsDeleted)})
}

// pairListed is a ListedPair with its list.
type pairListed struct {
	ListedPair
	list PairList
}

func (p *pairListed) columns() columns[pairListed] {
	return append(columns[pairListed](p.ListedPair.columns()), column{"list", (*number)(&p.list)})
}

// withPerson selects the pairs of a query with the other person of each.
func withPerson(pairs string) string {
	return "SELECT p.*, u.id AS person_id, u.username, u.display_name, u.photo_id, u.is_deleted FROM (" + pairs + ") p LEFT JOIN users u ON u.id = p.other"
}

// ListedPairs is PairsIn with the people.
func (d *DB) ListedPairs(ctx context.Context, user uint64, list PairList, after *PairPosition, n int) ([]*ListedPair, error) {
	query, values := list.page(user, after, n)
	rows, err := all[ListedPair](d.query(ctx, withPerson(query)+" ORDER BY p.changed_at DESC, p.other DESC", values))
	pairs := make([]*ListedPair, len(rows))
	for i := range rows {
		pairs[i] = &rows[i]
	}
	return pairs, err
}

// mostPairs is the number of pairs of a person, with older people and with newer ones, that are sorted here, which
// reads all of them, and takes a quarter of the database's time. The database sorts them for people with more.
const mostPairs = 100

// fewPairs selects all pairs of somebody who has few, and some of those of others. MySQL would copy a subquery with a
// limit before it reads it, and SQLite has limits nowhere else in a UNION.
func (d *DB) fewPairs() string {
	half := func(side, other string) string {
		limited := fmt.Sprintf("SELECT p.*, u.id AS person_id, u.username, u.display_name, u.photo_id, u.is_deleted "+
			"FROM friendships p LEFT JOIN users u ON u.id = p.%s_id WHERE p.%s_id = @user LIMIT %d", other, side, mostPairs+1)
		if d.sqlite {
			return "SELECT * FROM (" + limited + ")"
		}
		return "(" + limited + ")"
	}
	return half("low", "high") + " UNION ALL " + half("high", "low")
}

// manyPairs selects the beginnings of a person's lists.
var manyPairs = func() string {
	var parts []string
	for list := range ListBlocked + 1 {
		query, _ := list.page(0, nil, 0)
		parts = append(parts, fmt.Sprintf("SELECT %d AS list, p%[1]d.* FROM (%s) p%[1]d", list, query))
	}
	return withPerson(strings.Join(parts, " UNION ALL ")) + " ORDER BY p.list, p.changed_at DESC, p.other DESC"
}()

// PairsInAll returns the first n pairs of each of a person's lists.
func (d *DB) PairsInAll(ctx context.Context, user uint64, n int) (map[PairList][]*ListedPair, error) {
	pairs, err := all[ListedPair](d.query(ctx, d.fewPairs(), map[string]any{"user": user}))
	if err != nil {
		return nil, err
	}
	newer := 0
	for i := range pairs {
		if pairs[i].LowID == user {
			newer++
		}
	}
	if max(newer, len(pairs)-newer) > mostPairs {
		return d.beginnings(ctx, user, n)
	}
	listed := make([]*ListedPair, 0, len(pairs)) // they are large, and sorted
	for i := range pairs {
		if _, is := pairs[i].listOf(user); is {
			listed = append(listed, &pairs[i])
		}
	}
	slices.SortFunc(listed, func(a, b *ListedPair) int {
		return cmp.Or(b.ChangedAt.Compare(a.ChangedAt), cmp.Compare(b.Other(user), a.Other(user)))
	})
	lists := map[PairList][]*ListedPair{}
	for _, p := range listed {
		if list, _ := p.listOf(user); len(lists[list]) < n {
			lists[list] = append(lists[list], p)
		}
	}
	return lists, nil
}

// beginnings is PairsInAll for those who have many pairs.
func (d *DB) beginnings(ctx context.Context, user uint64, n int) (map[PairList][]*ListedPair, error) {
	rows, err := all[pairListed](d.query(ctx, manyPairs, map[string]any{"user": user, "n": n}))
	lists := map[PairList][]*ListedPair{}
	for i := range rows {
		lists[rows[i].list] = append(lists[rows[i].list], &rows[i].ListedPair)
	}
	return lists, err
}

// page returns a query for a page of a list, which has the other person of each pair as other.
func (l PairList) page(user uint64, after *PairPosition, n int) (query string, values map[string]any) {
	values = map[string]any{"user": user, "n": n}
	half := func(side, other string) string {
		where := l.condition(side)
		if after != nil {
			where += " AND (changed_at < @at OR changed_at = @at AND " + other + "_id < @other)"
		}
		return "SELECT * FROM (SELECT *, " + other + "_id AS other FROM friendships WHERE " + where +
			" ORDER BY changed_at DESC, " + other + "_id DESC LIMIT @n) AS " + side
	}
	if after != nil {
		values["at"], values["other"] = time.UnixMicro(after.At).UTC(), after.Other
	}
	return half("low", "high") + " UNION ALL " + half("high", "low") + " ORDER BY changed_at DESC, other DESC LIMIT @n", values
}

// CountPairs returns the number of pairs in one of a person's lists.
func (d *DB) CountPairs(ctx context.Context, user uint64, list PairList) (int, error) {
	var n int
	err := d.in(ctx).Raw("SELECT "+d.count(list), map[string]any{"user": user}).Scan(&n).Error
	return n, translate(err)
}

// count counts the pairs of a list. Where somebody has few pairs, MariaDB would rather look at all of them.
func (d *DB) count(l PairList) string {
	half := func(side string) string {
		index := side + "_state"
		if l == ListBlocked {
			index = side + "_blocked"
		}
		return "(SELECT COUNT(*) FROM friendships" + d.forceIndex(index) + " WHERE " + l.condition(side) + ")"
	}
	return half("low") + " + " + half("high")
}
