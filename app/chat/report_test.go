package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/db"
)

// circle makes a group of the first three people, who are friends of the first, and makes the last an administrator.
func (e *env) circle(t *testing.T) (owner, second, third, admin db.User, room uint64) {
	t.Helper()
	owner, second, third, admin = e.people[0], e.people[1], e.people[2], e.people[3]
	e.makeFriends(t, owner, second)
	e.makeFriends(t, owner, third)
	room, err := e.CreateGroup(t.Context(), owner, "Choir", []string{third.Username})
	must(t, err)
	admin.IsAdmin = true
	return owner, second, third, admin, room
}

// report reports a message, and returns what an administrator sees of it.
func (e *env) report(t *testing.T, who, admin db.User, room, seq uint64) ReportDetail {
	t.Helper()
	must(t, e.Report(t.Context(), who, room, seq, ReportDraft{Reason: "insult", Words: "Please look"}))
	r, err := e.store.ReportOf(t.Context(), who.ID, room, seq)
	must(t, err)
	d, err := e.ReportDetail(t.Context(), admin, r.ID)
	must(t, err)
	return d
}

func shownBodies(list []Entry) (texts []string) {
	for _, entry := range list {
		texts = append(texts, string(entry.Kind)+" "+entry.Body)
	}
	return texts
}

// TestADeletionHidesNothing is T53: what was reported stays as it was, with its photos, whatever its author does
// then, until the report has been closed for a while.
func TestADeletionHidesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, _, admin, room := e.circle(t)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		for i := range 6 {
			e.post(t, ann, room, fmt.Sprint("before ", i))
		}
		kept := 0
		draft := e.draftWith(t, ann, &kept, "a", "b")
		draft.Key, draft.Body, draft.ReplyTo = "k", "You fool", 4
		seq, err := e.Post(ctx, ann, room, draft)
		must(t, err)
		must(t, e.Edit(ctx, ann, room, seq, "You dear"))
		must(t, e.SetAltText(ctx, ann, room, seq, 2, "a donkey"))
		for i := range 6 {
			e.post(t, ann, room, fmt.Sprint("after ", i))
		}
		want := []string{"text before 1", "text before 2", "text before 3", "text before 4", "text before 5", "text You dear",
			"text after 0", "text after 1", "text after 2", "text after 3", "text after 4"}
		d := e.report(t, bob, admin, room, seq)
		equalLists(t, "at once", shownBodies(d.Entries), want)
		photo := d.Entries[5].Pictures[1].ID

		must(t, e.Edit(ctx, ann, room, seq, "Never said that"))
		for _, m := range e.log(t, room) {
			if m.IsText() {
				must(t, e.Delete(ctx, ann, room, m.Seq))
			}
		}
		d, err = e.ReportDetail(ctx, admin, d.ID)
		must(t, err)
		equalLists(t, "afterwards", shownBodies(d.Entries), want)
		equal(t, "it is there", d.Exists, false)
		message := d.Entries[5]
		equal(t, "edited", message.Edited, true)
		equal(t, "quote", message.Quote.Text, "before 1")
		equalLists(t, "alt texts", alts(message), []string{"this is a", "a donkey"})
		if len(d.Texts) != 1 || d.Texts[0].Body != "You fool" {
			t.Errorf("earlier texts: %+v", d.Texts)
		}
		equal(t, "reason", d.Reason+", "+d.Words, "insult, Please look")
		for _, size := range []string{"small", "large"} {
			_, err := e.store.PhotoBytes(ctx, photo, size)
			must(t, err)
		}
		for who, want := range map[*db.User]bool{&admin: true, &ann: false, &bob: false} {
			may, err := e.MaySeeEvidence(ctx, *who, photo)
			must(t, err)
			equal(t, who.Username+" sees the photo", may, want)
		}

		must(t, e.Decide(ctx, admin, d.ID, Decision{Answer: "fine"}))
		tidy := func() {
			must(t, e.EraseEvidence(ctx))
			n, err := e.store.DeleteOldPhotos(ctx, e.clock(), 100)
			must(t, err)
			t.Logf("deleted %d photos", n)
		}
		e.advance(evidenceTime - time.Hour)
		tidy()
		d, err = e.ReportDetail(ctx, admin, d.ID)
		must(t, err)
		equal(t, "entries until its time is over", len(d.Entries), len(want))
		e.advance(2 * time.Hour)
		tidy()
		d, err = e.ReportDetail(ctx, admin, d.ID)
		must(t, err)
		equal(t, "entries, texts and words in the end", len(d.Entries)+len(d.Texts)+len(d.Words), 0)
		equal(t, "erased", d.IsErased, true)
		_, err = e.store.PhotoBytes(ctx, photo, "small")
		wantError(t, "the photo in the end", err, db.ErrNotFound)
	})
}

