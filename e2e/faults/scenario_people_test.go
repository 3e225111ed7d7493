package faults

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// removals ends people's time in their room while the other goes on talking: by removing, by
// blocking, and by signing out. Asking is limited to 20 a day, so many pairs take turns.
func removals(r *run) error {
	times := r.times(200, 24)
	pairs := r.times(8, 4)
	h := &history{Start: time.Now()}
	var mu sync.Mutex
	var ends []time.Duration
	problems := make([]error, pairs)
	var all sync.WaitGroup
	for i := range pairs {
		all.Go(func() {
			a, b := newPerson(fmt.Sprintf("%s-a%d", slug(r.label), i), &r.via), newPerson(fmt.Sprintf("%s-b%d", slug(r.label), i), &r.via)
			if problems[i] = errors.Join(a.signUp(), b.signUp()); problems[i] != nil {
				return
			}
			for n := range times / pairs {
				took, err := r.part(h, a, b, n, i)
				if err != nil {
					problems[i] = fmt.Errorf("pair %d, time %d: %w", i, n, err)
					return
				}
				mu.Lock()
				ends = append(ends, took)
				mu.Unlock()
				a, b = b, a // both may ask 20 times
			}
		})
	}
	all.Wait()
	if err := errors.Join(problems...); err != nil {
		return err
	}
	s, err := readStored(r.sql)
	if err != nil {
		return err
	}
	r.violations = append(r.violations, check(h, s)...)
	r.note("%d endings, %d messages, median %s", len(ends), len(h.answers(span{h.Start, time.Now()}, acked)), short(quantile(ends, 0.5)))
	r.atMost("streams ended after, at most", quantile(ends, 1), 2*time.Second)
	return nil
}

// part is one ending: the two meet, a talks, the time of b ends, and b's pages must hear of it.
func (r *run) part(h *history, a, b *person, n, pair int) (time.Duration, error) {
	dice := chance(r.seed, r.label, 1000*pair+n)
	how := []string{"remove", "block", "sign-out"}[dice.IntN(3)]
	room, err := r.meet(a, b)
	if err != nil { // friends still, after a sign-out
		if room.ID, err = directRoom(r.sql, a.Name, b.Name); err != nil || room.ID == 0 {
			return 0, fmt.Errorf("they do not meet: %w", err)
		}
	}
	l := &load{w: r.world, h: h, label: fmt.Sprintf("%s-%d-%d", r.label, pair, n), first: 1000 * n}
	for range 3 {
		l.viewers = append(l.viewers, h.view(int(r.viewers.Add(1)), room.ID, b))
	}
	defer func() {
		for _, v := range l.viewers {
			v.Stop()
		}
	}()
	if err := l.ready(20 * time.Second); err != nil {
		return 0, err
	}
	saying, hush := context.WithCancel(context.Background())
	keys := func() string { return fmt.Sprintf("%s-%d-%d-%x", slug(r.label), pair, n, dice.Uint64()) }
	var talk sync.WaitGroup
	talk.Go(func() {
		l.send(saying, saying, room.ID, a, &socketPoster{who: a, next: keys}, dice, 30*time.Millisecond)
	})
	defer talk.Wait()
	defer hush()
	time.Sleep(time.Duration(100+20*(n%10)) * time.Millisecond)
	path := "/friends/" + b.Name + "/" + how
	ender := a
	if how == "sign-out" {
		path, ender = "/sign-out", b
	}
	if err := ender.do(path, url.Values{}); err != nil {
		return 0, err
	}
	done := time.Now()
	if err := within(10*time.Second, "b's streams have ended by "+how, func() bool {
		for _, v := range l.viewers {
			if _, _, ended := v.state(); ended == 0 {
				return false
			}
		}
		return true
	}); err != nil {
		return 0, err
	}
	took := time.Since(done)
	switch how {
	case "block":
		err = a.do("/friends/"+b.Name+"/unblock", url.Values{})
	case "sign-out":
		err = b.signIn()
	}
	return took, err
}

// slug makes a label fit for a username.
func slug(label string) string {
	out := []byte(label)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// crossings lets pairs ask each other at the same moment: 50 people, each with 20 others.
func crossings(r *run) error {
	people := make([]*person, 50)
	err := together(len(people), func(i int) error {
		people[i] = newPerson(fmt.Sprintf("%s-%d", slug(r.label), i), &r.via)
		return people[i].signUp()
	})
	if err != nil {
		return err
	}
	pairs, refusals := 0, 0
	for apart := 1; apart <= r.times(10, 2); apart++ {
		for i := range people {
			a, b := people[i], people[(i+apart)%len(people)]
			answers := make(chan error, 2)
			go func() { answers <- a.do("/friends", url.Values{"username": {b.Name}}) }()
			go func() { answers <- b.do("/friends", url.Values{"username": {a.Name}}) }()
			for range 2 {
				if err := <-answers; err != nil {
					refusals++ // "You are friends already" is true, and as good
				}
			}
			pairs++
			var friends, rooms, members int
			err := r.sql.QueryRow("SELECT COUNT(*), COUNT(DISTINCT f.room_id), (SELECT COUNT(*) FROM members m WHERE m.room_id = MAX(f.room_id) AND m.left_seq = 0) "+
				"FROM friendships f JOIN users x ON x.id = f.low_id JOIN users y ON y.id = f.high_id WHERE f.state = 'friends' AND "+
				"(x.username = ? AND y.username = ? OR y.username = ? AND x.username = ?)", a.Name, b.Name, a.Name, b.Name).Scan(&friends, &rooms, &members)
			if err != nil {
				return err
			}
			if friends != 1 || rooms != 1 || members != 2 {
				return fmt.Errorf("%s and %s have %d friendships, %d rooms, %d members", a.Name, b.Name, friends, rooms, members)
			}
		}
	}
	s, err := readStored(r.sql)
	if err != nil {
		return err
	}
	r.violations = append(r.violations, check(&history{Start: time.Now()}, s)...)
	r.note("%d pairs, one friendship and one room each; %d requests heard that it was done already", pairs, refusals)
	return nil
}
