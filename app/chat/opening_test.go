package chat

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/cache"
	"parley/db"
)

// asTexts renders entries as their texts, and counts how often it does.
func asTexts(made *atomic.Int64) Rendering {
	return Rendering{Key: "bodies", Render: func(list []Entry) (any, int, error) {
		made.Add(1)
		var all []string
		for _, e := range list {
			all = append(all, e.Author.DisplayName+": "+e.Body)
		}
		text := strings.Join(all, "\n")
		return text, len(text), nil
	}}
}

func (e *env) opens(t *testing.T, who db.User, room uint64, as Rendering) HistoryPage {
	t.Helper()
	v, err := e.Opening(t.Context(), who, room, true, as)
	must(t, err)
	return v
}

// TestOpeningIsHistory compares what a room opens with, read and kept, with the history of the same place, for people
// who have read different parts of it.
func TestOpeningIsHistory(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		for i := range 130 {
			e.post(t, a, room, fmt.Sprintf("text %d", i))
		}
		var made atomic.Int64
		for i, read := range []uint64{0, 1, 40, 90, 131} {
			must(t, e.Read(ctx, b, room, read))
			for _, unread := range []bool{true, false, true} {
				want, err := e.History(ctx, b, room, Place{Unread: unread})
				must(t, err)
				text, _, err := asTexts(&made).Render(want.Entries)
				must(t, err)
				want.Entries, want.Rendered = nil, text
				got, err := e.Opening(ctx, b, room, unread, asTexts(&made))
				must(t, err)
				equal(t, fmt.Sprint("what opens with ", i, unread), fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
			}
		}
		if e.Stats.PagesKept.Load() < 5 {
			t.Errorf("only %d of 15 were kept", e.Stats.PagesKept.Load())
		}
	})
}

// TestManyWhoOpenARoomRenderItOnce has many people ask for the same page at the same moment.
func TestManyWhoOpenARoomRenderItOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		room := e.makeFriends(t, e.people[0], e.people[1])
		e.post(t, e.people[0], room, "hello")
		var made atomic.Int64
		as, begin := asTexts(&made), make(chan struct{})
		slow := Rendering{Key: as.Key, Render: func(list []Entry) (any, int, error) {
			<-begin
			return as.Render(list)
		}}
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if v := e.opens(t, e.people[i%2], room, slow); !strings.Contains(fmt.Sprint(v.Rendered), "hello") {
					t.Errorf("opens with %v", v.Rendered)
				}
			})
		}
		close(begin)
		all.Wait()
		if n := made.Load(); n > 3 { // one who came after the first was done may have looked before
			t.Errorf("rendered %d times", n)
		}
	})
}

// TestPagesAreBounded opens more rooms than there is room for.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		const most = 20_000
		e.Pages = cache.New[openingKey, *openingPage](most)
		var made atomic.Int64
		a := e.people[0]
		var rooms []uint64
		for i := range 12 {
			room, err := e.CreateGroup(t.Context(), a, fmt.Sprint("Group ", i), nil)
			must(t, err)
			e.post(t, a, room, strings.Repeat("x", 1000))
			rooms = append(rooms, room)
		}
		for range 2 {
			for _, room := range rooms {
				if v := e.opens(t, a, room, asTexts(&made)); !strings.Contains(fmt.Sprint(v.Rendered), "xxx") {
					t.Errorf("opens with %v", v.Rendered)
				}
				if n := e.Pages.Bytes(); n > most || n == 0 {
					t.Errorf("%d bytes", n)
				}
			}
		}
		if made.Load() < 20 {
			t.Errorf("rendered %d pages, so the bound was not reached", made.Load())
		}
	})
}

// TestNobodyPushesOutThePagesOfOthers has one person open a room in far more ways than there is room for.
func TestNobodyPushesOutThePagesOfOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, e *env) {
		a, b, c := e.people[0], e.people[1], e.people[2]
		shared, other := e.makeFriends(t, a, b), e.makeFriends(t, a, c)
		for _, room := range []uint64{shared, other} {
			e.post(t, a, room, strings.Repeat("x", 1000))
		}
		e.Pages = cache.New[openingKey, *openingPage](200_000)
		var made atomic.Int64
		as := asTexts(&made)
		e.opens(t, b, shared, as)
		e.opens(t, c, other, as)
		made.Store(0)
		for n := range 400 {
			e.opens(t, a, shared, Rendering{Key: fmt.Sprint("zone ", n), Render: as.Render})
		}
		if made.Load() != 400 {
			t.Errorf("rendered %d of 400 ways", made.Load())
		}
		e.opens(t, c, other, as)
		e.opens(t, b, shared, as)
		if made.Load() != 400 {
			t.Errorf("%d pages of others were pushed out", made.Load()-400)
		}
	})
}

