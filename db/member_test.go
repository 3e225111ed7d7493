package db

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
)

func TestMembers(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		for _, user := range []uint64{30, 10, 20} {
			must(t, d.AddMember(ctx, r.ID, user, 1))
		}
		must(t, d.EndMembers(ctx, r.ID, 2))
		must(t, d.AddMember(ctx, r.ID, 30, 3))
		must(t, d.AddMember(ctx, r.ID, 10, 4))
		must(t, d.AddMember(ctx, createRoom(t, d).ID, 20, 1))
		ids, err := d.MemberIDs(ctx, r.ID)
		must(t, err)
		if !slices.Equal(ids, []uint64{30, 10}) {
			t.Errorf("members %v", ids)
		}
		among, err := d.MembersAmong(ctx, r.ID, []uint64{30, 20, 30, 0, 999})
		must(t, err)
		if !maps.Equal(among, map[uint64]bool{30: true}) {
			t.Errorf("members among: %v", among)
		}
		among, err = d.MembersAmong(ctx, r.ID, nil)
		must(t, err)
		equal(t, "nobody asked for", len(among), 0)
		for user, was := range map[uint64]bool{10: true, 20: false, 999: false, 0: false} {
			there, err := d.EndMember(ctx, r.ID, user, 5)
			must(t, err)
			equal(t, "was a member", there, was)
		}
		ids, err = d.MemberIDs(ctx, r.ID)
		must(t, err)
		if !slices.Equal(ids, []uint64{30}) {
			t.Errorf("members %v", ids)
		}
		for seq, want := range map[uint64]int{0: 0, 1: 3, 2: 0, 3: 1, 4: 2, 5: 1, 99: 1} {
			n, err := d.MembersAt(ctx, r.ID, seq)
			must(t, err)
			equal(t, "members then", n, want)
		}
		must(t, d.EndMembers(ctx, r.ID, 6)) // but not the memberships that had ended
		spans, err := d.SpansOf(ctx, 20, r.ID)
		must(t, err)
		if !slices.Equal(spans, []Span{{1, 2}}) {
			t.Errorf("spans %v", spans)
		}
	})
}

// TestMembersAt checks that a member counts from the entry of joining to just before that of leaving.
func TestMembersAt(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, other := t.Context(), createRoom(t, d), createRoom(t, d)
		for _, m := range []struct{ room, user, from, to uint64 }{
			{r.ID, 1, 1, 0}, {r.ID, 2, 1, 4}, {r.ID, 3, 3, 6}, {r.ID, 2, 7, 0}, {other.ID, 4, 1, 0},
		} {
			must(t, d.AddMember(ctx, m.room, m.user, m.from))
			if m.to > 0 {
				there, err := d.EndMember(ctx, m.room, m.user, m.to)
				must(t, err)
				equal(t, "was there", there, true)
			}
		}
		for seq, want := range []int{0, 2, 2, 3, 2, 2, 1, 2, 2} {
			n, err := d.MembersAt(ctx, r.ID, uint64(seq))
			must(t, err)
			equal(t, "members", n, want)
		}
	})
}

// TestSpansAreBounded adds and removes somebody more often than a room remembers.
func TestSpansAreBounded(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		must(t, d.AddMember(ctx, r.ID, 2, 1))
		const times = MaxSpans + 20
		for i := range uint64(times) {
			must(t, d.AddMember(ctx, r.ID, 1, 3*i+1))
			if i < times-1 {
				_, err := d.EndMember(ctx, r.ID, 1, 3*i+2)
				must(t, err)
			}
		}
		spans, err := d.SpansOf(ctx, 1, r.ID)
		must(t, err)
		equal(t, "spans", len(spans), MaxSpans)
		equal(t, "the first of them", spans[0], Span{3*20 + 1, 3*20 + 2})
		equal(t, "the last of them", spans[MaxSpans-1], Span{3*(times-1) + 1, 0})
		other, err := d.SpansOf(ctx, 2, r.ID)
		must(t, err)
		equal(t, "spans of somebody else", len(other), 1)
		returns, err := d.Returns(ctx, r.ID, 3*times-10)
		must(t, err)
		if want := []uint64{3*times - 10, 3*times - 7, 3*times - 4}; !slices.Equal(returns, want) {
			t.Errorf("returns %v, want %v", returns, want)
		}
	})
}

