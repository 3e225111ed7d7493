package faults

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"parley/e2e/rig"
	"sync"
	"time"
)

// removals ends the membership of a user while the other one keeps posting: by removing the friend, by
// blocking, or by signing out. A user may send 20 friend requests a day, so several pairs take turns.
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
			a, b := newUser(fmt.Sprintf("%s-a%d", slug(r.label), i), &r.entry), newUser(fmt.Sprintf("%s-b%d", slug(r.label), i), &r.entry)
			if problems[i] = errors.Join(a.signUp(), b.signUp()); problems[i] != nil {
				return
			}
			for n := range times / pairs {
				took, err := r.endMembership(h, a, b, n, i)
				if err != nil {
					problems[i] = fmt.Errorf("pair %d, round %d: %w", i, n, err)
					return
				}
				mu.Lock()
				ends = append(ends, took)
				mu.Unlock()
				a, b = b, a // each of them may send 20 requests
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
	r.figure("%d memberships ended, %d messages, median %s", len(ends), len(h.latencies(timeSpan{h.Start, time.Now()}, acked)), short(quantile(ends, 0.5)))
	r.atMost("last stream ended after", quantile(ends, 1), 2*time.Second)
	return nil
}

// endMembership makes two users friends, lets a post, and ends the membership or the session of b, whose
// pages must end.
func (r *run) endMembership(h *history, a, b *user, n, pair int) (time.Duration, error) {
	random := newRand(r.seed, r.label, 1000*pair+n)
	how := []string{"remove", "block", "sign-out"}[random.IntN(3)]
	room, err := r.makeFriends(a, b)
	if err != nil { // still friends, after a sign-out
		if room.ID, err = directRoom(r.sql, a.Name, b.Name); err != nil || room.ID == 0 {
			return 0, fmt.Errorf("they have no room: %w", err)
		}
	}
	l := &load{deployment: r.deployment, history: h, label: fmt.Sprintf("%s-%d-%d", r.label, pair, n), first: 1000 * n}
	for range 3 {
		l.viewers = append(l.viewers, h.openPage(int(r.viewers.Add(1)), room.ID, b))
	}
	defer func() {
		for _, v := range l.viewers {
			v.Stop()
		}
	}()
	if err := l.awaitLive(20 * time.Second); err != nil {
		return 0, err
	}
	posting, stop := context.WithCancel(context.Background())
	settling, giveUp := context.WithTimeout(context.Background(), time.Minute) // of what was sent when the socket ended
	defer giveUp()
	keys := func() string { return fmt.Sprintf("%s-%d-%d-%x", slug(r.label), pair, n, random.Uint64()) }
	var sender sync.WaitGroup
	sender.Go(func() {
		l.send(posting, settling, room.ID, a, &socketPoster{user: a, nextKey: keys}, random, 30*time.Millisecond)
	})
	defer sender.Wait()
	defer stop()
	time.Sleep(time.Duration(100+20*(n%10)) * time.Millisecond)
	path, by := "/friends/"+b.Name+"/"+how, a
	if how == "sign-out" {
		path, by = "/sign-out", b
	}
	if err := by.submit(path, url.Values{}); err != nil {
		return 0, err
	}
	done := time.Now()
	if err := rig.WaitFor(10*time.Second, "the streams of b to end after "+how, func() bool {
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
		err = a.submit("/friends/"+b.Name+"/unblock", url.Values{})
	case "sign-out":
		err = b.signIn()
	}
	return took, err
}

// slug makes a label valid in a username.
func slug(label string) string {
	out := []byte(label)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// crossings lets pairs of users send each other a friend request at the same moment: 50 users, each with
// 20 others.
func crossings(r *run) error {
	users := make([]*user, 50)
	err := inParallel(len(users), func(i int) error {
		users[i] = newUser(fmt.Sprintf("%s-%d", slug(r.label), i), &r.entry)
		return users[i].signUp()
	})
	if err != nil {
		return err
	}
	pairs, refusals := 0, 0
	for distance := 1; distance <= r.times(10, 2); distance++ {
		for i := range users {
			a, b := users[i], users[(i+distance)%len(users)]
			answers := make(chan error, 2)
			go func() { answers <- a.submit("/friends", url.Values{"username": {b.Name}}) }()
			go func() { answers <- b.submit("/friends", url.Values{"username": {a.Name}}) }()
			for range 2 {
				if err := <-answers; err != nil {
					refusals++ // "You are friends already" is correct, too
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
	r.figure("%d pairs, one friendship and one room each; %d requests found them friends already", pairs, refusals)
	return nil
}
