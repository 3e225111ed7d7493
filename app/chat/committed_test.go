package chat

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"parley/db"
)

// handed collects what a process hands over.
type handed struct {
	mu   sync.Mutex
	list []Committed
}

func (h *handed) add(posts Committed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, posts)
}

// take returns what was handed over since it was called last.
func (h *handed) take() []Committed {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.list
	h.list = nil
	return list
}

// shownOf leaves out of entries what cannot be compared, and of people what nobody sees.
func shownOf(list []Entry) []Entry {
	for i := range list {
		list[i].resolve = nil
		for _, u := range []*db.User{&list[i].Author, &list[i].About, &list[i].DeletedBy} {
			*u = db.User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, PhotoID: u.PhotoID, IsDeleted: u.IsDeleted}
		}
	}
	return list
}

// TestCommittedMessagesAreWhatTheDatabaseHas checks that entries which were handed over are those that a read finds,
// whether the entry before them is known or not.
func TestCommittedMessagesAreWhatTheDatabaseHas(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		var h handed
		e.committed = h.add
		room := e.makeFriends(t, a, b)
		compare := func(what string) {
			t.Helper()
			list := h.take()
			if len(list) != 1 {
				t.Fatalf("%s: handed over %d times", what, len(list))
			}
			posts := list[0]
			heads, err := e.Heads(ctx, []uint64{room})
			must(t, err)
			equal(t, what+": last", posts.Last(), heads[room].Seq)
			equal(t, what+": epoch", posts.Epoch, heads[room].Epoch)
			rows, err := e.store.MessagesAt(ctx, room, []uint64{posts.First() - 1})
			must(t, err)
			before := rows[posts.First()-1]
			_, want, err := e.After(ctx, room, posts.First()-1, 100)
			must(t, err)
			for _, known := range []*db.Message{nil, &before} {
				got, err := e.Entries(ctx, posts, known)
				must(t, err)
				if got, want := shownOf(got), shownOf(want); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: handed over\n%+v, and it is\n%+v", what, got, want)
				}
			}
		}
		first := e.post(t, a, room, "the first")
		compare("after the line of the friends")
		e.post(t, a, room, "**two**\nlines, 🌀 and a \u00a0space ")
		compare("by the same author")
		e.advance(25 * time.Hour)
		e.post(t, b, room, "a day later")
		compare("a day later")
		must(t, e.Edit(ctx, a, room, first, "another"))
		e.post(t, b, room, "after an edit")
		compare("after an edit")
		must(t, e.Delete(ctx, a, room, first))
		e.post(t, a, room, "after a deletion")
		compare("after a deletion")
		batch := make([]*pending, 20)
		for i := range batch {
			key := fmt.Sprint("key", i)
			batch[i] = &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: e.people[i%2].ID, ClientKey: &key, Body: fmt.Sprint("text ", i)}, done: make(chan error, 1)}
		}
		e.posts.write(batch, false)
		compare("many at once")

		last := e.post(t, a, room, "x")
		h.take()
		for what, draft := range map[string]Draft{"a reply": {Body: "y", ReplyTo: last}, "a mention": {Body: "y @" + b.Username}} {
			_, err := e.Post(ctx, a, room, draft)
			must(t, err)
			equal(t, what, len(h.take()), 0)
		}
	})
}

// TestOnlyWhatIsCommittedIsHandedOver checks that nothing is handed over from a transaction that failed, or may have.
func TestOnlyWhatIsCommittedIsHandedOver(t *testing.T) {
	e, _, cutter := newCutEnv(t, 3)
	ctx, a, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
	var h handed
	e.committed = h.add
	_, err := e.Post(ctx, a, room, Draft{Key: "k", Body: "x"})
	must(t, err)
	equal(t, "a post", len(h.take()), 1)
	_, err = e.Post(ctx, a, room, Draft{Key: "k", Body: "x"})
	must(t, err)
	equal(t, "a repeat", len(h.take()), 0)
	wantError(t, "a stranger's", errOf(e.Post(ctx, e.people[2], room, Draft{Body: "x"})), ErrNotFound)
	equal(t, "a stranger's", len(h.take()), 0)
	for _, statement := range []string{"UPDATE rooms", "SELECT m.room_id, u.id, u.username"} {
		cutter.before.Store(&statement)
		wantError(t, "cut at "+statement, errOf(e.Post(ctx, a, room, Draft{Body: "@" + e.people[1].Username})), db.ErrUnavailable)
		equal(t, "cut at "+statement, len(h.take()), 0)
	}
	commit := "COMMIT"
	cutter.before.Store(&commit)
	wantError(t, "cut before the commit", errOf(e.Post(ctx, a, room, Draft{Body: "x"})), ErrUnknownOutcome)
	equal(t, "cut before the commit", len(h.take()), 0)
	cutter.after.Store(&commit)
	_, err = e.Post(ctx, a, room, Draft{Body: "x"})
	must(t, err)
	equal(t, "cut after the commit", len(h.take()), 0)

	key := "k"
	batch := make([]*pending, 8)
	for i := range batch {
		batch[i] = &pending{entry: db.Message{RoomID: room, Kind: db.KindText, AuthorID: a.ID, Body: "x"}, done: make(chan error, 1)}
	}
	batch[3].entry.ClientKey = &key
	e.posts.write(batch, false)
	next := uint64(4)
	for _, posts := range h.take() {
		equal(t, "seq", posts.First(), next)
		next = posts.Last() + 1
	}
	equal(t, "posts of a batch with a repeat", next, 4+uint64(len(batch))-1)
}
