package db

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestLockRooms checks that what comes back of the rooms that are locked is what a read would find, without those that
// are closed or do not exist.
func TestLockRooms(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, since := t.Context(), time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		ids := []uint64{999}
		for i := range 5 {
			r := Room{Kind: RoomOpen, Name: "Ünö", IsOpen: i != 2, Epoch: 7, LastSeq: uint64(i), SlowSeconds: 3, OnlyModerators: true, CreatedAt: since, DefaultSince: &since}
			must(t, d.CreateRoom(ctx, &r))
			ids = append(ids, r.ID)
		}
		equal(t, "can skip locked rooms", d.SkipsLocked(), true)
		for _, wait := range []bool{false, true} {
			must(t, d.Tx(ctx, func(tx *DB) error {
				locked, err := tx.LockRooms(ctx, ids, wait)
				must(t, err)
				equal(t, "rooms", len(locked), 4)
				var grown []Room
				for _, id := range ids {
					want, err := tx.RoomByID(ctx, id)
					if id == 999 || !want.IsOpen {
						continue
					}
					must(t, err)
					if !reflect.DeepEqual(locked[id], want) || !want.DefaultSince.Equal(since) {
						t.Errorf("got %+v, want %+v", locked[id], want)
					}
					want.LastSeq += id
					grown = append(grown, want)
				}
				must(t, tx.SetLastSaid(ctx, grown))
				for _, want := range grown {
					got, err := tx.RoomByID(ctx, want.ID)
					must(t, err)
					want.SaidSeq = want.LastSeq
					if !reflect.DeepEqual(got, want) {
						t.Errorf("after that got %+v, want %+v", got, want)
					}
				}
				return nil
			}))
		}
		none, err := d.LockRooms(ctx, nil, false)
		must(t, err)
		equal(t, "of none", len(none), 0)
	})
}

// TestLockedRoomsArePassedOver locks rooms of which another transaction has some: the others are locked at once, and
// whoever waits gets them in the end.
func TestLockedRoomsArePassedOver(t *testing.T) {
	t.Parallel()
	d := openMigrated(t, rig.MySQL(t)) // SQLite has one transaction at a time
	ctx, ids := t.Context(), make([]uint64, 8)
	for i := range ids {
		ids[i] = createRoom(t, d).ID
	}
	locks := func(tx *DB, wait bool, ids ...uint64) (got []uint64) {
		rooms, err := tx.LockRooms(ctx, ids, wait)
		must(t, err)
		for _, id := range ids {
			if _, locked := rooms[id]; locked {
				got = append(got, id)
			}
		}
		return got
	}
	waited := make(chan []uint64, 1)
	must(t, d.Tx(ctx, func(tx *DB) error {
		equalLists(t, "the first", locks(tx, false, ids[1], ids[4]), []uint64{ids[1], ids[4]})
		must(t, d.TxOnce(ctx, func(other *DB) error {
			equalLists(t, "the second", locks(other, false, ids...), []uint64{ids[0], ids[2], ids[3], ids[5], ids[6], ids[7]})
			return nil
		}))
		go func() {
			_ = d.Tx(ctx, func(other *DB) error {
				waited <- locks(other, true, ids[4])
				return nil
			})
		}()
		rig.Eventually(t, "somebody waits", func() bool {
			var n int
			must(t, d.in(ctx).Raw("SELECT COUNT(*) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND info LIKE 'SELECT * FROM rooms%FOR UPDATE'").Scan(&n).Error)
			return n > 0
		})
		equal(t, "have got it meanwhile", len(waited), 0)
		return nil
	}))
	equalLists(t, "who waited", <-waited, ids[4:5])
}

// TestTxOnce checks that what others undo is reported as such, and not done again.
func TestTxOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, stop, runs := t.Context(), errors.New("stop"), 0
		makeCounters(t, d, "a")
		wantError(t, "a transaction that fails", d.TxOnce(ctx, func(tx *DB) error {
			must(t, bump(ctx, tx, "a"))
			return stop
		}), stop)
		must(t, d.TxOnce(ctx, func(tx *DB) error { return bump(ctx, tx, "a") }))
		equal(t, "count", countOf(t, d, "a"), 1)
		if d.IsSQLite() {
			return
		}
		must(t, d.Tx(ctx, func(tx *DB) error {
			must(t, bump(ctx, tx, "a"))
			err := d.TxOnce(ctx, func(other *DB) error {
				runs++
				return other.in(ctx).Raw("SELECT n FROM counters WHERE name = 'a' FOR UPDATE NOWAIT").Scan(new(int)).Error
			})
			wantError(t, "while another has the lock", err, ErrContention)
			wantError(t, "while another has the lock", err, ErrUnavailable)
			return nil
		}))
		equal(t, "runs", runs, 1)
	})
}

