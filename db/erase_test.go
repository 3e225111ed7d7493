package db

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filesWith returns the names of those files in a folder that contain a text, with how often.
func filesWith(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		if n := bytes.Count(data, []byte(text)); n > 0 {
			found = append(found, fmt.Sprintf("%s (%d times)", e.Name(), n))
		}
	}
	return found
}

// TestWhatIsDeletedIsGoneFromTheDisk is T47: texts, edits, alt texts, words of the index and photos, among many that
// stay, so that pages are split, merged and filled again.
func TestWhatIsDeletedIsGoneFromTheDisk(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	d := openMigrated(t, "sqlite:"+dir+"/parley.db")
	author, r := createUsers(t, d, 1)[0], createRoom(t, d)
	random := rand.New(rand.NewPCG(1, 2))
	text := func(mark string) string {
		return strings.Repeat(mark+" ", 1+random.IntN(60)) + strings.Repeat("x", random.IntN(3000))
	}
	const gone, stays = "GoneForGood", "StaysHere"
	var deleted []uint64
	for i := range 300 {
		mark := stays
		if i%3 == 0 {
			mark = gone
		}
		key := fmt.Sprint(i)
		m := Message{RoomID: r.ID, Kind: KindText, AuthorID: author.ID, ClientKey: &key, Body: text(mark), CreatedAt: noon}
		must(t, d.append(ctx, &m))
		for range random.IntN(3) {
			edit := Message{RoomID: r.ID, Kind: KindEdit, AuthorID: author.ID, TargetSeq: m.Seq, Body: text(mark), CreatedAt: noon}
			must(t, d.append(ctx, &edit))
			must(t, d.SetEdited(ctx, r.ID, m.Seq, edit.Seq))
		}
		must(t, d.AddPostings(ctx, []Posting{{RoomID: r.ID, Term: strings.ToLower(mark), At: noon.UnixMicro(), Seq: m.Seq}}))
		if i%10 == 0 {
			p := Photo{OwnerID: author.ID, Type: "image/png", CreatedAt: noon}
			must(t, d.CreatePhoto(ctx, &p, []PhotoSize{{Size: "small", Data: []byte(text(mark))}, {Size: "large", Data: bytes.Repeat([]byte(mark), 20_000)}}))
			p.RoomID, p.Seq, p.Place, p.Alt = r.ID, m.Seq, 1, mark
			must(t, d.ClaimPhoto(ctx, p))
		}
		if mark == gone {
			deleted = append(deleted, m.Seq)
		}
	}
	if len(filesWith(t, dir, gone)) == 0 {
		t.Fatal("what is deleted was never there")
	}
	for _, seq := range deleted {
		must(t, d.Tx(ctx, func(tx *DB) error {
			r, err := tx.NextSeq(ctx, r.ID)
			must(t, err)
			return tx.EraseMessage(ctx, r.ID, seq, r.LastSeq)
		}))
		must(t, d.DeletePostings(ctx, r.ID, seq, noon.UnixMicro(), []string{strings.ToLower(gone)}))
	}
	// Somebody reads all the time, and others write.
	must(t, d.Snapshot(ctx, func(tx *DB) error {
		_, err := tx.RoomsOf(ctx, author.ID, []uint64{r.ID})
		must(t, err)
		postText(t, d, r.ID, author.ID, "after all that")
		done, err := d.truncateBriefly(ctx)
		must(t, err)
		equal(t, "emptied below a reader", done, false)
		return nil
	}))
	must(t, d.TruncateLog(ctx))
	for _, mark := range []string{gone, strings.ToLower(gone)} {
		if found := filesWith(t, dir, mark); len(found) > 0 {
			t.Errorf("%s is still in %v", mark, found)
		}
	}
	if len(filesWith(t, dir, stays)) == 0 {
		t.Error("what stays is gone, too")
	}
	info, err := os.Stat(filepath.Join(dir, "parley.db-wal"))
	must(t, err)
	equal(t, "bytes in the log", info.Size(), 0)
}
