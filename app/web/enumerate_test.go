package web

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"parley/views"
)

// TestWhoHasAnAccountIsCounted checks that the two forms which have to say whether a name exists do not say
// it endlessly, and that what was typed is kept.
func TestWhoHasAnAccountIsCounted(t *testing.T) {
	t.Parallel()
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		ann := s.person("ann")
		for what, ask := range map[string]func(name string) *reply{
			"sign-up": func(name string) *reply {
				return s.visitor().post("/sign-up", form("username", name, "password", goodPassword))
			},
			"friends": func(name string) *reply { return ann.post("/friends", form("username", name)) },
		} {
			refused := 0
			for i := range 60 {
				name := "ann"
				if what == "friends" {
					name = fmt.Sprint("nobody", i)
				}
				a := ask(name)
				if a.status != 429 {
					a.shouldBe(422)
					continue
				}
				if refused++; refused == 1 {
					a.mustHave(`value="`+name+`"`, `role="alert"`)
					if after := parseSeq(a.header.Get("Retry-After")); after == 0 || after > 24*60*60 {
						t.Errorf("%s: Retry-After is %q", what, a.header.Get("Retry-After"))
					}
				}
			}
			if refused < 20 {
				t.Errorf("%s: %d of 60 are refused", what, refused)
			}
		}
	})
}

// TestTimeDoesNotTellWhoExists checks that answers take the same time for somebody and for nobody. The load
// of the machine changes all the time, so each measurement is compared with the one next to it, in either
// order; more are taken while they are noisy, and the remaining noise is allowed for.
func TestTimeDoesNotTellWhoExists(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem", "dan")
		ann, bob, cem, dan := list[0], list[1], list[2], list[3]
		room := s.befriend(bob, cem)
		group := views.RoomPath(bob.makesGroup("Choir", cem))
		s.befriend(ann, dan)
		mine := views.RoomPath(ann.makesGroup("Mine", dan))
		bob.upload("/profile", "face.png", tinyPNG(t), nil).mustBe(303)
		bob.sends(room, "look", "k", nil, [][]byte{tinyPNG(t)}).mustBe(303)
		photos, err := s.store.PhotosOf(t.Context(), room, []uint64{s.last(room)})
		must(t, err)
		face, sent := views.PhotoPath(bob.user().PhotoID, "small"), views.PhotoPath(photos[s.last(room)][0].ID, "small")
		for i := range 5 { // so that one more request is refused, no matter to whom
			other := s.person(fmt.Sprint("waiting", i))
			ann.post("/friends", form("username", other.name)).mustBe(303)
		}
		n := 0
		get := func(path string) func() *reply { return func() *reply { return ann.get(path) } }
		post := func(path, username string) func() *reply {
			return func() *reply { return ann.post(path, form("username", username, "name", "Choir")) }
		}
		for what, pair := range map[string][2]func() *reply{
			"a profile":          {get("/people/bob"), get("/people/nobody")},
			"an avatar":          {get(face), get("/photos/987654321/small")},
			"a photo":            {get(sent), get("/photos/987654321/small")},
			"a request":          {post("/friends", "bob"), post("/friends", "nobody")},
			"an action":          {post("/friends/bob/accept", ""), post("/friends/nobody/accept", "")},
			"a new group":        {post("/rooms", "bob"), post("/rooms", "nobody")},
			"a member":           {post(mine+"/members", "bob"), post(mine+"/members", "nobody")},
			"removing a member":  {post(mine+"/members/bob/remove", ""), post(mine+"/members/nobody/remove", "")},
			"a new owner":        {post(mine+"/members/bob/owner", ""), post(mine+"/members/nobody/owner", "")},
			"a group of theirs":  {get(group), get("/rooms/987654321")},
			"members of a group": {get(group + "/members"), get("/rooms/987654321/members")},
		} {
			var ratios []float64
			var off, sure float64
			for round := 0; round < 40; round++ {
				for i := range 20 {
					if n++; n%15 == 0 {
						s.clock.pass(24 * time.Hour) // so that nothing is refused for today
						ann.signInAgain()
					}
					var took [2]time.Duration
					for _, which := range [2]int{i % 2, 1 - i%2} {
						start := time.Now()
						a := pair[which]()
						took[which] = time.Since(start)
						if a.status != 404 && a.status != 422 {
							t.Fatalf("%s: %d", what, a.status)
						}
					}
					ratios = append(ratios, float64(took[0])/float64(took[1]))
				}
				if off, sure = medianOf(ratios); round >= 4 && math.Abs(off-1)-sure < 0.05 {
					break
				}
			}
			t.Logf("%s: %.3f ± %.3f after %d", what, off, sure, len(ratios))
			if math.Abs(off-1)-sure >= 0.05 {
				t.Errorf("%s: the times of somebody and nobody differ by %.1f %% ± %.1f", what, 100*(off-1), 100*sure)
			}
		}
	})
}

// medianOf also returns twice its standard error, estimated from the median absolute deviation.
func medianOf(list []float64) (middle, twice float64) {
	slices.Sort(list)
	middle = list[len(list)/2]
	away := make([]float64, len(list))
	for i, x := range list {
		away[i] = math.Abs(x - middle)
	}
	slices.Sort(away)
	return middle, 2 * 1.2533 * 1.4826 * away[len(away)/2] / math.Sqrt(float64(len(list)))
}
