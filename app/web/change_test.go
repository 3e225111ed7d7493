package web

import (
	"fmt"
	"strings"
	"testing"

	"parley/app/chat"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// says posts a message and returns its seq.
func (b *browser) says(room uint64, body string, more ...string) uint64 {
	b.site.t.Helper()
	b.post(views.RoomPath(room)+"/messages", form(append([]string{"body", body}, more...)...)).mustBe(303)
	log := b.site.messages(room)
	return log[len(log)-1].Seq
}

func messagePath(room, seq uint64) string {
	return fmt.Sprintf("%s/messages/%d", views.RoomPath(room), seq)
}

func TestEditReactReplyDelete(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, _ := circle(s)
		room := ann.makesGroup("Choir", bob, cem)
		first := ann.says(room, "Rehearsal at sevn\nin the hall")
		path := messagePath(room, first)
		back := fmt.Sprintf("%s#m-%d", views.RoomPath(room), first)
		hears := bob.listen(s.sinceBegin(room))
		replace := fmt.Sprintf(`<hx-partial hx-target="#m-%d" hx-swap="outerMorph"><li id="m-%d"`, first, first)

		// Only the author gets the controls that only the author may use.
		ann.get(path).mustBe(200).mustHave(path+"/edit", path+"/delete", path+"/react", "Rehearsal at sevn")
		bob.get(path).mustBe(200).mustHave(path+"/react", "?reply="+itoa(first)).mustNotHave(path+"/edit", path+"/delete")
		// The same as fragments, for the menu of a script.
		mine := ann.get(path, "HX-Request: true").mustBe(200).mustHave(path+"/edit", path+"/delete", path+"/react", `data-for="reply"`, ">Rehearsal at sevn\nin the hall</textarea>")
		theirs := bob.get(path, "HX-Request: true").mustBe(200).mustHave(path+"/react", `data-for="reply"`, "/people/ann").mustNotHave(path+"/edit", path+"/delete")
		mine.mustNotHave("<html")
		theirs.mustNotHave("<html")

		ann.post(path+"/edit", form("body", "Rehearsal at seven\nin the hall")).mustGoTo(back)
		edit := hears.await("the edit", shows(replace))
		if !strings.Contains(edit.data, "at seven") || !strings.Contains(edit.data, ">"+en.Message.Edited+"<") ||
			strings.Contains(edit.data, `class="day"`) {
			t.Errorf("the edit is %s", edit.data)
		}
		if said := `<hx-partial hx-target="#change" hx-swap="innerHTML"><bdi>ann</bdi> edited a message:</hx-partial>`; !strings.HasPrefix(edit.data, said) {
			t.Errorf("the edit does not begin with whose it is: %s", edit.data)
		}
		bob.get(path).mustHave(en.Detail.History, "Rehearsal at sevn", "Rehearsal at seven")
		bob.get("/rooms").mustHave("<bdi>ann</bdi>:", "<bdi>Rehearsal at seven")

		bob.post(path+"/react", form("emoji", "👍")).mustGoTo(back)
		cem.post(path+"/react", form("emoji", " 👍 "), "HX-Request: true").mustBe(204)
		hears.await("whose message", shows(`<bdi>bob</bdi> reacted with <bdi>👍</bdi> to “<bdi>Rehearsal at seven`))
		hears.await("both reactions", shows(`data-by="bob cem" title="bob, cem">👍 2</button>`))
		bob.post(path+"/react", form("emoji", "👍")).mustBe(303) // takes it back
		hears.await("one reaction", shows(`data-by="cem" title="cem">👍 1</button>`))
		for _, emoji := range []string{"", "x", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "<b>", "👍 yes"} {
			bob.post(path+"/react", form("emoji", emoji)).mustBe(422).mustHave(`role="alert"`, en.Refusals.BadEmoji)
		}

		reply := bob.says(room, "I will be late", "reply_to", itoa(first))
		quote := fmt.Sprintf(`data-quotes="%d" href="%s?around=%d#m-%d"`, first, views.RoomPath(room), first, first)
		hears.await("the reply", shows(quote))
		bob.get(views.RoomPath(room)).mustHave(quote, "Rehearsal at seven")

		ann.post(path+"/edit", form("body", "Rehearsal at eight")).mustBe(303)
		for _, w := range words.Languages() {
			ann.post(path+"/edit", form("body", " \n"), "Accept-Language: "+w.Lang).mustBe(422).mustHave(w.Refusals.Emptied, path+"/delete")
		}
		bob.get(messagePath(room, reply)).mustHave("<span dir=\"auto\">Rehearsal at seven</span>") // the text that the reply was to

		ann.post(path+"/delete", nil).mustGoTo(back)
		gone := hears.await("the deletion", shows(fmt.Sprintf(`hx-target="[data-quotes=&#34;%d&#34;]"`, first)))
		if !strings.Contains(gone.data, replace) || strings.Contains(gone.data, "Rehearsal") || strings.Contains(gone.data, "👍") {
			t.Errorf("the deletion is %s", gone.data)
		}
		bob.get(views.RoomPath(room)).mustHave(en.Message.Deleted).mustNotHave("Rehearsal", "👍")
		bob.get(messagePath(room, reply)).mustHave(en.Message.Deleted).mustNotHave("Rehearsal")
		for _, action := range []string{"", "/edit", "/delete", "/react"} {
			if action == "" {
				ann.get(path).mustBe(404)
				continue
			}
			ann.post(path+action, form("body", "Back again", "emoji", "👍")).mustBe(404)
		}
		// A reader who resumes from before the deletion does not get the text either, whatever this process
		// had in memory.
		again := bob.listen(s.sinceBegin(room))
		again.await("the last entry", func(e event) bool { return e.id == gone.id })
		for _, e := range again.all() {
			if strings.Contains(e.data, "Rehearsal") {
				t.Errorf("sent again after the deletion: %s", e.data)
			}
		}
		if strings.Contains(dump(t, s.data), "Rehearsal") {
			t.Error("the text is still in the database")
		}
		ann.says(room, "Last word")
		ann.post(messagePath(room, s.last(room))+"/delete", nil).mustBe(303)
		bob.get("/rooms").mustHave(en.Message.Deleted)
	})
}

