package search_test

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/chat"
	"parley/app/search"
	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

// env is a database with people who chat, and an engine beside the one of their chat.
type env struct {
	*chat.Chat
	store  *db.DB
	engine *search.Engine
	people []db.User

	mu   sync.Mutex
	time time.Time
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
	store := dbtest.Open(t, address)
	t.Cleanup(func() { must(t, store.Close()) })
	bus := bus.NewLocal(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { must(t, bus.Close()) })
	e := &env{store: store, time: time.Date(2026, 3, 14, 9, 26, 53, 589793000, time.UTC)}
	e.Chat, e.engine = chat.New(store, bus, chat.Options{Now: e.now}), search.New(store, e.now)
	for i := range people {
		e.join(t, "person"+strconv.Itoa(i))
	}
	return e
}

func (e *env) now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.time
}

func (e *env) advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.time = e.time.Add(d)
}

func (e *env) join(t *testing.T, name string) db.User {
	t.Helper()
	u := db.User{Username: name, DisplayName: "The " + name, TimeZone: "UTC", CreatedAt: e.now()}
	must(t, e.store.CreateUser(t.Context(), &u))
	e.people = append(e.people, u)
	return u
}

// befriend makes two people friends and returns their room.
func (e *env) befriend(t *testing.T, a, b db.User) uint64 {
	t.Helper()
	_, err := e.RequestFriend(t.Context(), a, b.Username)
	must(t, err)
	must(t, e.AcceptFriend(t.Context(), b, a.Username))
	_, _, room, err := e.Person(t.Context(), a, b.Username)
	must(t, err)
	return room
}

func (e *env) post(t *testing.T, who db.User, room uint64, body string) {
	t.Helper()
	_, err := e.Post(t.Context(), who, room, chat.Draft{Body: body})
	must(t, err)
}

// find returns the excerpts of everything that one person finds, with matches in brackets, the
// newest first.
func (e *env) find(t *testing.T, me db.User, r search.Request) (excerpts []string) {
	t.Helper()
	for {
		page, err := e.Search(t.Context(), me, r)
		must(t, err)
		equal(t, "behind", page.Behind, false)
		for _, h := range page.Hits {
			excerpts = append(excerpts, marked(h.Excerpt))
		}
		if page.Next == nil {
			return excerpts
		}
		r.Below = *page.Next
	}
}

func marked(pieces []search.Piece) (text string) {
	for _, p := range pieces {
		if p.Match {
			p.Text = "[" + p.Text + "]"
		}
		text += p.Text
	}
	return text
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
