package chat

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/db"
	"parley/e2e/rig"
)

// TestABatchWithABadPost writes batches in which one post cannot be written. It alone gets the error, the others keep
// their order, and all of them take a few transactions.
func TestABatchWithABadPost(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		me, room := e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		used, key := e.upload(t, e.people[1]), "used"
		_, err := e.Post(t.Context(), me, room, Draft{Key: key, Body: "used"})
		must(t, err)
		for i, bad := range []struct {
			what         string
			post         pending
			err          error // nil for any
			transactions uint64
		}{
			{"a stranger's", pending{entry: db.Message{AuthorID: e.people[2].ID}}, db.ErrNotFound, 1},
			{"a key that was used", pending{entry: db.Message{AuthorID: me.ID, ClientKey: &key}}, db.ErrDuplicate, 1},
			{"another's photo", pending{entry: db.Message{AuthorID: me.ID}, photos: []db.Photo{{ID: used.ID, OwnerID: me.ID}}}, ErrPhotoGone, 1},
			{"one that panics", pending{entry: db.Message{AuthorID: me.ID}, usernames: []string{me.Username}}, nil, 6}, // 32, 16, 8, 4, 2 and 1
		} {
			const size = 64
			at, batch := []int{0, 37, size - 1, 21}[i], make([]*pending, size)
			for j := range batch {
				post := pending{entry: db.Message{AuthorID: me.ID}}
				if j == at {
					post = bad.post
				}
				post.entry.RoomID, post.entry.Kind, post.entry.Body, post.done = room, db.KindText, fmt.Sprint(bad.what, j), make(chan error, 1)
				batch[j] = &post
			}
			last, batches := uint64(len(e.log(t, room))), e.Stats.Batches.Load()
			equal(t, bad.what+": rooms skipped", len(e.posts.write(batch, false)), 0)
			equal(t, bad.what+": transactions", e.Stats.Batches.Load()-batches, bad.transactions)
			log := e.log(t, room)
			equal(t, bad.what+": entries", len(log), int(last)+size-1)
			for j, p := range batch {
				if err := <-p.done; j != at {
					must(t, err)
					last++
					equal(t, "seq", p.entry.Seq, last)
					equal(t, "text", log[last-1].Body, p.entry.Body)
				} else if err == nil || bad.err != nil && !errors.Is(err, bad.err) {
					t.Errorf("%s: got %v, want %v", bad.what, err, bad.err)
				}
			}
		}
	})
}

// TestRepeatsInABatchAreLookedUp writes batches of new posts, posts that are there, posts that come twice and posts that
// cannot be written, in any order. Each key is stored once, and the first post with it is the one that is.
func TestRepeatsInABatchAreLookedUp(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		people, stranger := e.people[:2], e.people[2]
		room := e.makeFriends(t, people[0], people[1])
		random := rand.New(rand.NewPCG(1, 2))
		stored := map[db.AuthorKey]string{}
		for round := range 60 {
			batch := make([]*pending, 1+random.IntN(30))
			for i := range batch {
				who, key := people[random.IntN(2)], fmt.Sprint("key", random.IntN(200)+round)
				if random.IntN(40) == 0 {
					who = stranger
				}
				batch[i] = &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: who.ID, ClientKey: &key, Body: fmt.Sprint(round, " ", i)}, done: make(chan error, 1)}
			}
			last := uint64(len(e.log(t, room)))
			e.posts.write(batch, false)
			log := e.log(t, room)
			for _, p := range batch {
				key, _ := p.key()
				_, repeated := stored[key]
				switch err := <-p.done; {
				case p.entry.AuthorID == stranger.ID:
					wantError(t, "a stranger's", err, db.ErrNotFound)
				case repeated:
					wantError(t, "a repeat", err, db.ErrDuplicate)
				default:
					must(t, err)
					last++
					equal(t, "seq", p.entry.Seq, last)
					equal(t, "text", log[last-1].Body, p.entry.Body)
					stored[key] = p.entry.Body
				}
			}
			equal(t, "entries", uint64(len(log)), last)
		}
		rows, err := e.store.MessagesAfter(t.Context(), room, 1, 10_000)
		must(t, err)
		equal(t, "keys", len(stored), len(rows))
		for _, row := range rows {
			equal(t, "text", row.Body, stored[db.AuthorKey{RoomID: room, AuthorID: row.AuthorID, ClientKey: *row.ClientKey}])
		}
	})
}

