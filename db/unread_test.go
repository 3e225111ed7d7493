package db

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// fill appends n copies of a message to the log of a room, with a few statements. Each gets a key if it is a text.
func fill(t *testing.T, d *DB, room uint64, m Message, n int) {
	t.Helper()
	ctx := t.Context()
	r, err := one[Room](d.in(ctx).Where("id = ?", room))
	must(t, err)
	key := "NULL"
	if m.IsText() {
		key = "'k'"
	}
	columns := "room_id, kind, author_id, client_key, body, photo_id, target_seq, about_id, edit_seq, gone_seq, created_at, seq"
	gone := "0"
	if m.DeleteSeq != 0 {
		gone = "seq"
	}
	concat := "CONCAT('k', seq + @step)"
	if d.sqlite {
		concat = "'k' || (seq + @step)"
	}
	if key == "NULL" {
		concat = key
	}
	must(t, d.Tx(ctx, func(tx *DB) error {
		first := Message{RoomID: room, Seq: r.LastSeq + 1, Kind: m.Kind, AuthorID: m.AuthorID, Body: m.Body, DeleteSeq: m.DeleteSeq, TargetSeq: m.TargetSeq, CreatedAt: noon}
		if m.IsText() {
			first.ClientKey = new("k" + strconv.FormatUint(first.Seq, 10))
		}
		if err := tx.InsertMessage(ctx, &first); err != nil {
			return err
		}
		for have := 1; have < n; {
			more := min(have, n-have)
			err := tx.in(ctx).Exec("INSERT INTO messages ("+columns+") SELECT room_id, kind, author_id, "+concat+", body, photo_id, target_seq, about_id, edit_seq, "+gone+", created_at, seq + @step "+
				"FROM messages WHERE room_id = @room AND seq > @after AND seq <= @until", map[string]any{"step": have, "room": room, "after": r.LastSeq, "until": r.LastSeq + uint64(more)}).Error
			if err != nil {
				return err
			}
			have += more
		}
		return tx.exec(ctx, "UPDATE rooms SET last_seq = ?, said_seq = ? WHERE id = ?", r.LastSeq+uint64(n), r.LastSeq+uint64(n), room)
	}))
}

// cost is what a query reads: on MariaDB the rows and index entries, on SQLite, which does not say, the best time of
// several, in units that do not depend on the machine.
func (d *DB) cost(t *testing.T, do func(d *DB)) float64 {
	t.Helper()
	ctx := t.Context()
	if d.sqlite {
		best := time.Hour
		for range 25 {
			start := time.Now()
			do(d)
			best = min(best, time.Since(start))
		}
		return float64(best.Microseconds())
	}
	var read float64
	must(t, d.Snapshot(ctx, func(tx *DB) error { // on one connection
		before := tx.handlerReads(t)
		do(tx)
		read = tx.handlerReads(t) - before
		return nil
	}))
	return read
}

// handlerReads is the number of rows and index entries that MariaDB has read on this connection.
func (d *DB) handlerReads(t *testing.T) (n float64) {
	t.Helper()
	var rows []struct {
		VariableName string `gorm:"column:Variable_name"`
		Value        float64
	}
	must(t, d.in(t.Context()).Raw("SHOW SESSION STATUS LIKE 'Handler_read%'").Scan(&rows).Error)
	for _, r := range rows {
		n += r.Value
	}
	return n
}