// last returns the last seq of a room's log.
func (s *site) last(room uint64) uint64 {
	_, seq := s.head(room)
	return seq
}

// sinceBegin returns the address of a room's stream from its first entry on.
func (s *site) sinceBegin(room uint64) string {
	epoch, _ := s.head(room)
	return fmt.Sprintf("%s?after=%d-0", eventsPath(room), epoch)
}

func TestRefusedChanges(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob, cem, dan := circle(s)
	room := ann.makesGroup("Choir", bob, cem)
	first := ann.says(room, "Hello")
	path := messagePath(room, first)
	for _, body := range []string{"", " \n", strings.Repeat("x", chat.MaxBody+1), "a\x01"} {
		a := ann.post(path+"/edit", form("body", body)).mustBe(422).mustHave(`role="alert"`)
		if body = strings.TrimSpace(body); len(body) > 2 {
			a.mustHave(body)
		}
	}
	// Entries without a text cannot be changed: the room's creation, an edit, one that does not exist.
	ann.post(path+"/edit", form("body", "Hello there")).mustBe(303)
	for _, seq := range []uint64{1, s.last(room), 99} {
		ann.get(messagePath(room, seq)).mustBe(404)
		for _, action := range []string{"/edit", "/delete", "/react"} {
			ann.post(messagePath(room, seq)+action, form("body", "x", "emoji", "👍")).mustBe(404)
		}
		a := ann.post(views.RoomPath(room)+"/messages", form("body", "Yes", "reply_to", itoa(seq))).mustBe(422).
			mustHave(en.Refusals.ReplyGone, ">Yes</textarea>")
		a.mustNotHave(`name="reply_to"`)
	}
	// A script gets the part that it has posted, with what was typed.
	partial := "HX-Request: true"
	ann.post(path+"/edit", form("body", strings.Repeat("x", chat.MaxBody+1)), partial).mustBe(422).mustHave(`<form id="editor"`, `role="alert"`, "xxx</textarea>").mustNotHave("<html", `class="acts"`)
	ann.post(path+"/react", form("emoji", "abc"), partial).mustBe(422).mustHave(`class="acts"`, en.Refusals.BadEmoji, `value="abc"`).mustNotHave("<html")
	bob.post(path+"/edit", form("body", "Not mine"), partial).mustBe(404)
	bob.post(path+"/edit", form("body", "Not mine")).mustBe(404)
	bob.post(path+"/delete", nil).mustBe(404)
	dan.get(path).mustBe(404)

	// Former members, and members who joined later, cannot touch it.
	ann.post(views.RoomPath(room)+"/members/cem/remove", nil).mustBe(303)
	cem.get(path).mustBe(404)
	cem.post(path+"/react", form("emoji", "👍")).mustBe(404)
	ann.post(views.RoomPath(room)+"/members", form("username", "dan")).mustBe(303)
	dan.get(path).mustBe(404)
	dan.post(path+"/react", form("emoji", "👍")).mustBe(404)
	dan.post(views.RoomPath(room)+"/messages", form("body", "What?", "reply_to", itoa(first))).mustBe(422)
	dan.get(views.RoomPath(room)+"?reply="+itoa(first)).mustBe(200).mustNotHave(`name="reply_to"`, "Hello")
	bob.get(views.RoomPath(room)+"?reply="+itoa(first)).mustBe(200).mustHave(`name="reply_to" value="`+itoa(first)+`"`, "Hello there")
	bob.post(views.RoomPath(room)+"/messages", form("body", strings.Repeat("x", chat.MaxBody+1), "reply_to", itoa(first))).mustBe(422).
		mustHave(`name="reply_to" value="` + itoa(first) + `"`)
}

