package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/app/auth"
	"parley/db"
	"parley/views"
)

// left is what every table keeps of a person after their account is deleted. A new table that is not listed fails:
// decide what a deletion does to it (auth.Accounts.Erase, chat.Departure). The test puts a row into those
// where the person has none.
//
//	nothing  no row has the number of the account
//	number   rows have the number, and nothing else of the person: others' pages refer to it
//	none     the table is about no person
var left = map[string]string{
	"users":            "number",
	"sessions":         "nothing",
	"friendships":      "nothing",
	"rooms":            "number", // who made them
	"members":          "number", // of what was said when they were there
	"messages":         "number",
	"mentions":         "nothing",
	"photos":           "number", // in messages that are kept, and of groups
	"photo_sizes":      "none",   // by the number of the photo
	"postings":         "none",   // words of messages, gone with them
	"index_marks":      "none",
	"migrations":       "none",
	"index_removals":   "nothing",
	"counters":         "number", // of a day
	"exports":          "nothing",
	"processes":        "none",
	"invitations":      "nothing",
	"invitation_rooms": "none", // by the number of the invitation
	"invitation_uses":  "nothing",
	"settings":         "none",
	"recovery_codes":   "nothing",
	"account_links":    "nothing",
	"mail_addresses":   "nothing",
	"device_links":     "nothing",
	"reports":          "number", // by others, of what they wrote
	"report_entries":   "number",
	"report_photos":    "none", // by the number of the report
	"room_removals":    "none",
	"bans":             "number", // who banned somebody else; the person's own are gone
	"last_posts":       "nothing",
	"pins":             "none",
	"second_factors":   "nothing",
	"passkeys":         "nothing",
	"identities":       "nothing",
	"challenges":       "nothing",
	"audit_entries":    "number", // whom administrators did something to
}

const (
	goneID   = 987654321
	goneName = "quagmire.q"
)

// goner creates a person with a number and names that nothing else has.
func (s *site) goner() *browser {
	s.t.Helper()
	hash, err := hashOnce()
	must(s.t, err)
	u := db.User{ID: goneID, Username: goneName, DisplayName: "Quagmire Quince", PasswordHash: hash, TimeZone: "Pacific/Auckland", Language: "en", CreatedAt: time.Now().UTC()}
	must(s.t, s.store.CreateUser(s.t.Context(), &u))
	b := s.visitor()
	b.name, b.id = goneName, goneID
	b.agent += " quagmireagent"
	b.signInAgain()
	return b
}

// indexing keeps the index in the background, and returns what waits until it is up to date.
func (s *site) indexing() (settle func()) {
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.server.KeepIndex(ctx)
	}()
	s.t.Cleanup(func() {
		stop()
		<-ended
	})
	return func() {
		s.t.Helper()
		var behind []uint64
		defer func() {
			if len(behind) > 0 {
				marks, err := s.store.IndexMarks(context.Background(), behind)
				heads, err2 := s.store.Heads(context.Background(), behind)
				s.t.Logf("behind: %+v of %+v, %v; the log ends with %s", marks, heads, errors.Join(err, err2), s.log.end())
			}
		}()
		eventually(s.t, "the index is up to date", func() (done bool) {
			var err error
			behind, err = s.store.RoomsBehind(s.t.Context(), 0, 10)
			must(s.t, err)
			return len(behind) == 0
		})
	}
}

