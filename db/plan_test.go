package db

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// recordQueries notes what is read from now on, with its values.
func recordQueries(t *testing.T, d *DB) *[]string {
	t.Helper()
	list := &[]string{}
	d.health.observe = func(text string, values []any, _ int64) {
		if strings.HasPrefix(strings.TrimLeft(text, "("), "SELECT") {
			*list = append(*list, d.gorm.Explain(text, values...))
		}
	}
	return list
}

// step is what a database does with one table of a query.
type step struct {
	text string
	bad  string // why it takes longer the more data there is; "" if it does not
}

// plan explains a query.
func (d *DB) plan(t *testing.T, query string) (steps []step) {
	t.Helper()
	explain := "EXPLAIN "
	if d.sqlite {
		explain = "EXPLAIN QUERY PLAN "
	}
	rows, err := d.in(t.Context()).Raw(explain + query).Rows()
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	names, err := rows.Columns()
	must(t, err)
	var subqueries []string
	for rows.Next() {
		cells, places := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			places[i] = &cells[i]
		}
		must(t, rows.Scan(places...))
		cell := func(name string) string { return cells[max(0, slices.Index(names, name))].String }
		if d.sqlite {
			detail := cell("detail")
			for _, made := range []string{"CO-ROUTINE ", "MATERIALIZE "} {
				if name, is := strings.CutPrefix(detail, made); is {
					subqueries = append(subqueries, name)
				}
			}
			steps = append(steps, sqliteStep(detail, subqueries))
			continue
		}
		s := step{text: fmt.Sprintf("%s %s by %s, %s rows: %s", cell("type"), cell("table"), cell("key"), cell("rows"), cell("Extra"))}
		switch {
		case strings.HasPrefix(cell("table"), "<") || cell("table") == "":
		case cell("type") == "ALL" || cell("type") == "index":
			s.bad = "a full scan"
		case strings.Contains(cell("Extra"), "filesort"):
			s.bad = "sorts"
		}
		steps = append(steps, s)
	}
	must(t, rows.Err())
	return steps
}

// sqliteStep looks at a line of a plan. What was made of a subquery before is read as a whole, and no table.
func sqliteStep(detail string, subqueries []string) step {
	s := step{text: detail}
	words := strings.Fields(detail)
	switch {
	case words[0] == "SCAN" && !slices.Contains(subqueries, words[1]) && detail != "SCAN CONSTANT ROW" && !strings.HasSuffix(detail, "VALUES CLAUSE"):
		s.bad = "a full scan"
	case strings.HasSuffix(detail, "(room_id=?)") && (strings.Contains(detail, "mentions") || strings.Contains(detail, "messages") || strings.Contains(detail, " of_")):
		s.bad = "reads all of a room"
	case strings.Contains(detail, "AUTOMATIC"):
		s.bad = "makes an index"
	case strings.Contains(detail, "TEMP B-TREE FOR ORDER BY"):
		s.bad = "sorts"
	}
	return s
}

