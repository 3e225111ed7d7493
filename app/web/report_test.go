package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/app/chat"
	"parley/views"
)

// administrator returns a browser of somebody who runs the server.
func (s *site) administrator(name string) *browser {
	s.t.Helper()
	b := s.person(name)
	s.runs(name)
	return b
}

// TestAReportIsAnswered reports a message that its author deletes then, and follows the report to its answer.
func TestAReportIsAnswered(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, _ := circle(s)
		root := s.administrator("root")
		room := ann.makesGroup("Choir", bob, cem)
		ann.says(room, "Good morning")
		bob.sends(room, "You fool", "k1", []string{"a donkey"}, [][]byte{tinyPNG(t)}).mustBe(303)
		seq := s.last(room)
		ann.says(room, "Please stop")
		path := messagePath(room, seq)
		photos, err := s.store.PhotosOf(t.Context(), room, []uint64{seq})
		must(t, err)
		photo := views.PhotoPath(photos[seq][0].ID, "large")

		ann.get(path).mustBe(200).mustHave(`href="` + path + `/report"`)
		ann.get(path, "HX-Request: true").mustBe(200).mustHave(`href="` + path + `/report"`)
		bob.get(path).mustBe(200).mustNotHave(path + "/report")
		ann.get(path+"/report").mustBe(200).mustHave("You fool", `action="`+path+`/report"`, `value="insult"`)
		waiting := en.Care.Unanswered(2)
		root.get("/rooms").mustBe(200).mustNotHave(waiting)
		lists := root.listen("/events?page=rooms")
		ann.post(path+"/report", form("words", "typed")).mustBe(422).mustHave(`tabindex="-1" autofocus>`+en.Reports.NoReason, "typed")
		ann.post(path+"/report", form("reason", "insult", "words", "He always\ndoes that")).mustGoTo("/reports?sent=1")
		ann.post(path+"/report", form("reason", "spam")).mustGoTo("/reports?sent=1")
		ann.get("/reports?sent=1").mustBe(200).mustHave(en.Reports.Sent, "bob", en.Reports.Insult, en.Reports.Waiting).mustNotHave(en.Reports.Spam)
		ann.get(path + "/report").mustBe(200).mustHave(en.Reports.Already).mustNotHave(`value="insult"`)
		cem.post(path+"/report", form("reason", "insult")).mustBe(303)

		lists.await("the new report", says(waiting))
		root.get("/rooms").mustBe(200).mustHave(`<a href="/admin/reports?state=open">` + waiting)
		bob.get("/rooms").mustBe(200).mustNotHave("/admin/reports")
		root.get(photo).mustBe(200)
		bob.post(path+"/delete", nil).mustBe(303)
		list := root.get("/admin/reports").mustBe(200).mustHave("ann", "bob", "Choir", en.Care.Open)
		report := "/admin/reports/1"
		list.mustHave(`href="`+report+`"`, "<title>"+en.Care.Reports+" · "+en.Admin.Heading)
		page := root.get(report).mustBe(200).mustHave("You fool", "Good morning", "Please stop", `alt="a donkey"`, "He always", "does that", en.Care.Gone,
			en.Care.Others(1), `data-author="bob" class="message" aria-current="true"`, photo, `<span class="aside">`+en.Care.Reported)
		evidence, _, _ := strings.Cut(page.body, `id="decide-heading"`)
		if strings.Contains(evidence, `href="/rooms/`) || strings.Contains(evidence, `href="/people/`) {
			t.Errorf("the evidence leads where its reader may not go: %s", shortened(evidence))
		}
		root.get(photo).mustBe(200).mustBe(200)
		for _, b := range []*browser{ann, bob, cem} {
			b.get(photo).shouldBe(404)
			b.get(report).shouldBe(404)
			b.get("/admin/reports").shouldBe(404)
		}

		news := fmt.Sprintf(`<a href="/reports">%s</a>`, en.Reports.News(1))
		ann.get("/rooms").mustBe(200).mustNotHave(news)
		lists = ann.listen("/events?page=rooms")
		root.post(report, form("act", "remove")).mustBe(422).mustHave(`tabindex="-1" autofocus>`+en.Care.NoAnswer, `value="remove" checked`)
		root.post(report, form("act", "remove", "answer", "acted", "words", "Sorry,\nand thank you")).mustGoTo(report)
		lists.await("the news", says(news))
		root.get("/rooms").mustBe(200).mustNotHave("/admin/reports")
		root.get(report).mustBe(200).mustHave(en.Care.DidRemove, "Sorry,", "and thank you", "root").mustNotHave(`id="decide"`, en.Care.DidDelete)
		root.post(report, form("answer", "fine")).mustBe(409).mustHave(en.Care.ClosedMeanwhile)
		root.get("/admin/reports?state=open").mustBe(200).mustHave(en.Care.NoReports)
		root.get("/admin/reports?state=closed").mustBe(200).mustHave(report, "/admin/reports/2")
		bob.get(views.RoomPath(room)).mustBe(404)
		for _, b := range []*browser{ann, cem} {
			b.get("/rooms").mustBe(200).mustHave(news)
			b.get(views.RoomPath(room)).mustBe(200).mustHave(news)
			b.send("HEAD", "/reports", nil).mustBe(200)
			b.get("/rooms").mustHave(news)
			b.get("/reports").mustBe(200).mustHave(en.Reports.Acted, "Sorry,", "and thank you")
			b.get("/rooms").mustNotHave(news)
		}

		s.clock.pass(31 * 24 * time.Hour)
		root.signInAgain()
		must(t, s.server.Tidy(t.Context()))
		root.get(report).mustBe(200).mustHave(en.Care.Erased, en.Care.DidRemove).mustNotHave("You fool", "He always")
		root.get(photo).mustBe(404)
	})
}

