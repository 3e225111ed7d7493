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
	"parley/app/settings"
	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

// env is a database with people, the rules over it, and the signals that they published.
type env struct {
	*Chat
	address string
	people  []db.User

	mu      sync.Mutex
	time    time.Time
	signals []bus.Signal
}

// openToAll are settings under which everybody opens rooms.
func openToAll(context.Context) settings.Values {
	v := settings.Defaults()
	v.OpenRoomsBy = "members"
	return v
}

// onBoth runs a test on an empty SQLite and on an empty MariaDB, with this many people.
func onBoth(t *testing.T, people int, test func(t *testing.T, e *env)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newEnv(t, "sqlite:"+t.TempDir()+"/parley.db", people))
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		test(t, newEnv(t, rig.MySQL(t), people))
	})
}

func newEnv(t *testing.T, address string, people int) *env {
	t.Helper()
	e := &env{address: address, time: time.Date(2026, 3, 14, 9, 26, 53, 589793000, time.UTC)}
	store := dbtest.Open(t, address)
	t.Cleanup(func() { must(t, store.Close()) })
	e.Chat = e.process(t, store, Options{Now: e.clock, Settings: openToAll})
	e.bus.Listen(func(event bus.Event) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.signals = append(e.signals, event.Signal)
	})
	for i := range people {
		e.join(t, "person"+strconv.Itoa(i))
	}
	return e
}

func (e *env) open(t *testing.T, address string) *db.DB {
	t.Helper()
	store, err := db.Open(address)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

// process is one process: the rules over a database, with a bus of their own.
func (e *env) process(t *testing.T, store *db.DB, o Options) *Chat {
	t.Helper()
	bus := bus.NewLocal(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { must(t, bus.Close()) })
	return New(store, bus, o)
}

// secondProcess is another process on the same database; SQLite lets only one in.
func (e *env) secondProcess(t *testing.T) *Chat {
	t.Helper()
	if e.store.IsSQLite() {
		return e.process(t, e.store, Options{Now: e.clock, Settings: openToAll})
	}
	return e.process(t, e.open(t, e.address), Options{Now: e.clock, Settings: openToAll})
}

func (e *env) join(t *testing.T, name string) db.User {
	t.Helper()
	u := db.User{Username: name, DisplayName: "The " + name, PhotoID: 5, TimeZone: "UTC", CreatedAt: e.clock()}
	must(t, e.store.CreateUser(t.Context(), &u))
	e.people = append(e.people, u)
	return u
}

func (e *env) clock() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.time
}

func (e *env) advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.time = e.time.Add(d)
}

// published returns the signals since it was called last.
func (e *env) published() []bus.Signal {
	e.mu.Lock()
	defer e.mu.Unlock()
	signals := e.signals
	e.signals = nil
	return signals
}

// makeFriends makes two people friends and returns their room.
func (e *env) makeFriends(t *testing.T, a, b db.User) uint64 {
	t.Helper()
	must(t, request(t.Context(), e.Chat, a, b.Username))
	must(t, e.AcceptFriend(t.Context(), b, a.Username))
	return e.roomOf(t, a, b)
}

func (e *env) roomOf(t *testing.T, a, b db.User) uint64 {
	t.Helper()
	_, got, room, err := e.Person(t.Context(), a, b.Username)
	must(t, err)
	equal(t, "relation", got, RelationFriend)
	return room
}

// post posts a message and returns its seq.
func (e *env) post(t *testing.T, who db.User, room uint64, body string) uint64 {
	t.Helper()
	seq, err := e.Post(t.Context(), who, room, Draft{Body: body})
	must(t, err)
	return seq
}

// log reads a room's log, and checks that it has no gap.
func (e *env) log(t *testing.T, room uint64) []Entry {
	t.Helper()
	_, list, err := e.After(t.Context(), room, 0, 100_000)
	must(t, err)
	for i, entry := range list {
		if entry.Seq != uint64(i+1) {
			t.Fatalf("entry %d of room %d has seq %d", i+1, room, entry.Seq)
		}
	}
	return list
}

// find returns the texts that somebody finds, as they see them.
func (e *env) find(t *testing.T, who db.User, text string) (bodies []string) {
	t.Helper()
	r, err := e.Search(t.Context(), who, search.Request{Text: text})
	must(t, err)
	for _, h := range r.Hits {
		bodies = append(bodies, h.Body)
	}
	return bodies
}

// allRooms is a page that nobody's rooms fill in these tests.
var allRooms = RoomsPage{Size: 1000}

func seqs(list []Entry) []uint64 {
	all := make([]uint64, len(list))
	for i, entry := range list {
		all[i] = entry.Seq
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func equalLists[T comparable](t *testing.T, what string, got, want []T) {
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

var actions = []action{
	{"request", func(c *Chat, ctx context.Context, me db.User, name string) error { return request(ctx, c, me, name) }},
	{"accept", (*Chat).AcceptFriend},
	{"decline", (*Chat).DeclineFriend},
	{"cancel", (*Chat).CancelRequest},
	{"remove", (*Chat).RemoveFriend},
	{"block", (*Chat).Block},
	{"unblock", (*Chat).Unblock},
}
