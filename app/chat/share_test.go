package chat

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"parley/db"
)

// shareOf is a share of one room, with posts of somebody.
func shareOf(ctx context.Context, room, author uint64, keys ...string) *share {
	s := &share{ctx: ctx, room: room, done: make(chan struct{})}
	for _, key := range keys {
		s.batch = append(s.batch, &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: author, ClientKey: &key, Body: "by " + key}, done: make(chan error, 1)})
	}
	return s
}

// TestAShareThatIsRefusedIsUndoneAlone writes shares of several rooms, some of which cannot be written. The others are
// committed together, and no number is lost.
func TestAShareThatIsRefusedIsUndoneAlone(t *testing.T) {
	onBoth(t, 6, func(t *testing.T, e *env) {
		ctx, me, stranger := t.Context(), e.people[0], e.people[5]
		var rooms []uint64
		for _, friend := range e.people[1:5] {
			rooms = append(rooms, e.makeFriends(t, me, friend))
		}
		e.posts.commitShares([]*share{shareOf(ctx, rooms[1], me.ID, "used")})
		panics := shareOf(ctx, rooms[2], me.ID, "panics")
		panics.batch[0].usernames = []string{e.people[3].Username} // of no text
		ended, cancel := context.WithCancel(ctx)
		cancel()

		transactions := e.Stats.Batches.Load()
		shares := []*share{
			shareOf(ended, rooms[0], me.ID, "late"),
			shareOf(ctx, rooms[0], me.ID, "a", "b"),
			shareOf(ctx, rooms[1], me.ID, "c", "used"),
			shareOf(ctx, rooms[2], stranger.ID, "d"),
			panics,
			shareOf(ctx, 999, me.ID, "e"),
			shareOf(ctx, rooms[3], me.ID, "f"),
			shareOf(ctx, rooms[1], me.ID, "g"),
		}
		e.posts.commitShares(inTime(shares))
		equal(t, "transactions", e.Stats.Batches.Load()-transactions, 1)
		for i, want := range []error{db.ErrUnavailable, nil, db.ErrDuplicate, db.ErrNotMember, nil, db.ErrNotFound, nil, nil} {
			if s := shares[i]; s == panics {
				if s.err == nil || errors.Is(s.err, db.ErrUnavailable) {
					t.Errorf("a share that panics: %v", s.err)
				}
			} else {
				wantError(t, fmt.Sprint("share ", i), s.err, want)
			}
		}
		for i, want := range []string{"[ by a by b]", "[ by used by g]", "[]", "[ by f]"} {
			log := e.log(t, rooms[i])
			got := make([]string, len(log))
			for j, entry := range log {
				got[j] = entry.Body
			}
			equal(t, "log", fmt.Sprint(got), want)
		}
		equal(t, "seq", shares[1].batch[1].entry.Seq, 3)
		equal(t, "grown", shares[7].grown.LastSeq, 3)

		// When the database itself fails, all fail.
		over, cancel := context.WithCancel(ctx)
		cancel()
		shares = []*share{shareOf(over, rooms[0], me.ID, "h"), shareOf(ctx, rooms[1], me.ID, "i")}
		e.posts.commitShares(shares)
		for _, s := range shares {
			wantError(t, "all of them", s.err, db.ErrUnavailable)
		}
		equal(t, "entries", len(e.log(t, rooms[1])), 3)
	})
}

// TestRoomsThatShareTransactions posts in many rooms at once: new messages, repeats, strangers and mentions. Whatever
// is acknowledged is stored once with its number, in the order of each sender, and nothing else is.
func TestRoomsThatShareTransactions(t *testing.T) {
	onBoth(t, 13, func(t *testing.T, e *env) {
		ctx, me, stranger := t.Context(), e.people[0], e.people[12]
		var rooms []uint64
		for _, friend := range e.people[1:12] {
			rooms = append(rooms, e.makeFriends(t, me, friend))
		}
		var h handed
		e.committed = h.add
		var mu sync.Mutex
		stored := map[uint64]map[uint64]string{} // by room and seq
		var all sync.WaitGroup
		for i, room := range rooms {
			stored[room] = map[uint64]string{}
			for _, who := range []db.User{me, e.people[i+1]} {
				all.Go(func() {
					random := rand.New(rand.NewPCG(room, who.ID))
					last := uint64(0)
					for n := range 25 {
						draft := Draft{Key: fmt.Sprint("key", n), Body: fmt.Sprint(who.Username, " ", n)}
						switch random.IntN(6) {
						case 0:
							if _, err := e.Post(ctx, stranger, room, draft); !errors.Is(err, ErrNotFound) {
								t.Errorf("a stranger's: %v", err)
							}
						case 1:
							draft.Body += " @" + me.Username
						}
						seq, err := e.Post(ctx, who, room, draft)
						if err != nil || seq <= last {
							t.Errorf("seq %d after %d: %v", seq, last, err)
						}
						last = seq
						if again, err := e.Post(ctx, who, room, draft); random.IntN(3) == 0 && (again != seq || err != nil) {
							t.Errorf("a repeat has seq %d instead of %d: %v", again, seq, err)
						}
						mu.Lock()
						stored[room][seq] = draft.Body
						mu.Unlock()
					}
				})
			}
		}
		all.Wait()
		for _, room := range rooms {
			log := e.log(t, room)
			equal(t, "entries", len(log), 51)
			for _, entry := range log[1:] {
				equal(t, "text", entry.Body, stored[room][entry.Seq])
			}
		}
		next := map[uint64]uint64{}
		for _, posts := range h.take() {
			if posts.First() <= next[posts.Room] {
				t.Errorf("room %d: %d was handed over after %d", posts.Room, posts.First(), next[posts.Room])
			}
			next[posts.Room] = posts.Last()
		}
		t.Logf("%d transactions for %d posts", e.Stats.Batches.Load(), 50*len(rooms))
		if e.store.IsSQLite() && e.Stats.Batches.Load() >= uint64(50*len(rooms)) {
			t.Error("no transaction was shared")
		}
	})
}
