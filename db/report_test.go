package db

import (
	"fmt"
	"testing"
	"time"
)

// addReport stores a report of a message with a photo, and returns it.
func addReport(t *testing.T, d *DB, reporter, author User, room Room, seq uint64) (Report, Photo) {
	t.Helper()
	ctx := t.Context()
	p := Photo{OwnerID: author.ID, Type: "image/png", CreatedAt: noon}
	must(t, d.CreatePhoto(ctx, &p, []PhotoSize{{Size: "small", Data: []byte("bytes")}}))
	p.RoomID, p.Seq, p.Place = room.ID, seq, 1
	must(t, d.ClaimPhoto(ctx, p))
	r := Report{ReporterID: reporter.ID, RoomID: room.ID, Seq: seq, AuthorID: author.ID, RoomKind: room.Kind, RoomName: room.Name, Reason: "spam", Words: "look", CreatedAt: noon}
	entries := []ReportEntry{
		{Seq: seq, Kind: KindText, AuthorID: author.ID, Body: "said", CreatedAt: noon},
		{Seq: seq, VersionSeq: seq, Kind: KindText, AuthorID: author.ID, Body: "said before", CreatedAt: noon},
		{Seq: seq + 1, Kind: KindText, AuthorID: reporter.ID, Body: "answered", QuoteSeq: seq, QuoteAuthor: author.ID, QuoteText: "said", CreatedAt: noon},
	}
	must(t, d.Tx(ctx, func(tx *DB) error {
		return tx.CreateReport(ctx, &r, entries, []ReportPhoto{{Seq: seq, Place: 1, PhotoID: p.ID, Alt: "a cat"}})
	}))
	return r, p
}

// TestReportsOfDeletedAccounts erases what somebody reported, and what they wrote from the reports of others.
func TestReportsOfDeletedAccounts(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, people, room := t.Context(), createUsers(t, d, 3), createRoom(t, d)
		mine, photo := addReport(t, d, people[0], people[1], room, 10)
		other, kept := addReport(t, d, people[2], people[0], room, 20)
		wantError(t, "the same again", d.CreateReport(ctx, &Report{ReporterID: people[0].ID, RoomID: room.ID, Seq: 10, CreatedAt: noon}, nil, nil), ErrDuplicate)

		must(t, d.DeleteReportsBy(ctx, people[0].ID))
		_, err := d.ReportSeenBy(ctx, people[2].ID, mine.ID)
		wantError(t, "their report", err, ErrNotFound)
		must(t, d.EraseEvidenceBy(ctx, people[0].ID, false)) // the room is a group
		entries, photos, err := d.EvidenceOf(ctx, other.ID)
		must(t, err)
		equal(t, "entries and photos", len(entries)+len(photos), 4)
		must(t, d.EraseEvidenceBy(ctx, people[0].ID, true))
		entries, photos, err = d.EvidenceOf(ctx, other.ID)
		must(t, err)
		equal(t, "photos", len(photos), 0)
		var texts string
		for _, e := range entries {
			texts += fmt.Sprintf("%d %q %q; ", e.Seq, e.Body, e.QuoteText)
		}
		equal(t, "what others reported", texts, `20 "" ""; 21 "answered" ""; `)

		// Neither photo is kept any more. Those of messages go with them, the others when they are dropped.
		for _, p := range []Photo{photo, kept} {
			must(t, d.Tx(ctx, func(tx *DB) error { return tx.dropPhotos(ctx, "id = ?", p.ID) }))
			_, err := d.PhotoByID(ctx, p.ID)
			wantError(t, "a photo", err, ErrNotFound)
		}
	})
}

