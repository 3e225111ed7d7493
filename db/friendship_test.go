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
		for _, both := range [][2]uint64{{4, 9}, {9, 4}} {
			got, err := d.Pair(ctx, both[0], both[1])
			must(t, err)
			equal(t, "pair", got, f)
		}
		got, err := d.PairOfRoom(ctx, 77)
		must(t, err)
		equal(t, "pair of the room", got, f)
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
		for _, room := range []uint64{0, 78} { // many pairs have no room yet, and 0
			_, err = d.PairOfRoom(ctx, room)
			wantError(t, "pair of no room", err, ErrNotFound)
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