// TestReportsKeepWhatWasTyped checks what is refused.
func TestReportsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{limits: true}, 0)
	root := s.administrator("root")
	seq := bob.says(room, "hello")
	path := messagePath(room, seq) + "/report"
	ann.post(path, form("words", "Look & see")).mustBe(422).mustHave(en.Reports.NoReason, "Look &amp; see", `role="alert"`)
	ann.post(path, form("reason", "threat", "words", strings.Repeat("x", chat.MaxReportWords+1))).mustBe(422).
		mustHave(en.Reports.LongWords, strings.Repeat("x", chat.MaxReportWords+1), `value="threat" checked`)
	ann.post(path, form("reason", "threat", "words", "a\x01b")).mustBe(422).mustHave("SOH", `value="threat" checked`)
	bob.post(path, form("reason", "")).mustBe(404)
	ann.post(path, form("reason", "threat")).mustBe(303)
	report := "/admin/reports/1"
	root.post(report, form("act", "delete", "words", "So be it")).mustBe(422).mustHave(en.Care.NoAnswer, "So be it", `value="delete" checked`)
	root.post(report, form("answer", "warned", "words", strings.Repeat("x", chat.MaxReportWords+1))).mustBe(422).
		mustHave(en.Reports.LongWords, `value="warned" checked`)
	root.post("/admin/reports/987", form("answer", "warned")).mustBe(404)
	for _, path := range []string{"/admin/reports?after=nonsense", "/admin/reports?after=open-0", "/admin/reports?state=x", "/reports?below=x", "/admin/rooms?below=-1&q=%ff"} {
		root.get(path).mustBe(200)
	}
	s.clock.stop()
	for i := 0; ; i++ { // 20 a day
		s.clock.pass(time.Second)
		s.clock.stopped.Add(int64(10 * time.Second)) // so that posts are not too fast
		seq := bob.says(room, fmt.Sprint("hello ", i))
		a := ann.post(messagePath(room, seq)+"/report", form("reason", "spam", "words", "again"))
		if a.status == 429 {
			a.mustHave(en.Reports.TooMany, "again")
			if i != 19 {
				t.Errorf("refused after %d", i)
			}
			break
		}
		a.mustBe(303)
	}
}

