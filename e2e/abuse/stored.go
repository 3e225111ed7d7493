package abuse

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"parley/db"
)

// storedWrong returns which of the accepted posts are not in the database exactly once.
func (s *site) storedWrong(ctx context.Context) (list []string) {
	times, err := s.stored(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	for _, c := range s.chatters {
		for text := range c.accepted {
			if n := times[text]; n != 1 {
				list = append(list, fmt.Sprintf("%s is stored %d times", text, n))
			}
		}
	}
	return list
}

// stored returns how often each text is stored in the rooms of the two.
func (s *site) stored(ctx context.Context) (times map[string]int, err error) {
	store, err := db.OpenAsIs(s.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	times = map[string]int{}
	for _, path := range []string{s.chatters[0].room, s.chatters[2].room} { // their own, and the group
		room, err := strconv.ParseUint(strings.TrimPrefix(path, "/rooms/"), 10, 64)
		if err != nil {
			return nil, err
		}
		rows, err := store.MessagesAfter(ctx, room, 0, 1_000_000)
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			times[m.Body]++
		}
	}
	return times, nil
}
