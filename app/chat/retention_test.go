package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/app/settings"
	"parley/db"
)

// TestRetention erases what is too old, by the days of the server and of rooms, through two processes at once: the
// texts, earlier texts, photos' rows and words are gone, entries keep their places, and what is younger stays.
func TestRetention(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ann, bob := e.people[0], e.people[1]
		friends := e.makeFriends(t, ann, bob)
		group, err := e.CreateGroup(t.Context(), ann, "Books", []string{bob.Username})
		must(t, err)
		server := settings.Defaults()
		e.settings = func(context.Context) settings.Values { return server }
		other := e.secondProcess(t)
		other.settings = e.settings

		old := e.post(t, ann, friends, "the old pelican")
		for i := range 2*retentionStep + 3 {
			e.post(t, bob, friends, fmt.Sprintf("old number %d", i))
		}
		must(t, e.Edit(t.Context(), ann, friends, old, "the older pelican"))
		inGroup := e.post(t, ann, group, "a pelican in the group")
		deleted := e.post(t, ann, friends, "deleted long ago")
		must(t, e.Delete(t.Context(), ann, friends, deleted))
		e.find(t, ann, "pelican") // brings the index up to date
		e.advance(10 * 24 * time.Hour)
		young := e.post(t, ann, friends, "a young pelican")
		before := e.log(t, friends)

		must(t, e.EraseOld(t.Context())) // nobody has decided anything
		equal(t, "messages with a pelican", len(e.find(t, ann, "pelican")), 3)
		wantError(t, "too many days", e.SetRetention(t.Context(), ann, group, maxRetention+1), ErrBadRetention)
		wantError(t, "somebody who is not the owner", e.SetRetention(t.Context(), bob, group, 5), ErrNotFound)
		must(t, e.SetRetention(t.Context(), ann, group, 5))
		must(t, e.EraseOld(t.Context()))
		equalLists(t, "found in the other room", e.find(t, ann, "pelican"), []string{"a young pelican", "the older pelican"})
		equal(t, "the group's entry", e.at(t, group, inGroup).Body, "")

		server.RetentionDays = 9
		var both sync.WaitGroup
		for _, process := range []*Chat{e.Chat, other} {
			both.Go(func() {
				if err := process.EraseOld(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		equalLists(t, "found", e.find(t, ann, "pelican"), []string{"a young pelican"})
		after := e.log(t, friends)
		equalLists(t, "the places in the log", seqs(after), seqs(before))
		rows, err := e.store.MessagesAfter(t.Context(), friends, 0, 1000)
		must(t, err)
		for _, m := range rows {
			switch {
			case m.Seq == young:
				equal(t, "the young one", m.Body, "a young pelican")
			case m.Seq == deleted:
				if m.DeleteSeq == m.Seq || m.DeleteSeq == 0 {
					t.Errorf("what its author deleted is %+v", m)
				}
			case m.IsText() && (m.Body != "" || m.DeleteSeq != m.Seq):
				t.Errorf("still there: %+v", m)
			case m.Kind == db.KindEdit && m.Body != "":
				t.Errorf("an edit is still there: %+v", m)
			}
		}
		in, err := e.Entrance(t.Context(), bob, friends)
		must(t, err)
		if in.Joined != young { // what is before has been erased since, so that an old page has to reload
			t.Errorf("streams begin at %d, and the first that is left is %d", in.Joined, young)
		}
	})
}

// at returns an entry of a room as it is stored.
func (e *env) at(t *testing.T, room, seq uint64) db.Message {
	t.Helper()
	found, err := e.store.MessagesAt(t.Context(), room, []uint64{seq})
	must(t, err)
	return found[seq]
}

// TestARoomKeepsNoLongerThanItsServer checks which of the two applies.
func TestARoomKeepsNoLongerThanItsServer(t *testing.T) {
	for _, c := range []struct{ room, server, want int }{{0, 0, 0}, {0, 30, 30}, {7, 0, 7}, {7, 30, 7}, {90, 30, 30}} {
		equal(t, fmt.Sprintf("%+v", c), daysKept(c.room, c.server), c.want)
	}
}