// TestAdministratorsReadReportsOnly is T54 over HTTP: the pages about rooms reveal nothing of what is said in them, and
// what administrators do to a room reaches its members.
func TestAdministratorsReadReportsOnly(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, _ := circle(s)
		root := s.administrator("root")
		room := ann.makesGroup("Choir & friends", bob, cem)
		other := ann.makesGroup("Walks", bob)
		ann.says(room, "A secret of the group")
		direct := s.befriend(bob, cem)
		bob.says(direct, "A secret of two")
		path := "/admin/rooms/" + itoa(room)
		for _, page := range []string{"/admin/rooms", "/admin/rooms?q=choir", path} {
			root.get(page).mustBe(200).mustHave("Choir &amp; friends", en.Group.Count(3), "@ann", en.Care.NotReading).mustNotHave("secret", "cem", "rooms/"+itoa(direct)+`"`)
		}
		root.get("/admin/rooms?q=walks").mustHave("Walks").mustNotHave("Choir")
		root.get("/admin/rooms/" + itoa(direct)).mustBe(404)
		root.get(views.RoomPath(room)).mustBe(404)
		for _, act := range []string{"close", "delete", "owner"} {
			root.post("/admin/rooms/"+itoa(direct)+"/"+act, form("name", "", "username", "bob")).mustBe(404)
		}

		root.post(path+"/owner", form("username", "dan")).mustBe(422).mustHave(en.Care.NotMember, `value="dan"`)
		root.post(path+"/owner", form("username", "bob")).mustGoTo(path + "?owner=1")
		root.get(path+"?owner=1").mustHave(en.Care.HandedOn, "@bob")
		bob.post(views.RoomPath(room)+"/name", form("name", "Band")).mustBe(303)
		root.post(path+"/delete", form("name", "Choir")).mustBe(422).mustHave(en.Care.WrongName, `value="Choir"`)
		open := cem.listen(views.RoomPath(room) + "/events")
		root.post(path+"/close", nil).mustGoTo(path + "?closed=1")
		open.await("the end", says(en.Message.Closed))
		root.get(path+"?closed=1").mustHave(en.Care.RoomClosed, en.Care.IsClosed).mustNotHave(path+"/owner", path+"/close")
		for _, b := range []*browser{ann, bob, cem} {
			b.get(views.RoomPath(room)).mustBe(404)
			b.get("/rooms").mustNotHave(`href="` + views.RoomPath(room) + `"`)
		}
		root.post(path+"/delete", form("name", "band")).mustGoTo("/admin/rooms?deleted=1")
		root.get("/admin/rooms?deleted=1").mustHave(en.Care.RoomDeleted, "Walks").mustNotHave("Band")
		root.get(path).mustBe(404)
		must(t, s.server.chat.EraseRooms(t.Context()))
		if all := dump(t, s.data); strings.Contains(all, "A secret of the group") || !strings.Contains(all, "A secret of two") {
			t.Error("the database still has what was said in the deleted room, or lacks what was said elsewhere")
		}
		ann.get(views.RoomPath(other)).mustBe(200)
	})
}

