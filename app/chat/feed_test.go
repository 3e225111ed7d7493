package chat

import (
	"fmt"
	"math"
	"parley/app/bus"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		for i := range 5 { // 2 to 6
			w.says(t, b, room, fmt.Sprint(i))
		}
		w.heard()
		for _, step := range []struct {
			seq, mark uint64
			unread    int
			rings     bool
		}{{3, 3, 3, true}, {3, 3, 3, false}, {1, 3, 3, false}, {5, 5, 1, true}, {math.MaxUint64, 6, 0, true}, {0, 6, 0, false}, {2, 6, 0, false}} {
			must(t, w.Read(ctx, a, room, step.seq))
			v, err := w.History(ctx, a, room, Place{})
			must(t, err)
			equal(t, "read up to", v.ReadSeq, step.mark)
			lines, err := w.Rooms(ctx, a)
			must(t, err)
			equal(t, "unread", lines[0].Unread, step.unread)
			want := []bus.Signal{{Kind: bus.UserChanged, User: a.ID}}
			if !step.rings {
				want = nil
			}
			same(t, "rung", w.heard(), want)
		}
		w.says(t, b, room, "more")
		must(t, w.Read(ctx, a, room, 0))
		lines, err := w.Rooms(ctx, a)
		must(t, err)
		equal(t, "unread after reading all", lines[0].Unread, 0)
		equal(t, "said", lines[0].Said, "more")
		is(t, "a stranger reads", w.Read(ctx, w.people[2], room, 0), ErrNotFound)
		is(t, "a room that is not", w.Read(ctx, a, 999, 0), ErrNotFound)
	})
}

func TestFeed(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room, other := w.friends(t, a, b), w.friends(t, a, w.people[2])
		w.says(t, a, room, "x")
		must(t, w.RemoveFriend(ctx, a, b.Username))
		heads, err := w.Heads(ctx, []uint64{room, other, 999, 0})
		must(t, err)
		equal(t, "heads", len(heads), 2)
		epoch := uint64(w.clock().Unix())
		equal(t, "head", heads[room], bus.Cursor{Epoch: epoch, Seq: 3})
		equal(t, "head", heads[other], bus.Cursor{Epoch: epoch, Seq: 1})
		for after, want := range map[uint64][]uint64{0: {1, 2}, 1: {2, 3}, 2: {3}, 3: {}, 99: {}} {
			got, list, err := w.After(ctx, room, after, 2)
			must(t, err)
			equal(t, "epoch", got, epoch)
			same(t, fmt.Sprint("after ", after), seqs(list), want)
		}
		got, list, err := w.After(ctx, 999, 0, 9)
		must(t, err)
		equal(t, "of a room that is not", fmt.Sprint(got, len(list)), "0 0")
		_, list, err = w.After(ctx, room, 0, 9)
		must(t, err)
		equal(t, "author", list[1].Author, a)
		for i, want := range []bool{false, false, true} {
			users, all := list[i].EndsFor()
			equal(t, "ends for all", all, want)
			equal(t, "ends for some", len(users), 0)
		}
		group, err := w.CreateGroup(ctx, a, "Two", []string{w.people[2].Username})
		must(t, err)
		must(t, w.RemoveMember(ctx, a, group, w.people[2].Username))
		users, all := w.log(t, group)[1].EndsFor()
		equal(t, "ends for all", all, false)
		same(t, "ends for whom was put out", users, []uint64{w.people[2].ID})
	})
}

// TestEpochs holds that a room that is lost with its database and made again has another epoch.
func TestEpochs(t *testing.T) {
	for at, want := range map[time.Time]uint64{time.Unix(1_800_000_000, 999): 1_800_000_000, time.Unix(0, 0): 1, time.Unix(-5, 0): 1} {
		equal(t, "epoch", newEpoch(at), want)
	}
}

// TestADeletionBetweenTwoQueries holds that an edit which is read while its message is being deleted shows
// that it is gone, and not a message without a text.
func TestADeletionBetweenTwoQueries(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		seq := w.says(t, a, room, "sevn")
		must(t, w.Edit(ctx, a, room, seq, "seven"))
		before, err := w.store.MessagesAfter(ctx, room, seq-1, 9)
		must(t, err)
		must(t, w.Delete(ctx, a, room, seq))
		list, err := entries(ctx, w.store, room, before, eachAtItsTime, everybody)
		must(t, err)
		equal(t, "entries", len(list), 2)
		if target := list[1].Target; target == nil || target.DeleteSeq == 0 || target.Body != "" {
			t.Errorf("the edit shows %+v", target)
		}
	})
}
