package db

import (
	"fmt"
	"testing"

	"parley/e2e/rig"
)

// TestAnIndexFromBeforeVersions opens a database whose index has no versions and no places within an entry.
func TestAnIndexFromBeforeVersions(t *testing.T) {
	for name, address := range map[string]func() string{
		"sqlite":  func() string { return "sqlite:" + t.TempDir() + "/parley.db" },
		"mariadb": func() string { return rig.MySQL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			d := openMigrated(t, address())
			ctx, options := t.Context(), ""
			if d.sqlite {
				options = " WITHOUT ROWID"
			}
			for _, statement := range []string{
				"DROP TABLE index_marks",
				"DROP TABLE postings",
				"CREATE TABLE index_marks (room_id bigint unsigned, seq bigint unsigned NOT NULL, PRIMARY KEY (room_id))",
				"CREATE TABLE postings (room_id bigint unsigned, term varchar(32), at bigint, seq bigint unsigned, PRIMARY KEY (room_id, term, at, seq))" + options,
				"INSERT INTO index_marks (room_id, seq) VALUES (7, 17)",
				"INSERT INTO postings (room_id, term, at, seq) VALUES (7, 'word', 5, 9)",
			} {
				must(t, d.exec(ctx, statement))
			}
			for range 2 {
				must(t, d.Migrate(ctx))
			}
			// A process of the earlier version may still be running beside this one.
			must(t, d.exec(ctx, "INSERT INTO index_marks (room_id, seq) VALUES (8, 1)"))
			must(t, d.exec(ctx, "INSERT INTO postings (room_id, term, at, seq) VALUES (7, 'word', 6, 10)"))
			must(t, d.Tx(ctx, func(tx *DB) error {
				marks, err := tx.LockIndexMarks(ctx, []uint64{7, 8, 9})
				must(t, err)
				equal(t, "marks", fmt.Sprint(marks), fmt.Sprint(map[uint64]IndexMark{
					7: {RoomID: 7, Indexed: Cursor{Seq: 17}}, 8: {RoomID: 8, Indexed: Cursor{Seq: 1}}, 9: {RoomID: 9, Version: IndexVersion}}))
				m := marks[7]
				m.Indexed, m.Deletions, m.Version = Cursor{Seq: 20, PartSeq: 21, PartTerms: 5}, 2, 3
				m.Again, m.AgainTo, m.AgainCleaned = Cursor{Seq: 3, PartSeq: 4, PartTerms: 6}, 17, "word "
				must(t, tx.SetIndexMark(ctx, m))
				stored, err := tx.IndexMarks(ctx, []uint64{7})
				must(t, err)
				equal(t, "the mark", stored[7], m)
				return nil
			}))
			must(t, d.AddPostings(ctx, []Posting{{RoomID: 7, Term: "word", At: 5, Seq: 9, Version: IndexVersion}, {RoomID: 7, Term: "new", At: 5, Seq: 9, Version: IndexVersion}}))
			old, err := d.OldPostings(ctx, 7, "", 9)
			must(t, err)
			equal(t, "old postings", fmt.Sprint(old), fmt.Sprint([]Posting{{RoomID: 7, Term: "word", At: 6, Seq: 10}}))
			must(t, d.DeleteOldPostings(ctx, []Posting{{RoomID: 7, Term: "word", At: 6, Seq: 10}, {RoomID: 7, Term: "word", At: 5, Seq: 9}}))
			left, err := all[Posting](d.in(ctx).Order("term"))
			must(t, err)
			equal(t, "postings", fmt.Sprint(left), fmt.Sprint([]Posting{{RoomID: 7, Term: "new", At: 5, Seq: 9, Version: IndexVersion}, {RoomID: 7, Term: "word", At: 5, Seq: 9, Version: IndexVersion}}))
		})
	}
}
