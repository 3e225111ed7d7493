package main

import (
	"context"
	"fmt"
	"time"
)

// hall is rooms with senders in all of them, and viewers of their own in each.
type hall struct {
	rooms             []uint64
	senders, watching []person
}

func buildHall(b *builder, name string, rooms, viewersEach, senders int) hall {
	h := hall{senders: b.people(name+"s", senders), watching: b.people(name+"v", viewersEach*rooms)}
	for i := range rooms {
		members := append(h.senders[:senders:senders], h.watching[i*viewersEach:(i+1)*viewersEach]...)
		h.rooms = append(h.rooms, b.group(fmt.Sprint(name, " ", i), members))
	}
	return h
}

// open opens n streams, which spread over the people who watch, and of which every watchEvery-th reads what it is sent.
func (h hall) open(s *stage, a *audience, n, watchEvery int) (err error) {
	each := len(h.watching) / len(h.rooms)
	heads := make([]uint64, len(h.rooms))
	for i, room := range h.rooms {
		if heads[i], err = s.head(room, h.watching[i*each]); err != nil {
			return err
		}
	}
	return a.openMany(n, func(i int) (string, uint64, uint64, person, bool) {
		who := i % len(h.watching)
		room := who / each
		return s.at(i), h.rooms[room], heads[room], h.watching[who], i%watchEvery == 0
	})
}

// turns lets each sender post in one room after the other.
func (h hall) turns(who, i int) turn {
	return turn{h.senders[who], h.rooms[(who*7+i)%len(h.rooms)]}
}

// postWork is W4: senders each post as soon as their last post was acknowledged, in one room or spread
// over a hundred, while viewers watch.
func postWork(name string, rooms, viewersEach int, senders []int, lasts time.Duration) work {
	var h hall
	return work{name,
		func(b *builder) { h = buildHall(b, name, rooms, viewersEach, senders[len(senders)-1]) },
		func(ctx context.Context, s *stage, r *report) error {
			for _, n := range senders {
				if err := posts(ctx, s, r, name, h, n, lasts); err != nil {
					return err
				}
			}
			return nil
		}}
}

func posts(ctx context.Context, s *stage, r *report, name string, h hall, senders int, lasts time.Duration) error {
	a, c := &audience{}, &crew{}
	defer a.close()
	if err := h.open(s, a, len(h.watching), 1); err != nil {
		return err
	}
	s.settle()
	kase := fmt.Sprint(senders, " senders")
	spent, err := c.measure(ctx, s, r, a, name+" "+kase, lasts, senders, 0, len(h.watching)/len(h.rooms), h.turns)
	if err != nil {
		return err
	}
	a.close()
	raw, err := s.rawPosts(ctx, h.rooms[0], senders, lasts/4)
	if err != nil {
		return err
	}
	n := float64(max(1, len(c.acked)))
	r.add(name, kase, "posts/s", n/spent.wall.Seconds(), raw)
	r.add(name, kase, "server ms/post", ms(spent.server)/n, 0)
	r.add(name, kase, "database ms/post", ms(spent.database)/n, 0)
	r.add(name, kase, "statements/post", spent.statements/n, 0)
	r.add(name, kase, "ack p50 ms", ms(percentile(c.acks, 50)), 0)
	r.add(name, kase, "ack p99 ms", ms(percentile(c.acks, 99)), 0)
	r.add(name, kase, "delivery p50 ms", ms(percentile(a.delays, 50)), 0)
	r.add(name, kase, "delivery p99 ms", ms(percentile(a.delays, 99)), 0)
	return nil
}