// TestPostersAmong checks that somebody may post where they are, if the room is not hidden from them, and nowhere else.
func TestPostersAmong(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, people := t.Context(), createUsers(t, d, 5)
		owner, me, friend, former, stranger := people[0].ID, people[1].ID, people[2].ID, people[3].ID, people[4].ID
		room := func(kind RoomKind) uint64 {
			r := Room{Kind: kind, IsOpen: true, OwnerID: owner, MakerID: owner, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &r))
			for _, who := range []uint64{owner, me, friend, former} {
				must(t, d.AddMember(ctx, r.ID, who, 1))
			}
			must(t, d.exec(ctx, "UPDATE members SET left_seq = 5 WHERE room_id = ? AND user_id = ?", r.ID, former))
			return r.ID
		}
		group, open, direct := room(RoomGroup), room(RoomOpen), room(RoomDirect)
		_, err := d.SetModerator(ctx, group, friend, true)
		must(t, err)
		var asked []RoomUser
		for _, r := range []uint64{group, open, direct, 999} {
			for _, who := range []uint64{owner, me, friend, former, stranger} {
				asked = append(asked, RoomUser{r, who})
			}
		}
		check := func(what string, hidden ...RoomUser) {
			t.Helper()
			found, err := d.PostersAmong(ctx, asked, nil, noon)
			must(t, err)
			got := found.Moderates
			want := map[RoomUser]bool{}
			for _, k := range asked {
				inside := k.User != former && k.User != stranger && k.Room != 999
				if inside && !slices.Contains(hidden, k) {
					want[k] = k == RoomUser{group, friend}
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
		check("all of them")
		pair := Friendship{LowID: min(me, owner), HighID: max(me, owner), State: PairFriends, ChangedAt: noon}
		pair.SetBlocks(me, true)
		must(t, d.create(ctx, &pair))
		check("after I blocked the owner", RoomUser{group, me}, RoomUser{open, me})
		must(t, d.exec(ctx, "UPDATE members SET chosen = ? WHERE room_id = ? AND user_id = ?", true, open, me))
		check("in a room that I chose", RoomUser{group, me})
		must(t, d.exec(ctx, "UPDATE rooms SET owner_id = ? WHERE id = ?", me, group))
		check("in my own room")
	})
}

// TestPostersAreSignedIn checks that sessions are found with those who post, whether these may post or not, until they
// are over.
func TestPostersAreSignedIn(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, people := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		must(t, d.AddMember(ctx, r.ID, people[0].ID, 1))
		var ids []uint64
		for i, hash := range []string{"a", "b", "over"} {
			s := Session{TokenHash: hash, UserID: people[i%2].ID, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour)}
			if hash == "over" {
				s.ExpiresAt = noon
			}
			must(t, d.CreateSession(ctx, &s))
			ids = append(ids, s.ID)
		}
		asked := []RoomUser{{r.ID, people[0].ID}, {r.ID, people[1].ID}}
		found, err := d.PostersAmong(ctx, asked, append(ids, 999), noon)
		must(t, err)
		want := Posters{map[RoomUser]bool{asked[0]: false}, map[uint64]uint64{ids[0]: people[0].ID, ids[1]: people[1].ID}, 0}
		if !reflect.DeepEqual(found, want) {
			t.Errorf("got %v, want %v", found, want)
		}
	})
}

// TestLastPosts checks that only the newest post of each person in each room is kept.
func TestLastPosts(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, first, second := t.Context(), []RoomUser{{1, 1}, {1, 2}, {2, 1}}, []RoomUser{{1, 2}, {2, 2}}
		later := noon.Add(time.Minute)
		must(t, d.SetLastPosts(ctx, first, noon))
		must(t, d.SetLastPosts(ctx, second, later))
		got, err := d.LastPosts(ctx, []RoomUser{{1, 1}, {1, 2}, {2, 2}, {3, 1}, {1, 3}})
		must(t, err)
		if want := (map[RoomUser]time.Time{{1, 1}: noon, {1, 2}: later, {2, 2}: later}); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		for _, none := range [](func(ctx context.Context) error){
			func(ctx context.Context) error { return d.SetLastPosts(ctx, nil, noon) },
			func(ctx context.Context) error { _, err := d.LastPosts(ctx, nil); return err },
		} {
			before := d.Statements()
			must(t, none(ctx))
			equal(t, "statements about nobody", d.Statements(), before)
		}
	})
}

// TestLooksAreCounted checks that a post reads another number once people look different, and only then.
func TestLooksAreCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, u := t.Context(), createRoom(t, d), createUsers(t, d, 1)[0]
		must(t, d.AddMember(ctx, r.ID, u.ID, 1))
		count := func() uint64 {
			found, err := d.PostersAmong(ctx, []RoomUser{{r.ID, u.ID}}, nil, noon)
			must(t, err)
			return found.Looks
		}
		equal(t, "at first", count(), 0)
		for i, change := range []func(d *DB) error{
			func(d *DB) error { return d.SetProfile(ctx, u.ID, "New", "UTC", "") },
			func(d *DB) error { return d.SetUserPhoto(ctx, u.ID, 7) },
			func(d *DB) error { return d.EraseUser(ctx, u.ID, "nobody") },
		} {
			stop := errors.New("stop")
			wantError(t, "undone", d.Tx(ctx, func(tx *DB) error {
				must(t, change(tx))
				return stop
			}), stop)
			equal(t, "after none", count(), uint64(i))
			must(t, change(d))
			must(t, d.DeleteOldCounters(ctx, noon.AddDate(1000, 0, 0)))
			equal(t, "after a change", count(), uint64(i+1))
		}
		must(t, d.SetPresenceVisibility(ctx, u.ID, false, false))
		equal(t, "after what nobody sees", count(), 3)
	})
}
