package chat

import (
	"testing"

	"parley/db"
)

// TestADecisionReachesEverybody checks what a decision does: to the room, to all reports of the message, and to the
// log of administrators.
func TestADecisionReachesEverybody(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, cem, admin, room := e.circle(t)
		must(t, e.AddMember(ctx, ann, room, bob.Username))
		seq, fine := e.post(t, bob, room, "an insult"), e.post(t, bob, room, "something harmless")
		one, two, other := e.report(t, ann, admin, room, seq), e.report(t, cem, admin, room, seq), e.report(t, cem, admin, room, fine)
		equal(t, "other reports of it", two.Others, 1)
		equal(t, "it is there, and its author", two.Exists && two.InRoom, true)
		open, err := e.OpenReports(ctx, admin)
		must(t, err)
		equal(t, "open", open, 3)
		e.published()

		wantError(t, "no answer", e.Decide(ctx, admin, two.ID, Decision{}), ErrBadAnswer)
		must(t, e.Decide(ctx, admin, two.ID, Decision{Acts: []string{ActRemove, "nonsense", ActDelete}, Answer: "acted", Words: "Thank you"}))
		wantError(t, "twice", e.Decide(ctx, admin, one.ID, Decision{Answer: "fine"}), ErrReportClosed)
		log := e.log(t, room)
		gone, left := log[len(log)-2], log[len(log)-1]
		if gone.Kind != db.KindDelete || gone.TargetSeq != seq || gone.AuthorID != admin.ID || left.Kind != db.KindLeave || left.AboutID != bob.ID {
			t.Errorf("the log ends with %+v and %+v", gone.Message, left.Message)
		}
		equal(t, "the text", log[seq-1].Body, "")
		equal(t, "who deleted it, and whose it was", [2]uint64{log[seq-1].DeletedBy.ID, gone.AboutID}, [2]uint64{admin.ID, bob.ID})
		wantError(t, "the author in the room", e.CheckMember(ctx, bob, room), ErrNotFound)
		equalLists(t, "found", e.find(t, ann, "insult"), nil)
		for _, who := range []db.User{ann, cem} {
			waiting, err := e.Waiting(ctx, who)
			must(t, err)
			equal(t, "answers for "+who.Username, waiting.Answered, 1)
			list, _, err := e.OwnReports(ctx, who, 0)
			must(t, err)
			must(t, e.AnswersSeen(ctx, who, list))
			waiting, err = e.Waiting(ctx, who)
			must(t, err)
			equal(t, "answers for "+who.Username+" who has looked", waiting.Answered, 0)
		}
		told := map[uint64]bool{}
		for _, s := range e.published() {
			told[s.User] = true
		}
		equal(t, "told", told[ann.ID] && told[cem.ID] && told[bob.ID], true)

		must(t, e.Decide(ctx, admin, other.ID, Decision{Answer: "fine"}))
		// Two who are no friends any more: their room is closed, and what was said there can be deleted all the same.
		direct := e.roomOf(t, ann, bob)
		last := e.report(t, ann, admin, direct, e.post(t, bob, direct, "between us"))
		must(t, e.RemoveFriend(ctx, ann, bob.Username))
		must(t, e.Decide(ctx, admin, last.ID, Decision{Acts: []string{ActDelete, ActRemove}, Answer: "acted"}))
		closed := e.log(t, direct)
		equal(t, "the last entry of a closed room", closed[len(closed)-1].Kind, db.KindDelete)
		equal(t, "what it said", closed[last.Seq-1].Body, "")
		for _, only := range []string{"open", "closed"} {
			list, _, err := e.Reports(ctx, admin, ReportsPlace{Only: only})
			must(t, err)
			equal(t, only, len(list), map[string]int{"open": 0, "closed": 4}[only])
		}
	})
}

// TestNobodyDecidesAboutThemselves is T54: while somebody else can decide, an administrator neither sees nor decides
// reports about their own messages.
func TestNobodyDecidesAboutThemselves(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx := t.Context()
		ann, bob, cem, admin, room := e.circle(t)
		ann.IsAdmin = true // she owns the room
		_, err := e.store.SetAdmin(ctx, ann.ID, true)
		must(t, err)
		sees := func(what string, me db.User, want int) {
			t.Helper()
			list, _, err := e.Reports(ctx, me, ReportsPlace{})
			must(t, err)
			open, err := e.OpenReports(ctx, me)
			must(t, err)
			equal(t, what, [2]int{len(list), open}, [2]int{want, want})
		}
		alone := func(what string, author db.User, want bool) {
			t.Helper()
			got, err := e.SeesOwnReports(ctx, author)
			must(t, err)
			equal(t, what, got, want)
		}
		seq := e.post(t, ann, room, "an insult")
		d := e.report(t, cem, ann, room, seq)
		sees("who runs the server alone", ann, 1)
		alone("who runs the server alone", ann, true)
		alone("somebody else", bob, false)

		_, err = e.store.SetAdmin(ctx, admin.ID, true)
		must(t, err)
		sees("the author", ann, 0)
		alone("one of two", ann, false)
		_, err = e.ReportDetail(ctx, ann, d.ID)
		wantError(t, "by address", err, ErrNotFound)
		wantError(t, "deciding", e.Decide(ctx, ann, d.ID, Decision{Answer: "fine"}), ErrNotFound)
		sees("the other", admin, 1)
		must(t, e.Decide(ctx, admin, d.ID, Decision{Acts: []string{ActDelete}, Answer: "acted"}))
		_, err = e.ReportDetail(ctx, ann, d.ID)
		wantError(t, "by address, when it is closed", err, ErrNotFound)

		_, err = e.store.SetSuspended(ctx, admin.ID, true)
		must(t, err)
		alone("beside somebody suspended", ann, true)
		must(t, e.Decide(ctx, ann, e.report(t, cem, ann, room, e.post(t, ann, room, "another")).ID, Decision{Answer: "fine"}))
	})
}
