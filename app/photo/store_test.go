package photo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

const owner = 7

func open(t testing.TB, address string) *db.DB {
	t.Helper()
	store := dbtest.Open(t, address)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func newStore(t testing.TB) *Store {
	return New(open(t, "sqlite:"+t.TempDir()+"/parley.db"), time.Now, defaultBounds)
}

func onEachDatabase(t *testing.T, test func(t *testing.T, store *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, open(t, "sqlite:"+t.TempDir()+"/parley.db")) })
	t.Run("mysql", func(t *testing.T) { test(t, open(t, rig.MySQL(t))) })
}

// saveAndDecode stores an upload, and decodes what was stored.
func saveAndDecode(t testing.TB, a *Store, data []byte, p Purpose, size string) (db.Photo, image.Image) {
	t.Helper()
	row, err := a.Save(t.Context(), owner, data, p)
	must(t, err)
	row, s, err := a.Bytes(t.Context(), row.ID, size)
	must(t, err)
	m, kind, err := image.Decode(bytes.NewReader(s.Data))
	must(t, err)
	if "image/"+kind != row.Type || m.Bounds() != image.Rect(0, 0, s.Width, s.Height) {
		t.Errorf("%s of %v is stored as %s of %d x %d", kind, m.Bounds(), row.Type, s.Width, s.Height)
	}
	return row, m
}

func TestSave(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB) {
		a := New(store, time.Now, defaultBounds)
		row, err := a.Save(t.Context(), owner, asJPEG(t, fourColors(800, 600)), PurposeAvatar)
		must(t, err)
		if row.ID == 0 || row.OwnerID != owner || row.Type != "image/jpeg" || row.Width != 512 || row.Height != 384 || row.Bytes == 0 {
			t.Errorf("saved %+v", row)
		}
		sum := 0
		for size, want := range map[string][2]int{Small: {96, 96}, Large: {512, 384}} {
			got, s, err := a.Bytes(t.Context(), row.ID, size)
			must(t, err)
			if got != row && !got.CreatedAt.Equal(row.CreatedAt) || s.Width != want[0] || s.Height != want[1] {
				t.Errorf("%s: %+v, %d x %d", size, got, s.Width, s.Height)
			}
			sum += len(s.Data)
		}
		if sum != row.Bytes {
			t.Errorf("%d bytes are stored as %d", sum, row.Bytes)
		}
		for _, size := range []string{"", "huge", "../large", "LARGE", "large "} {
			if _, _, err := a.Bytes(t.Context(), row.ID, size); !errors.Is(err, db.ErrNotFound) {
				t.Errorf("size %q: %v", size, err)
			}
		}
		must(t, a.Delete(t.Context(), owner+1, row.ID)) // not theirs
		if _, _, err := a.Bytes(t.Context(), row.ID, Small); err != nil {
			t.Errorf("deleted by a stranger: %v", err)
		}
		must(t, a.Delete(t.Context(), owner, row.ID))
		must(t, a.Delete(t.Context(), owner, row.ID))
		if _, _, err := a.Bytes(t.Context(), row.ID, Small); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("after it was deleted: %v", err)
		}
	})
}

func TestQuota(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB) {
		now := time.Date(2026, 3, 14, 9, 26, 0, 0, time.UTC)
		a := New(store, func() time.Time { return now }, defaultBounds)
		tiny := asPNG(t, fourColors(2, 2))
		for i := range quotaPhotos {
			row, err := a.Save(t.Context(), owner, tiny, PurposeAvatar)
			must(t, err)
			if i%2 == 0 {
				must(t, a.Delete(t.Context(), owner, row.ID)) // does not reset the count
			}
		}
		if _, err := a.Save(t.Context(), owner, tiny, PurposeAvatar); !errors.Is(err, ErrQuota) {
			t.Errorf("photo %d of an hour: %v", quotaPhotos+1, err)
		}
		if _, err := a.Save(t.Context(), owner+1, tiny, PurposeAvatar); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		now = now.Add(2 * time.Hour)
		full := db.Photo{OwnerID: owner, Type: "image/png", Bytes: int(DefaultBounds.Stored) - 100, CreatedAt: now}
		must(t, store.CreatePhoto(t.Context(), &full, []db.PhotoSize{{Size: Small, Data: []byte{1}}}))
		if _, err := a.Save(t.Context(), owner, tiny, PurposeAvatar); !errors.Is(err, ErrQuota) {
			t.Errorf("over 200 MiB: %v", err)
		}
		must(t, a.Delete(t.Context(), owner, full.ID))
		if _, err := a.Save(t.Context(), owner, tiny, PurposeAvatar); err != nil {
			t.Errorf("below the quota again: %v", err)
		}
	})
}

func defaultBounds(context.Context) Bounds { return DefaultBounds }
