package main

import (
	"context"
	"fmt"
	"time"
)

// behindWork measures how a room page and a room list grow with the messages that wait for somebody in one room; or
// with those of their own that are not marked as read, which are not counted, and have to be skipped.
func behindWork(name string, own bool, steps []int, lasts time.Duration) work {
	var rooms []uint64
	var readers []person
	return work{name,
		func(b *builder) {
			friend := b.people(name+"friend", 1)
			readers, rooms = b.people(name+"reader", len(steps)), nil
			for i, n := range steps {
				room, by := b.befriend(readers[i], friend[0]), friend
				if own {
					by = readers[i : i+1]
				}
				b.bury(room, by, n)
				rooms = append(rooms, room)
			}
		},
		func(_ context.Context, s *stage, r *report) error {
			for i, n := range steps {
				kase := fmt.Sprint(n, " ", name)
				if err := pages(s, r, name+", room page", pageCase{kase, &readers[i], fmt.Sprintf("/rooms/%d", rooms[i]), `<li id="m-`, 10}, lasts); err != nil {
					return err
				}
				if err := pages(s, r, name+", room list", pageCase{kase, &readers[i], "/rooms", `id="room-`, 1}, lasts); err != nil {
					return err
				}
			}
			return nil
		}}
}

// listWork measures how a room list grows with the rooms that somebody is in; a page has the first of them.
func listWork(steps []int, lasts time.Duration) work {
	var readers []person
	return work{"rooms",
		func(b *builder) {
			host := b.people("host", 1)
			readers = b.people("member", len(steps))
			for i, n := range steps {
				for k := range n {
					room := b.group(fmt.Sprint("Room ", k), []person{host[0], readers[i]})
					b.say(room, host, 3)
				}
			}
		},
		func(_ context.Context, s *stage, r *report) error {
			for i, n := range steps {
				c := pageCase{fmt.Sprint(n, " rooms"), &readers[i], "/rooms", `id="room-`, min(n, 30)}
				if err := pages(s, r, "rooms", c, lasts); err != nil {
					return err
				}
			}
			return nil
		}}
}
