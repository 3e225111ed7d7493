package db

import "testing"

// TestMembersAt counts a room's members along its log: who left is gone with the entry that says so.
func TestMembersAt(t *testing.T) {
	each(t, func(t *testing.T, d *DB) {
		ctx, r, other := t.Context(), room(t, d), room(t, d)
		for _, m := range []struct{ room, user, from, to uint64 }{
			{r.ID, 1, 1, 0}, {r.ID, 2, 1, 4}, {r.ID, 3, 3, 6}, {r.ID, 2, 7, 0}, {other.ID, 4, 1, 0},
		} {
			must(t, d.AddMember(ctx, m.room, m.user, m.from))
			if m.to > 0 {
				there, err := d.EndMember(ctx, m.room, m.user, m.to)
				must(t, err)
				equal(t, "was there", there, true)
			}
		}
		for seq, want := range []int{0, 2, 2, 3, 2, 2, 1, 2, 2} {
			n, err := d.MembersAt(ctx, r.ID, uint64(seq))
			must(t, err)
			equal(t, "members", n, want)
		}
	})
}
