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

// cutter stands between us and MariaDB. It cuts the line when it sees a statement that begins
// like this: before the server gets it, or else when the server has answered.
type cutter struct {
	before, after atomic.Pointer[string]
}

// cutWorld is a world behind a cutter, and a way around it.
func cutWorld(t *testing.T, people int) (w *world, direct *db.DB, c *cutter) {
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
	direct = (&world{}).open(t, address.String())
	cut := *address
	cut.Host = listener.Addr().String()
	return newWorld(t, cut.String(), people), direct, c
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

// TestCutAtCommit posts while the line breaks at COMMIT. Whoever hears a seq finds the message
// there; whoever hears that nobody knows sends again, and it is there once.
func TestCutAtCommit(t *testing.T) {
	w, direct, cutter := cutWorld(t, 2)
	ctx, me, room, commit := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1]), "COMMIT"
	for round := range 6 {
		draft := Draft{Key: NewKey(), Body: "x"}
		w.heard()
		if round%2 == 0 {
			cutter.after.Store(&commit)
			seq, err := w.Post(ctx, me, room, draft)
			must(t, err)
			equal(t, "seq", seq, uint64(round+2))
			if rung := w.heard(); len(rung) == 0 || rung[len(rung)-1].Seq != seq {
				t.Errorf("rung %+v", rung)
			}
		} else {
			cutter.before.Store(&commit)
			start := time.Now()
			seq, err := w.Post(ctx, me, room, draft)
			is(t, "nobody knows", err, ErrUnknownOutcome)
			equal(t, "seq", seq, 0)
			if took := time.Since(start); took > 6*time.Second {
				t.Errorf("that took %v", took)
			}
			equal(t, "rung", len(w.heard()), 0)
		}
		seq, err := w.Post(ctx, me, room, draft)
		must(t, err)
		equal(t, "sent again", seq, uint64(round+2))
		list, err := direct.MessagesAfter(ctx, room, 0, 99)
		must(t, err)
		equal(t, "entries", len(list), round+2)
	}
}

// TestCutWhileLooking holds that a database that does not answer is not taken for a room that is not there.
func TestCutWhileLooking(t *testing.T) {
	w, _, cutter := cutWorld(t, 2)
	ctx, me, room := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1])
	_, err := w.Post(ctx, me, room, Draft{Key: "k", Body: "x"})
	must(t, err)
	for _, statement := range []string{"SELECT * FROM `messages`", "SELECT a.id AS a_id"} {
		cutter.before.Store(&statement)
		is(t, "a repeated post, cut at "+statement, errOf(w.Post(ctx, me, room, Draft{Key: "k", Body: "x"})), db.ErrUnavailable)
	}
	for _, statement := range []string{"UPDATE rooms", "INSERT INTO `messages`"} {
		cutter.before.Store(&statement)
		is(t, "a post, cut at "+statement, errOf(w.Post(ctx, me, room, Draft{Body: "x"})), db.ErrUnavailable)
	}
	friends := "SELECT * FROM `friendships`"
	for what, look := range map[string]func() error{
		"person":   func() error { return firstError(w.Person(ctx, me, w.people[1].Username)) },
		"may see":  func() error { return errOf(w.MaySeePerson(ctx, me, w.people[1].ID)) },
		"people":   func() error { return errOf(w.People(ctx, me)) },
		"requests": func() error { return errOf(w.Requests(ctx, me)) },
		"remove":   func() error { return w.RemoveFriend(ctx, me, w.people[1].Username) },
	} {
		cutter.before.Store(&friends)
		is(t, what, look(), db.ErrUnavailable)
	}
	equal(t, "still friends", w.roomOf(t, me, w.people[1]), room)
}

// TestSettle looks for a post whose outcome nobody knows.
func TestSettle(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, me, room := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1])
		posted, err := w.Post(ctx, me, room, Draft{Key: "k", Body: "x"})
		must(t, err)
		w.heard()
		seq, err := w.settle(ctx, me, room, Draft{Key: "k", Body: "x"})
		must(t, err)
		equal(t, "found", seq, posted)
		equal(t, "rung once more, for the process that posted may have died", len(w.heard()), 1)
		is(t, "found with another text", errOf(w.settle(ctx, me, room, Draft{Key: "k", Body: "y"})), ErrKeyReused)

		go func() { // it comes while we look
			time.Sleep(700 * time.Millisecond)
			if _, err := w.Post(ctx, me, room, Draft{Key: "late", Body: "x"}); err != nil {
				t.Error(err)
			}
		}()
		seq, err = w.settle(ctx, me, room, Draft{Key: "late", Body: "x"})
		must(t, err)
		equal(t, "found late", seq, posted+1)

		start := time.Now()
		is(t, "not found", errOf(w.settle(ctx, me, room, Draft{Key: "none", Body: "x"})), ErrUnknownOutcome)
		if took := time.Since(start); took < time.Second || took > 6*time.Second {
			t.Errorf("looked for %v", took)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		is(t, "nobody waits any more", errOf(w.settle(ended, me, room, Draft{Key: "none", Body: "x"})), ErrUnknownOutcome)
		is(t, "a post that nobody waits for", errOf(w.Post(ended, me, room, Draft{Body: "x"})), db.ErrUnavailable)
		must(t, w.RemoveFriend(ctx, me, w.people[1].Username))
		is(t, "found, but no longer mine to see", errOf(w.settle(ctx, me, room, Draft{Key: "k", Body: "x"})), ErrNotFound)
	})
}
