package main

import (
	"context"
	"fmt"
	"time"
)

// fanWork is W1 and how it grows: one room of 100 people with many streams. W1a is 50 posts a second, W1b as many as
// can be acknowledged.
func fanWork(name string, viewers []int, senders []int, pace int, lasts time.Duration) work {
	var h hall
	return work{name,
		func(b *builder) { h = buildHall(b, name, 1, 90, max(10, senders[len(senders)-1])) },
		func(ctx context.Context, s *stage, r *report) error {
			for _, v := range viewers {
				for _, n := range senders {
					kase := fmt.Sprint(v, " viewers")
					if pace == 0 {
						kase += fmt.Sprint(", ", n, " senders")
					}
					if err := fan(ctx, s, r, name, kase, h, v, n, pace, lasts); err != nil {
						return err
					}
				}
			}
			return nil
		}}
}

// fan measures deliveries. pace is the posts a second of all senders together, or 0 for as many as can be.
func fan(ctx context.Context, s *stage, r *report, name, kase string, h hall, viewers, senders, pace int, lasts time.Duration) error {
	a, c := &audience{}, &crew{}
	defer a.close()
	if err := h.open(s, a, viewers, max(1, viewers/50)); err != nil {
		return err
	}
	watchers := 0
	for _, v := range a.viewers {
		if v.watches {
			watchers++
		}
	}
	s.settle()
	var pause time.Duration
	if pace > 0 {
		pause = time.Second * time.Duration(senders) / time.Duration(pace)
	}
	a.bytes.Store(0)
	spent, err := c.measure(ctx, s, r, a, name+" "+kase, lasts, senders, pause, watchers, h.turns)
	if err != nil {
		return err
	}
	a.close()
	n := float64(max(1, a.delivered.Load()))
	size := int(float64(a.bytes.Load()) / n)
	waiting := 1
	if pace == 0 {
		waiting = senders
	}
	rawCost, rawRate, err := rawFan(viewers, size, waiting, pace, lasts/2)
	if err != nil {
		return err
	}
	r.add(name, kase, "server us/delivery", us(spent.server)/n, rawCost)
	r.add(name, kase, "database us/delivery", us(spent.database)/n, 0)
	r.add(name, kase, "bytes/delivery", float64(size), 0)
	if pace == 0 {
		r.add(name, kase, "deliveries/s", n/c.whole.Seconds(), rawRate)
		r.add(name, kase, "posts/s", float64(len(c.acked))/spent.wall.Seconds(), 0)
	}
	r.add(name, kase, "delivery p50 ms", ms(percentile(a.delays, 50)), 0)
	r.add(name, kase, "delivery p99 ms", ms(percentile(a.delays, 99)), 0)
	return nil
}

// rawFan returns what the raw loop needs for a delivery, in us, and its deliveries per second: the same bytes to the
// same number of sockets, all waiting events in one write, at the same pace or as fast as it can.
func rawFan(viewers, size, waiting, pace int, lasts time.Duration) (each, perSecond float64, err error) {
	l, err := startRaw()
	if err != nil {
		return 0, 0, err
	}
	defer l.close()
	stop, err := l.watch(viewers)
	if err != nil {
		return 0, 0, err
	}
	defer stop()
	times, pause := 0, time.Duration(0)
	if pace > 0 {
		pause = time.Second / time.Duration(pace)
		times = max(1, int(lasts/pause))
	}
	var written float64
	used, wall, err := l.cpu(func() error {
		start := time.Now()
		for once := true; once || pace == 0 && time.Since(start) < lasts; once = false {
			if pace == 0 {
				times = max(1, 20_000/viewers)
			}
			if err := l.write(size, waiting, times, pause); err != nil {
				return err
			}
			written += float64(viewers * waiting * times)
		}
		return nil
	})
	return us(used) / written, written / wall.Seconds(), err
}
