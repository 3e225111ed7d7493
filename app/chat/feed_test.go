package chat

import (
	"fmt"
	"math"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

func TestReadMovesTheMarkForward(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		for i := range 5 { // 2 to 6
			e.post(t, b, room, fmt.Sprint(i))
		}
		e.published()
		for _, step := range []struct {
			seq, mark uint64
			unread    int
			signals   bool
		}{{3, 3, 3, true}, {3, 3, 3, false}, {1, 3, 3, false}, {5, 5, 1, true}, {math.MaxUint64, 6, 0, true}, {0, 6, 0, false}, {2, 6, 0, false}} {
			must(t, e.Read(ctx, a, room, step.seq))
			v, err := e.History(ctx, a, room, Place{})
			must(t, err)
			equal(t, "read up to", v.ReadSeq, step.mark)
			lines, _, err := e.Rooms(ctx, a, allRooms)
			must(t, err)
			equal(t, "unread", lines[0].Unread, step.unread)
			want := []bus.Signal{{Kind: bus.UserChanged, User: a.ID}}
			if !step.signals {
				want = nil
			}
			equalLists(t, "signals", e.published(), want)
		}
		e.post(t, b, room, "more")
		must(t, e.Read(ctx, a, room, 0))
		lines, _, err := e.Rooms(ctx, a, allRooms)
		must(t, err)
		equal(t, "unread after reading all", lines[0].Unread, 0)
		equal(t, "said", lines[0].Said, "more")
		wantError(t, "a stranger reads", e.Read(ctx, e.people[2], room, 0), ErrNotFound)
		wantError(t, "a room that is not", e.Read(ctx, a, 999, 0), ErrNotFound)
	})
}

func TestFeedReadsTheLogAfterASeq(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room, other := e.makeFriends(t, a, b), e.makeFriends(t, a, e.people[2])
		e.post(t, a, room, "x")
		must(t, e.RemoveFriend(ctx, a, b.Username))
		heads, err := e.Heads(ctx, []uint64{room, other, 999, 0})
		must(t, err)
		equal(t, "heads", len(heads), 2)
		epoch := uint64(e.clock().Unix())
		equal(t, "head", heads[room], bus.Cursor{Epoch: epoch, Seq: 3})
		equal(t, "head", heads[other], bus.Cursor{Epoch: epoch, Seq: 1})
		for after, want := range map[uint64][]uint64{0: {1, 2}, 1: {2, 3}, 2: {3}, 3: {}, 99: {}} {
			got, list, err := e.After(ctx, room, after, 2)
			must(t, err)
			equal(t, "epoch", got, epoch)
			equalLists(t, fmt.Sprint("after ", after), seqs(list), want)
		}
		got, list, err := e.After(ctx, 999, 0, 9)
		must(t, err)
		equal(t, "of a room that is not", fmt.Sprint(got, len(list)), "0 0")
		_, list, err = e.After(ctx, room, 0, 9)
		must(t, err)
		equal(t, "author", list[1].Author, a)
		for i, want := range []bool{false, false, true} {
			users, all := list[i].EndsFor()
			equal(t, "ends for all", all, want)
			equal(t, "ends for some", len(users), 0)
		}
		group, err := e.CreateGroup(ctx, a, "Two", []string{e.people[2].Username})
		must(t, err)
		must(t, e.RemoveMember(ctx, a, group, e.people[2].Username))
		users, all := e.log(t, group)[1].EndsFor()
		equal(t, "ends for all", all, false)
		equalLists(t, "ends for who was removed", users, []uint64{e.people[2].ID})
	})
}

// TestANewRoomHasANewEpoch checks that a room that is lost with its database and created again has
// another epoch.
func TestANewRoomHasANewEpoch(t *testing.T) {
	for at, want := range map[time.Time]uint64{time.Unix(1_800_000_000, 999): 1_800_000_000, time.Unix(0, 0): 1, time.Unix(-5, 0): 1} {
		equal(t, "epoch", newEpoch(at), want)
	}
}

// TestAnEditWhoseMessageIsDeletedMeanwhile checks that an edit which is read while its message is being
// deleted shows the deletion, and not a message without a text.
func TestAnEditWhoseMessageIsDeletedMeanwhile(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		seq := e.post(t, a, room, "sevn")
		must(t, e.Edit(ctx, a, room, seq, "seven"))
		before, err := e.store.MessagesAfter(ctx, room, seq-1, 9)
		must(t, err)
		must(t, e.Delete(ctx, a, room, seq))
		list, err := roomReader{tx: e.store, room: room, spans: everything}.load(ctx, nil, before, atItsTime)
		must(t, err)
		equal(t, "entries", len(list), 2)
		if target := list[1].Target; target == nil || target.DeleteSeq == 0 || target.Body != "" {
			t.Errorf("the edit shows %+v", target)
		}
	})
}

// TestTextsAreParsedOnce is T43's "once per text": what is posted, streamed, shown on a page and on a page of its
// own, no matter by whom, is parsed once.
func TestTextsAreParsedOnce(t *testing.T) {
	e := newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", 2)
	ctx, a, b := t.Context(), e.people[0], e.people[1]
	room := e.makeFriends(t, a, b)
	const body = "**this** text @person1"
	seq := e.post(t, a, room, body)
	parsed := e.Texts.Text(body)
	_, log, err := e.After(ctx, room, seq-1, 10)
	must(t, err)
	for _, reader := range []db.User{a, b} {
		v, err := e.History(ctx, reader, room, Place{})
		must(t, err)
		p, err := e.Permalink(ctx, reader, room, seq)
		must(t, err)
		for i, entry := range []Entry{log[0], v.Entries[len(v.Entries)-1], p.Entry} {
			if entry.Text() != parsed {
				t.Errorf("%s, %d: the text was parsed again", reader.Username, i)
			}
		}
	}
}
