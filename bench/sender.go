package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A message begins with a token: when it was made, and a number that no other message has.
const (
	tokenMark = "bm-"
	tokenSize = len(tokenMark) + 16 + 1 + 8
	bodySize  = 300
)

func newToken(number int) string {
	return fmt.Sprintf("%s%016x-%08d", tokenMark, time.Now().UnixNano(), number)
}

func tokenTime(token string) time.Time {
	n, err := strconv.ParseInt(token[len(tokenMark):len(tokenMark)+16], 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(0, n)
}

// crew posts, each person as soon as their last post was acknowledged.
type crew struct {
	mu      sync.Mutex
	heads   map[uint64]uint64 // of the rooms, by what was acknowledged
	acked   map[string]uint64 // the seq of each token
	acks    []time.Duration
	refused map[int]int   // by status
	whole   time.Duration // until all viewers had everything, too
}

// turn is who posts next, and where.
type turn struct {
	person
	room uint64
}

// run lets n senders post until the context ends, the i-th post of a sender as pick says. With a pause each of them
// begins a post that long after the one before, unless that was not acknowledged yet.
func (c *crew) run(ctx context.Context, s *stage, n int, pause time.Duration, pick func(who, i int) turn) error {
	c.heads, c.acked, c.refused = map[uint64]uint64{}, map[string]uint64{}, map[int]int{}
	var all sync.WaitGroup
	problems := make([]error, n)
	for who := range n {
		first := time.Now().Add(pause * time.Duration(who) / time.Duration(n)) // not all at once
		all.Go(func() { problems[who] = c.post(ctx, s.at(who), who, first, pause, pick) })
	}
	all.Wait()
	return errors.Join(problems...)
}

func (c *crew) post(ctx context.Context, addr string, who int, next time.Time, pause time.Duration, pick func(who, i int) turn) error {
	w, err := dial(addr)
	if err != nil {
		return err
	}
	defer w.close()
	for i := 0; ctx.Err() == nil; i++ {
		if pause > 0 {
			time.Sleep(time.Until(next))
			next = next.Add(pause)
		}
		p, token := pick(who, i), newToken(who*100_000+i)
		body := token + strings.Repeat(" lorem ipsum", bodySize/12)[:bodySize-tokenSize]
		start := time.Now()
		status, answer, err := w.ask(w.post(fmt.Sprintf("/rooms/%d/messages", p.room), p.cookie, token, body))
		if err != nil {
			return fmt.Errorf("a post of %s: %w", p.Username, err)
		}
		c.note(p.room, token, status, answer, time.Since(start))
	}
	return nil
}

func (c *crew) note(room uint64, token string, status int, answer []byte, took time.Duration) {
	_, after, _ := bytes.Cut(answer, []byte(`data-seq="`))
	digits, _, _ := bytes.Cut(after, []byte(`"`))
	seq, err := strconv.ParseUint(string(digits), 10, 64)
	c.mu.Lock()
	defer c.mu.Unlock()
	if status != 200 || err != nil {
		c.refused[status]++
		return
	}
	c.acked[token] = seq
	c.acks = append(c.acks, took)
	c.heads[room] = max(c.heads[room], seq)
}

// check compares what was acknowledged with what the watching viewers have seen. A viewer's order is checked as it
// reads; this finds what came with another number, twice, or never.
func (c *crew) check(a *audience, watchers int) {
	a.mu.Lock()
	seen := a.seen
	a.mu.Unlock()
	for token, seq := range c.acked {
		if len(seen[token]) != watchers {
			a.problem("message %d was acknowledged, and %d of %d watching viewers saw it", seq, len(seen[token]), watchers)
		}
		for _, other := range seen[token] {
			if other != seq {
				a.problem("message %d was seen as %d", seq, other)
			}
		}
	}
}

// measure lets the senders post for a while, waits until all viewers have everything, and notes what was wrong.
func (c *crew) measure(ctx context.Context, s *stage, r *report, a *audience, what string, lasts time.Duration, senders int, pause time.Duration, watchers int, pick func(who, i int) turn) (cost, error) {
	timed, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	var wall time.Duration
	spent, err := s.during(func() error {
		start := time.Now()
		if err := c.run(timed, s, senders, pause, pick); err != nil {
			return err
		}
		wall = time.Since(start)
		a.await(c.heads, 20*time.Second) // what it costs to deliver all of it is part of the cost
		c.whole = time.Since(start)
		return nil
	})
	spent.wall = wall
	if err != nil {
		return spent, err
	}
	c.check(a, watchers)
	for status, n := range c.refused {
		a.problem("%d posts were answered %d", n, status)
	}
	r.problems(what, a.problems)
	return spent, ctx.Err()
}