// TestAPageIsReadFromTheSnapshotOfItsKey checks that a page is not kept under the head of a log that has grown since.
func TestAPageIsReadFromTheSnapshotOfItsKey(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		a, room := e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		var made atomic.Int64
		in, reader, err := e.readerIn(t.Context(), e.store, a, room)
		must(t, err)
		e.post(t, a, room, "said between two statements")
		o := opener{chat: e.Chat, reader: reader, in: in, as: asTexts(&made)}
		if _, err := o.read(t.Context()); !errors.Is(err, errMoved) {
			t.Errorf("read a page of a room that has changed: %v", err)
		}
		if e.Pages.Len() != 0 {
			t.Errorf("%d pages are kept", e.Pages.Len())
		}
		if v := e.opens(t, a, room, asTexts(&made)); !strings.Contains(fmt.Sprint(v.Rendered), "said between") {
			t.Errorf("opens with %v", v.Rendered)
		}
	})
}

// TestWhatIsErasedIsOnNoPage erases a message of a room in which nothing else happens.
func TestWhatIsErasedIsOnNoPage(t *testing.T) {
	t.Parallel()
	onBoth(t, 1, func(t *testing.T, e *env) {
		a := e.people[0]
		room, err := e.CreateGroup(t.Context(), a, "Group", nil)
		must(t, err)
		must(t, e.SetRetention(t.Context(), a, room, 2))
		e.post(t, a, room, "short-lived")
		var made atomic.Int64
		for range 2 {
			if v := e.opens(t, a, room, asTexts(&made)); !strings.Contains(fmt.Sprint(v.Rendered), "short-lived") {
				t.Errorf("opens with %v", v.Rendered)
			}
		}
		e.advance(3 * 24 * time.Hour)
		must(t, e.EraseOld(t.Context()))
		if v := e.opens(t, a, room, asTexts(&made)); strings.Contains(fmt.Sprint(v.Rendered), "short-lived") {
			t.Errorf("opens with %v", v.Rendered)
		}
	})
}

// TestKeysOfPages checks that a page is another one with all that its log depends on. A backup that is restored has
// other entries under the same numbers, and so has a room that got the id of a deleted one.
func TestKeysOfPages(t *testing.T) {
	now := time.Now()
	first := db.Entrance{Room: db.Room{ID: 1, Epoch: 2, LastSeq: 3, CreatedAt: now}, Spans: db.Spans{{From: 1}}}
	keys := map[openingKey]int{}
	for i, change := range []func(*db.Entrance){
		func(*db.Entrance) {},
		func(in *db.Entrance) { in.Room.ID++ },
		func(in *db.Entrance) { in.Room.Epoch++ },
		func(in *db.Entrance) { in.Room.LastSeq++ },
		func(in *db.Entrance) { in.Room.ErasedSeq++ },
		func(in *db.Entrance) { in.Room.CreatedAt = now.Add(time.Second) },
		func(in *db.Entrance) { in.Spans = db.Spans{{From: 2}} },
		func(in *db.Entrance) { in.Spans = db.Spans{{From: 1, To: 2}} },
		func(in *db.Entrance) { in.Spans = db.Spans{{From: 1, To: 2}, {From: 3}} },
	} {
		in := first
		change(&in)
		o := opener{in: in}
		for _, k := range []openingKey{o.key(0, nil), o.key(7, nil), o.key(0, "de"), o.key(0, "en")} {
			if other, is := keys[k]; is {
				t.Errorf("%d has a key of %d", i, other)
			}
			keys[k] = i
		}
	}
}

// TestAReopenedRoomIsKept opens the room of two who have parted and come together again: its page is kept like any other.
func TestAReopenedRoomIsKept(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		e.post(t, a, room, "hello")
		opensFromCache := func(what string) {
			t.Helper()
			var made atomic.Int64
			before := e.Stats.PagesKept.Load()
			for range 2 {
				_, err := e.Opening(ctx, b, room, false, asTexts(&made))
				must(t, err)
			}
			equal(t, what+": times it was kept", int(e.Stats.PagesKept.Load()-before), 1)
		}
		opensFromCache("at first")
		must(t, e.RemoveFriend(ctx, a, b.Username))
		equal(t, "the room", e.makeFriends(t, a, b), room)
		opensFromCache("after they parted")
	})
}
