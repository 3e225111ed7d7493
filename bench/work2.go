package main

import (
	"context"
	"fmt"
	"time"
)

// pairWork is W2: many rooms of two people who both watch, and posts spread over all of them at a fixed pace.
func pairWork(name string, rooms, pace int, lasts time.Duration) work {
	var people []person
	var ids []uint64
	return work{name,
		func(b *builder) {
			people, ids = b.people(name+"p", 2*rooms), nil
			for i := range rooms {
				ids = append(ids, b.group(fmt.Sprint("Pair ", i), people[2*i:2*i+2]))
			}
		},
		func(ctx context.Context, s *stage, r *report) error {
			return pairs(ctx, s, r, name, people, ids, pace, lasts)
		}}
}

func pairs(ctx context.Context, s *stage, r *report, name string, people []person, rooms []uint64, pace int, lasts time.Duration) error {
	a, c := &audience{}, &crew{}
	defer a.close()
	heads := make([]uint64, len(rooms))
	var err error
	for i, room := range rooms {
		if heads[i] = 1; s.played {
			if heads[i], err = s.head(room, people[2*i]); err != nil {
				return err
			}
		}
	}
	s.played = true
	err = a.openMany(len(people), func(i int) (string, uint64, uint64, person, bool) {
		return s.at(i), rooms[i/2], heads[i/2], people[i], true
	})
	if err != nil {
		return err
	}
	s.settle()
	a.bytes.Store(0)
	senders := min(len(rooms), max(1, pace/5))
	pause := time.Second * time.Duration(senders) / time.Duration(pace)
	kase := fmt.Sprintf("%d rooms, %d posts/s", len(rooms), pace)
	spent, err := c.measure(ctx, s, r, a, name+" "+kase, lasts, senders, pause, 2, func(who, i int) turn {
		room := (who + i*senders) % len(rooms)
		return turn{people[2*room+i%2], rooms[room]}
	})
	if err != nil {
		return err
	}
	a.close()
	n := float64(max(1, len(c.acked)))
	raw, _, err := rawFan(2, int(float64(a.bytes.Load())/n/2), 1, pace, lasts/2)
	if err != nil {
		return err
	}
	r.add(name, kase, "posts/s", n/spent.wall.Seconds(), float64(pace))
	r.add(name, kase, "server ms/post", ms(spent.server)/n, raw*2/1000)
	r.add(name, kase, "database ms/post", ms(spent.database)/n, 0)
	r.add(name, kase, "statements/post", spent.statements/n, 0)
	r.add(name, kase, "delivery p50 ms", ms(percentile(a.delays, 50)), 0)
	r.add(name, kase, "delivery p99 ms", ms(percentile(a.delays, 99)), 0)
	return nil
}
