package web

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// cost is what a request may take: statements on the database, not counting BEGIN and COMMIT, and the allocations
// of server and test together. A request that takes more has silently become more expensive: make it cheaper,
// or raise the number with a reason. Where one has become much cheaper, lower it.
type cost struct{ statements, allocations int }

// costs are what each of them takes today. The allocations may be twice as many, because they differ from one version
// of Go to the next, and with the race detector.
var costs = map[string]cost{
	"sign-in page":       {0, 230},
	"room page":          {2, 1_250},
	"room list":          {2, 750},
	"friends":            {2, 1_400},
	"search":             {5, 5_500},
	"stream":             {5, 900},
	"post":               {5, 350},
	"post by a script":   {4, 450},
	"post and a page":    {13, 3_200},
	"post with a viewer": {5, 550},
}

// TestCosts counts, and never measures time. It does not run in parallel with others, which would allocate as well.
func TestCosts(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { testCosts(start(t, options{})) })
	t.Run("mysql", func(t *testing.T) { testCosts(start(t, options{database: rig.MySQL(t)})) })
}

func testCosts(s *site) {
	ann, bob, room := s.used()
	path := views.RoomPath(room)
	visitor := s.visitor()
	// In this order: a post leaves something unread, which the pages would have to count.
	s.measure("sign-in page", func() { visitor.get("/sign-in").mustBe(200) })
	s.measure("room page", func() { ann.get(path).mustBe(200) })
	s.measure("room list", func() { ann.get("/rooms").mustBe(200) })
	s.measure("friends", func() { ann.get("/friends").mustBe(200) })
	s.measure("search", func() { ann.get("/search?q=word").mustBe(200) })
	s.measure("stream", func() {
		stream := ann.listen(path + "/events")
		stream.await("the lists", func(e event) bool { return e.data != "" })
		stream.hangUp()
	})
	s.measure("post", func() { s.says(bob, room, "something is said") })
	s.measure("post by a script", func() {
		bob.post(path+"/messages", form("body", "something is said"), "HX-Request: true").mustBe(200)
	})
	s.measure("post and a page", func() {
		s.says(bob, room, "something is said")
		ann.get(path).mustBe(200)
	})
	viewer, n := ann.listen(path+"/events"), 0
	s.measure("post with a viewer", func() {
		n++
		text := fmt.Sprintf("news %d.", n)
		s.says(bob, room, text)
		viewer.await(text, func(e event) bool { return strings.Contains(e.data, text) && e.id != "" })
	})
}

// used has ann with 39 friends, one of whom is bob, and a room of these two with 60 messages.
func (s *site) used() (ann, bob *browser, room uint64) {
	ann, bob = s.person("ann"), s.person("bob")
	room = s.befriend(ann, bob)
	for i := range 38 {
		s.befriend(s.person(fmt.Sprint("friend", i)), ann)
	}
	var list []db.Message
	for i := range 60 {
		list = append(list, db.Message{Kind: db.KindText, AuthorID: bob.id, Body: fmt.Sprint("a word ", i), CreatedAt: time.Now().UTC()})
	}
	s.put(room, list)
	return ann, bob, room
}

// measure compares the cheapest of several requests with what it may take: what works in the background is in some of
// them, and in nearly all of them on a busy machine, where more are made.
func (s *site) measure(name string, ask func()) {
	s.t.Helper()
	var before, after runtime.MemStats
	may, least := costs[name], cost{1 << 30, 1 << 30}
	for n := 0; n < 12 || n < 200 && least.statements > may.statements; n++ {
		runtime.ReadMemStats(&before)
		statements := s.store.Statements()
		ask()
		runtime.ReadMemStats(&after)
		least.statements = min(least.statements, int(s.store.Statements()-statements))
		least.allocations = min(least.allocations, int(after.Mallocs-before.Mallocs))
	}
	s.t.Logf("%s: %d statements, %d allocations", name, least.statements, least.allocations)
	if least.statements > may.statements {
		s.t.Errorf("%s takes %d statements instead of %d", name, least.statements, may.statements)
	}
	if least.allocations > 2*may.allocations {
		s.t.Errorf("%s takes %d allocations, more than twice %d", name, least.allocations, may.allocations)
	}
}
