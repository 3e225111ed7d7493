package db

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestDeletionsComeInBatches is T39 for what is deleted from time to time: no statement deletes more rows than
// others can wait for, however many there are.
func TestDeletionsComeInBatches(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		const n = 5*deleteBatch + 1
		ctx, later := t.Context(), noon.Add(time.Hour)
		counters, sessions := make([]Counter, n), make([]Session, n)
		for i := range n {
			counters[i] = Counter{Name: fmt.Sprint("old", i), N: 1, EndsAt: noon}
			sessions[i] = Session{TokenHash: fmt.Sprintf("%064d", i), UserID: 1, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon}
		}
		counters[7].EndsAt, sessions[7].ExpiresAt = later, later
		must(t, d.create(ctx, &counters))
		must(t, d.create(ctx, &sessions))
		var most atomic.Int64
		d.health.observe = func(text string, _ []any, rows int64) {
			if strings.HasPrefix(text, "DELETE") {
				most.Store(max(most.Load(), rows))
			}
		}
		must(t, d.DeleteOldCounters(ctx, noon.Add(time.Minute)))
		must(t, d.DeleteExpiredSessions(ctx, noon.Add(time.Minute)))
		equal(t, "most rows in a statement", most.Load(), deleteBatch)
		left, err := all[Counter](d.in(ctx))
		must(t, err)
		equal(t, "counters left", fmt.Sprintf("%d %s", len(left), left[0].Name), "1 old7")
		live, err := d.SessionsOf(ctx, 1)
		must(t, err)
		equal(t, "sessions left", fmt.Sprintf("%d %s", len(live), live[0].TokenHash), "1 "+sessions[7].TokenHash)
	})
}

// TestErasedPhotosAreDeletedAfterwards checks that the photos of a deleted message are nobody's at once, and that
// their bytes, which take long, are not deleted in the transaction of the deletion.
func TestErasedPhotosAreDeletedAfterwards(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, u, r := t.Context(), createUsers(t, d, 1)[0], createRoom(t, d)
		m := postText(t, d, r.ID, u.ID, "look")
		photos := make([]Photo, 10)
		for i := range photos {
			photos[i] = Photo{OwnerID: u.ID, Type: "image/png", Bytes: 9, CreatedAt: noon}
			must(t, d.CreatePhoto(ctx, &photos[i], []PhotoSize{{Size: "small", Data: []byte("bytes")}, {Size: "large", Data: []byte("more bytes")}}))
			photos[i].RoomID, photos[i].Seq, photos[i].Place = r.ID, m.Seq, i+1
			must(t, d.ClaimPhoto(ctx, photos[i]))
		}
		erase := func(tx *DB) error { return tx.EraseMessage(ctx, r.ID, m.Seq, m.Seq+1) }
		wantError(t, "undone", d.Tx(ctx, func(tx *DB) error {
			must(t, erase(tx))
			return ErrNotFound
		}), ErrNotFound)
		found, err := d.PhotosOf(ctx, r.ID, []uint64{m.Seq})
		must(t, err)
		equal(t, "photos as before", len(found[m.Seq]), len(photos))

		var transactions atomic.Int64
		d.health.observe = func(text string, _ []any, rows int64) {
			if strings.HasPrefix(text, "DELETE FROM photo_sizes") {
				equal(t, "sizes deleted together", rows, 2)
				transactions.Add(1)
			}
		}
		must(t, d.Tx(ctx, func(tx *DB) error {
			must(t, erase(tx))
			found, err := tx.PhotosOf(ctx, r.ID, []uint64{m.Seq})
			must(t, err)
			equal(t, "photos of the message", len(found), 0)
			_, err = tx.PhotoBytes(ctx, photos[9].ID, "large")
			must(t, err)
			bytes, _, err := tx.PhotoUse(ctx, u.ID, noon)
			must(t, err)
			equal(t, "bytes of the owner", bytes, 0)
			return nil
		}))
		equal(t, "transactions", transactions.Load(), 10)
		for _, p := range photos {
			_, err := d.PhotoByID(ctx, p.ID)
			wantError(t, "the photo", err, ErrNotFound)
			_, err = d.PhotoBytes(ctx, p.ID, "large")
			wantError(t, "its bytes", err, ErrNotFound)
		}

		// What a process that ended could not delete is deleted with the uploads that nobody used.
		left := Photo{Type: "image/png", CreatedAt: time.Unix(0, 0).UTC()}
		must(t, d.CreatePhoto(ctx, &left, []PhotoSize{{Size: "small", Data: []byte("bytes")}, {Size: "large", Data: []byte("more bytes")}}))
		n, err := d.DeleteOldPhotos(ctx, noon, 10)
		must(t, err)
		equal(t, "old photos", n, 1)
	})
}
