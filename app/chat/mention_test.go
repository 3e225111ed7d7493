package chat

import (
	"strings"
	"testing"

	"parley/db"
)

// mentioning is a group of the first three people; the fourth is outside.
func mentioning(t *testing.T, w *world) (room uint64) {
	t.Helper()
	a := w.people[0]
	for _, other := range w.people[1:] {
		w.friends(t, a, other)
	}
	room, err := w.CreateGroup(t.Context(), a, "Walks", []string{w.people[1].Username, w.people[2].Username})
	must(t, err)
	return room
}

// mentionsOf is how often the list of a person says that a room mentions them.
func (w *world) mentionsOf(t *testing.T, who db.User, room uint64) int {
	t.Helper()
	lines, err := w.Rooms(t.Context(), who)
	must(t, err)
	for _, l := range lines {
		if l.RoomID == room {
			return l.Mentions
		}
	}
	return 0
}

func usernames(list []db.User) string {
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = u.Username
	}
	return strings.Join(names, " ")
}

func TestMentions(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		room := mentioning(t, w)
		a, b, c := w.people[0], w.people[1], w.people[2]
		for body, want := range map[string]string{
			"@person1 hello": "person1", "hello, @Person2.": "person2", "(@person1, @person2!)": "person1 person2", "**@person1**": "person1",
			"@person1 and @person1": "person1", "@person0 it is me": "person0", "@person3 is outside": "", "@nobody": "", "@person11": "", "@person1x": "",
			"person1@example.org": "", "mail@person1": "", "`@person1`": "", "```\n@person1\n```": "", "https://example.org/@person1": "", "@person1@example.org": "",
			"@ person1": "", "@@person1": "", "@": "", "> @person1 said": "person1", "@person1-": "person1", "@person1's": "person1", "[@person1](https://example.org)": "",
		} {
			seq := w.says(t, a, room, body)
			log := w.log(t, room)
			equal(t, body, usernames(log[seq-1].Mentioned), want)
			must(t, w.Read(t.Context(), b, room, 0))
			must(t, w.Read(t.Context(), c, room, 0))
		}
		equal(t, "mentions after reading", w.mentionsOf(t, b, room), 0)
		w.says(t, a, room, "@person1 once")
		w.says(t, b, room, "@person1 is me, and @person2 is not")
		equal(t, "mentions of b, who named themselves too", w.mentionsOf(t, b, room), 1)
		equal(t, "mentions of c", w.mentionsOf(t, c, room), 1)
		equal(t, "mentions of a", w.mentionsOf(t, a, room), 0)
		must(t, w.Read(t.Context(), b, room, 0))
		equal(t, "mentions of b after reading", w.mentionsOf(t, b, room), 0)
	})
}

// TestMentionsStayAsTheyWere holds that a replay shows what was shown at first, whoever has come and
// gone since, and that edits add and a deletion takes away.
func TestMentionsStayAsTheyWere(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		ctx, room := t.Context(), mentioning(t, w)
		a, b, c, d := w.people[0], w.people[1], w.people[2], w.people[3]
		seq := w.says(t, a, room, "@person1 and @person3")
		must(t, w.RemoveMember(ctx, a, room, b.Username))
		must(t, w.AddMember(ctx, a, room, d.Username))
		must(t, w.Read(ctx, d, room, 0))
		log := w.log(t, room)
		equal(t, "as it was posted", usernames(log[seq-1].Mentioned), "person1")

		must(t, w.Edit(ctx, a, room, seq, "@person1, @person2 and @person3"))
		log = w.log(t, room)
		edit := log[len(log)-1]
		equal(t, "as it was posted, later", usernames(log[seq-1].Mentioned), "person1")
		equal(t, "as it was edited", usernames(edit.Target.Mentioned), "person1 person2 person3")
		equal(t, "mentions of c", w.mentionsOf(t, c, room), 1)
		equal(t, "mentions of d", w.mentionsOf(t, d, room), 1)
		must(t, w.Read(ctx, d, room, 0))
		must(t, w.Edit(ctx, a, room, seq, "@person3 and @person2 once more"))
		equal(t, "mentions of d, who was named before", w.mentionsOf(t, d, room), 0)
		equal(t, "mentions of c, who has not looked", w.mentionsOf(t, c, room), 1)

		v, err := w.History(ctx, a, room, Place{})
		must(t, err)
		for _, e := range v.Entries {
			if e.Seq == seq {
				equal(t, "on the page", usernames(e.Mentioned), "person1 person2 person3")
			}
		}
		must(t, w.Delete(ctx, a, room, seq))
		equal(t, "mentions of c in what is gone", w.mentionsOf(t, c, room), 0)
		rows, err := w.store.MentionsOf(ctx, room, []uint64{seq, edit.Seq, edit.Seq + 1})
		must(t, err)
		equal(t, "rows", len(rows), 0)
	})
}

// TestMentionsOfManyPosts holds that posts that share a transaction keep theirs apart.
func TestMentionsOfManyPosts(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		room := mentioning(t, w)
		done := make(chan error)
		const posts = 40
		for i := range posts {
			go func() {
				_, err := w.Post(t.Context(), w.people[i%3], room, Draft{Body: "@person" + string(rune('0'+i%3)) + " hello"})
				done <- err
			}()
		}
		for range posts {
			must(t, <-done)
		}
		for _, e := range w.log(t, room)[1:] {
			if e.Kind == db.KindText {
				equal(t, e.Body, "@"+usernames(e.Mentioned)+" hello", e.Body)
			}
		}
	})
}