// TestCountingIsFlat reads what is unread with 10, 1,000 and 100,000 entries behind: all by others, nearly all one's
// own, or nearly all deleted and changes of others. What it costs is bounded, and so is what it says.
func TestCountingIsFlat(t *testing.T) {
	const most = 100_000
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		createUsers(t, d, 4)
		talk, dead := createRoom(t, d), createRoom(t, d)
		for _, r := range []Room{talk, dead} {
			for _, user := range []uint64{1, 2, 3} {
				must(t, d.AddMember(ctx, r.ID, user, 1))
			}
		}
		fill(t, d, talk.ID, Message{Kind: KindText, AuthorID: 1, Body: strings.Repeat("word ", 20)}, most)
		fill(t, d, talk.ID, Message{Kind: KindText, AuthorID: 2}, 3)
		fill(t, d, dead.ID, Message{Kind: KindText, AuthorID: 2, DeleteSeq: 1}, most/2)
		fill(t, d, dead.ID, Message{Kind: KindEdit, AuthorID: 2, TargetSeq: 1}, most/2)
		fill(t, d, dead.ID, Message{Kind: KindText, AuthorID: 2}, 3)
		for _, shape := range []struct {
			name string
			room uint64
			user uint64
			few  bool // no more than three count
		}{{"by others", talk.ID, 3, false}, {"own", talk.ID, 1, true}, {"deleted and changed", dead.ID, 3, true}} {
			costs := map[int]float64{}
			for _, behind := range []int{10, 1000, most} {
				read, first := uint64(most-behind), uint64(most+1)
				want := 3
				if !shape.few {
					want, first = min(behind+3, maxCounted), read+1
				}
				must(t, d.exec(ctx, "UPDATE members SET read_seq = ? WHERE room_id = ? AND user_id = ?", read, shape.room, shape.user))
				costs[behind] = d.cost(t, func(d *DB) {
					lines, err := d.RoomSummaries(ctx, linesOf(shape.user, []uint64{shape.room}))
					must(t, err)
					equal(t, fmt.Sprintf("%s: %d behind: unread", shape.name, behind), lines[0].Unread, want)
					got, err := d.FirstUnread(ctx, shape.user, shape.room, read)
					must(t, err)
					equal(t, fmt.Sprintf("%s: %d behind: first", shape.name, behind), got, first)
				})
			}
			t.Logf("%s: %v", shape.name, costs)
			if d.sqlite {
				if costs[most] > 8*costs[1000]+float64(rig.Limit(3*time.Millisecond).Microseconds()) { // walking takes a hundred times as long
					t.Errorf("%s: SQLite took µs %v", shape.name, costs)
				}
			} else if costs[most] > 6*maxCounted { // one for each entry and column of a window that is passed on
				t.Errorf("%s: MariaDB read %v", shape.name, costs)
			}
		}
	})
}

// TestCountingInAnOldDatabase brings a database of the version before the indexes of unread messages up to date, and
// writes to it as that version does, which may run beside this one for a moment.
func TestCountingInAnOldDatabase(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		for _, drop := range []struct {
			model any
			index string
		}{{&Message{}, "of_text"}, {&Message{}, "of_author"}, {&Mention{}, "of_called"}, {&Room{}, "by_kind"}} {
			must(t, d.in(ctx).Migrator().DropIndex(drop.model, drop.index))
		}
		must(t, d.exec(ctx, "ALTER TABLE mentions DROP COLUMN is_own"))
		must(t, d.AddMember(ctx, r.ID, 1, 1))
		must(t, d.AddMember(ctx, r.ID, 2, 1))
		fill(t, d, r.ID, Message{Kind: KindText, AuthorID: 1}, 1500)
		fill(t, d, r.ID, Message{Kind: KindText, AuthorID: 2}, 5)
		const asBefore = "INSERT INTO mentions (room_id, seq, user_id, taken_back_seq) VALUES (?, ?, ?, ?)"
		must(t, d.exec(ctx, asBefore, r.ID, 10, 1, 0)) // of oneself
		must(t, d.exec(ctx, asBefore, r.ID, 1501, 1, 0))
		for range 2 {
			must(t, d.Migrate(ctx))
		}
		must(t, d.exec(ctx, asBefore, r.ID, 1502, 1, 0))
		must(t, d.exec(ctx, asBefore, r.ID, 1503, 1, 1504)) // taken back
		must(t, d.AddMentions(ctx, []Mention{{RoomID: r.ID, Seq: 11, UserID: 1, IsOwn: new(true)}, {RoomID: r.ID, Seq: 1504, UserID: 1}}))
		lines, err := d.RoomSummaries(ctx, linesOf(1, []uint64{r.ID}))
		must(t, err)
		equal(t, "unread", lines[0].Unread, 5)
		equal(t, "mentions", lines[0].Mentions, 3)
		first, err := d.FirstUnread(ctx, 1, r.ID, 1)
		must(t, err)
		equal(t, "first", first, 1501)
	})
}
