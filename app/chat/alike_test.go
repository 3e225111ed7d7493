package chat

import (
	"testing"

	"parley/db"
)

// shown returns the names of people, with a username where it is shown beside them.
func shown(list ...db.User) (names string) {
	for _, u := range list {
		names += " " + u.DisplayName
		if u.SharesName {
			names += " @" + u.Username
		}
	}
	return names
}

// TestLikeNamesAreToldApart gives people in a group the same name, in several spellings.
func TestLikeNamesAreToldApart(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, a, b, c, d := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		call := func(u db.User, name string) {
			t.Helper()
			must(t, e.store.SetProfile(ctx, u.ID, name, "UTC", ""))
		}
		call(a, "Ada Lovelace")
		call(b, "АDA  LÓVELACE") // with a Cyrillic A
		call(c, "Cem")
		call(d, "Ada Lovelace @person0")
		for _, other := range e.people[1:] {
			e.makeFriends(t, a, other)
		}
		room, err := e.CreateGroup(ctx, a, "Choir", []string{c.Username})
		must(t, err)
		first := e.post(t, a, room, "first")
		must(t, e.React(ctx, a, room, first, "😀"))
		equal(t, "alone", shown(e.log(t, room)[first-1].Author), " Ada Lovelace")

		must(t, e.AddMember(ctx, a, room, b.Username))
		join := len(e.log(t, room))
		e.post(t, b, room, "second")
		_, err = e.Post(ctx, c, room, Draft{Body: "third", ReplyTo: first})
		must(t, err)
		log := e.log(t, room)
		equal(t, "whom the entry of joining changes", shown(log[join-1].NewLookalikes...), " Ada Lovelace @person0")
		equal(t, "what was first stays in a replay", shown(log[first-1].Author), " Ada Lovelace")
		equal(t, "who joins", shown(log[join-1].About), " АDA  LÓVELACE @person1")
		equal(t, "the next message", shown(log[join].Author), " АDA  LÓVELACE @person1")
		equal(t, "somebody else, and whom they quote", shown(log[join+1].Author, log[join+1].Quote.Author), " Cem Ada Lovelace @person0")

		v, err := e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "the first on the page", shown(v.Entries[1].Author, v.Entries[1].Reactions[0].By[0]), " Ada Lovelace @person0 Ada Lovelace @person0")
		p, err := e.Present(ctx, room, []uint64{a.ID, b.ID, c.ID}, nil)
		must(t, err)
		equal(t, "who is here", shown(p.Here...), " Ada Lovelace @person0 АDA  LÓVELACE @person1 Cem")
		r, err := e.Roster(ctx, c, room, RosterPage{})
		must(t, err)
		equal(t, "members", shown(r.Members[0], r.Members[1]), " Ada Lovelace @person0 Cem")
		lines, _, err := e.Rooms(ctx, a, allRooms)
		must(t, err)
		for _, l := range lines {
			if l.Kind == db.RoomDirect && l.Friend().SharesName {
				t.Errorf("%s shares a name in the list of a", l.Friend().Username)
			}
		}

		must(t, e.LeaveGroup(ctx, b, room)) // what they said is still there
		v, err = e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "after b left", shown(v.Entries[1].Author), " Ada Lovelace @person0")

		call(b, "Bo")
		must(t, e.AddMember(ctx, a, room, d.Username))
		v, err = e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "somebody who writes name and username of a", shown(v.Entries[1].Author), " Ada Lovelace @person0")
		equal(t, "the same when they came", shown(v.Entries[len(v.Entries)-1].About), " Ada Lovelace @person0 @person3")
		call(d, "Person0")
		v, err = e.History(ctx, c, room, Place{})
		must(t, err)
		equal(t, "somebody who takes a's username for a name", shown(v.Entries[len(v.Entries)-1].About), " Person0 @person3")

		call(c, "Bo") // two friends of a, in two direct rooms
		lines, _, err = e.Rooms(ctx, a, allRooms)
		must(t, err)
		friends := map[string]string{}
		for _, l := range lines {
			friends[l.Friend().Username] = shown(l.Friend())
		}
		equal(t, "a friend", friends[b.Username], " Bo @person1")
		equal(t, "another", friends[c.Username], " Bo @person2")
	})
}
