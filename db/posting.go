package db

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
)

// Posting says that a word is in a message. All postings of a word in a room are next to each other in
// the order of time, so that the newest can be read without the others. It is a table and not the
// database's own full-text index: MariaDB has none for Chinese, Japanese and Korean, none of them
// knows whose rooms to look in, and each has other operators and stop words.
type Posting struct {
	RoomID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Term   string `gorm:"primaryKey;size:32"`
	At     int64  `gorm:"primaryKey;autoIncrement:false"` // when the message came, in microseconds since 1970
	Seq    uint64 `gorm:"primaryKey;autoIncrement:false"`
	// Version is the newest IndexVersion that has this word.
	Version uint8 `gorm:"not null;default:0"`
}

// AddPostings adds words to the index, or raises the version of those that are there.
func (d *DB) AddPostings(ctx context.Context, list []Posting) error {
	raise := " ON DUPLICATE KEY UPDATE version = VALUES(version)"
	if d.sqlite {
		raise = " ON CONFLICT (room_id, term, at, seq) DO UPDATE SET version = excluded.version WHERE version <> excluded.version"
	}
	for batch := range slices.Chunk(list, 500) {
		values := make([]any, 0, 5*len(batch))
		for _, p := range batch {
			values = append(values, p.RoomID, p.Term, p.At, p.Seq, p.Version)
		}
		rows := strings.Repeat(", (?, ?, ?, ?, ?)", len(batch))[2:]
		if err := d.exec(ctx, "INSERT INTO postings (room_id, term, at, seq, version) VALUES "+rows+raise, values...); err != nil {
			return err
		}
	}
	return nil
}

// DeletePostings removes words of one message from the index.
func (d *DB) DeletePostings(ctx context.Context, room, seq uint64, at int64, terms []string) error {
	for batch := range slices.Chunk(terms, 500) {
		err := d.exec(ctx, "DELETE FROM postings WHERE room_id = ? AND term IN ? AND at = ? AND seq = ?", room, batch, at, seq)
		if err != nil {
			return err
		}
	}
	return nil
}

// OldPostings returns postings of a room that an earlier version has left, in the order of the words, from
// one word on.
func (d *DB) OldPostings(ctx context.Context, room uint64, from string, limit int) ([]Posting, error) {
	return all[Posting](d.in(ctx).Where("room_id = ? AND term >= ? AND version <> ?", room, from, IndexVersion).Order("term, at, seq").Limit(limit))
}

// DeleteOldPostings removes those of the postings that still are of an earlier version.
func (d *DB) DeleteOldPostings(ctx context.Context, list []Posting) error {
	terms := map[Position][]string{}
	for _, p := range list {
		message := Position{At: p.At, RoomID: p.RoomID, Seq: p.Seq}
		terms[message] = append(terms[message], p.Term)
	}
	for m, list := range terms {
		err := d.exec(ctx, "DELETE FROM postings WHERE room_id = ? AND term IN ? AND at = ? AND seq = ? AND version <> ?", m.RoomID, list, m.At, m.Seq, IndexVersion)
		if err != nil {
			return err
		}
	}
	return nil
}

// SearchableRoom is a room of the person who searches, and the part of its log that may be shown.
type SearchableRoom struct {
	RoomID uint64
	Spans  Spans
	Since  int64 // nothing that may be shown is older, in microseconds since 1970
	Late   bool  // its log has grown since it was indexed
	Again  bool  // some of it has to be indexed again, as an earlier version has indexed it
}

// ClockDoubt is by how much the clock that gave a message its time may be wrong, in microseconds.
const ClockDoubt = 24 * 60 * 60 * 1_000_000

// SearchableRooms lists the rooms of a person's list, by id, with the spans of all their memberships. It lists what it
// takes to name them as well, in no order, because a page of results needs it too.
func (d *DB) SearchableRooms(ctx context.Context, user uint64) ([]SearchableRoom, []NamedRoom, error) {
	var row searchableTime
	var named NamedRoom
	var times []searchableTime
	var names []NamedRoom
	a := d.query(ctx, "SELECT "+d.straightJoin()+roomByName+", m.joined_seq, m.left_seq, m.sees_all, s.created_at AS began_at, "+
		"r.last_seq > COALESCE(i.seq, 0) AS late, COALESCE(i.version <> @version OR i.again_to > 0, FALSE) AS again "+
		"FROM members m CROSS JOIN rooms r ON r.id = m.room_id LEFT JOIN index_marks i ON i.room_id = r.id "+
		"LEFT JOIN messages s ON s.room_id = m.room_id AND s.seq = m.joined_seq AND m.joined_seq > 1 "+d.withPartnerUser()+withBlocks("r", "m")+
		"WHERE m.user_id = @user AND "+visible("r", "m"), map[string]any{"user": user, "version": IndexVersion})
	err := a.each(func(fields []string) []any { return places(fields, append(named.columns(), row.columns()...)) }, func() {
		row.room = named.ID
		if times = append(times, row); row.left == 0 {
			names = append(names, named)
		}
	})
	return searchableRooms(times), names, err
}

