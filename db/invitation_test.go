package db

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func putInvitation(t *testing.T, d *DB, hash string, inviter uint64, uses int, rooms ...uint64) Invitation {
	t.Helper()
	i := Invitation{TokenHash: hash, InviterID: inviter, Uses: uses, Befriends: true, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	must(t, d.AddInvitation(t.Context(), &i, rooms))
	return i
}

// TestUsesAreExact is T55: of 20 who accept an invitation for 7 at the same moment, through two processes, 7 do.
func TestUsesAreExact(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		i, second := putInvitation(t, d, "a", 1, 7), openAgain(t, d)
		var came atomic.Int64
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				process := []*DB{d, second}[n%2]
				err := process.Tx(t.Context(), func(tx *DB) error {
					if err := tx.UseInvitation(t.Context(), i.ID, noon); err != nil {
						return err
					}
					return tx.AddInvitationUse(t.Context(), i.ID, uint64(n+1))
				})
				if err == nil {
					came.Add(1)
				} else if !errors.Is(err, ErrNotFound) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		stored, err := d.Invitations(t.Context(), 1, 0, 10)
		must(t, err)
		if came.Load() != 7 || stored[0].Used != 7 || stored[0].IsOpen(noon) {
			t.Errorf("%d came, and %+v is stored", came.Load(), stored[0])
		}
		var uses int64
		must(t, d.in(t.Context()).Model(&InvitationUse{}).Count(&uses).Error)
		if uses != 7 {
			t.Errorf("%d uses are stored", uses)
		}
	})
}

func TestInvitations(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		u := User{Username: "ann", DisplayName: "Ann", TimeZone: "UTC", CreatedAt: noon}
		must(t, d.CreateUser(ctx, &u))
		var rooms []uint64
		for n := range 3 {
			r := Room{Kind: RoomGroup, Name: strconv.Itoa(n), IsOpen: n > 0, OwnerID: u.ID, Epoch: 1, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &r))
			must(t, d.AddMember(ctx, r.ID, u.ID, 1))
			rooms = append(rooms, r.ID)
		}
		first := putInvitation(t, d, "a", u.ID, 1, rooms...)
		others := putInvitation(t, d, "b", u.ID+1, 1)
		second := putInvitation(t, d, "c", u.ID, 2)

		found, inviter, err := d.InvitationByHash(ctx, "a")
		must(t, err)
		if found != first || inviter.Username != "ann" {
			t.Errorf("found %+v of %+v", found, inviter)
		}
		for _, hash := range []string{"", "A", "a ", "b"} { // b no longer has an account
			if _, _, err := d.InvitationByHash(ctx, hash); !errors.Is(err, ErrNotFound) {
				t.Errorf("%q: %v", hash, err)
			}
		}
		ids := func(inviter, below uint64, n int) (ids []uint64) {
			list, err := d.Invitations(ctx, inviter, below, n)
			must(t, err)
			for _, i := range list {
				ids = append(ids, i.ID)
			}
			return ids
		}
		for name, one := range map[string]struct{ got, want []uint64 }{
			"all":   {ids(0, 0, 10), []uint64{second.ID, others.ID, first.ID}},
			"some":  {ids(0, 0, 2), []uint64{second.ID, others.ID}},
			"below": {ids(0, second.ID, 10), []uint64{others.ID, first.ID}},
			"mine":  {ids(u.ID, 0, 10), []uint64{second.ID, first.ID}},
		} {
			if !slices.Equal(one.got, one.want) {
				t.Errorf("%s: %v, want %v", name, one.got, one.want)
			}
		}
		of, err := d.RoomsOfInvitations(ctx, []uint64{first.ID, second.ID})
		must(t, err)
		if len(of) != 1 || len(of[first.ID]) != 2 || of[first.ID][0].ID != rooms[1] || of[first.ID][1].Name != "2" {
			t.Errorf("the rooms are %+v", of)
		}
		owned, err := d.RoomsToOffer(ctx, u.ID, 10)
		must(t, err)
		if len(owned) != 2 || owned[0].ID != rooms[2] {
			t.Errorf("owned: %+v", owned)
		}
		locked, err := d.LockRoom(ctx, rooms[1])
		must(t, err)
		if locked.ID != rooms[1] || locked.LastSeq != 0 {
			t.Errorf("locked %+v", locked)
		}

		for name, one := range map[string]struct {
			id, inviter uint64
			want        bool
		}{"of others": {first.ID, u.ID + 1, false}, "unknown": {999, 0, false}} {
			if ended, err := d.RevokeInvitation(ctx, one.id, one.inviter); err != nil || ended != one.want {
				t.Errorf("%s: %v %v", name, ended, err)
			}
		}
		for i, want := range []bool{true, false} {
			if ended, err := d.RevokeInvitation(ctx, first.ID, u.ID); err != nil || ended != want {
				t.Errorf("revoked for the %d. time: %v %v", i+1, ended, err)
			}
		}
		if ended, err := d.RevokeInvitation(ctx, others.ID, 0); err != nil || !ended {
			t.Errorf("an administrator: %v %v", ended, err)
		}
		for name, err := range map[string]error{
			"revoked": d.UseInvitation(ctx, first.ID, noon), "expired": d.UseInvitation(ctx, second.ID, noon.Add(time.Hour)), "unknown": d.UseInvitation(ctx, 999, noon),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, d.UseInvitation(ctx, second.ID, noon))
		must(t, d.AddInvitationUse(ctx, second.ID, 7))
		if err := d.AddInvitationUse(ctx, second.ID, 7); !errors.Is(err, ErrDuplicate) {
			t.Errorf("the same person twice: %v", err)
		}
		if used, err := d.HasUsedInvitation(ctx, second.ID, 7); err != nil || !used {
			t.Errorf("used: %v %v", used, err)
		}

		must(t, d.DeleteInvitationsOf(ctx, 7))
		if used, err := d.HasUsedInvitation(ctx, second.ID, 7); err != nil || used {
			t.Errorf("used by a deleted account: %v %v", used, err)
		}
		must(t, d.DeleteInvitationsOf(ctx, u.ID+1))
		must(t, d.DeleteOldInvitations(ctx, noon.Add(time.Hour)))
		if left := ids(0, 0, 10); len(left) != 2 {
			t.Errorf("left: %v", left)
		}
		must(t, d.DeleteOldInvitations(ctx, noon.Add(time.Hour+1000)))
		for _, table := range []any{&Invitation{}, &InvitationRoom{}, &InvitationUse{}} {
			var n int64
			must(t, d.in(ctx).Model(table).Count(&n).Error)
			if n != 0 {
				t.Errorf("%d rows of %T are left", n, table)
			}
		}
	})
}
