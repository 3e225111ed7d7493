package chat

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// toRoom are posts of somebody to a room.
func toRoom(room, author uint64, keys ...string) (batch []*pending) {
	for _, key := range keys {
		batch = append(batch, &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: author, ClientKey: &key, Body: "by " + key}, since: time.Now(), done: make(chan error, 1)})
	}
	return batch
}

// bodies are the texts of a room's log.
func (e *env) bodies(t *testing.T, room uint64) (list []string) {
	t.Helper()
	for _, entry := range e.log(t, room) {
		list = append(list, entry.Body)
	}
	return list
}

// TestRoomsShareATransaction writes posts to several rooms, some of which cannot be written. The others are committed
// together, and no number is lost.
func TestRoomsShareATransaction(t *testing.T) {
	onBoth(t, 6, func(t *testing.T, e *env) {
		me, stranger := e.people[0], e.people[5]
		var rooms []uint64
		for _, friend := range e.people[1:5] {
			rooms = append(rooms, e.makeFriends(t, me, friend))
		}
		write := func(transactions uint64, parts ...[]*pending) (batch []*pending) {
			t.Helper()
			batch = slices.Concat(parts...)
			before := e.Stats.Batches.Load()
			equal(t, "rooms skipped", len(e.posts.write(batch, false)), 0)
			equal(t, "transactions", e.Stats.Batches.Load()-before, transactions)
			return batch
		}
		write(1, toRoom(rooms[1], me.ID, "used"))
		batch := write(1,
			toRoom(rooms[0], me.ID, "a", "b"),
			toRoom(rooms[1], me.ID, "c", "used", "d"),
			toRoom(rooms[2], stranger.ID, "e"),
			toRoom(rooms[3], me.ID, "f"),
			toRoom(rooms[3], stranger.ID, "g"),
			toRoom(rooms[3], e.people[4].ID, "h"))
		for i, want := range []error{nil, nil, nil, db.ErrDuplicate, nil, db.ErrNotFound, nil, db.ErrNotFound, nil} {
			wantError(t, fmt.Sprint("post ", i), <-batch[i].done, want)
		}
		for i, want := range []string{"[ by a by b]", "[ by used by c by d]", "[]", "[ by f by h]"} {
			equal(t, "log", fmt.Sprint(e.bodies(t, rooms[i])), want)
		}
		equal(t, "seq", batch[8].entry.Seq, 3)

		// What panics concerns nobody else.
		panics := toRoom(rooms[1], me.ID, "panics")
		panics[0].usernames = []string{e.people[3].Username} // of no text
		batch = write(2, toRoom(rooms[0], me.ID, "i"), panics, toRoom(rooms[2], me.ID, "j"))
		must(t, <-batch[0].done)
		if err := <-batch[1].done; err == nil || errors.Is(err, db.ErrUnavailable) {
			t.Errorf("a post that panics: %v", err)
		}
		must(t, <-batch[2].done)
	})
}

// TestManyRoomsTakeAFewStatements checks that posts to fifty rooms are as many statements as posts to one.
func TestManyRoomsTakeAFewStatements(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		me := e.people[0]
		var batch []*pending
		for range 50 {
			r := db.Room{Kind: db.RoomGroup, Name: "A room", IsOpen: true, OwnerID: e.people[1].ID, MakerID: e.people[1].ID, SlowSeconds: 30, Epoch: 1, CreatedAt: e.clock()}
			must(t, e.store.CreateRoom(t.Context(), &r))
			must(t, e.store.AddMember(t.Context(), r.ID, me.ID, 0))
			p := toRoom(r.ID, me.ID, "key")
			p[0].entry.Body = "hello @" + me.Username
			p[0].text = e.Texts.Text(p[0].entry.Body)
			p[0].usernames = lookedUp(p[0].text)
			batch = append(batch, p...)
		}
		cost := func(batch []*pending) uint64 {
			before := e.store.Statements()
			e.posts.write(batch, false)
			for _, p := range batch {
				must(t, <-p.done)
			}
			return e.store.Statements() - before
		}
		one := cost(batch[:1])
		equal(t, "statements for one", one, 8)
		equal(t, "statements for the others", cost(batch[1:]), one)
	})
}

