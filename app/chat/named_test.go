package chat

import (
	"fmt"
	"testing"

	"parley/db"
)

func TestPeopleNamed(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, a, b, c, stranger := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		room := e.makeFriends(t, a, b)
		e.makeFriends(t, a, c)
		group, err := e.CreateGroup(ctx, a, "Three", []string{b.Username, c.Username})
		must(t, err)
		must(t, e.store.SetProfile(ctx, c.ID, "Ann-Kathrin Ñandú", "", ""))
		named := func(me db.User, room uint64, start string) (names []string) {
			t.Helper()
			people, err := e.PeopleNamed(ctx, me, room, start)
			must(t, err)
			for _, u := range people {
				names = append(names, u.Username)
			}
			return names
		}
		equal(t, "everybody else", fmt.Sprint(named(a, group, "")), fmt.Sprint([]string{b.Username, c.Username}))
		equal(t, "by a username", fmt.Sprint(named(a, group, b.Username)), fmt.Sprint([]string{b.Username}))
		equal(t, "by a word of the name", fmt.Sprint(named(b, group, "nand")), fmt.Sprint([]string{c.Username}))
		for name, starts := range map[string][]string{
			"Ann-Kathrin": {"Kath", "ann-k", "annk", "Ann"}, "Tim O’Neil": {"nei", "o'n", "O’N", "oneil"}, "山田太郎": {"太", "太郎", "山田", "郎"}, "김철수": {"철수"}, "やまだたろう": {"たろ"}, "jo_max (Weber)": {"max", "web"},
			"عبد الله سمير": {"عبد", "سمي"}, "陈 小明": {"陈", "小"}, "Анна Павлова": {"анн", "Павл"}, "Le\u0301a Noe\u0308l": {"le", "lé", "noe", "Noël"},
		} {
			must(t, e.store.SetProfile(ctx, c.ID, name, "", ""))
			for _, start := range starts {
				equal(t, name+" by "+start, fmt.Sprint(named(b, group, start)), fmt.Sprint([]string{c.Username}))
			}
		}
		must(t, e.store.SetProfile(ctx, c.ID, "Ann-Kathrin Strain", "", ""))
		for _, start := range []string{"athrin", "train", "nn"} {
			equal(t, "nobody in the middle of a word, by "+start, len(named(b, group, start)), 0)
		}
		equal(t, "nobody", len(named(a, group, "zzz")), 0)
		equal(t, "in a direct room", fmt.Sprint(named(b, room, "")), fmt.Sprint([]string{a.Username}))
		wantError(t, "a stranger", errOf(e.PeopleNamed(ctx, stranger, group, "")), ErrNotFound)
		must(t, e.LeaveGroup(ctx, c, group))
		equal(t, "after leaving", fmt.Sprint(named(a, group, "")), fmt.Sprint([]string{b.Username}))
		wantError(t, "who has left", errOf(e.PeopleNamed(ctx, c, group, "")), ErrNotFound)
	})
}
