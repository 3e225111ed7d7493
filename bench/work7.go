package main

import (
	"context"
	"time"
)

// twoWork is W7: the other works again with two processes on one database. SQLite has one.
func twoWork(viewers, senders, rooms, pace int, lasts time.Duration) work {
	one, many, pairwise := fanWork("W7 W1b", []int{viewers}, []int{senders}, 0, lasts), postWork("W7 W4b", 100, 1, []int{senders}, lasts), pairWork("W7 W2", rooms, pace, lasts)
	var all []work
	return work{"W7",
		func(b *builder) {
			all = []work{one, many, pairwise}
			if b.kind == "sqlite" {
				all = nil
			}
			for _, w := range all {
				w.prepare(b)
			}
		},
		func(ctx context.Context, s *stage, r *report) error {
			if s.kind == "sqlite" {
				return nil
			}
			if err := s.start(); err != nil {
				return err
			}
			defer func() {
				last := len(s.processes) - 1
				s.processes[last].Close()
				s.processes = s.processes[:last]
			}()
			for _, w := range all {
				if err := w.run(ctx, s, r); err != nil {
					return err
				}
			}
			return nil
		}}
}
