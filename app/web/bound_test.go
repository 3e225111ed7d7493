package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
	"parley/views"
	"parley/views/words"
)

const mebibyte = 1 << 20

// put appends entries to a room's log without any rule, as they are in a database from before there were bounds.
func (s *site) put(room uint64, list []db.Message) {
	s.t.Helper()
	ctx := s.t.Context()
	must(s.t, s.store.Tx(ctx, func(tx *db.DB) error {
		r, err := tx.NextSaidSeqs(ctx, room, len(list))
		if err != nil {
			return err
		}
		for i := range list {
			list[i].RoomID, list[i].Seq, list[i].CreatedAt = room, r.LastSeq-uint64(len(list)-1-i), s.clock.now().UTC()
		}
		if err := tx.InsertMessages(ctx, list); err != nil {
			return err
		}
		newest := map[uint64]uint64{}
		for _, m := range list {
			if m.Kind == db.KindEdit {
				newest[m.TargetSeq] = m.Seq
			}
		}
		for target, edit := range newest {
			if err := tx.SetEdited(ctx, room, target, edit); err != nil {
				return err
			}
		}
		return nil
	}))
}

var olderTexts = regexp.MustCompile(`href="([^"]*\?before=\d+)#versions-heading"`)

// TestManyEditsCostLittle is T40: with 500 edits of one message, and 500 of all others, a room's page takes no more
// than twice as long as with none, and no page has a mebibyte. What exceeds the bounds is refused with a
// sentence and what was typed.
func TestManyEditsCostLittle(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob", "cem")
		ann, bob := list[0], list[1]
		room, plain := s.befriend(ann, bob), s.befriend(list[2], bob)
		for _, room := range []uint64{room, plain} {
			messages := make([]db.Message, 60)
			for i := range messages {
				messages[i] = db.Message{Kind: db.KindText, AuthorID: ann.id, Body: fmt.Sprint("message ", i)}
			}
			s.put(room, messages)
		}
		page := views.RoomPath(room)
		long := strings.Repeat("🦜", 4000)
		edits := func(target func(i int) uint64, body string) {
			list := make([]db.Message, 500)
			for i := range list {
				list[i] = db.Message{Kind: db.KindEdit, AuthorID: ann.id, TargetSeq: target(i), Body: body}
			}
			s.put(room, list)
		}
		const many = 50
		edits(func(int) uint64 { return many }, long)
		edits(func(i int) uint64 { return 12 + uint64(i)%37 }, "short")
		best := map[uint64]time.Duration{room: time.Hour, plain: time.Hour} // load makes single ones slow, so both take turns
		for range 15 {
			for room := range best {
				start := time.Now()
				bob.get(views.RoomPath(room)).mustBe(200)
				best[room] = min(best[room], time.Since(start))
			}
		}
		t.Logf("%v without edits, %v with them", best[plain], best[room])
		if best[room] > 2*best[plain]+rig.Limit(10*time.Millisecond) {
			t.Errorf("the page takes %v without edits, and %v with them", best[plain], best[room])
		}
		if size := len(bob.get(page).body); size > mebibyte {
			t.Errorf("the room has %d bytes", size)
		}
		pages, texts := 0, 0
		for path := messagePath(room, many); path != ""; pages++ {
			a := bob.get(path).mustBe(200)
			if len(a.body) > mebibyte {
				t.Errorf("%s has %d bytes", path, len(a.body))
			}
			_, versions, _ := strings.Cut(a.body, `<ol class="versions">`)
			texts += strings.Count(versions, "<time ")
			path = ""
			if link := olderTexts.FindStringSubmatch(a.body); link != nil {
				path = link[1]
			}
		}
		if texts != 500 || pages < 10 {
			t.Errorf("%d earlier texts on %d pages", texts, pages)
		}

		last := s.last(room)
		for _, w := range words.Languages() {
			ann.post(messagePath(room, many)+"/edit", form("body", "one more"), "Accept-Language: "+w.Lang).mustBe(422).
				mustHave(w.Refusals.ManyEdits, ">one more</textarea>")
		}
		for i := range 41 {
			a := bob.post(messagePath(room, 51)+"/react", form("emoji", "👍"))
			if i < 40 {
				a.mustBe(303)
				continue
			}
			a.mustBe(422).mustHave(en.Refusals.ManyOwn, `value="👍"`)
		}
		if now := s.last(room); now != last+40 {
			t.Errorf("the log went on from %d to %d", last, now)
		}
	})
}