func TestShareGroup(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		direct := Room{Kind: RoomDirect, IsOpen: true, CreatedAt: noon}
		must(t, d.CreateRoom(ctx, &direct))
		for user, room := range map[uint64]uint64{1: r.ID, 2: r.ID, 3: r.ID, 4: direct.ID, 5: direct.ID} {
			must(t, d.AddMember(ctx, room, user, 1))
		}
		_, err := d.EndMember(ctx, r.ID, 3, 2)
		must(t, err)
		for pair, want := range map[[2]uint64]bool{{1, 2}: true, {2, 1}: true, {1, 3}: false, {3, 2}: false, {4, 5}: false, {1, 4}: false, {0, 1}: false, {0, 0}: false} {
			got, err := d.ShareGroup(ctx, pair[0], pair[1])
			must(t, err)
			if got != want {
				t.Errorf("%v share a group: %v", pair, got)
			}
		}
	})
}

func TestMarkRead(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, two := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		addEntry(t, d, r.ID, two[0].ID, KindJoin)
		for _, u := range two {
			must(t, d.AddMember(ctx, r.ID, u.ID, 1))
		}
		for _, key := range []string{"a", "b", "c", "d"} { // 2 to 5
			postText(t, d, r.ID, two[1].ID, key)
		}
		r.LastSeq = 5
		for _, step := range []struct {
			seq, mark uint64
			moves     bool
		}{{3, 3, true}, {3, 3, false}, {2, 3, false}, {0, 3, false}, {6, 3, false}, {1 << 62, 3, false}, {5, 5, true}, {4, 5, false}} {
			moved, err := d.MarkRead(ctx, two[0].ID, r, step.seq)
			must(t, err)
			equal(t, "moved", moved, step.moves)
			_, m, err := d.RoomOf(ctx, two[0].ID, r.ID)
			must(t, err)
			equal(t, "mark", m.ReadSeq, step.mark)
		}
		_, m, err := d.RoomOf(ctx, two[1].ID, r.ID)
		must(t, err)
		equal(t, "somebody else's mark", m.ReadSeq, 1)
		for _, who := range []uint64{999, 0} {
			moved, err := d.MarkRead(ctx, who, r, 5)
			must(t, err)
			equal(t, "a stranger's mark moved", moved, false)
		}
	})
}

