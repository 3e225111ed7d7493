package db

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func TestRooms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, two := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		next, err := d.NextSeq(ctx, r.ID)
		must(t, err)
		r.LastSeq = 1
		equal(t, "after one entry", next, r)
		next, err = d.NextSaidSeqs(ctx, r.ID, 3)
		must(t, err)
		r.LastSeq, r.SaidSeq = 4, 4
		equal(t, "after three messages", next, r)
		_, err = d.ReopenRoom(ctx, r.ID)
		wantError(t, "open an open room", err, ErrNotFound)

		must(t, d.AddMember(ctx, r.ID, two[0].ID, 4))
		r.MemberCount = 1
		wantError(t, "add a member twice", d.AddMember(ctx, r.ID, two[0].ID, 4), ErrDuplicate)
		got, m, err := d.RoomOf(ctx, two[0].ID, r.ID)
		must(t, err)
		equal(t, "my room", got, r)
		equal(t, "my membership", m, Member{ID: m.ID, RoomID: r.ID, UserID: two[0].ID, JoinedSeq: 4, ReadSeq: 4})
		for _, who := range []uint64{two[1].ID, 0, 999} {
			_, _, err = d.RoomOf(ctx, who, r.ID)
			wantError(t, "a stranger's request", err, ErrNotFound)
		}
		_, _, err = d.RoomOf(ctx, two[0].ID, 0)
		wantError(t, "a room that does not exist", err, ErrNotFound)

		must(t, d.SetRoomName(ctx, r.ID, "Other"))
		must(t, d.SetRoomOwner(ctx, r.ID, two[0].ID, two[1].ID))
		r.Name, r.OwnerID = "Other", two[0].ID
		next, err = d.CloseRoom(ctx, r.ID)
		must(t, err)
		r.LastSeq, r.IsOpen = 5, false
		equal(t, "closed", next, r)
		must(t, d.EndMembers(ctx, r.ID, 5))
		r.MemberCount = 0
		_, _, err = d.RoomOf(ctx, two[0].ID, r.ID)
		wantError(t, "my room after the end", err, ErrNotFound)
		_, err = d.CloseRoom(ctx, r.ID)
		wantError(t, "close a closed room", err, ErrNotFound)
		for _, id := range []uint64{r.ID, 0, 999} {
			_, err = d.NextSeq(ctx, id)
			wantError(t, "an entry", err, ErrNotFound)
			_, err = d.NextSaidSeqs(ctx, id, 1)
			wantError(t, "a post", err, ErrNotFound)
		}
		next, err = d.ReopenRoom(ctx, r.ID)
		must(t, err)
		r.LastSeq, r.IsOpen = 6, true
		equal(t, "open again", next, r)
		must(t, d.AddMember(ctx, r.ID, two[0].ID, 6))
		spans, err := d.SpansOf(ctx, two[0].ID, r.ID)
		must(t, err)
		if !slices.Equal(spans, []Span{{4, 5}, {6, 0}}) {
			t.Errorf("spans %v", spans)
		}
	})
}

func TestHeads(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, rooms := t.Context(), make([]Room, 1100)
		asked := append(make([]uint64, 0, 2+len(rooms)), 0, 99_999)
		for i := range rooms {
			rooms[i] = Room{Kind: RoomGroup, Epoch: uint64(i % 7), LastSeq: uint64(i), CreatedAt: noon}
		}
		must(t, d.create(ctx, &rooms))
		want := map[Head]bool{}
		for _, r := range rooms {
			asked = append(asked, r.ID)
			want[Head{RoomID: r.ID, Epoch: r.Epoch, LastSeq: r.LastSeq}] = true
		}
		heads, err := d.Heads(ctx, asked)
		must(t, err)
		for _, h := range heads {
			if !want[h] {
				t.Fatalf("twice, or wrong: %+v", h)
			}
			delete(want, h)
		}
		equal(t, "missing heads", len(want), 0)
		none, err := d.Heads(ctx, nil)
		must(t, err)
		equal(t, "heads of nothing", len(none), 0)
	})
}

