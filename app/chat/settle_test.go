package chat

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// cutter is a proxy in front of MariaDB. It cuts the connection when it sees a statement with a certain
// beginning: before the server gets it, or else when the server has answered.
type cutter struct {
	before, after atomic.Pointer[string]
}

// newCutEnv is an env behind a cutter, and a way around it.
func newCutEnv(t *testing.T, people int) (e *env, direct *db.DB, c *cutter) {
	t.Helper()
	address, err := url.Parse(rig.MySQL(t))
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	c = &cutter{}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go c.serve(client, address.Host)
		}
	}()
	direct = (&env{}).open(t, address.String())
	cut := *address
	cut.Host = listener.Addr().String()
	return newEnv(t, cut.String(), people), direct, c
}

func (c *cutter) serve(client net.Conn, address string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var deaf atomic.Bool
	go func() {
		buffer := make([]byte, 32<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil || deaf.Load() {
				_ = client.Close()
				return
			}
			_, _ = client.Write(buffer[:n])
		}
	}()
	for { // three bytes of length, one of sequence, and 3 for a statement
		var head [4]byte
		if _, err := io.ReadFull(client, head[:]); err != nil {
			return
		}
		packet := make([]byte, 4+binary.LittleEndian.Uint32(append(head[:3:3], 0)))
		copy(packet, head[:])
		if _, err := io.ReadFull(client, packet[4:]); err != nil {
			return
		}
		if cuts(&c.before, packet) {
			return
		}
		if cuts(&c.after, packet) {
			deaf.Store(true)
		}
		if _, err := server.Write(packet); err != nil {
			return
		}
	}
}

func cuts(at *atomic.Pointer[string], packet []byte) bool {
	statement := at.Load()
	return statement != nil && bytes.HasPrefix(packet[4:], []byte("\x03"+*statement)) && at.CompareAndSwap(statement, nil)
}

// TestCutAtCommit posts while the connection breaks at COMMIT. Whoever gets a seq finds the message
// there; whoever gets ErrUnknownOutcome sends it again, and it is there once.
func TestCutAtCommit(t *testing.T) {
	e, direct, cutter := newCutEnv(t, 2)
	ctx, me, room, commit := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1]), "COMMIT"
	for round := range 6 {
		draft := Draft{Key: NewKey(), Body: "x"}
		e.published()
		if round%2 == 0 {
			cutter.after.Store(&commit)
			seq, err := e.Post(ctx, me, room, draft)
			must(t, err)
			equal(t, "seq", seq, uint64(round+2))
			if signals := e.published(); len(signals) == 0 || signals[len(signals)-1].Seq != seq {
				t.Errorf("signals %+v", signals)
			}
		} else {
			cutter.before.Store(&commit)
			start := time.Now()
			seq, err := e.Post(ctx, me, room, draft)
			wantError(t, "nobody knows", err, ErrUnknownOutcome)
			equal(t, "seq", seq, 0)
			if took := time.Since(start); took > rig.Limit(6*time.Second) {
				t.Errorf("that took %v", took)
			}
			equal(t, "signals", len(e.published()), 0)
		}
		seq, err := e.Post(ctx, me, room, draft)
		must(t, err)
		equal(t, "sent again", seq, uint64(round+2))
		list, err := direct.MessagesAfter(ctx, room, 0, 99)
		must(t, err)
		equal(t, "entries", len(list), round+2)
	}
}

// TestAnUnavailableDatabaseIsNotAMissingRoom checks that ErrNotFound comes only from a database that has
// answered.
func TestAnUnavailableDatabaseIsNotAMissingRoom(t *testing.T) {
	e, _, cutter := newCutEnv(t, 2)
	ctx, me, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
	_, err := e.Post(ctx, me, room, Draft{Key: "k", Body: "x"})
	must(t, err)
	for _, statement := range []string{"SELECT * FROM `messages`", "SELECT a.id AS a_id"} {
		cutter.before.Store(&statement)
		wantError(t, "a repeated post, cut at "+statement, errOf(e.Post(ctx, me, room, Draft{Key: "k", Body: "x"})), db.ErrUnavailable)
	}
	for _, statement := range []string{"UPDATE rooms", "SELECT m.room_id, u.id, u.username"} {
		cutter.before.Store(&statement)
		wantError(t, "a post, cut at "+statement, errOf(e.Post(ctx, me, room, Draft{Body: "@" + e.people[1].Username})), db.ErrUnavailable)
	}
	friends, list, count := "SELECT * FROM `friendships`", "(SELECT p.*, u.id AS person_id", "SELECT users.id, (SELECT COUNT(*) FROM friendships"
	for what, one := range map[string]struct {
		statement string
		look      func() error
	}{
		"person":  {friends, func() error { return firstError(e.Person(ctx, me, e.people[1].Username)) }},
		"may see": {friends, func() error { return errOf(e.maySeePerson(ctx, me, e.people[1].ID)) }},
		"people":  {list, func() error { return errOf(e.People(ctx, me)) }},
		"remove":  {friends, func() error { return e.RemoveFriend(ctx, me, e.people[1].Username) }},
		"waiting": {count, func() error { return errOf(e.Waiting(ctx, me)) }},
	} {
		cutter.before.Store(&one.statement)
		wantError(t, what, one.look(), db.ErrUnavailable)
	}
	equal(t, "still friends", e.roomOf(t, me, e.people[1]), room)
}

// TestSettleFindsAPostWithAnUnknownOutcome covers a post that is there, comes late, or never comes.
func TestSettleFindsAPostWithAnUnknownOutcome(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		posted, err := e.Post(ctx, me, room, Draft{Key: "k", Body: "x"})
		must(t, err)
		e.published()
		seq, err := e.settle(ctx, me, room, Draft{Key: "k", Body: "x"})
		must(t, err)
		equal(t, "found", seq, posted)
		equal(t, "signals once more, for the process that posted may have died", len(e.published()), 1)
		wantError(t, "found with another text", errOf(e.settle(ctx, me, room, Draft{Key: "k", Body: "y"})), ErrKeyReused)

		go func() { // it is posted while we look
			time.Sleep(700 * time.Millisecond)
			if _, err := e.Post(ctx, me, room, Draft{Key: "late", Body: "x"}); err != nil {
				t.Error(err)
			}
		}()
		seq, err = e.settle(ctx, me, room, Draft{Key: "late", Body: "x"})
		must(t, err)
		equal(t, "found late", seq, posted+1)

		start := time.Now()
		wantError(t, "not found", errOf(e.settle(ctx, me, room, Draft{Key: "none", Body: "x"})), ErrUnknownOutcome)
		if took := time.Since(start); took < time.Second || took > rig.Limit(6*time.Second) {
			t.Errorf("looked for %v", took)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		wantError(t, "nobody waits any more", errOf(e.settle(ended, me, room, Draft{Key: "none", Body: "x"})), ErrUnknownOutcome)
		wantError(t, "a post that nobody waits for", errOf(e.Post(ended, me, room, Draft{Body: "x"})), db.ErrUnavailable)
		must(t, e.RemoveFriend(ctx, me, e.people[1].Username))
		wantError(t, "found, but no longer mine to see", errOf(e.settle(ctx, me, room, Draft{Key: "k", Body: "x"})), ErrNotFound)
	})
}