// TestALockedRoomKeepsNobodyElse posts to rooms while somebody has locked one of them. The others are written at once,
// and what was sent to that one is written in its order when it is free.
func TestALockedRoomKeepsNobodyElse(t *testing.T) {
	e := newEnv(t, rig.MySQL(t), 8)
	ctx, me := t.Context(), e.people[0]
	var rooms []uint64
	for _, friend := range e.people[1:] {
		rooms = append(rooms, e.makeFriends(t, me, friend))
	}
	locked := rooms[0]
	held := toRoom(locked, me.ID, "a", "b", "c")
	must(t, e.store.Tx(ctx, func(tx *db.DB) error {
		_, err := tx.LockRooms(ctx, []uint64{locked}, true)
		must(t, err)
		e.posts.enqueue(held[0])
		for i := range 2 * maxSkipped { // more often than it is skipped
			for _, room := range rooms[1:] {
				e.post(t, me, room, fmt.Sprint("news ", i))
			}
			if i == 1 {
				e.posts.enqueue(held[1])
			}
		}
		e.posts.enqueue(held[2])
		for _, p := range held {
			if len(p.done) > 0 {
				t.Errorf("answered while the room was locked: %v", <-p.done)
			}
		}
		return nil
	}))
	for i, p := range held {
		must(t, <-p.done)
		equal(t, "seq", p.entry.Seq, uint64(i+2))
	}
	for _, room := range rooms[1:] {
		equal(t, "entries", len(e.log(t, room)), 1+2*maxSkipped)
	}
	rig.Eventually(t, "nothing is left in line", func() bool {
		e.posts.mu.Lock()
		defer e.posts.mu.Unlock()
		return len(e.posts.queues) == 0 && len(e.posts.alone) == 0
	})
}

// TestARoomThatStaysLockedIsRefused checks that posts to a room that nobody gives back are refused in time, and that
// they do not use up all connections.
func TestARoomThatStaysLockedIsRefused(t *testing.T) {
	t.Parallel()
	e := newEnv(t, rig.MySQL(t), 2)
	ctx, me, free := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
	var stuck []uint64
	for range 2 * maxAlone {
		r := db.Room{Kind: db.RoomGroup, Name: "Stuck", IsOpen: true, OwnerID: me.ID, Epoch: 1, CreatedAt: e.clock()}
		must(t, e.store.CreateRoom(ctx, &r))
		must(t, e.store.AddMember(ctx, r.ID, me.ID, 0))
		stuck = append(stuck, r.ID)
	}
	other := e.open(t, e.address)
	must(t, other.Tx(ctx, func(tx *db.DB) error {
		_, err := tx.LockRooms(ctx, stuck, true)
		must(t, err)
		var batch []*pending
		for _, room := range stuck {
			batch = append(batch, toRoom(room, me.ID, "k")...)
		}
		for _, p := range batch {
			e.posts.enqueue(p)
		}
		rig.Eventually(t, "as many wait as may", func() bool { return len(e.posts.alone) == maxAlone })
		e.post(t, me, free, "meanwhile")
		for _, p := range batch {
			wantError(t, "a post to a room that stays locked", <-p.done, db.ErrUnavailable)
		}
		return nil
	}))
	for _, room := range stuck {
		equal(t, "seq", e.post(t, me, room, "again"), 1)
	}
}