// TestKeptPhotosStopNobody checks that photos which reports keep do not stand in the way of those to be deleted,
// however many they are.
func TestKeptPhotosStopNobody(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, people, room := t.Context(), createUsers(t, d, 2), createRoom(t, d)
		var ids []uint64
		for i := range 5 {
			_, p := addReport(t, d, people[0], people[1], room, uint64(10*i+10))
			ids = append(ids, p.ID)
		}
		must(t, d.Tx(ctx, func(tx *DB) error { return tx.dropPhotos(ctx, "id IN ?", ids) }))
		p := Photo{OwnerID: people[1].ID, Type: "image/png", CreatedAt: noon}
		must(t, d.CreatePhoto(ctx, &p, []PhotoSize{{Size: "small", Data: []byte("bytes")}}))
		n, err := d.DeleteOldPhotos(ctx, noon.Add(time.Hour), 2)
		must(t, err)
		equal(t, "deleted", n, 1)
		for _, id := range ids {
			_, err := d.PhotoBytes(ctx, id, "small")
			must(t, err)
		}

		closed := noon
		n64, err := d.CloseReports(ctx, []uint64{1, 2, 3, 4, 5}, Report{ClosedAt: &closed, Answer: "fine"})
		must(t, err)
		equal(t, "closed", n64, 5)
		n, err = d.EraseEvidence(ctx, noon.Add(time.Hour), 3)
		must(t, err)
		equal(t, "erased", n, 3)
		n, err = d.DeleteOldPhotos(ctx, noon.Add(time.Hour), 10)
		must(t, err)
		equal(t, "deleted with their reports", n, 3)
	})
}

// TestALogoIsNoUnusedPhoto checks that the photo of a setting stays, on either database.
func TestALogoIsNoUnusedPhoto(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, owner := t.Context(), createUsers(t, d, 1)[0]
		var ids []uint64
		for range 2 {
			p := Photo{OwnerID: owner.ID, Type: "image/png", CreatedAt: noon}
			must(t, d.CreatePhoto(ctx, &p, []PhotoSize{{Size: "small", Data: []byte("bytes")}}))
			ids = append(ids, p.ID)
		}
		must(t, d.SetSetting(ctx, "logo", fmt.Sprint(ids[1])))
		must(t, d.SetSetting(ctx, "name", "Books"))
		n, err := d.DeleteOldPhotos(ctx, noon.Add(time.Hour), 10)
		must(t, err)
		equal(t, "deleted", n, 1)
		_, err = d.PhotoByID(ctx, ids[1])
		must(t, err)
	})
}

// TestNobodyDecidesAboutThemselves checks that an administrator finds no reports about their own messages while somebody
// else can decide about them: nobody who is suspended, or is going.
func TestNobodyDecidesAboutThemselves(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, people, room := t.Context(), createUsers(t, d, 4), createRoom(t, d)
		ann, root, other := people[0], people[1], people[2]
		about, photo := addReport(t, d, ann, root, room, 10)
		_, _ = addReport(t, d, ann, people[3], room, 20)
		closed, _ := addReport(t, d, ann, root, room, 30)
		at := noon
		_, err := d.CloseReports(ctx, []uint64{closed.ID}, Report{ClosedAt: &at, Answer: "fine"})
		must(t, err)
		finds := func(what string, admin User, want string) {
			t.Helper()
			list, err := d.Reports(ctx, admin.ID, nil, 10)
			must(t, err)
			n, err := d.CountOpenReports(ctx, admin.ID, 10)
			must(t, err)
			shown, err := d.IsEvidence(ctx, admin.ID, photo.ID)
			must(t, err)
			_, err = d.ReportSeenBy(ctx, admin.ID, about.ID)
			equal(t, what, fmt.Sprintf("%d listed, %d open, photo %v, %v", len(list), n, shown, err), want)
		}
		const all, fewer = "3 listed, 2 open, photo true, <nil>", "1 listed, 1 open, photo false, db: no such row"
		_, err = d.SetAdmin(ctx, root.ID, true)
		must(t, err)
		finds("alone", root, all)
		_, err = d.SetAdmin(ctx, other.ID, true)
		must(t, err)
		finds("of two", root, fewer)
		finds("the other", other, all)
		_, err = d.SetSuspended(ctx, other.ID, true)
		must(t, err)
		finds("beside somebody suspended", root, all)
		_, err = d.SetSuspended(ctx, other.ID, false)
		must(t, err)
		must(t, d.exec(ctx, "UPDATE users SET delete_at = ? WHERE id = ?", noon, other.ID))
		finds("beside somebody who is going", root, all)
	})
}