// TestAReportReadsNothingHidden is T52: nobody gets more to see, or to show, by reporting than they see in the
// room.
func TestAReportReadsNothingHidden(t *testing.T) {
	t.Parallel()
	onBoth(t, 5, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, cem, admin, room := e.circle(t)
		stranger := e.people[4]
		early := e.post(t, ann, room, "before bob came")
		must(t, e.Edit(ctx, ann, room, early, "before bob came, edited"))
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		reply, err := e.Post(ctx, ann, room, Draft{Key: "r", Body: "a reply", ReplyTo: early})
		must(t, err)
		must(t, e.RemoveMember(ctx, ann, room, bob.Username))
		hidden := e.post(t, ann, room, "while bob was away")
		must(t, e.Edit(ctx, ann, room, reply, "edited while bob was away"))
		draft := ReportDraft{Reason: "insult"}
		wantError(t, "after leaving", e.Report(ctx, bob, room, reply, draft), ErrNotFound)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		for what, one := range map[string]struct {
			who  db.User
			room uint64
			seq  uint64
		}{
			"a stranger": {stranger, room, reply}, "an administrator who is no member": {admin, room, reply},
			"from before": {bob, room, early}, "from in between": {bob, room, hidden}, "one's own": {ann, room, reply},
			"no message": {bob, room, 987}, "no room": {bob, 987, 1}, "a notice": {cem, room, 1},
		} {
			wantError(t, what, e.Report(ctx, one.who, one.room, one.seq, draft), ErrNotFound)
			wantError(t, what+", badly", e.Report(ctx, one.who, one.room, one.seq, ReportDraft{}), ErrNotFound)
			_, err := e.Reportable(ctx, one.who, one.room, one.seq)
			wantError(t, what+", to begin with", err, ErrNotFound)
		}
		d := e.report(t, bob, admin, room, reply)
		text := strings.Join(shownBodies(d.Entries), "\n")
		for _, v := range d.Texts {
			text += "\n" + v.Body
		}
		if strings.Contains(text, "before bob") || strings.Contains(text, "away") {
			t.Errorf("the report of somebody with two times in the room shows\n%s", text)
		}
		i := slices.IndexFunc(d.Entries, func(entry Entry) bool { return entry.Seq == reply })
		if q := d.Entries[i].Quote; q == nil || !q.Hidden || q.Text != "" {
			t.Errorf("the quote is %+v", q)
		}
		all := e.report(t, cem, admin, room, reply)
		if !slices.Contains(shownBodies(all.Entries), "text edited while bob was away") {
			t.Errorf("the report of somebody who was there all the time shows %q", shownBodies(all.Entries))
		}
	})
}

// TestReportsAreForAdministrators is T54 for the rules: without the role there is nothing to see.
func TestReportsAreForAdministrators(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, _, cem, admin, room := e.circle(t)
		seq := e.post(t, ann, room, "hello")
		d := e.report(t, cem, admin, room, seq)
		for what, err := range map[string]error{
			"the list": errOf(1, func() error { _, _, err := e.Reports(ctx, cem, ReportsPlace{}); return err }()),
			"a report": errOf(e.ReportDetail(ctx, cem, d.ID)),
			"deciding": e.Decide(ctx, cem, d.ID, Decision{Answer: "fine"}),
			"rooms":    errOf(e.MeasuredRooms(ctx, ann, "", 0)),
			"a room":   errOf(e.MeasuredRoom(ctx, ann, room)),
			"closing":  e.CloseRoom(ctx, ann, room),
			"deleting": e.DeleteRoom(ctx, ann, room, "Choir"),
			"transfer": e.TransferRoom(ctx, ann, room, cem.Username),
		} {
			wantError(t, what, err, ErrNotFound)
		}
		direct := e.roomOf(t, ann, cem)
		for what, err := range map[string]error{
			"a direct room": errOf(e.MeasuredRoom(ctx, admin, direct)), "closing it": e.CloseRoom(ctx, admin, direct),
			"deleting it": e.DeleteRoom(ctx, admin, direct, ""), "transferring it": e.TransferRoom(ctx, admin, direct, cem.Username),
		} {
			wantError(t, what, err, ErrNotFound)
		}
		wantError(t, "reading the room", errOf(e.History(ctx, admin, room, Place{})), ErrNotFound)
	})
}