// searchableTime is one time that somebody was in a room.
type searchableTime struct {
	room, joined, left   uint64
	seesAll, late, again bool
	beganAt              *time.Time // nil when they saw all of the log
}

func (t *searchableTime) columns() []column {
	return []column{{"joined_seq", (*unsigned)(&t.joined)}, {"left_seq", (*unsigned)(&t.left)}, {"sees_all", (*flag)(&t.seesAll)},
		{"began_at", &t.beganAt}, {"late", (*flag)(&t.late)}, {"again", (*flag)(&t.again)}}
}

// searchableRooms puts together the times of one person in each room, but for the rooms that they have left.
func searchableRooms(times []searchableTime) []SearchableRoom {
	slices.SortFunc(times, func(a, b searchableTime) int {
		return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.joined, b.joined))
	})
	list := make([]SearchableRoom, 0, len(times))
	for i, t := range times {
		if i == 0 || times[i-1].room != t.room {
			room := SearchableRoom{RoomID: t.room, Late: t.late, Again: t.again}
			if t.beganAt != nil {
				room.Since = t.beganAt.UnixMicro() - ClockDoubt
			}
			list = append(list, room)
		}
		r := &list[len(list)-1]
		if t.seesAll {
			r.Since = 0
		}
		r.Spans = append(r.Spans, Member{JoinedSeq: t.joined, LeftSeq: t.left, SeesAll: t.seesAll}.span())
	}
	for i := range list {
		list[i].Spans = list[i].Spans.united()
	}
	return slices.DeleteFunc(list, func(r SearchableRoom) bool { return r.Spans[len(r.Spans)-1].To != 0 })
}

// Position is the place of a message in the order of a search: by time, then room, then seq.
type Position struct {
	At     int64
	RoomID uint64
	Seq    uint64
}

// EndPosition is above everything.
var EndPosition = Position{At: math.MaxInt64, RoomID: math.MaxInt64, Seq: math.MaxInt64}

// PostingQuery is a question to the index.
type PostingQuery struct {
	Rooms  []SearchableRoom
	Terms  []string   // postings of these words are read
	Prefix bool       // or of all words that begin with the only one
	With   [][]string // and the message must have one of each of these as well
	Below  Position
	Since  int64 // in microseconds since 1970
	Limit  int
	Newest bool // the newest up to the limit, which takes a sort; otherwise any
}

// FoundPosting is a posting that was read.
type FoundPosting struct {
	Position
	HasAll bool // the message has the other words too
}

func (p *FoundPosting) columns() columns[FoundPosting] {
	return columns[FoundPosting]{{"room_id", (*unsigned)(&p.RoomID)}, {"at", (*signed)(&p.At)}, {"seq", (*unsigned)(&p.Seq)}, {"has_all", (*flag)(&p.HasAll)}}
}

// maxCode is the last code point, so that no word with a prefix sorts after prefix + maxCode.
const maxCode = "\U0010FFFF"

// which is the condition for the words whose postings are read.
func (q PostingQuery) which() (condition string, values []any) {
	switch {
	case q.Prefix:
		return "term >= ? AND term < ?", []any{q.Terms[0], q.Terms[0] + maxCode}
	case len(q.Terms) == 1:
		return "term = ?", []any{q.Terms[0]}
	}
	return "term IN ?", []any{q.Terms}
}

