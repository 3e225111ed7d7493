package chat

import (
	"slices"
	"strings"
	"testing"

	"parley/app/markup"
	"parley/db"
)

// mentionGroup is a group of the first three people; the fourth is outside.
func mentionGroup(t *testing.T, e *env) (room uint64) {
	t.Helper()
	a := e.people[0]
	for _, other := range e.people[1:] {
		e.makeFriends(t, a, other)
	}
	room, err := e.CreateGroup(t.Context(), a, "Walks", []string{e.people[1].Username, e.people[2].Username})
	must(t, err)
	return room
}

// mentionsOf is how often the list of a person says that a room mentions them.
func (e *env) mentionsOf(t *testing.T, who db.User, room uint64) int {
	t.Helper()
	lines, _, err := e.Rooms(t.Context(), who, allRooms)
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

func TestWhoIsMentioned(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		room := mentionGroup(t, e)
		a, b, c := e.people[0], e.people[1], e.people[2]
		for body, want := range map[string]string{
			"@person1 hello": "person1", "hello, @Person2.": "person2", "(@person1, @person2!)": "person1 person2", "**@person1**": "person1",
			"@person1 and @person1": "person1", "@person0 it is me": "person0", "@person3 is outside": "", "@nobody": "", "@person11": "", "@person1x": "",
			"person1@example.org": "", "mail@person1": "", "`@person1`": "", "```\n@person1\n```": "", "https://example.org/@person1": "", "@person1@example.org": "",
			"@ person1": "", "@@person1": "", "@": "", "> @person1 said": "person1", "@person1-": "person1", "@person1's": "person1", "[@person1](https://example.org)": "",
		} {
			seq := e.post(t, a, room, body)
			log := e.log(t, room)
			equal(t, body, usernames(log[seq-1].Mentioned), want)
			must(t, e.Read(t.Context(), b, room, 0))
			must(t, e.Read(t.Context(), c, room, 0))
		}
		equal(t, "mentions after reading", e.mentionsOf(t, b, room), 0)
		e.post(t, a, room, "@person1 once")
		e.post(t, b, room, "@person1 is me, and @person2 is not")
		equal(t, "mentions of b, who named themselves too", e.mentionsOf(t, b, room), 1)
		equal(t, "mentions of c", e.mentionsOf(t, c, room), 1)
		equal(t, "mentions of a", e.mentionsOf(t, a, room), 0)
		must(t, e.Read(t.Context(), b, room, 0))
		equal(t, "mentions of b after reading", e.mentionsOf(t, b, room), 0)
	})
}

// TestMentionsStayAsTheyWere checks that a replay shows what was shown at first, whoever has come and
// gone since, and that edits add mentions and a deletion removes them.
func TestMentionsStayAsTheyWere(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, room := t.Context(), mentionGroup(t, e)
		a, b, c, d := e.people[0], e.people[1], e.people[2], e.people[3]
		seq := e.post(t, a, room, "@person1 and @person3")
		must(t, e.RemoveMember(ctx, a, room, b.Username))
		must(t, e.AddMember(ctx, a, room, d.Username))
		must(t, e.Read(ctx, d, room, 0))
		log := e.log(t, room)
		equal(t, "as it was posted", usernames(log[seq-1].Mentioned), "person1")

		must(t, e.Edit(ctx, a, room, seq, "@person1, @person2 and @person3"))
		log = e.log(t, room)
		edit := log[len(log)-1]
		equal(t, "as it was posted, later", usernames(log[seq-1].Mentioned), "person1")
		equal(t, "as it was edited", usernames(edit.Target.Mentioned), "person1 person2 person3")
		equal(t, "mentions of c", e.mentionsOf(t, c, room), 1)
		equal(t, "mentions of d", e.mentionsOf(t, d, room), 1)
		must(t, e.Read(ctx, d, room, 0))
		must(t, e.Edit(ctx, a, room, seq, "@person3 and @person2 once more"))
		equal(t, "mentions of d, who was named before", e.mentionsOf(t, d, room), 0)
		equal(t, "mentions of c, who has not looked", e.mentionsOf(t, c, room), 1)

		v, err := e.History(ctx, a, room, Place{})
		must(t, err)
		for _, entry := range v.Entries {
			if entry.Seq == seq {
				equal(t, "on the page", usernames(entry.Mentioned), "person1 person2 person3")
			}
		}
		must(t, e.Delete(ctx, a, room, seq))
		equal(t, "mentions of c in what is gone", e.mentionsOf(t, c, room), 0)
		rows, err := e.store.MentionsOf(ctx, room, []uint64{seq, edit.Seq, edit.Seq + 1})
		must(t, err)
		equal(t, "rows", len(rows), 0)
	})
}

// TestPostsOfOneBatchKeepTheirMentionsApart posts so much at once that posts share transactions.
func TestPostsOfOneBatchKeepTheirMentionsApart(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		room := mentionGroup(t, e)
		done := make(chan error)
		const posts = 40
		for i := range posts {
			go func() {
				_, err := e.Post(t.Context(), e.people[i%3], room, Draft{Body: "@person" + string(rune('0'+i%3)) + " hello"})
				done <- err
			}()
		}
		for range posts {
			must(t, <-done)
		}
		for _, entry := range e.log(t, room)[1:] {
			if entry.Kind == db.KindText {
				equal(t, entry.Body, "@"+usernames(entry.Mentioned)+" hello", entry.Body)
			}
		}
	})
}