// TestAReportSuspends suspends an author because of a report.
func TestAReportSuspends(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 0)
	root := s.administrator("root")
	first, second := bob.says(room, "one"), bob.says(room, "two")
	for _, seq := range []uint64{first, second} {
		ann.post(messagePath(room, seq)+"/report", form("reason", "spam")).mustBe(303)
	}
	root.post("/admin/reports/1", form("act", "suspend", "answer", "nonsense")).mustBe(422)
	if bob.user().IsSuspended {
		t.Error("somebody was suspended by half a decision")
	}
	root.post("/admin/reports/1", form("act", "suspend", "act", "delete", "answer", "acted")).mustBe(303)
	bob.get("/rooms").mustBe(303)
	root.get("/admin/reports/1").mustHave(en.Care.DidSuspend, en.Care.DidDelete)
	root.get("/admin/log").mustHave("@root suspended @bob.", "@root deleted a message by @bob in room "+itoa(room), "@root closed report 1 about @bob.")

	// The last administrator stays, and so does the report of what they wrote. The form has said who will see it.
	mine := s.befriend(ann, root)
	three := messagePath(mine, root.says(mine, "three")) + "/report"
	ann.get(three).mustBe(200).mustHave(en.Reports.AuthorSees)
	ann.post(three, form("words", "typed")).mustBe(422).mustHave(en.Reports.AuthorSees, "typed")
	ann.post(three, form("reason", "spam")).mustBe(303)
	root.get("/admin/reports/3").mustBe(200).mustNotHave(`value="suspend"`)
	root.post("/admin/reports/3", form("act", "suspend", "answer", "acted")).mustBe(422).mustHave(en.Admin.LastAdmin, `id="decide"`)
}

// TestAnAdministratorIsReportedToTheOthers checks that a report about an administrator is for the others alone: in
// lists, by its address, in counts, and its photos.
func TestAnAdministratorIsReportedToTheOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, cem, _ := circle(s)
		s.runs("bob")
		root := s.administrator("root")
		room := ann.makesGroup("Choir", bob, cem)
		bob.sends(room, "You fool", "k1", []string{"a donkey"}, [][]byte{tinyPNG(t)}).mustBe(303)
		seq := s.last(room)
		photos, err := s.store.PhotosOf(t.Context(), room, []uint64{seq})
		must(t, err)
		photo := views.PhotoPath(photos[seq][0].ID, "large")
		path := messagePath(room, seq)
		ann.get(path + "/report").mustBe(200).mustNotHave(en.Reports.AuthorSees)
		ann.post(path+"/report", form("reason", "insult")).mustBe(303)
		bob.post(path+"/delete", nil).mustBe(303)

		report, waiting := "/admin/reports/1", en.Care.Unanswered(1)
		bob.get("/rooms").mustBe(200).mustNotHave(waiting)
		for _, state := range []string{"", "?state=open", "?state=closed", "?after=open-9"} {
			bob.get("/admin/reports"+state).mustBe(200).mustNotHave(report, waiting)
		}
		bob.get(report).mustBe(404)
		bob.get(photo).mustBe(404)
		for _, act := range []string{"suspend", "delete"} {
			bob.post(report, form("act", act, "answer", "fine")).mustBe(404)
		}
		root.get("/rooms").mustHave(waiting)
		root.get("/admin/reports").mustHave(report)
		root.get(photo).mustBe(200)
		root.get(report).mustHave("You fool", `value="suspend"`)
		root.post(report, form("act", "suspend", "answer", "acted")).mustGoTo(report)
	})
}

// TestAReportBansItsAuthor checks that whoever is banned because of a report stays out, even if somebody adds them.
func TestAReportBansItsAuthor(t *testing.T) {
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		s.befriend(ann, bob)
		root := s.administrator("root")
		room := ann.makesGroup("Choir", bob)
		seq := bob.says(room, "You fool")
		ann.post(messagePath(room, seq)+"/report", form("reason", "insult")).mustBe(303)
		root.post("/admin/reports/1", form("act", "ban", "answer", "acted")).mustBe(303)
		root.get("/admin/reports/1").mustHave(en.Care.DidBan)
		bob.get(views.RoomPath(room)).mustBe(404)
		ann.post(views.RoomPath(room)+"/members", form("username", "bob")).mustBe(422)
		ann.get(views.RoomPath(room) + "/moderation").mustHave("bob")
		ann.post(views.RoomPath(room)+"/members/bob/unban", nil).mustBe(303)
		ann.post(views.RoomPath(room)+"/members", form("username", "bob")).mustBe(303)
	})
}
