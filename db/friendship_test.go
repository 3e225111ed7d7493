package db

import (
	"sync"
	"testing"
	"time"
)

func TestPairs(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		_, err := d.Pair(ctx, 1, 2)
		wantError(t, "strangers", err, ErrNotFound)
		save := func(a, b uint64, change func(f *Friendship)) Friendship {
			t.Helper()
			var f Friendship
			must(t, d.Tx(ctx, func(tx *DB) (err error) {
				if f, err = tx.LockPair(ctx, a, b, noon); err != nil {
					return err
				}
				change(&f)
				return tx.SavePair(ctx, f)
			}))
			return f
		}
		f := save(9, 4, func(f *Friendship) {
			equal(t, "fresh", *f, Friendship{LowID: 4, HighID: 9, State: PairApart, Changes: 1, ChangedAt: noon})
			f.State, f.RequestedBy, f.RoomID, f.ChangedAt = PairRequested, 9, 77, noon.Add(time.Microsecond)
			f.SetBlocks(9, true)
		})
		f.changedBlocks = false // of what is read
		for _, both := range [][2]uint64{{4, 9}, {9, 4}} {
			got, err := d.Pair(ctx, both[0], both[1])
			must(t, err)
			equal(t, "pair", got, f)
		}
		if f.Other(4) != 9 || f.Other(9) != 4 || !f.Blocks(9) || f.Blocks(4) || f.Blocks(0) || !f.HighBlocks || f.LowBlocks {
			t.Errorf("sides of %+v", f)
		}
		f.SetBlocks(9, false)
		f.SetBlocks(4, true)
		if f.Blocks(9) || !f.Blocks(4) {
			t.Errorf("sides of %+v", f)
		}
		save(4, 1, func(f *Friendship) { f.ChangedAt = noon.Add(time.Second) })
		save(2, 3, func(f *Friendship) { f.ChangedAt = noon.Add(time.Minute) })
		save(8, 4, func(f *Friendship) { f.ChangedAt = noon })
		list, err := d.PairsOf(ctx, 4)
		must(t, err)
		if len(list) != 3 || list[0].LowID != 1 || list[1].HighID != 9 || list[2].HighID != 8 {
			t.Errorf("pairs of 4: %+v", list)
		}
		list, err = d.PairsOf(ctx, 0)
		must(t, err)
		equal(t, "nobody's pairs", len(list), 0)
	})
}