// TestAnEditTakesAMentionBack checks that the list says so only of a text that names somebody, and that the log
// still shows whom the earlier text mentioned.
func TestAnEditTakesAMentionBack(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, room := t.Context(), mentionGroup(t, e)
		a, b, c := e.people[0], e.people[1], e.people[2]
		seq := e.post(t, a, room, "@person1 look")
		for _, step := range []struct {
			text string
			b, c int
		}{
			{"nobody", 0, 0}, {"@person2 look", 0, 1}, {"@person1 and @person2", 1, 1}, {"`@person1`", 0, 0}, {"mail@person1 @person2x", 0, 0}, {"_@person1_ @person1 @person2", 1, 1}, {"", 0, 0},
		} {
			if step.text == "" {
				must(t, e.Delete(ctx, a, room, seq))
			} else {
				must(t, e.Edit(ctx, a, room, seq, step.text))
			}
			equal(t, step.text+": mentions of b", e.mentionsOf(t, b, room), step.b)
			equal(t, step.text+": mentions of c", e.mentionsOf(t, c, room), step.c)
		}

		seq = e.post(t, a, room, "@person1 look")
		must(t, e.Read(ctx, b, room, 0))
		must(t, e.Edit(ctx, a, room, seq, "nobody"))
		must(t, e.Edit(ctx, a, room, seq, "@person1 again"))
		equal(t, "mentions of b, who had read the first text", e.mentionsOf(t, b, room), 0)
		log := e.log(t, room)
		equal(t, "as it was posted", usernames(log[seq-1].Mentioned), "person1")
		must(t, e.Edit(ctx, a, room, seq, "nobody"))
		log = e.log(t, room)
		equal(t, "as it was posted, later", usernames(log[seq-1].Mentioned), "person1")
		equal(t, "as it was edited, later", usernames(log[seq+1].Target.Mentioned), "person1")
	})
}

// TestMentionsAreThoseThatAreShown checks that posting, editing and showing a text follow one rule: the people
// mentioned are those to whom the text that everybody sees links, even where names differ only in punctuation, as those
// of old accounts may, and where somebody leaves or comes between the texts.
func TestMentionsAreThoseThatAreShown(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a := t.Context(), e.people[0]
		var names []string
		for _, name := range []string{"rob", "rob.", "rob_", "ann-", "ann--", "lone.", "b.c"} {
			e.makeFriends(t, a, e.join(t, name))
			names = append(names, name)
		}
		room, err := e.CreateGroup(ctx, a, "Names", names)
		must(t, err)
		texts := []struct{ text, want string }{
			{"Thanks @rob.", "rob"}, {"@rob...", "rob"}, {"_@rob._", "rob"}, {"**@rob**.", "rob"}, {"@rob-", "rob"}, {"(@rob.)", "rob"}, {"> @rob.", "rob"},
			{"@rob_", "rob_"}, {"@rob_.", "rob_"}, {"@ann-", "ann-"}, {"@ann--", "ann--"}, {"@ann---", "ann--"}, {"@ann.", ""}, {"@lone.", "lone."}, {"@lone", ""},
			{"@b.c.", "b.c"}, {"@b.c./@rob./@lone..", "b.c rob lone."}, {"@ROB. and @Lone.", "rob lone."}, {"`@rob` @rob.", "rob"}, {"nobody", ""},
		}
		check := func(what string, seq uint64, want string) {
			t.Helper()
			rows, err := e.store.MentionsOf(ctx, room, []uint64{seq})
			must(t, err)
			var mentioned, shown []string
			v, err := e.Permalink(ctx, a, room, seq)
			must(t, err)
			known := func(name string) bool {
				return slices.ContainsFunc(v.Mentioned, func(u db.User) bool { return u.Username == name })
			}
			shown = v.Text().Mentions(known)
			for _, row := range rows {
				if u, err := e.store.UserByID(ctx, row.UserID); row.TakenBackSeq == 0 {
					must(t, err)
					mentioned = append(mentioned, u.Username)
				}
			}
			slices.Sort(shown)
			slices.Sort(mentioned)
			wanted := strings.Fields(want)
			slices.Sort(wanted)
			equal(t, what+": mentioned", strings.Join(mentioned, " "), strings.Join(wanted, " "))
			equal(t, what+": shown as mentioned", strings.Join(shown, " "), strings.Join(wanted, " "))
		}
		edited := e.post(t, a, room, "the first text")
		for _, c := range texts {
			check(c.text, e.post(t, a, room, c.text), c.want)
			must(t, e.Edit(ctx, a, room, edited, c.text))
			check("edited to "+c.text, edited, c.want)
		}

		// Whoever left is still who the text meant, and does not leave their mention to another.
		seq := e.post(t, a, room, "@rob look")
		rob, err := e.store.UserByName(ctx, "rob")
		must(t, err)
		must(t, e.RemoveMember(ctx, a, room, rob.Username))
		must(t, e.Edit(ctx, a, room, seq, "Thanks @rob."))
		check("after rob left", seq, "rob")
		check("a new text after rob left", e.post(t, a, room, "Thanks @rob."), "rob.")
	})
}

// TestAllOfALargeGroupCanBeMentioned posts a hundred names, each at the end of a sentence: that they might be
// names with a dot takes no place from those that follow.
func TestAllOfALargeGroupCanBeMentioned(t *testing.T) {
	var body strings.Builder
	members := map[string]uint64{}
	for i := range uint64(maxAtCreation) {
		name := "member" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		body.WriteString("@" + name + "... ")
		members[name] = i + 1
	}
	text := markup.Parse(body.String())
	names := lookedUp(text)
	for name := range members {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not looked up", name)
		}
	}
	equal(t, "mentions", len(mentionsOf(db.Message{}, text, members)), maxAtCreation)
}
