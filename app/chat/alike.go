package chat

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parley/app/cache"
	"parley/app/text"
	"parley/db"
)

// likeNames records who can be mistaken for somebody else in a room: since which entry of its log another person
// with a similar name has been there. Those who left count too, because what they said is still there.
// Their usernames then stand beside the names. In a room that has had too many people to compare their
// names, everybody's username does.
type likeNames struct {
	since   map[uint64]uint64
	crowded uint64 // the entry since which it is such a room; 0 if it is not
}

// likeNamesIn finds the like names of a room.
func likeNamesIn(ctx context.Context, tx *db.DB, room uint64) (likeNames, error) {
	names, err := tx.NamesIn(ctx, room)
	return likeNamesOf(names), err
}

// likeNamesOf finds the like names among those of a room. Nobody can be mistaken for a deleted account.
func likeNamesOf(names db.RoomNames) likeNames {
	like := findLike(slices.DeleteFunc(slices.Clone(names.People), func(n db.MemberName) bool { return n.IsDeleted }))
	like.crowded = names.Crowded
	return like
}

func findLike(names []db.MemberName) likeNames {
	holders := map[string][]int{}
	for i, n := range names {
		for _, look := range looks(n) {
			if list := holders[look]; len(list) == 0 || list[len(list)-1] != i {
				holders[look] = append(list, i)
			}
		}
	}
	like := likeNames{since: map[uint64]uint64{}}
	for _, list := range holders {
		if len(list) < 2 {
			continue
		}
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(names[a].Since, names[b].Since) })
		for i, holder := range list {
			other := names[list[0]].Since
			if i == 0 {
				other = names[list[1]].Since
			}
			user := names[holder].UserID
			if since, known := like.since[user]; !known || other < since {
				like.since[user] = other
			}
		}
	}
	return like
}

// looks returns what a name looks like, alone and with the username beside it: somebody could take another
// person's username for a name, or the two together.
func looks(n db.MemberName) []string {
	key := names{cmp.Or(n.DisplayName, n.Username), n.Username}
	kept, ok := knownLooks.Get(key)
	if ok {
		return kept
	}
	name, username := text.Skeletons(key.shown), text.Skeletons(n.Username)[0]
	list := []string{name[0], name[1], username, name[0] + username, name[1] + username}
	slices.Sort(list)
	list = slices.Compact(list) // mostly to two
	bytes := len(key.shown) + len(key.username)
	for _, look := range list {
		bytes += len(look)
	}
	knownLooks.Add(key, list, bytes)
	return list
}

// names are what a person is called.
type names struct{ shown, username string }

// knownLooks has the looks of names that were compared lately: every list of people compares theirs.
var knownLooks = cache.New[names, []string](4 << 20)

// mark returns a person as they are shown after an entry of the log.
func (l likeNames) mark(u db.User, at uint64) db.User {
	since, like := l.since[u.ID]
	u.SharesName = like && since <= at || l.crowded != 0 && l.crowded <= at && u.DisplayName != u.Username
	return u
}

// markLookalikes marks the people of a room who share a name now.
func (c *Chat) markLookalikes(ctx context.Context, room uint64, people ...[]db.User) error {
	if !slices.ContainsFunc(people, func(list []db.User) bool { return len(list) > 0 }) {
		return nil
	}
	like, err := likeNamesIn(ctx, c.store, room)
	for _, list := range people {
		for i := range list {
			list[i] = like.mark(list[i], math.MaxUint64)
		}
	}
	return err
}

// lookalikes finds those of some people who share a name.
type lookalikes struct {
	holders map[string]uint64 // of each look, the first
	found   map[uint64]bool
}

// add adds somebody; the same person may come several times.
func (l *lookalikes) add(u *db.User) {
	if u.ID == 0 || u.IsDeleted {
		return
	}
	if l.holders == nil {
		l.holders, l.found = map[string]uint64{}, map[uint64]bool{}
	}
	for _, look := range looks(db.MemberName{UserID: u.ID, Username: u.Username, DisplayName: u.DisplayName}) {
		other, taken := l.holders[look]
		switch {
		case !taken:
			l.holders[look] = u.ID
		case other != u.ID:
			l.found[u.ID], l.found[other] = true, true
		}
	}
}

// mark returns a person who was added, as they are shown among the others.
func (l *lookalikes) mark(u db.User) db.User {
	u.SharesName = u.SharesName || l.found[u.ID]
	return u
}