func TestChangeEpochs(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		now := uint64(noon.Unix())
		ids := make([]uint64, 5)
		for i, epoch := range []uint64{0, 7, now - 1, now, now + 5} {
			r := Room{Kind: RoomGroup, Epoch: epoch, CreatedAt: noon}
			must(t, d.CreateRoom(t.Context(), &r))
			ids[i] = r.ID
		}
		n, err := d.ChangeEpochs(t.Context(), noon)
		must(t, err)
		equal(t, "rooms", n, 5)
		heads, err := d.Heads(t.Context(), ids)
		must(t, err)
		for i, want := range []uint64{now, now, now, now + 1, now + 6} {
			equal(t, "epoch", heads[i].Epoch, want)
		}
	})
}

// TestNoHoleIsEverSeen checks that readers always see the seqs 1, 2, 3, ... without a gap while writers
// write, abort and repeat keys.
func TestNoHoleIsEverSeen(t *testing.T) {
	const writers, rounds = 8, 40
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, other := t.Context(), createRoom(t, d), openAgain(t, d)
		aborted := errors.New("aborted")
		var writing, reading sync.WaitGroup
		var mu sync.Mutex
		stored := map[uint64]string{}
		for w := range writers {
			writing.Go(func() {
				d, random := []*DB{d, other}[w%2], rand.New(rand.NewPCG(uint64(w), 1))
				for i := range rounds {
					key := fmt.Sprintf("%d-%d", w, i)
					if random.IntN(3) == 0 {
						key = fmt.Sprint("shared-", random.IntN(20))
					}
					abort, single := random.IntN(4) == 0, random.IntN(2) == 0
					seqs := make([]uint64, 1+random.IntN(3))
					err := d.Tx(ctx, func(tx *DB) error {
						if single {
							seqs = seqs[:1]
						}
						next, err := tx.NextSaidSeqs(ctx, r.ID, len(seqs))
						if err != nil {
							return err
						}
						list := make([]Message, len(seqs))
						for n := range list {
							k := fmt.Sprintf("%s-%d", key, n)
							seqs[n] = next.LastSeq - uint64(len(seqs)-1-n)
							list[n] = Message{RoomID: r.ID, Seq: seqs[n], Kind: KindText, AuthorID: 1, ClientKey: &k, CreatedAt: noon}
						}
						if err := tx.InsertMessages(ctx, list); err != nil {
							return err
						}
						if abort {
							return aborted
						}
						return nil
					})
					switch {
					case err == nil && !abort:
						mu.Lock()
						for n, seq := range seqs {
							if was := stored[seq]; was != "" {
								t.Errorf("seq %d for %s and %s", seq, was, key)
							}
							stored[seq] = fmt.Sprintf("%s-%d", key, n)
						}
						mu.Unlock()
					case errors.Is(err, ErrDuplicate), errors.Is(err, aborted):
					default:
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		for n := range 2 {
			reading.Go(func() {
				d := []*DB{d, other}[n]
				for last := 0; ; {
					list, err := d.MessagesAfter(ctx, r.ID, 0, 10_000)
					if err != nil || len(list) < last {
						t.Errorf("%d after %d, %v", len(list), last, err)
						return
					}
					last = len(list)
					for i, m := range list {
						if m.Seq != uint64(i+1) {
							t.Errorf("entry %d has seq %d", i+1, m.Seq)
							return
						}
					}
					var head []Head
					var whole []Message
					err = d.Snapshot(ctx, func(tx *DB) (err error) {
						if whole, err = tx.MessagesAfter(ctx, r.ID, 0, 10_000); err == nil {
							head, err = tx.Heads(ctx, []uint64{r.ID})
						}
						return err
					})
					if err != nil || uint64(len(whole)) != head[0].LastSeq {
						t.Errorf("%d entries to %+v, %v", len(whole), head, err)
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
		writing.Wait()
		close(done)
		reading.Wait()
		list, err := d.MessagesAfter(ctx, r.ID, 0, 10_000)
		must(t, err)
		equal(t, "entries", len(list), len(stored))
		for _, m := range list {
			equal(t, "key", *m.ClientKey, stored[m.Seq])
		}
		if len(stored) < writers*rounds/4 || len(stored) > writers*rounds*5/2 {
			t.Errorf("%d entries stored: the test did not try enough", len(stored))
		}
	})
}

// TestDuplicateGivesItsSeqBack checks that a refused entry leaves no gap.
func TestDuplicateGivesItsSeqBack(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		postText(t, d, r.ID, 1, "a")
		b := postText(t, d, r.ID, 1, "b")
		for range 3 {
			key := "a"
			wantError(t, "a repeated key", d.append(ctx, &Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, ClientKey: &key, CreatedAt: noon}), ErrDuplicate)
		}
		equal(t, "next", postText(t, d, r.ID, 1, "c").Seq, b.Seq+1)
		// Several at once are stored all or none.
		keys := []string{"d", "b", "e"}
		list := make([]Message, len(keys))
		for i := range list {
			list[i] = Message{RoomID: r.ID, Seq: b.Seq + 2 + uint64(i), Kind: KindText, AuthorID: 1, ClientKey: &keys[i], CreatedAt: noon}
		}
		wantError(t, "several, one of them repeated", d.InsertMessages(ctx, list), ErrDuplicate)
		equal(t, "next", postText(t, d, r.ID, 1, "d").Seq, b.Seq+2)
		// A key belongs to one author in one room.
		postText(t, d, r.ID, 2, "a")
		other := createRoom(t, d)
		postText(t, d, other.ID, 1, "a")
		m, err := d.MessageByKey(ctx, r.ID, 1, "b")
		must(t, err)
		equal(t, "by key", m.Seq, b.Seq)
		used, err := d.UsedKeys(ctx, []AuthorKey{{r.ID, 1, "a"}, {r.ID, 1, "b"}, {r.ID, 1, "B"}, {r.ID, 1, "x"}, {r.ID, 2, "a"}, {r.ID, 2, "b"}, {r.ID, 3, "a"}, {r.ID, 1, "' OR 1=1 -- "},
			{other.ID, 1, "a"}, {other.ID, 1, "b"}, {999, 1, "a"}})
		must(t, err)
		equal(t, "used keys", fmt.Sprint(used), fmt.Sprint(map[AuthorKey]bool{{r.ID, 1, "a"}: true, {r.ID, 1, "b"}: true, {r.ID, 2, "a"}: true, {other.ID, 1, "a"}: true}))
		used, err = d.UsedKeys(ctx, nil)
		must(t, err)
		equal(t, "of no keys", len(used), 0)
		for range 2 { // entries without a key do not collide
			addEntry(t, d, r.ID, 1, KindJoin)
		}
		for _, none := range []func() (Message, error){
			func() (Message, error) { return d.MessageByKey(ctx, r.ID, 1, "") },
			func() (Message, error) { return d.MessageByKey(ctx, r.ID, 3, "a") },
			func() (Message, error) { return d.MessageByKey(ctx, 0, 1, "a") },
			func() (Message, error) { return d.MessageByKey(ctx, r.ID, 0, "a") },
		} {
			_, err := none()
			wantError(t, "somebody else's key", err, ErrNotFound)
		}
	})
}

// TestNamesOfSeveralRooms compares the names of several rooms with those of each, some of which have too many people, or
// have them together.
func TestNamesOfSeveralRooms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		users := createUsers(t, d, 30)
		var rooms []uint64
		for _, members := range []int{3, 0, maxNames, 2, maxNames + 1, maxNames - 1, 1, maxNames + 7, 200, 200, 200, 5} {
			r := createRoom(t, d)
			rooms = append(rooms, r.ID)
			list := make([]Member, members) // some come and go again and again
			for i := range list {
				list[i] = Member{RoomID: r.ID, UserID: users[i*7%30].ID, JoinedSeq: uint64(1 + i/2), LeftSeq: uint64(2 + i)}
			}
			if members > 0 {
				must(t, d.create(ctx, &list))
			}
		}
		names, err := d.NamesInAll(ctx, append(slices.Clone(rooms), rooms[0]))
		must(t, err)
		equal(t, "rooms", len(names), len(rooms))
		for i, room := range rooms {
			want, err := d.NamesIn(ctx, room)
			must(t, err)
			equalLists(t, "people", names[room].People, want.People)
			equal(t, "crowded", names[room].Crowded, want.Crowded)
			if i == 0 && len(want.People) != 3 {
				t.Errorf("people: %+v", want.People)
			}
		}
		before := d.Statements()
		_, err = d.NamesInAll(ctx, []uint64{rooms[0], rooms[3], rooms[6], rooms[11], rooms[8], rooms[9]})
		must(t, err)
		equal(t, "statements for rooms of few", d.Statements()-before, 1)
		none, err := d.NamesInAll(ctx, nil)
		must(t, err)
		equal(t, "no rooms", len(none), 0)
	})
}
