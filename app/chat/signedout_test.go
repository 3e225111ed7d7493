package chat

import (
	"strings"
	"testing"
	"time"

	"parley/db"
)

// signIn gives somebody a session.
func (e *env) signIn(t *testing.T, who db.User, hash string) uint64 {
	t.Helper()
	s := db.Session{TokenHash: hash, UserID: who.ID, CreatedAt: e.clock(), SeenAt: e.clock(), ExpiresAt: e.clock().Add(time.Hour)}
	must(t, e.store.CreateSession(t.Context(), &s))
	return s.ID
}

// TestPostsOfTheSignedOut checks that a draft with a session that is over is not stored, and that whatever else is wrong
// with it stays unsaid.
func TestPostsOfTheSignedOut(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		me, friend := e.people[0], e.people[1]
		room, none := e.makeFriends(t, me, friend), uint64(999)
		session, old, theirs := e.signIn(t, me, "mine"), e.signIn(t, me, "old"), e.signIn(t, friend, "theirs")
		seq, err := e.Post(t.Context(), me, room, Draft{Key: "key", Body: "once", Session: session})
		must(t, err)
		must(t, e.store.DeleteSession(t.Context(), me.ID, old))
		entries := len(e.log(t, room))
		for _, bad := range []struct {
			what string
			room uint64
			Draft
			otherwise error // if the session is not over
		}{
			{"a message", room, Draft{Body: "again"}, nil},
			{"nothing", room, Draft{}, ErrEmpty},
			{"too much", room, Draft{Body: strings.Repeat("x", MaxBody+1)}, ErrTooLong},
			{"a bad key", room, Draft{Body: "again", Key: "\n"}, ErrBadKey},
			{"a reply to nothing", room, Draft{Body: "again", ReplyTo: 999}, ErrBadReply},
			{"a repeat", room, Draft{Body: "once", Key: "key"}, nil},
			{"a key that was used", room, Draft{Body: "twice", Key: "key"}, ErrKeyReused},
			{"a room of others", none, Draft{Body: "again"}, ErrNotFound},
		} {
			bad.Session = old
			_, err := e.Post(t.Context(), me, bad.room, bad.Draft)
			wantError(t, bad.what+" with a session that is over", err, ErrSignedOut)
			if bad.otherwise != nil {
				bad.Session = session
				_, err = e.Post(t.Context(), me, bad.room, bad.Draft)
				wantError(t, bad.what, err, bad.otherwise)
			}
		}
		_, err = e.Post(t.Context(), me, room, Draft{Body: "in whose name?", Session: theirs})
		wantError(t, "with the session of somebody else", err, ErrSignedOut)
		equal(t, "entries", len(e.log(t, room)), entries)
		again, err := e.Post(t.Context(), me, room, Draft{Key: "key", Body: "once", Session: session})
		must(t, err)
		equal(t, "a repeat", again, seq)
		e.advance(time.Hour)
		_, err = e.Post(t.Context(), me, room, Draft{Body: "too late", Session: session})
		wantError(t, "with a session that has expired", err, ErrSignedOut)
	})
}

// TestOneOfABatchIsSignedOut checks that the others are written.
func TestOneOfABatchIsSignedOut(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		me, friend := e.people[0], e.people[1]
		room := e.makeFriends(t, me, friend)
		sessions := []uint64{e.signIn(t, me, "mine"), 999, 0, e.signIn(t, friend, "theirs")}
		var batch []*pending
		for i, session := range sessions {
			batch = append(batch, &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: []uint64{me.ID, me.ID, me.ID, friend.ID}[i], Body: "x"}, session: session, done: make(chan error, 1)})
		}
		batches := e.Stats.Batches.Load()
		e.posts.write(batch, false)
		equal(t, "transactions", e.Stats.Batches.Load()-batches, 1)
		for i, p := range batch {
			if err := <-p.done; i == 1 {
				wantError(t, "signed out", err, ErrSignedOut)
			} else {
				must(t, err)
			}
		}
	})
}
