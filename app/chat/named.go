package chat

import (
	"context"
	"slices"
	"strings"

	"parley/app/text"
	"parley/db"
)

// maxOffered is the most people that a completion offers.
const maxOffered = 8

// PeopleNamed lists the others in a room that I am in whose username, or a word of whose name, begins with a
// text. Those whose username begins with it come first. ErrNotFound for every other room.
func (c *Chat) PeopleNamed(ctx context.Context, me db.User, room uint64, start string) ([]db.User, error) {
	r, _, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return nil, notFound(err)
	}
	start = text.First(start, maxNameStart)
	members, err := c.suggestable(ctx, r, strings.ToLower(start))
	if err != nil {
		return nil, err
	}
	username, word := strings.ToLower(start), text.Fold(start)
	var first, others []db.User
	for _, u := range members {
		switch {
		case u.ID == me.ID:
		case strings.HasPrefix(u.Username, username):
			first = append(first, u)
		case word != "" && begins(text.Starts(u.DisplayName), word):
			others = append(others, u)
		}
	}
	list := slices.Concat(first, others)
	return list[:min(len(list), maxOffered)], nil
}

// The number of people in a room that a completion looks at. In a larger room these are the ones whose username
// begins with the text, among the first maxBeginnings of all such usernames, and those who wrote something lately.
const (
	maxSuggestable = 200
	maxBeginnings  = 2000
	maxLately      = 300
)

// suggestable lists those of a room whom a completion looks at.
func (c *Chat) suggestable(ctx context.Context, r db.Room, username string) ([]db.User, error) {
	if r.MemberCount <= maxSuggestable {
		all, _, err := c.members(ctx, r.ID, db.MemberPosition{}, maxSuggestable)
		return all, err
	}
	ids, err := c.store.MembersBeginning(ctx, r.ID, username, maxBeginnings, maxOffered+1) // I may be one of them
	if err != nil {
		return nil, err
	}
	lately, err := c.store.RecentAuthors(ctx, r.ID, maxLately)
	if err != nil {
		return nil, err
	}
	ids = append(ids, lately...)
	slices.Sort(ids)
	return c.peopleInOrder(ctx, slices.Compact(ids))
}

// begins reports whether one of these begins with a word.
func begins(starts []string, word string) bool {
	return slices.ContainsFunc(starts, func(start string) bool { return strings.HasPrefix(start, word) })
}

// maxNameStart is the longest beginning of a name that is looked at, in characters.
const maxNameStart = 40
