package chat

import "testing"

func TestPartnerIsTheOtherOfADirectRoom(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b, stranger := t.Context(), e.people[0], e.people[1], e.people[2]
		room := e.makeFriends(t, a, b)
		group, err := e.CreateGroup(ctx, a, "Two", []string{b.Username})
		must(t, err)
		partner, err := e.Partner(ctx, b, room)
		must(t, err)
		equal(t, "partner", partner, a)
		partner, err = e.Partner(ctx, b, group)
		must(t, err)
		equal(t, "partner in a group", partner.ID, 0)
		wantError(t, "a stranger's partner", errOf(e.Partner(ctx, stranger, room)), ErrNotFound)
		wantError(t, "a stranger's entrance", errOf(e.Entrance(ctx, stranger, group)), ErrNotFound)
		wantError(t, "a stranger", e.CheckMember(ctx, stranger, group), ErrNotFound)
		must(t, e.CheckMember(ctx, b, group))
	})
}
