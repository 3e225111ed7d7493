package db

import (
	"bytes"
	"testing"
	"time"
)

func TestPhotos(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		every := make([]byte, 256)
		for i := range every {
			every[i] = byte(i)
		}
		large := bytes.Repeat(every, 2<<20/256) // larger than a network packet, with quotes and zeros in it
		put := func(owner uint64, size int, at time.Time) Photo {
			t.Helper()
			p := Photo{ID: 99, OwnerID: owner, Type: "image/jpeg", Width: 3, Height: 2, Bytes: size, CreatedAt: at}
			must(t, d.CreatePhoto(ctx, &p, []PhotoSize{{Size: "small", Width: 1, Height: 1, Data: []byte{0}}, {Size: "large", Width: 3, Height: 2, Data: large}}))
			return p
		}
		old, mine, other := put(1, 10, noon.Add(-time.Hour)), put(1, 20, noon.Add(-time.Hour+time.Microsecond)), put(2, 40, noon)
		got, err := d.PhotoByID(ctx, mine.ID)
		must(t, err)
		equal(t, "photo", got, mine)
		size, err := d.PhotoBytes(ctx, mine.ID, "large")
		must(t, err)
		if size.Width != 3 || size.Height != 2 || !bytes.Equal(size.Data, large) {
			t.Errorf("%d bytes of %d x %d came back", len(size.Data), size.Width, size.Height)
		}
		for _, none := range []string{"", "Large", "large ", "medium"} {
			_, err = d.PhotoBytes(ctx, mine.ID, none)
			wantError(t, none, err, ErrNotFound)
		}
		use := func(what string, owner uint64, bytes int64, recent int) {
			t.Helper()
			gotBytes, gotRecent, err := d.PhotoUse(ctx, owner, noon.Add(-time.Hour))
			must(t, err)
			equal(t, what+", bytes", gotBytes, bytes)
			equal(t, what+", recent", gotRecent, recent)
		}
		use("two", 1, 30, 1)
		use("none", 3, 0, 0)
		must(t, d.DeletePhoto(ctx, 1, other.ID)) // not theirs
		must(t, d.DeletePhoto(ctx, 0, other.ID))
		use("still", 2, 40, 1)
		_, err = d.PhotoBytes(ctx, other.ID, "small")
		must(t, err)
		must(t, d.DeletePhoto(ctx, 1, old.ID))
		must(t, d.DeletePhoto(ctx, 1, old.ID))
		use("one", 1, 20, 1)
		_, err = d.PhotoByID(ctx, old.ID)
		wantError(t, "deleted", err, ErrNotFound)
		_, err = d.PhotoBytes(ctx, old.ID, "small")
		wantError(t, "its bytes", err, ErrNotFound)
		_, err = d.PhotoBytes(ctx, mine.ID, "small")
		must(t, err)
	})
}