// TestAnotherWriterTakesOver posts while a transaction hangs. The others don't wait for it, and there is one writer again
// when it has ended.
func TestAnotherWriterTakesOver(t *testing.T) {
	e := newEnv(t, rig.MySQL(t), 4)
	ctx, me := t.Context(), e.people[0]
	photo := e.upload(t, me)
	slow, quick := e.makeFriends(t, me, e.people[1]), []uint64{e.makeFriends(t, me, e.people[2]), e.makeFriends(t, me, e.people[3])}
	hangs := toRoom(slow, me.ID, "hangs")
	hangs[0].photos = []db.Photo{{ID: photo.ID, OwnerID: me.ID, RoomID: slow}}
	must(t, e.store.Tx(ctx, func(tx *db.DB) error {
		must(t, tx.ClaimPhoto(ctx, db.Photo{ID: photo.ID, OwnerID: me.ID, RoomID: quick[0], Seq: 99}))
		e.posts.enqueue(hangs[0])
		rig.Eventually(t, "it is late", func() bool {
			e.posts.mu.Lock()
			defer e.posts.mu.Unlock()
			return e.posts.late == 1
		})
		var all sync.WaitGroup
		for range 20 {
			for _, room := range quick {
				all.Go(func() { e.post(t, me, room, "meanwhile") })
			}
		}
		all.Wait()
		equal(t, "answered", len(hangs[0].done), 0)
		return nil
	}))
	wantError(t, "whose photo another has taken", <-hangs[0].done, ErrPhotoGone)
	for _, room := range quick {
		e.post(t, me, room, "afterwards")
		equal(t, "entries", len(e.log(t, room)), 22)
	}
	rig.Eventually(t, "nobody writes any more", func() bool {
		e.posts.mu.Lock()
		defer e.posts.mu.Unlock()
		return e.posts.writers == 0 && e.posts.late == 0
	})
}

// TestWithoutSkipping posts on a server that cannot skip what is locked, where each room is written alone.
func TestWithoutSkipping(t *testing.T) {
	e := newEnv(t, rig.MySQL(t), 5)
	e.posts.skipsLocked = func() bool { return false }
	var all sync.WaitGroup
	for _, friend := range e.people[1:] {
		room := e.makeFriends(t, e.people[0], friend)
		for i, who := range []db.User{e.people[0], friend} {
			all.Go(func() {
				for n := range 10 {
					e.post(t, who, room, fmt.Sprint(i, n))
				}
			})
		}
	}
	all.Wait()
	for _, friend := range e.people[1:] {
		equal(t, "entries", len(e.log(t, e.roomOf(t, e.people[0], friend))), 21)
	}
}

// TestRoomsThatShareTransactions posts in many rooms at once through two processes: new messages, repeats, strangers and
// mentions. Whatever is acknowledged is stored once with its number, in the order of each sender, and nothing else is.
// Nobody gets an error because others are in the way.
func TestRoomsThatShareTransactions(t *testing.T) {
	onBoth(t, 13, func(t *testing.T, e *env) {
		ctx, me, stranger := t.Context(), e.people[0], e.people[12]
		var rooms []uint64
		for _, friend := range e.people[1:12] {
			rooms = append(rooms, e.makeFriends(t, me, friend))
		}
		var h handed
		e.committed = h.add
		processes := []*Chat{e.Chat, e.Chat}
		if !e.store.IsSQLite() {
			processes[1] = e.secondProcess(t)
		}
		var mu sync.Mutex
		stored := map[uint64]map[uint64]string{} // by room and seq
		var all sync.WaitGroup
		for i, room := range rooms {
			stored[room] = map[uint64]string{}
			for n, who := range []db.User{me, e.people[i+1]} {
				c := processes[n]
				all.Go(func() {
					random := rand.New(rand.NewPCG(room, who.ID))
					last := uint64(0)
					for n := range 25 {
						draft := Draft{Key: fmt.Sprint("key", n), Body: fmt.Sprint(who.Username, " ", n)}
						switch random.IntN(6) {
						case 0:
							if _, err := c.Post(ctx, stranger, room, draft); !errors.Is(err, ErrNotFound) {
								t.Errorf("a stranger's: %v", err)
							}
						case 1:
							draft.Body += " @" + me.Username
						}
						seq, err := c.Post(ctx, who, room, draft)
						if err != nil || seq <= last {
							t.Errorf("seq %d after %d: %v", seq, last, err)
						}
						last = seq
						if again, err := processes[random.IntN(2)].Post(ctx, who, room, draft); random.IntN(3) == 0 && (again != seq || err != nil) {
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
		transactions := e.Stats.Batches.Load()
		if processes[1] != e.Chat {
			transactions += processes[1].Stats.Batches.Load()
		}
		t.Logf("%d transactions for %d posts", transactions, 50*len(rooms))
		if transactions >= uint64(50*len(rooms)) {
			t.Error("no transaction was shared")
		}
	})
}