// TestLockPairHoldsThePair checks that concurrent changes of one pair, from two processes, are not lost.
func TestLockPairHoldsThePair(t *testing.T) {
	const workers, rounds = 8, 12
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, both := t.Context(), []*DB{d, openAgain(t, d)}
		var working sync.WaitGroup
		for w := range workers {
			working.Go(func() {
				a, b := uint64(1+w%2), uint64(2-w%2)
				for range rounds {
					err := both[w/4%2].Tx(ctx, func(tx *DB) error {
						f, err := tx.LockPair(ctx, a, b, noon)
						if err != nil {
							return err
						}
						f.RoomID++
						return tx.SavePair(ctx, f)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		working.Wait()
		f, err := d.Pair(ctx, 1, 2)
		must(t, err)
		equal(t, "changes that count", f.RoomID, workers*rounds)
		equal(t, "locks", f.Changes, workers*rounds)
		list, err := d.PairsOf(ctx, 1)
		must(t, err)
		equal(t, "rows", len(list), 1)
	})
}

// TestPairsInPages reads the lists of people by the page, with pairs in either order and equal times.
func TestPairsInPages(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, me := t.Context(), uint64(50)
		want := map[PairList][]uint64{}
		at := noon
		add := func(list PairList, other uint64, state PairState, by uint64, blocks ...uint64) {
			t.Helper()
			if other%3 == 0 { // some are equally old, and then the higher id comes first
				at = at.Add(time.Microsecond)
			}
			f := Friendship{LowID: min(me, other), HighID: max(me, other), State: state, RequestedBy: by, ChangedAt: at}
			for _, who := range blocks {
				f.SetBlocks(who, true)
			}
			must(t, d.create(ctx, &f))
			want[list] = append([]uint64{other}, want[list]...)
		}
		const none = PairList(-1)
		for i := range uint64(12) {
			add(ListFriends, 10+i, PairFriends, me)
			add(ListFriends, 110+i, PairFriends, 110+i)
			add(ListReceived, 22+i, PairRequested, 22+i)
			add(ListReceived, 222+i, PairRequested, 222+i, 222+i) // who blocks me and asks me all the same
			add(ListSent, 35+i, PairRequested, me)
			add(ListBlocked, 60+i, PairRequested, 60+i, me)
			add(ListBlocked, 160+i, PairApart, me, me)
			add(none, 260+i, PairApart, me)
			add(none, 360+i, PairApart, 360+i, 360+i)
		}
		for i, f := range []Friendship{{LowID: 1, HighID: 2}, {LowID: 49, HighID: 51}} {
			f.State, f.RequestedBy, f.ChangedAt = PairFriends, uint64(i), noon
			must(t, d.create(ctx, &f))
		}
		people := map[uint64]User{}
		for _, u := range createUsers(t, d, 50) { // the others are gone
			people[u.ID] = User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName}
		}
		must(t, d.somethingWaits(ctx, []uint64{me})) // because SavePair has stored none of these pairs
		u := people[me]
		readers, err := d.Readers(ctx, []uint64{me, 999})
		must(t, err)
		equal(t, "those who exist", len(readers), 1)
		counted, err := d.CountWaiting(ctx, me)
		must(t, err)
		equal(t, "name", readers[me].User.Username, u.Username)
		equal(t, "what waits", readers[me].Waiting, counted)
		equal(t, "requests", counted.Requests, len(want[ListReceived]))
		together, err := d.PairsInAll(ctx, me, 20)
		must(t, err)
		for _, list := range []PairList{ListFriends, ListReceived, ListSent, ListBlocked} {
			whole, err := d.PairsIn(ctx, me, list, nil, 100)
			must(t, err)
			equalPairs(t, "the beginning of a list, with the others", together[list], whole[:min(20, len(whole))], people)
			n, err := d.CountPairs(ctx, me, list)
			must(t, err)
			equal(t, "count", n, len(want[list]))
			seen := map[uint64]bool{}
			for i, f := range whole {
				seen[f.Other(me)] = true
				if i > 0 {
					before, this := whole[i-1].PositionIn(me), f.PositionIn(me)
					if this.At > before.At || this.At == before.At && this.Other >= before.Other {
						t.Errorf("list %d: %+v after %+v", list, this, before)
					}
				}
			}
			for _, other := range want[list] {
				if !seen[other] {
					t.Errorf("list %d lacks %d", list, other)
				}
			}
			equal(t, "list", len(whole), len(want[list]))
			var pages []Friendship
			for after := (*PairPosition)(nil); ; {
				page, err := d.PairsIn(ctx, me, list, after, 5)
				must(t, err)
				listed, err := d.ListedPairs(ctx, me, list, after, 5)
				must(t, err)
				equalPairs(t, "a page with people", listed, page, people)
				if len(page) == 0 {
					break
				}
				pages = append(pages, page...)
				last := page[len(page)-1].PositionIn(me)
				after = &last
			}
			equalLists(t, "by the page", pages, whole)
		}
	})
}

// equalPairs compares pairs of person 50 with those that were listed by themselves.
func equalPairs(t *testing.T, what string, got []*ListedPair, want []Friendship, people map[uint64]User) {
	t.Helper()
	wanted := make([]ListedPair, len(want))
	for i, f := range want {
		wanted[i] = ListedPair{f, people[f.Other(50)]}
	}
	equalLists(t, what, valuesOf(got), wanted)
}

func valuesOf(pairs []*ListedPair) (list []ListedPair) {
	for _, p := range pairs {
		list = append(list, *p)
	}
	return list
}

// TestListsOfManyPairs compares the lists that the database puts in order with those that are put in order here, at as
// many pairs as make the difference.
func TestListsOfManyPairs(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, me := t.Context(), uint64(1000)
		people := map[uint64]User{}
		for _, u := range createUsers(t, d, 50) {
			people[u.ID] = User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName}
		}
		add := func(other uint64) {
			f := Friendship{LowID: min(me, other), HighID: max(me, other), State: []PairState{PairFriends, PairRequested, PairApart}[other%3],
				RequestedBy: []uint64{me, other}[other%2], ChangedAt: noon.Add(time.Duration(other*7%40) * time.Second)}
			f.SetBlocks(me, other%5 == 0)
			f.SetBlocks(other, other%7 == 0)
			must(t, d.create(ctx, &f))
		}
		compare := func() {
			t.Helper()
			got, err := d.PairsInAll(ctx, me, 9)
			must(t, err)
			want, err := d.beginnings(ctx, me, 9)
			must(t, err)
			for _, list := range []PairList{ListFriends, ListReceived, ListSent, ListBlocked} {
				equalLists(t, "list", valuesOf(got[list]), valuesOf(want[list]))
				equal(t, "people of the list", len(want[list]), 9)
				for _, p := range got[list] {
					equal(t, "person", p.Person, people[p.Other(me)])
				}
			}
		}
		for i := range uint64(mostPairs) {
			add(1 + i)
			add(1001 + i)
		}
		compare()
		recorded := recordQueries(t, d)
		for _, other := range []uint64{301, 1301} {
			add(other)
			compare()
			must(t, d.exec(ctx, "DELETE FROM friendships WHERE low_id = ? AND high_id = ?", min(me, other), max(me, other)))
		}
		equal(t, "queries", len(*recorded), 2*(2+1))
	})
}

// TestOldRequestsGiveWay checks which requests make room, and that those of blocked people do not count.
func TestOldRequestsGiveWay(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, me := t.Context(), uint64(50)
		for i := range uint64(20) {
			other := 40 + 2*i + i%2*100 // on both sides
			f := Friendship{LowID: min(me, other), HighID: max(me, other), State: PairRequested, RequestedBy: other, ChangedAt: noon.Add(time.Duration(i) * time.Second)}
			if i%5 == 4 {
				f.SetBlocks(me, true)
			}
			if other == me {
				continue
			}
			must(t, d.create(ctx, &f))
		}
		all, err := d.PairsIn(ctx, me, ListReceived, nil, 100)
		must(t, err)
		for _, n := range []int{len(all), len(all) + 1, 100} {
			gone, err := d.DropOldRequests(ctx, me, n, noon)
			must(t, err)
			equal(t, "nobody makes room", len(gone), 0)
		}
		gone, err := d.DropOldRequests(ctx, me, 10, noon)
		must(t, err)
		var want []uint64
		for _, f := range all[10:] {
			want = append(want, f.Other(me))
		}
		equalLists(t, "who makes room", gone, want)
		left, err := d.PairsIn(ctx, me, ListReceived, nil, 100)
		must(t, err)
		equalLists(t, "left", left, all[:10])
		blocked, err := d.CountPairs(ctx, me, ListBlocked)
		must(t, err)
		equal(t, "blocked", blocked, 4)
		sent, err := d.CountPairs(ctx, want[0], ListSent)
		must(t, err)
		equal(t, "sent", sent, 0)
	})
}