// TestReportsHaveADailyNumber checks the bounds, and that a message is reported once by each.
func TestReportsHaveADailyNumber(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, _, cem, admin, room := e.circle(t)
		var all []uint64
		for i := range maxReportsPerDay + 1 {
			all = append(all, e.post(t, ann, room, fmt.Sprint("message ", i)))
		}
		draft := ReportDraft{Reason: "spam"}
		for range 3 {
			must(t, e.Report(ctx, cem, room, all[0], draft))
		}
		for _, seq := range all[1:maxReportsPerDay] {
			must(t, e.Report(ctx, cem, room, seq, draft))
		}
		wantError(t, "one more", e.Report(ctx, cem, room, all[maxReportsPerDay], draft), ErrTooManyReports)
		must(t, e.Report(ctx, cem, room, all[0], draft)) // which is no new one
		for what, one := range map[ReportDraft]error{
			{Reason: "dislike"}: ErrBadReason, {}: ErrBadReason, {Reason: "spam", Words: strings.Repeat("ä", MaxReportWords+1)}: ErrLongWords,
			{Reason: "spam", Words: "a\x01b"}: ErrBadText,
		} {
			wantError(t, fmt.Sprintf("%.40v", what), e.Report(ctx, cem, room, all[maxReportsPerDay], what), one)
		}
		e.advance(24 * time.Hour)
		must(t, e.Report(ctx, cem, room, all[maxReportsPerDay], ReportDraft{Reason: "other", Words: strings.Repeat("ä", MaxReportWords)}))

		first, next, err := e.Reports(ctx, admin, ReportsPlace{})
		must(t, err)
		second, end, err := e.Reports(ctx, admin, ReportsPlace{After: next})
		must(t, err)
		if len(first) != ReportsPage || len(second) != 1 || end != nil {
			t.Errorf("the pages have %d and %d reports, and then %v", len(first), len(second), end)
		}
		own, older, err := e.OwnReports(ctx, cem, 0)
		must(t, err)
		rest, none, err := e.OwnReports(ctx, cem, older)
		must(t, err)
		equal(t, "one's own, by the page", len(own)*100+len(rest), 2001)
		equal(t, "after the last page", none, 0)
	})
}

// TestAReportNamesThoseWhoJoined checks that a line of several who joined an open room says so in a report, too, and
// without those who came later.
func TestAReportNamesThoseWhoJoined(t *testing.T) {
	t.Parallel()
	onBoth(t, 6, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, admin := e.people[0], e.people[5]
		admin.IsAdmin = true
		room, err := e.CreateOpenRoom(ctx, ann, "Lobby", "")
		must(t, err)
		for _, u := range e.people[1:4] {
			must(t, e.JoinRoom(ctx, u, room))
		}
		seq := e.post(t, e.people[3], room, "an insult")
		d := e.report(t, ann, admin, room, seq)
		must(t, e.JoinRoom(ctx, e.people[4], room))
		var line *Entry
		for i, entry := range d.Entries {
			if entry.IsJoinLine() {
				line = &d.Entries[i]
			}
		}
		if line == nil {
			t.Fatalf("no line of those who joined: %v", shownBodies(d.Entries))
		}
		equal(t, "the first and the next", [2]uint64{line.About.ID, line.JoinedNext.ID}, [2]uint64{e.people[1].ID, e.people[2].ID})
		equal(t, "after the first", line.JoinedToo, 2)
	})
}
