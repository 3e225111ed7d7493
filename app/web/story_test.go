package web

import (
	"strings"
	"testing"

	"parley/e2e/rig"
	"parley/views"
)

// TestTwoPeopleChat is the core story over HTTP, from an empty database.
func TestTwoPeopleChat(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann, bob := s.visitor(), s.visitor()
		ann.name, bob.name = "ann", "bob"
		ann.get("/").mustGoTo("/sign-in")
		for _, b := range []*browser{ann, bob} {
			b.post("/sign-up", form("username", b.name, "password", goodPassword, "time_zone", "Europe/Berlin")).mustGoTo("/rooms")
			u, err := s.store.UserByName(t.Context(), b.name)
			must(t, err)
			b.id = u.ID
		}
		ann.get("/").mustGoTo("/rooms")

		lists := bob.listen("/events")
		ann.post("/friends", form("username", "bob")).mustGoTo("/friends")
		lists.await("the request", func(e event) bool { return strings.Contains(e.data, `data-count="1"`) })
		bob.get("/friends").mustBe(200).mustHave(en.Friends.Incoming, "ann")
		bob.post("/friends/ann/accept", nil).mustGoTo("/friends")
		pair, err := s.store.Pair(t.Context(), ann.id, bob.id)
		must(t, err)
		room := pair.RoomID

		hears := bob.listen(views.RoomPath(room) + "/events")
		ann.post(views.RoomPath(room)+"/messages", form("key", "k1", "body", "Hello Bob")).mustGoTo(views.RoomPath(room))
		hears.await("the post", shows("Hello Bob"))
		socket := bob.talk(room)
		if r := socket.say("k2", "Hello Ann"); r.key != "k2" || r.next == "" {
			t.Fatalf("receipt: %+v", r)
		}
		hears.await("his own post", shows("Hello Ann"))
		ann.get(views.RoomPath(room)).mustBe(200).mustHave("Hello Bob", "Hello Ann", `data-author="bob"`)
		ann.post(views.RoomPath(room)+"/read", nil).mustGoTo(views.RoomPath(room))
		ann.post(views.RoomPath(room)+"/read", nil, "HX-Request: true").mustBe(204)

		ann.post("/sign-out", nil).mustGoTo("/sign-in")
		ann.get("/rooms").mustGoTo("/sign-in")
		ann.get(views.RoomPath(room) + "?before=7").
			mustGoTo("/sign-in?next=%2Frooms%2F" + strings.TrimPrefix(views.RoomPath(room), "/rooms/") + "%3Fbefore%3D7")
		ann.post("/sign-in", form("username", "Ann", "password", "not it at all", "next", views.RoomPath(room))).mustBe(422).
			mustHave(en.Account.WrongCredentials, `value="Ann"`)
		ann.post("/sign-in", form("username", " Ann ", "password", goodPassword, "next", views.RoomPath(room))).mustGoTo(views.RoomPath(room))
		ann.get(views.RoomPath(room)).mustBe(200)
	})
}

// TestDatabaseThroughAProxy checks that the proxy of the other tests works.
func TestDatabaseThroughAProxy(t *testing.T) {
	t.Parallel()
	address, _ := throughProxy(t, rig.MySQL(t))
	s := start(t, options{database: address})
	if !s.person("ann").isSignedIn() {
		t.Fatal("not signed in")
	}
}