// TestNewMembersSeeNothingFromBefore checks that references to messages from before a member joined reveal
// nothing about them: no quote, no edit, no reaction.
func TestNewMembersSeeNothingFromBefore(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, _, dan := circle(s)
		room := ann.makesGroup("Choir", bob)
		before := ann.says(room, "Secret of before")
		ann.post(views.RoomPath(room)+"/members", form("username", "dan")).mustBe(303)
		hears, old := dan.listen(eventsPath(room)), bob.listen(eventsPath(room))
		streamed := dan.watchPage(views.LivePath(room))
		reply := bob.says(room, "About that", "reply_to", itoa(before))
		bob.post(messagePath(room, before)+"/react", form("emoji", "🎉")).mustBe(303)
		ann.post(messagePath(room, before)+"/edit", form("body", "Secret of before, again")).mustBe(303)
		bob.post(messagePath(room, reply)+"/react", form("emoji", "👍")).mustBe(303)
		ann.says(room, "The end")
		hears.await("the end", shows("The end"))
		old.await("the end", shows("The end"))
		streamed.await("The end")
		seen, _ := streamed.all()
		for _, e := range hears.all() {
			seen += e.data
		}
		page := dan.get(views.RoomPath(room)).mustBe(200).mustHave(en.Message.ReplyToEarlier, "About that")
		for _, text := range []string{seen, page.body, dan.get("/rooms").body, dan.get(messagePath(room, reply)).mustBe(200).body} {
			if strings.Contains(text, "Secret") || strings.Contains(text, "🎉") && !strings.Contains(text, `value="🎉"`) {
				t.Errorf("dan gets %s", shortened(text))
			}
		}
		var all string
		for _, e := range old.all() {
			all += e.data
		}
		for _, text := range []string{"Secret of before</span>", "Secret of before, again", "🎉 1", "👍 1"} {
			if !strings.Contains(all, text) {
				t.Errorf("bob was a member then, and does not get %q: %s", text, all)
			}
		}
		// A deletion reveals only that there was a message, and must reach the quotes of that message.
		ann.post(messagePath(room, before)+"/delete", nil).mustBe(303)
		hears.await("the deletion", shows(`hx-target="[data-quotes=`))
	})
}

func TestReplyOverTheSocket(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ann, bob, _, _ := circle(s)
	room := ann.makesGroup("Choir", bob)
	first := ann.says(room, "Tea?")
	k := bob.talk(room)
	k.text(fmt.Sprintf(`{"body":"Yes","key":"k1","reply_to":"%d","headers":{}}`, first))
	if r := k.receipt(); r.key != "k1" {
		t.Errorf("receipt %+v", r)
	}
	ann.post(messagePath(room, first)+"/delete", nil).mustBe(303)
	k.text(fmt.Sprintf(`{"body":"No","key":"k2","reply_to":"%d","headers":{}}`, first))
	if r := k.receipt(); r.refused != 422 || !strings.Contains(r.problem, en.Refusals.ReplyGone) {
		t.Errorf("receipt %+v", r)
	}
	log := s.messages(room)
	if m := log[2]; m.Kind != db.KindText || m.TargetSeq != first {
		t.Errorf("the reply is %+v", m)
	}
}