// Postings reads postings, in no order. In each room those of a word are a range of the primary key. A
// message that has several of the words comes several times.
func (d *DB) Postings(ctx context.Context, q PostingQuery) ([]FoundPosting, error) {
	hasAll := ""
	var values []any
	for i, terms := range q.With {
		if i > 0 {
			hasAll += " AND "
		}
		hasAll += "EXISTS (SELECT 1 FROM postings q WHERE q.room_id = p.room_id AND q.term IN ? AND q.at = p.at AND q.seq = p.seq)"
		values = append(values, terms)
	}
	which, whichValues := q.which()
	order := ""
	if q.Newest {
		order = " ORDER BY at DESC, room_id DESC, seq DESC"
		if q.Prefix { // a message may have several words that begin so
			order = " GROUP BY room_id, at, seq" + order
		}
	}
	values = append(append(values, roomIDs(q.Rooms)), whichValues...)
	if q.Since > 0 {
		which, values = which+" AND at >= ?", append(values, q.Since)
	}
	if q.Below != EndPosition {
		which += " AND at <= ? AND (at < ? OR room_id < ? OR room_id = ? AND seq < ?)"
		values = append(values, q.Below.At, q.Below.At, q.Below.RoomID, q.Below.RoomID, q.Below.Seq)
	}
	text := "SELECT room_id, at, seq FROM postings WHERE room_id IN ? AND " + which + order + " LIMIT ?"
	if len(q.With) > 0 { // otherwise a query around it would only copy what was found
		text = "SELECT p.room_id, p.at, p.seq, " + hasAll + " AS has_all FROM (" + text + ") p"
	}
	found, err := all[FoundPosting](d.query(ctx, text, append(values, q.Limit)...))
	if len(q.With) == 0 {
		for i := range found {
			found[i].HasAll = true
		}
	}
	return found, err
}

func roomIDs(rooms []SearchableRoom) []uint64 {
	ids := make([]uint64, len(rooms))
	for i, r := range rooms {
		ids[i] = r.RoomID
	}
	return ids
}

// CountPostings counts the postings of the words of a query in these rooms, up to a limit.
func (d *DB) CountPostings(ctx context.Context, rooms []SearchableRoom, q PostingQuery, limit int) (int, error) {
	which, values := q.which()
	values = append(append([]any{roomIDs(rooms)}, values...), limit)
	found, err := numbers(d.query(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM postings WHERE room_id IN ? AND "+which+" LIMIT ?) p", values...))
	if err != nil {
		return 0, err
	}
	return int(found[0]), nil
}

// FoundMessage is a message as a search shows it, with its newest text and its author, and without what no search shows.
type FoundMessage struct {
	Message
	Edited   string // the text of its newest edit
	IsEdited bool   // there is one
	Author   User
}

func (m *FoundMessage) columns() columns[FoundMessage] {
	return append(columns[FoundMessage](m.Message.columns()),
		column{"edited", (*text)(&m.Edited)}, column{"is_edited", (*flag)(&m.IsEdited)},
		column{"person_id", (*unsigned)(&m.Author.ID)}, column{"username", (*text)(&m.Author.Username)}, column{"display_name", (*text)(&m.Author.DisplayName)},
		column{"person_photo_id", (*unsigned)(&m.Author.PhotoID)}, column{"is_deleted", (*flag)(&m.Author.IsDeleted)})
}

// FoundMessages reads the messages at some positions, in no order.
func (d *DB) FoundMessages(ctx context.Context, list []Position) ([]FoundMessage, error) {
	if len(list) == 0 {
		return nil, nil
	}
	values := make([]any, 0, 2*len(list))
	for _, at := range list {
		values = append(values, at.RoomID, at.Seq)
	}
	rows := strings.Repeat(", (?, ?)", len(list))[2:]
	if d.sqlite {
		rows = "VALUES " + rows
	}
	// Without the index MariaDB considers all of them for each message, which takes ten times as long as reading it.
	a := d.query(ctx, "SELECT m.room_id, m.seq, m.kind, m.author_id, m.body, m.edit_seq, m.gone_seq, m.created_at, "+
		"e.body AS edited, e.seq IS NOT NULL AS is_edited, u.id AS person_id, u.username, u.display_name, u.photo_id AS person_photo_id, u.is_deleted "+
		"FROM messages m"+d.forceIndex("PRIMARY")+" LEFT JOIN messages e"+d.forceIndex("PRIMARY")+" ON e.room_id = m.room_id AND e.seq = m.edit_seq AND m.edit_seq > 0 "+
		"LEFT JOIN users u ON u.id = m.author_id WHERE (m.room_id, m.seq) IN ("+rows+")", values...)
	var row FoundMessage
	found := make([]FoundMessage, 0, len(list)) // they are large, so all of them at once
	err := a.each(func(names []string) []any { return places(names, row.columns()) }, func() { found = append(found, row) })
	return found, err
}