// TestHotQueriesUseIndexes explains what the pages and streams ask most. On every database each table is read through
// an index, and nothing that grows without bound is sorted.
func TestHotQueriesUseIndexes(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		const people, rooms = 200, 120
		users := createUsers(t, d, people)
		list := make([]uint64, rooms)
		must(t, d.Tx(ctx, func(tx *DB) error {
			for i := range list {
				r := Room{Kind: []RoomKind{RoomOpen, RoomGroup, RoomGroup, RoomGroup, RoomGroup, RoomGroup, RoomGroup, RoomGroup}[i%8], Name: "Room", IsOpen: true, Epoch: 7, CreatedAt: noon}
				must(t, tx.CreateRoom(ctx, &r))
				list[i] = r.ID
				for n := range 12 {
					must(t, tx.AddMember(ctx, r.ID, users[(i*7+n*n)%people].ID, uint64(n+1)))
				}
			}
			for i := range people - 1 {
				must(t, tx.create(ctx, &Friendship{LowID: users[i].ID, HighID: users[i+1].ID, State: PairFriends, ChangedAt: noon}))
			}
			return nil
		}))
		for _, room := range list {
			fill(t, d, room, Message{Kind: KindText, AuthorID: users[3].ID, Body: "says"}, 250)
			fill(t, d, room, Message{Kind: KindReaction, AuthorID: users[4].ID, TargetSeq: 9, Body: "+x"}, 20)
		}
		me, room := users[0].ID, list[0]
		must(t, d.CreateSession(ctx, &Session{TokenHash: "x", UserID: me, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon}))
		var all []uint64
		var lines []RoomUser // of several people
		for _, u := range users[:10] {
			all = append(all, u.ID)
			lines = append(lines, RoomUser{room, u.ID}, RoomUser{list[1], u.ID})
		}
		if !d.sqlite {
			must(t, d.exec(ctx, "ANALYZE TABLE messages, members, rooms, friendships, users"))
		}
		recorded := recordQueries(t, d)
		everything := []Span{{}}
		for _, q := range []struct {
			name  string
			sorts bool // the rooms, friends or lines of one person or page, or the counts of a window, which are bounded
			ask   func() error
		}{
			{"rooms of the list", true, func() error { _, err := d.RoomIDs(ctx, me, nil, 31); return err }},
			{"versions of the list", false, func() error { _, err := d.RoomVersions(ctx, me, 200); return err }},
			{"some versions of the list", false, func() error { _, err := d.RoomVersionsOf(ctx, me, list); return err }},
			{"versions of many lists", false, func() error { _, err := d.AllRoomVersions(ctx, all); return err }},
			{"versions of one list", false, func() error { _, err := d.AllRoomVersions(ctx, all[:1]); return err }},
			{"lines of the list", false, func() error { _, err := d.RoomSummaries(ctx, linesOf(me, list)); return err }},
			{"lines of many lists", true, func() error { _, err := d.RoomSummaries(ctx, lines); return err }},
			{"unread by name", false, func() error { _, err := d.countByOthers(ctx, me, room, 5); return err }},
			{"first unread", false, func() error { _, err := d.FirstUnread(ctx, me, room, 5); return err }},
			{"first unread by name", false, func() error { _, err := d.FirstUnread(ctx, users[3].ID, room, 1); return err }},
			{"end of a room", false, func() error { _, err := d.MessagesBefore(ctx, room, 200, everything, 51); return err }},
			{"page of a room", false, func() error { _, err := d.MessagesFrom(ctx, room, 20, everything, 50); return err }},
			{"room with many changes", true, func() error { _, err := d.MessagesFrom(ctx, room, 200, everything, 50); return err }},
			{"replay", false, func() error { _, err := d.MessagesAfter(ctx, room, 200, 100); return err }},
			{"replay with the epoch", false, func() error { _, _, err := d.LogAfter(ctx, room, 200, 100); return err }},
			{"used keys", false, func() error {
				_, err := d.UsedKeys(ctx, []AuthorKey{{room, me, "a"}, {room, me, "b"}, {room, users[3].ID, "a"}, {list[1], users[4].ID, "a"}})
				return err
			}},
			{"rooms to post in", false, func() error { _, err := d.LockRooms(ctx, list[:5], false); return err }},
			{"one room to post in", false, func() error { _, err := d.LockRooms(ctx, list[:1], true); return err }},
			{"who posts", false, func() error {
				_, err := d.PostersAmong(ctx, []RoomUser{{room, me}, {room, users[3].ID}, {list[1], me}, {list[2], users[4].ID}, {list[5], me}}, nil, noon)
				return err
			}},
			{"who posts, and is signed in", false, func() error {
				_, err := d.PostersAmong(ctx, []RoomUser{{room, me}, {room, users[3].ID}}, []uint64{1, 2, 3}, noon)
				return err
			}},
			{"last posts", false, func() error { _, err := d.LastPosts(ctx, []RoomUser{{room, me}, {list[1], me}}); return err }},
			{"names in rooms", false, func() error {
				_, err := d.MembersNamedIn(ctx, map[uint64][]string{room: {"user7", "user8"}, list[1]: {"user9"}})
				return err
			}},
			{"room", false, func() error { _, _, err := d.RoomOf(ctx, me, room); return err }},
			{"heads", false, func() error { _, err := d.Heads(ctx, list[:5]); return err }},
			{"rooms to enter", false, func() error { _, err := d.Entrances(ctx, lines); return err }},
			{"room with spans", true, func() error { _, err := d.EntranceOf(ctx, me, room); return err }},
			{"spans", true, func() error { _, err := d.SpansOf(ctx, me, room); return err }},
			{"members", false, func() error { _, err := d.MembersFrom(ctx, room, MemberPosition{}, 50); return err }},
			{"later members", false, func() error { _, err := d.MembersFrom(ctx, room, MemberPosition{4, users[9].ID}, 50); return err }},
			{"blocks of writers", false, func() error { _, err := d.BlocksOf(ctx, []uint64{me, users[1].ID}); return err }},
			{"blocks of those who are here", false, func() error { _, err := d.BlocksAmong(ctx, all); return err }},
			{"visible members", false, func() error { _, err := d.VisibleMembersAmong(ctx, room, []uint64{me, users[1].ID}); return err }},
			{"names of members", true, func() error { _, err := d.MembersCalled(ctx, room, 50); return err }},
			{"names in a room", true, func() error { _, err := d.NamesIn(ctx, room); return err }},
			{"mentions", true, func() error { _, err := d.MentionsOf(ctx, room, []uint64{9, 10, 11}); return err }},
			{"reactions", true, func() error { _, err := d.ReactionCounts(ctx, room, []uint64{9, 10, 11}, 500); return err }},
			{"changes", true, func() error { _, err := d.MessagesAt(ctx, room, []uint64{9, 10}); return err }},
			{"people", true, func() error { _, err := d.PairsInAll(ctx, me, 40); return err }},
			{"friends", true, func() error { _, err := d.PairsIn(ctx, me, ListFriends, nil, 40); return err }},
			{"requests", false, func() error { _, err := d.CountPairs(ctx, me, ListReceived); return err }},
			{"users with what waits", false, func() error { _, err := d.Readers(ctx, all); return err }},
			{"what waits", false, func() error { _, err := d.CountWaiting(ctx, me); return err }},
			{"recent authors", false, func() error { _, err := d.RecentAuthors(ctx, room, 50); return err }},
			{"open rooms", true, func() error { _, err := d.OpenRoomIDs(ctx, nil, 31); return err }},
			{"lines of open rooms", true, func() error { _, err := d.OpenRooms(ctx, me, list[:5]); return err }},
			{"names in rooms", true, func() error { _, err := d.NamesInAll(ctx, list[:5]); return err }},
			{"names of rooms", false, func() error { _, err := d.NamedRooms(ctx, me, 101); return err }},
			{"names of these rooms", false, func() error { _, err := d.NamedRoomsOf(ctx, me, list[:5]); return err }},
			{"found messages", false, func() error {
				_, err := d.FoundMessages(ctx, []Position{{RoomID: room, Seq: 9}, {RoomID: room, Seq: 10}, {RoomID: list[1], Seq: 9}})
				return err
			}},
			{"searchable rooms", true, func() error { _, _, err := d.SearchableRooms(ctx, me); return err }},
			{"user", false, func() error { _, err := d.UserByName(ctx, "user7"); return err }},
			{"who opens a room", true, func() error { _, err := d.EntrantsByHash(ctx, []TokenRoom{{"x", room}}); return err }},
			{"session", false, func() error { _, _, err := sessionByHash(ctx, d, "x"); return ignoreMissing(err) }},
		} {
			*recorded = nil
			must(t, q.ask())
			queries := slices.Clone(*recorded)
			if len(queries) == 0 {
				t.Errorf("%s asks nothing", q.name)
			}
			for _, query := range queries {
				for _, s := range d.plan(t, query) {
					t.Logf("%s: %s", q.name, s.text)
					if s.bad == "sorts" && q.sorts {
						continue
					}
					if s.bad != "" {
						t.Errorf("%s: %s: %s\n%.300s", q.name, s.bad, s.text, query)
					}
				}
			}
		}
	})
}

func ignoreMissing(err error) error {
	if err == ErrNotFound {
		return nil
	}
	return err
}