// TestABatchOfRepeatsTakesAFewStatements checks that many people who resend what is stored take one transaction and one
// look-up, and those with something new one more transaction.
func TestABatchOfRepeatsTakesAFewStatements(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		me, room := e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		batchOf := func(from int) (batch []*pending) {
			for i := range maxBatch {
				key := fmt.Sprint("key", from+i)
				batch = append(batch, &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: me.ID, ClientKey: &key, Body: "x"}, done: make(chan error, 1)})
			}
			return batch
		}
		cost := func(from int) uint64 {
			before := e.store.Statements()
			e.posts.write(batchOf(from), false)
			return e.store.Statements() - before
		}
		one := cost(0)
		equal(t, "all of them repeats", cost(0), one+1)
		equal(t, "half of them", cost(maxBatch/2), 2*one+1)
		equal(t, "entries", len(e.log(t, room)), 1+maxBatch*3/2)
	})
}

// TestABatchWritesABoundedNumberOfRows is T39 for posts: long texts, photos and mentions count, so that people who
// post many of them at once wait for each other, and nobody else waits for them.
func TestABatchWritesABoundedNumberOfRows(t *testing.T) {
	b := batcher{limit: maxBatch}
	for _, c := range []struct {
		what string
		post pending
		want int
	}{
		{"short texts", pending{entry: db.Message{Body: "hello"}}, maxBatch},
		{"long texts", pending{entry: db.Message{Body: strings.Repeat("🌀", MaxBody)}}, (maxBatchRows - roomRows) / 16},
		{"mentions", pending{usernames: make([]string, maxLookups)}, (maxBatchRows - roomRows) / (maxLookups + 1)},
		{"photos", pending{photos: make([]db.Photo, MaxPhotos)}, (maxBatchRows - roomRows) / (MaxPhotos + 1)},
		{"everything", pending{photos: make([]db.Photo, maxBatchRows)}, 1},
	} {
		q := &queue{posts: slices.Repeat([]*pending{&c.post}, 2*maxBatch)}
		all := 0
		for len(q.posts) > 0 {
			b.waiting = []*queue{q}
			parts := b.take()
			if all += len(parts[0].posts); all < 2*maxBatch {
				equal(t, c.what+" in a transaction", len(parts[0].posts), c.want)
			}
		}
		equal(t, c.what, all, 2*maxBatch)
	}
}

// TestNoMorePostsWaitThanMay posts while nothing is written. Whoever posts when the queue is full gets an error at once,
// and may send again.
func TestNoMorePostsWaitThanMay(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me := t.Context(), e.people[0]
		room := e.makeFriends(t, me, e.people[1])
		e.posts.mu.Lock()
		most := e.posts.most
		e.posts.most, e.posts.capacity = 0, 3
		e.posts.mu.Unlock()
		results := make(chan error, 3)
		for i := range 3 {
			go func() {
				_, err := e.Post(ctx, me, room, Draft{Key: fmt.Sprint("key", i), Body: "waits"})
				results <- err
			}()
		}
		rig.Eventually(t, "three wait", func() bool { return e.posts.held.Load() == 3 })
		late := Draft{Key: "late", Body: "late"}
		_, err := e.Post(ctx, me, room, late)
		wantError(t, "a fourth", err, db.ErrUnavailable)

		e.posts.mu.Lock()
		e.posts.most = most
		e.posts.startWriter()
		e.posts.mu.Unlock()
		for range 3 {
			must(t, <-results)
		}
		_, err = e.Post(ctx, me, room, late)
		must(t, err)
		equal(t, "that wait in the end", e.posts.held.Load(), 0)
	})
}
