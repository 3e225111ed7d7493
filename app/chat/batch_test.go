package chat

import (
	"fmt"
	"strings"
	"testing"

	"parley/db"
)

// TestABatchWithABadPostIsBisected writes batches in which one post cannot be written. It alone gets
// the error, the others keep their order, and all of them take a few transactions.
func TestABatchWithABadPostIsBisected(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		me, room := e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		used, key := e.upload(t, e.people[1]), "used"
		_, err := e.Post(t.Context(), me, room, Draft{Key: key, Body: "used"})
		must(t, err)
		for i, bad := range []struct {
			what string
			post pending
			err  error
		}{
			{"a stranger's", pending{entry: db.Message{AuthorID: e.people[2].ID}}, db.ErrNotFound},
			{"a key that was used", pending{entry: db.Message{AuthorID: me.ID, ClientKey: &key}}, db.ErrDuplicate},
			{"another's photo", pending{entry: db.Message{AuthorID: me.ID}, photos: []db.Photo{{ID: used.ID, OwnerID: me.ID}}}, ErrPhotoGone},
		} {
			const size = 64
			at, batch := []int{0, 37, size - 1}[i], make([]*pending, size)
			for j := range batch {
				post := pending{entry: db.Message{AuthorID: me.ID}}
				if j == at {
					post = bad.post
				}
				post.entry.RoomID, post.entry.Kind, post.entry.Body, post.done = room, db.KindText, fmt.Sprint(bad.what, j), make(chan error, 1)
				batch[j] = &post
			}
			last, batches := uint64(len(e.log(t, room))), e.Stats.Batches.Load()
			e.posts.commitBatch(room, batch)
			equal(t, bad.what+": transactions", e.Stats.Batches.Load()-batches, 6) // 32, 16, 8, 4, 2 and 1
			log := e.log(t, room)
			equal(t, bad.what+": entries", len(log), int(last)+size-1)
			for j, p := range batch {
				if err := <-p.done; j == at {
					wantError(t, bad.what, err, bad.err)
				} else {
					must(t, err)
					last++
					equal(t, "seq", p.entry.Seq, last)
					equal(t, "text", log[last-1].Body, p.entry.Body)
				}
			}
		}
	})
}

// TestABatchWritesABoundedNumberOfRows is T39 for posts: long texts, photos and mentions count, so that those who
// post many of them at once wait for each other and not all others for them.
func TestABatchWritesABoundedNumberOfRows(t *testing.T) {
	b := batcher{limit: maxBatch, pending: map[uint64][]*pending{}}
	for _, c := range []struct {
		what string
		post pending
		want int
	}{
		{"short texts", pending{entry: db.Message{Body: "hello"}}, maxBatch},
		{"long texts", pending{entry: db.Message{Body: strings.Repeat("🌀", MaxBody)}}, maxBatchRows / 16},
		{"mentions", pending{usernames: make([]string, maxLookups)}, maxBatchRows / (maxLookups + 1)},
		{"photos", pending{photos: make([]db.Photo, MaxPhotos)}, maxBatchRows / (MaxPhotos + 1)},
		{"everything", pending{photos: make([]db.Photo, maxBatchRows)}, 1},
	} {
		for range 2 * maxBatch {
			b.enqueue(&c.post)
		}
		all := 0
		for batch := b.next(0); batch != nil; batch = b.next(0) {
			if all += len(batch); all < 2*maxBatch {
				equal(t, c.what+" in a transaction", len(batch), c.want)
			}
		}
		equal(t, c.what, all, 2*maxBatch)
	}
}