// TestRefusedCharactersAreNamed checks that a refusal says which character it is about and where, wherever a text
// comes from.
func TestRefusedCharactersAreNamed(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	ann.upload(views.RoomPath(room)+"/messages", "cat.png", tinyPNG(t), form("body", "a cat")).mustBe(303)
	photo := messagePath(room, s.last(room)) + "/photos/1"
	for _, w := range words.Languages() {
		language := "Accept-Language: " + w.Lang
		want := func(line, n, sign string) string {
			return words.Fill(w.Refusals.BadText, "{line}", line, "{n}", n, "{what}", sign)
		}
		ann.post(views.RoomPath(room)+"/messages", form("body", "first\r\nse\acond"), language).mustBe(422).mustHave(want("2", "3", "BEL (U+0007)"), "cond</textarea>")
		ann.post(messagePath(room, 2)+"/edit", form("body", "caf\x8f"), language).mustBe(422).mustHave(want("1", "4", "0x8F"))
		ann.post(photo, form("alt", "a\u0091cat"), language).mustBe(422).mustHave(want("1", "2", "U+0091"))
	}
	k := ann.talk(room)
	for text, sign := range map[string]string{`ab\u0000`: "character 3: NUL (U+0000)", `\n\n \ud83d`: "Line 3, character 2: U+D83D", `x\u001b`: "character 2: ESC (U+001B)"} {
		k.text(`{"body":"` + text + `","key":"k"}`)
		if r := k.receipt(); r.refused != 422 || !strings.Contains(r.problem, sign) {
			t.Errorf("%s: %+v", text, r)
		}
	}
}

// TestTwoPeopleOfOneName is T48: where two people in a room have a name that looks alike, the username stands beside
// it, on pages and in streams, and what is open learns it when the second comes.
func TestTwoPeopleOfOneName(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, dan := circle(s)
		ann.post("/profile", form("display_name", "Ada Lovelace")).mustBe(303)
		dan.post("/profile", form("display_name", "Аdа  Lоvelасe")).mustBe(303) // with Cyrillic letters
		room := ann.makesGroup("Choir", bob, cem)
		path := views.RoomPath(room)
		link := `<a href="/people/ann" tabindex="-1"><bdi>Ada Lovelace</bdi>`
		alone, both := `<strong class="author">`+link+`</a></strong>`, `<strong class="author">`+link+` <span class="handle">@ann</span></a></strong>`
		open := bob.listen(path + "/events")
		first := ann.says(room, "hello")
		open.await("the first message", shows(alone))
		bob.get(path).mustHave(alone).mustNotHave("@ann")

		ann.post(path+"/members", form("username", "dan")).mustBe(303)
		open.await("what the open page shows beside the name", shows(`<hx-partial hx-target="[data-author=&#34;ann&#34;] .author" hx-swap="innerHTML">`+link+` <span class="handle">@ann</span></a></hx-partial>`))
		streamed := cem.watchPage(path + "/live")
		dan.says(room, "hello too")
		false := `<strong class="author"><a href="/people/dan" tabindex="-1"><bdi>Аdа Lоvelасe</bdi> <span class="handle">@dan</span></a></strong>`
		open.await("the other", shows(false))
		streamed.await(false)
		bob.says(room, "to whom?", "reply_to", itoa(first))
		open.await("a quote", shows("<bdi>Ada Lovelace (@ann)</bdi>"))
		dan.post(messagePath(room, s.last(room))+"/react", form("emoji", "👍")).mustBe(303)
		open.await("a reaction", shows(`title="Аdа Lоvelасe (@dan)"`))
		bob.get(path).mustHave(both, false, "<bdi>Ada Lovelace (@ann)</bdi>").mustNotHave(alone)
		bob.get(messagePath(room, first)).mustHave(both)
		bob.get("/search?q=hello").mustHave("Ada Lovelace (@ann)", "Аdа Lоvelасe (@dan)")
		ann.get("/rooms").mustNotHave("(@") // they are not alike in anything that this list shows

		replay := bob.listen(s.sinceBegin(room))
		replay.await("the reaction", shows(`title="Аdа Lоvelасe (@dan)"`))
		again := map[string]string{}
		for _, e := range replay.entries() {
			again[e.id] = e.data
		}
		for _, e := range open.entries() {
			if again[e.id] != e.data {
				t.Errorf("live: %s\nagain: %s", e.data, again[e.id])
			}
		}
	})
}