// TestReadingDisturbsNobody checks that marking as read, while members join, leave and write, causes no errors.
func TestReadingDisturbsNobody(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, both := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		var reading sync.WaitGroup
		done := make(chan struct{})
		for i, u := range both {
			reading.Go(func() {
				for seq := uint64(1); ; seq++ {
					if _, err := d.MarkRead(ctx, u.ID, Room{ID: r.ID, LastSeq: seq}, seq); err != nil {
						t.Errorf("reader %d: %v", i, err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for range 20 {
			must(t, d.Tx(ctx, func(tx *DB) error {
				last, err := tx.NextSeq(ctx, r.ID)
				for _, u := range both {
					if err == nil {
						err = tx.AddMember(ctx, r.ID, u.ID, last.LastSeq)
					}
				}
				return err
			}))
			for range 3 {
				addEntry(t, d, r.ID, 1, KindText)
			}
			must(t, d.Tx(ctx, func(tx *DB) error {
				last, err := tx.NextSeq(ctx, r.ID)
				if err != nil {
					return err
				}
				return tx.EndMembers(ctx, r.ID, last.LastSeq)
			}))
		}
		close(done)
		reading.Wait()
	})
}

func TestPartners(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users := t.Context(), createUsers(t, d, 5)
		direct := func(a, b uint64) uint64 {
			r := Room{Kind: RoomDirect, IsOpen: true, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &r))
			must(t, d.AddMember(ctx, r.ID, a, 1))
			must(t, d.AddMember(ctx, r.ID, b, 1))
			return r.ID
		}
		first, second, ended, group := direct(1, 2), direct(3, 1), direct(1, 4), createRoom(t, d).ID
		direct(2, 3)
		must(t, d.EndMembers(ctx, ended, 2))
		must(t, d.AddMember(ctx, group, 1, 1))
		must(t, d.AddMember(ctx, group, 5, 1))
		listed := func(u User) User { return User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName} }
		want := []NamedRoom{{first, RoomDirect, "", listed(users[1])}, {second, RoomDirect, "", listed(users[2])}, {group, RoomGroup, "Room", User{}}}
		byID := func(a, b NamedRoom) int { return cmp.Compare(a.ID, b.ID) }
		named, err := d.NamedRoomsOf(ctx, 1, []uint64{first, second, ended, group, 999})
		must(t, err)
		slices.SortFunc(named, byID)
		equalLists(t, "names of these", named, want)
		named, err = d.NamedRooms(ctx, 1, 4)
		must(t, err)
		slices.SortFunc(named, byID)
		equalLists(t, "names of the list", named, want)
		named, err = d.NamedRooms(ctx, 1, 2)
		must(t, err)
		equal(t, "two of them", len(named), 2)
		named, err = d.NamedRoomsOf(ctx, 0, []uint64{first, second})
		must(t, err)
		equal(t, "nobody's", len(named), 0)
		for room, want := range map[uint64]User{first: users[1], second: users[2], group: {}} {
			in, err := d.EntranceOf(ctx, 1, room)
			must(t, err)
			equal(t, "partner", in.Partner.Username, want.Username)
		}
	})
}

// TestEntrancesShowAllTimes has people come and go at random, and compares what one query says of all of them with
// what is looked up for each.
func TestEntrancesShowAllTimes(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, users, random := t.Context(), createUsers(t, d, 6), rand.New(rand.NewPCG(8, 8))
		var asked []RoomUser
		for range 5 {
			r := createRoom(t, d)
			in := map[uint64]bool{}
			for seq := uint64(1); seq < 30; seq++ {
				u := users[random.IntN(len(users))].ID
				switch {
				case in[u]:
					_, err := d.EndMember(ctx, r.ID, u, seq)
					must(t, err)
				case random.IntN(2) == 0:
					must(t, d.JoinRoom(ctx, r.ID, u, seq))
				default:
					must(t, d.AddMember(ctx, r.ID, u, seq))
				}
				in[u] = !in[u]
			}
			for _, u := range users {
				asked = append(asked, RoomUser{r.ID, u.ID})
			}
		}
		asked = append(asked, RoomUser{asked[0].Room, 99_999}, RoomUser{99_999, users[0].ID})
		found, err := d.Entrances(ctx, asked)
		must(t, err)
		n := 0
		for _, k := range asked {
			r, m, err := d.RoomOf(ctx, k.User, k.Room)
			e, is := found[k]
			if is != (err == nil) {
				t.Errorf("%v: found is %v, and RoomOf says %v", k, is, err)
			}
			if !is {
				_, err := d.EntranceOf(ctx, k.User, k.Room)
				equal(t, "the entrance of who is not in it", err, ErrNotFound)
				continue
			}
			n++
			spans, err := d.SpansOf(ctx, k.User, k.Room)
			must(t, err)
			if want := briefly(r, m, spans); !reflect.DeepEqual(e, want) {
				t.Errorf("%v: %v instead of %v", k, e, want)
			}
			alone, err := d.EntranceOf(ctx, k.User, k.Room)
			must(t, err)
			if want := (Entrance{Room: r, Member: m, Spans: spans}); !reflect.DeepEqual(alone, want) {
				t.Errorf("%v alone: %v instead of %v", k, alone, want)
			}
		}
		if n < 5 || n == len(asked)-2 {
			t.Errorf("%d of %d are members: this tried too little", n, len(asked))
		}
		checkEntrants(t, d, "all", asked)
	})
}
