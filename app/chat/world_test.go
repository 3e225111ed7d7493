package chat

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/search"
	"parley/db"
	"parley/e2e/rig"
)

// world is a database with people, the rules over it, and everything that was rung.
type world struct {
	*Chat
	address string
	people  []db.User

	mu   sync.Mutex
	time time.Time
	rung []bus.Signal
}

// each runs a test on an empty SQLite and on an empty MariaDB, with so many people.
func each(t *testing.T, people int, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, "sqlite:"+t.TempDir()+"/parley.db", people))
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, rig.MySQL(t), people))
	})
}

func newWorld(t *testing.T, address string, people int) *world {
	t.Helper()
	w := &world{address: address, time: time.Date(2026, 3, 14, 9, 26, 53, 589793000, time.UTC)}
	w.Chat = w.rules(t, w.open(t, address), Options{Now: w.clock})
	must(t, w.store.Migrate(t.Context()))
	w.bus.Listen(func(e bus.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.rung = append(w.rung, e.Signal)
	})
	for i := range people {
		w.join(t, "person"+strconv.Itoa(i))
	}
	return w
}

func (w *world) open(t *testing.T, address string) *db.DB {
	t.Helper()
	store, err := db.Open(address)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

// rules is one process: the rules over a database, with a bus of their own.
func (w *world) rules(t *testing.T, store *db.DB, o Options) *Chat {
	t.Helper()
	bus := bus.NewLocal(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { must(t, bus.Close()) })
	return New(store, bus, o)
}

// second is another process on the same database; SQLite lets only one in.
func (w *world) second(t *testing.T) *Chat {
	t.Helper()
	if w.store.IsSQLite() {
		return w.rules(t, w.store, Options{Now: w.clock})
	}
	return w.rules(t, w.open(t, w.address), Options{Now: w.clock})
}

func (w *world) join(t *testing.T, name string) db.User {
	t.Helper()
	u := db.User{Username: name, DisplayName: "The " + name, PhotoID: 5, TimeZone: "UTC", CreatedAt: w.clock()}
	must(t, w.store.CreateUser(t.Context(), &u))
	w.people = append(w.people, u)
	return u
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

// heard takes what was rung since it was asked last.
func (w *world) heard() []bus.Signal {
	w.mu.Lock()
	defer w.mu.Unlock()
	rung := w.rung
	w.rung = nil
	return rung
}

// befriend makes two people friends and answers their room.
func (w *world) friends(t *testing.T, a, b db.User) uint64 {
	t.Helper()
	must(t, ask(t.Context(), w.Chat, a, b.Username))
	must(t, w.AcceptFriend(t.Context(), b, a.Username))
	return w.roomOf(t, a, b)
}

func (w *world) roomOf(t *testing.T, a, b db.User) uint64 {
	t.Helper()
	_, standing, room, err := w.Person(t.Context(), a, b.Username)
	must(t, err)
	equal(t, "standing", standing, RelationFriend)
	return room
}

// says posts and answers the seq.
func (w *world) says(t *testing.T, who db.User, room uint64, body string) uint64 {
	t.Helper()
	seq, err := w.Post(t.Context(), who, room, Draft{Body: body})
	must(t, err)
	return seq
}

// log reads a room's log, and holds that it has no hole.
func (w *world) log(t *testing.T, room uint64) []Entry {
	t.Helper()
	_, list, err := w.After(t.Context(), room, 0, 100_000)
	must(t, err)
	for i, e := range list {
		if e.Seq != uint64(i+1) {
			t.Fatalf("entry %d of room %d has seq %d", i+1, room, e.Seq)
		}
	}
	return list
}

// finds returns the texts that somebody finds, as they see them.
func (w *world) finds(t *testing.T, who db.User, text string) (bodies []string) {
	t.Helper()
	r, err := w.Search(t.Context(), who, search.Request{Text: text})
	must(t, err)
	for _, h := range r.Hits {
		bodies = append(bodies, h.Body)
	}
	return bodies
}

func seqs(list []Entry) []uint64 {
	all := make([]uint64, len(list))
	for i, e := range list {
		all[i] = e.Seq
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func same[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// action is one of the things that a person does to another.
type action struct {
	name string
	do   func(c *Chat, ctx context.Context, me db.User, username string) error
}

var actions = []action{{"ask", func(c *Chat, ctx context.Context, me db.User, name string) error { return ask(ctx, c, me, name) }}, {"accept", (*Chat).AcceptFriend}, {"decline", (*Chat).DeclineFriend}, {"cancel", (*Chat).CancelRequest},
	{"remove", (*Chat).RemoveFriend}, {"block", (*Chat).Block}, {"unblock", (*Chat).Unblock}}