// TestNothingOfADeletedAccountIsLeft is T72: somebody who has left something in every table is deleted, and their
// name, keys, photos and, if they chose so, words are nowhere in the database. Their rooms go on.
func TestNothingOfADeletedAccountIsLeft(t *testing.T) {
	t.Parallel()
	for _, choice := range []string{views.KeepMessages, views.DeleteMessages} {
		onBoth(t, options{}, func(t *testing.T, s *site) {
			settle := s.indexing()
			defer s.down()
			list := s.people("ann", "bob", "cem", "dan")
			ann, bob, cem, dan := list[0], list[1], list[2], list[3]
			gone := s.goner()
			direct := s.befriend(gone, ann)
			s.befriend(gone, bob)
			s.befriend(ann, bob)
			gone.post("/friends", form("username", "cem")).mustBe(303)
			dan.post("/friends", form("username", goneName)).mustBe(303)
			gone.post("/friends/dan/block", nil).mustBe(303)
			gone.upload("/profile", "me.png", noise(t, 60, 60), form("display_name", "Quagmire Quince", "show_here", "yes")).mustBe(303)
			room := gone.makesGroup("Choir", ann, bob)
			first := ann.says(room, "a word of ann’s")
			mention := ann.says(room, "what says @"+goneName+" to that")
			gone.post(messagePath(room, first)+"/react", form("emoji", "👍")).mustBe(303)
			for i, at := range []uint64{room, direct} {
				gone.sends(at, "words of mine", fmt.Sprint("quagmirekey", at), []string{"quagmirealt"}, [][]byte{grain(t, i)}).mustBe(303)
				long := gone.says(at, "first version "+strings.Repeat("quagmiretext ", 40), "key", fmt.Sprint("quagmireother", at))
				gone.post(messagePath(at, long)+"/edit", form("body", strings.Repeat("quagmiresecond ", 40))).mustBe(303)
			}
			invitation := gone.invites("uses", "3", "room", itoa(room))
			gone.post("/join/"+s.person("eve").invites(), nil).mustBe(303)
			gone.post(messagePath(room, mention)+"/report", form("reason", "spam", "words", "quagmirereport")).mustBe(303)
			for _, at := range []uint64{room, direct} { // with its photo, and with what was said around it
				for _, m := range s.messages(at) {
					if m.AuthorID == goneID && m.Kind == db.KindText && m.PhotoCount > 0 {
						ann.post(messagePath(at, m.Seq)+"/report", form("reason", "insult")).mustBe(303)
					}
				}
			}
			walks := ann.makesGroup("Walks", gone)
			ann.post(views.RoomPath(walks)+"/moderation", form("slow", "60")).mustBe(303)
			gone.says(walks, "words of mine")
			ann.post(views.RoomPath(walks)+"/members/"+goneName+"/ban", nil).mustBe(303)
			gone.another()
			gone.post("/profile/codes", form("current", goodPassword)).mustBe(200)
			gone.startsDevice()
			must(t, s.store.SetMailAddress(t.Context(), goneID, "quagmiremail@example.org", s.clock.now().UTC()))
			must(t, s.store.ReplaceLink(t.Context(), &db.AccountLink{TokenHash: "none", Kind: db.LinkAddress, UserID: goneID, Address: "quagmiremail@example.org",
				CreatedAt: s.clock.now().UTC(), ExpiresAt: s.clock.now().Add(48 * time.Hour).UTC()}, 0))
			s.runs("ann")
			ann.post("/admin/people/"+goneName+"/sign-out", nil).mustBe(303)
			ann.post("/admin/people/"+goneName+"/reset", nil).mustBe(303)
			gone.signInAgain()
			gone.hasApp()
			gone.makesCodes()
			gone.startsDevice()
			must(t, s.store.SetMailAddress(t.Context(), goneID, "quagmireagent@example.org", time.Now().UTC()))
			_, err := s.store.AddPasskey(t.Context(), &db.Passkey{UserID: goneID, Name: "quagmireagent", KeyHash: "none", Key: "{}", CreatedAt: time.Now().UTC()}, 1)
			must(t, err)
			must(t, s.store.AddIdentity(t.Context(), &db.Identity{UserID: goneID, Name: "quagmireagent", KeyHash: "none", Issuer: "https://login.example.org", CreatedAt: time.Now().UTC()}))
			gone.post("/sign-in", form("username", goneName, "password", goodPassword)).mustBe(303)
			_, err = s.server.exports.Begin(t.Context(), goneID) // and never ends
			must(t, err)
			settle()
			pictures := s.photosOf(goneID)
			if len(pictures) < 3 {
				t.Fatalf("%d photos", len(pictures))
			}
			before := dumpTables(t, s.data)
			for table, rows := range before {
				if strings.HasPrefix(table, "sqlite_") {
					continue
				}
				about, known := left[table]
				if !known {
					t.Errorf("what does a deletion do to the table %s?", table)
				}
				has := slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, fmt.Sprint(goneID)) })
				if !has && about != "none" && table != "index_removals" {
					fill(t, s.data, table, goneID, "quagmireagent")
				}
			}
			open := ann.listen(eventsPath(room))

			gone.signInAgain()
			gone.post("/profile/delete", form("password", goodPassword, "messages", choice)).mustGoTo("/sign-in")
			s.visitor().get("/join/" + invitation).mustBe(404)
			must(t, s.server.DeleteDue(t.Context()))
			if u := gone.user(); u.IsDeleted || u.Username != goneName {
				t.Fatal("deleted before its day")
			}
			s.clock.pass(auth.DeletionDay + 3*time.Minute)
			must(t, s.server.DeleteDue(t.Context()))
			must(t, s.server.DeleteDue(t.Context()))
			for _, b := range list {
				b.signInAgain()
			}
			settle()

			marks := []string{"quagmiremail", "quagmireagent", "Quagmire Quince", "quagmirekey", "quagmireother", "quagmirereport"}
			var words []string
			if choice == views.DeleteMessages {
				marks, words = append(marks, "quagmire"), []string{"quagmiretext", "quagmiresecond", "quagmirealt"}
			}
			for i, p := range pictures {
				if choice == views.DeleteMessages || i != 1 { // the photo in the group
					marks = append(marks, p)
				}
			}
			for table, rows := range dumpTables(t, s.data) {
				for _, row := range rows {
					if (table == "messages" || table == "report_entries") && strings.Contains(row, "what says @"+goneName) || table == "postings" && strings.Contains(row, fmt.Sprintf(" | %d | ", mention)) {
						continue // what others have written
					}
					for _, mark := range append(marks, goneName) {
						if strings.Contains(row, mark) {
							t.Errorf("%s: %s still has %.20q in %.200q", choice, table, mark, row)
						}
					}
					if left[table] == "nothing" && strings.Contains(row, fmt.Sprint(goneID)) {
						t.Errorf("%s: %s still has the number in %.200q", choice, table, row)
					}
				}
			}
			if s.store.IsSQLite() {
				must(t, s.store.TruncateLog(t.Context()))
				for _, mark := range append(slices.DeleteFunc(slices.Clone(marks), func(mark string) bool { return mark == "quagmire" }), words...) {
					if found := filesWith(t, s.data, mark); len(found) > 0 {
						t.Errorf("%s: %.20q is still in %v", choice, mark, found)
					}
				}
			}
			r, _, err := s.store.RoomOf(t.Context(), ann.id, room)
			must(t, err)
			if r.OwnerID != ann.id {
				t.Errorf("%d owns the group", r.OwnerID)
			}
			texts := strings.Join(s.said(room), "|")
			if strings.Contains(texts, "words of mine") != (choice == views.KeepMessages) || strings.Contains(strings.Join(s.said(direct), "|"), "words of mine") {
				t.Errorf("%s: said is %q", choice, texts)
			}
			a := ann.get(views.RoomPath(room)).mustBe(200).mustHave(en.Someone, "a word of ann’s").mustNotHave("Quagmire Quince", "👍")
			if choice == views.DeleteMessages {
				a.mustNotHave("words of mine")
				open.await("the deletion", func(e event) bool { return strings.Contains(e.data, en.Message.Deleted) })
			}
			for _, path := range []string{"/rooms", "/friends", "/search?q=words", views.RoomPath(room) + "/members"} {
				ann.get(path).mustBe(200).mustNotHave("Quagmire Quince")
			}
			ann.get(views.RoomPath(direct)).mustBe(404)
			cem.get("/friends").mustBe(200).mustNotHave(goneName)
			bob.get("/people/" + goneName).mustBe(404)
			s.visitor().post("/sign-in", form("username", goneName, "password", goodPassword)).mustBe(422)
			s.visitor().post("/sign-up", form("username", goneName, "password", goodPassword)).mustBe(422).mustHave(en.Account.NameTaken)
			s.clock.pass(91 * 24 * time.Hour)
			s.visitor().post("/sign-up", form("username", goneName, "password", goodPassword)).mustBe(303)
			due, err := s.store.DueDeletions(t.Context(), s.clock.now(), 10)
			must(t, err)
			if len(due) > 0 {
				t.Error("it is not finished")
			}
		})
	}
}

// grain returns a photo unlike those with another number.
func grain(t *testing.T, number int) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(7, uint64(number)))
	img := image.NewGray(image.Rect(0, 0, 70, 70))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32())
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// filesWith returns the SQLite files that contain a text.
func filesWith(t *testing.T, address, text string) (found []string) {
	t.Helper()
	dir := filepath.Dir(strings.TrimPrefix(address, "sqlite:"))
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		if bytes.Contains(data, []byte(text)) {
			found = append(found, e.Name())
		}
	}
	return found
}

// photosOf returns a piece of the bytes of each photo of a person, in the order of their ids.
func (s *site) photosOf(owner uint64) (pieces []string) {
	s.t.Helper()
	for id := uint64(1); id < 50; id++ {
		p, err := s.store.PhotoByID(s.t.Context(), id)
		if err != nil || p.OwnerID != owner {
			continue
		}
		large, err := s.store.PhotoBytes(s.t.Context(), id, "large")
		if err != nil {
			large, err = s.store.PhotoBytes(s.t.Context(), id, "small")
		}
		must(s.t, err)
		pieces = append(pieces, string(large.Data[len(large.Data)/2:len(large.Data)/2+40]))
	}
	return pieces
}
