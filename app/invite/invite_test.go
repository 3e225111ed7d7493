package invite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/auth"
	"parley/app/bus"
	"parley/app/chat"
	"parley/app/settings"
	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

// env is a database with the rules over it, as one process has them.
type env struct {
	*Invitations
	address string
	values  settings.Values
	limits  bool

	mu   sync.Mutex
	time time.Time
}

func onBoth(t *testing.T, limits bool, test func(t *testing.T, e *env)) {
	t.Helper()
	for name, address := range map[string]func() string{
		"sqlite": func() string { return "sqlite:" + t.TempDir() + "/parley.db" }, "mariadb": func() string { return rig.MySQL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &env{address: address(), values: inviteOnly(), limits: limits, time: time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)}
			store := dbtest.Open(t, e.address)
			t.Cleanup(func() { must(t, store.Close()) })
			e.Invitations = e.process(t, store)
			test(t, e)
		})
	}
}

func inviteOnly() settings.Values {
	v := settings.Defaults()
	v.SignUp = "invite"
	return v
}

func (e *env) open(t *testing.T) *db.DB {
	t.Helper()
	store, err := db.Open(e.address)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func (e *env) process(t *testing.T, store *db.DB) *Invitations {
	t.Helper()
	b := bus.NewLocal(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { must(t, b.Close()) })
	decided := func(context.Context) settings.Values { return e.values }
	return New(store, auth.New(store, auth.Options{Settings: decided, Now: e.clock}), chat.New(store, b, chat.Options{Now: e.clock}), Options{Settings: decided, Limits: e.limits, Now: e.clock})
}

// second is another process on the same database; SQLite lets only one in.
func (e *env) second(t *testing.T) *Invitations {
	t.Helper()
	if e.store.IsSQLite() {
		return e.process(t, e.store)
	}
	return e.process(t, e.open(t))
}

func (e *env) clock() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.time
}

func (e *env) advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.time = e.time.Add(d)
}

func (e *env) person(t *testing.T, name string) db.User {
	t.Helper()
	u := db.User{Username: name, DisplayName: name, TimeZone: "UTC", CreatedAt: e.clock()}
	must(t, e.store.CreateUser(t.Context(), &u))
	return u
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || want == nil && err != nil {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func address(n int) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, byte(n >> 8), byte(n)}) }

func newcomer(name string) auth.Newcomer {
	return auth.Newcomer{Username: name, Password: "nine green lanterns", TimeZone: "UTC"}
}

// TestOneUseLetsOneIn is T55: 20 people sign up by an invitation for 3 at the same moment, through two processes.
// Three get in, each a friend and a member; the others leave no trace.
func TestOneUseLetsOneIn(t *testing.T) {
	onBoth(t, false, func(t *testing.T, e *env) {
		ctx, ann := t.Context(), e.person(t, "ann")
		group, err := e.chat.CreateGroup(ctx, ann, "Choir", nil)
		must(t, err)
		token, err := e.Make(ctx, ann, Wish{Uses: 3, Days: 1, Rooms: []uint64{group}})
		must(t, err)
		processes := []*Invitations{e.Invitations, e.second(t)}
		var came atomic.Int64
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				for {
					_, a, err := processes[n%2].SignUp(ctx, address(n), token, newcomer(fmt.Sprint("guest", n)))
					switch {
					case errors.Is(err, auth.ErrBusy):
						continue
					case err == nil && (len(a.Joined) != 1 || a.FriendRoom == 0):
						t.Errorf("guest %d: %+v", n, a)
					case err == nil:
						came.Add(1)
					default:
						wantError(t, "a guest too many", err, ErrNone)
					}
					return
				}
			})
		}
		all.Wait()
		if came.Load() != 3 {
			t.Errorf("%d of 20 came, by an invitation for 3", came.Load())
		}
		members, err := e.store.MemberIDs(ctx, group)
		must(t, err)
		friends, err := e.store.CountPairs(ctx, ann.ID, db.ListFriends)
		must(t, err)
		accounts := 0
		for n := range 20 {
			if _, err := e.store.UserByName(ctx, fmt.Sprint("guest", n)); err == nil {
				accounts++
			}
		}
		list, _, err := e.Mine(ctx, ann, 0)
		must(t, err)
		if len(members) != 4 || friends != 3 || accounts != 3 || list[0].Used != 3 || list[0].State != UsedUp {
			t.Errorf("%d members, %d friends, %d accounts, %+v", len(members), friends, accounts, list[0])
		}
		entries, err := e.store.MessagesAfter(ctx, group, 0, 100)
		must(t, err)
		for n, m := range entries {
			if m.Seq != uint64(n+1) {
				t.Errorf("entry %d has seq %d", n+1, m.Seq)
			}
		}
	})
}

// TestANameThatIsTakenTakesNoUse checks that whoever corrects the form gets in with the single use.
func TestANameThatIsTakenTakesNoUse(t *testing.T) {
	onBoth(t, false, func(t *testing.T, e *env) {
		ctx, ann := t.Context(), e.person(t, "ann")
		token, err := e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
		must(t, err)
		var bad *auth.Invalid
		for _, n := range []auth.Newcomer{newcomer("ann"), newcomer("b"), {Username: "ben", Password: "short"}} {
			if _, _, err := e.SignUp(ctx, address(1), token, n); !errors.As(err, &bad) {
				t.Errorf("%+v: %v", n, err)
			}
		}
		_, _, err = e.SignUp(ctx, address(1), token, newcomer("ben"))
		must(t, err)
		_, _, err = e.SignUp(ctx, address(1), token, newcomer("cem"))
		wantError(t, "after the only use", err, ErrNone)
	})
}

// TestLinksAreGuessedSlowly is T56: an address looks for 20 links a minute that lead nowhere, over all processes, and
// those that lead somewhere do not count.
func TestLinksAreGuessedSlowly(t *testing.T) {
	onBoth(t, false, func(t *testing.T, e *env) {
		ctx, ann, second := t.Context(), e.person(t, "ann"), e.second(t)
		token, err := e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
		must(t, err)
		for range 30 {
			_, err := e.Find(ctx, address(1), token)
			must(t, err)
		}
		for n := range 20 {
			_, err := []*Invitations{e.Invitations, second}[n%2].Find(ctx, address(1), "AAAAAAAAAAAAAAAAAAAAA"+strconv.Itoa(n%10))
			wantError(t, "a guess", err, ErrNone)
		}
		var throttled *auth.Throttled
		for _, guess := range []string{"AAAAAAAAAAAAAAAAAAAAAA", token, "", "x"} {
			if _, err := second.Find(ctx, address(1), guess); !errors.As(err, &throttled) || throttled.RetryAfter > time.Minute {
				t.Errorf("%q after too many: %v", guess, err)
			}
		}
		_, err = e.Find(ctx, address(2), token)
		must(t, err)
		e.advance(time.Minute)
		_, err = e.Find(ctx, address(1), token)
		must(t, err)
	})
}

// TestInvitationsAreBoundedByTheDay is T57.
func TestInvitationsAreBoundedByTheDay(t *testing.T) {
	onBoth(t, true, func(t *testing.T, e *env) {
		ctx, ann, bob := t.Context(), e.person(t, "ann"), e.person(t, "bob")
		var later *chat.Later
		for range maxPerDay {
			_, err := e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
			must(t, err)
		}
		if _, err := e.second(t).Make(ctx, ann, Wish{Uses: 1, Days: 1}); !errors.Is(err, ErrTooMany) || !errors.As(err, &later) {
			t.Errorf("one too many: %v", err)
		}
		_, err := e.Make(ctx, bob, Wish{Uses: 1, Days: 1})
		must(t, err)
		for n := range maxAcceptances + 1 {
			token, err := e.Make(ctx, e.person(t, fmt.Sprint("host", n)), Wish{Uses: 1, Days: 2})
			must(t, err)
			_, err = e.Accept(ctx, address(1), bob, token)
			if n < maxAcceptances {
				must(t, err)
				continue
			}
			wantError(t, "one accepted too many", err, ErrOften)
			e.advance(24 * time.Hour)
			_, err = e.Accept(ctx, address(1), bob, token) // which took no use
			must(t, err)
		}
		list, next, err := e.All(ctx, 0)
		must(t, err)
		if len(list) != 42 || next != 0 || list[0].Inviter.Username != "host20" {
			t.Errorf("%d invitations, the first of %s", len(list), list[0].Inviter.Username)
		}
		e.advance(40 * 24 * time.Hour)
		must(t, e.DeleteOld(ctx))
		if list, _, err := e.All(ctx, 0); err != nil || len(list) != 0 {
			t.Errorf("%d invitations are left, %v", len(list), err)
		}
	})
}

func TestWishes(t *testing.T) {
	onBoth(t, false, func(t *testing.T, e *env) {
		ctx, ann, bob := t.Context(), e.person(t, "ann"), e.person(t, "bob")
		group, err := e.chat.CreateGroup(ctx, ann, "Choir", nil)
		must(t, err)
		direct := e.befriend(t, ann, bob)
		must(t, e.chat.AddMember(ctx, ann, group, "bob"))
		many := make([]uint64, MaxRooms+1)
		for n := range many {
			many[n], err = e.chat.CreateGroup(ctx, bob, "Group", nil)
			must(t, err)
		}
		for name, one := range map[string]struct {
			who  db.User
			wish Wish
			want error
		}{
			"nobody":           {ann, Wish{Uses: 0, Days: 1}, ErrUses},
			"too many":         {ann, Wish{Uses: 101, Days: 1}, ErrUses},
			"no time":          {ann, Wish{Uses: 1, Days: 0}, ErrDays},
			"too long":         {ann, Wish{Uses: 1, Days: 31}, ErrDays},
			"a room of others": {bob, Wish{Uses: 1, Days: 1, Rooms: []uint64{group}}, ErrRooms},
			"a direct room":    {ann, Wish{Uses: 1, Days: 1, Rooms: []uint64{direct}}, ErrRooms},
			"no room":          {ann, Wish{Uses: 1, Days: 1, Rooms: []uint64{0}}, ErrRooms},
			"too many rooms":   {bob, Wish{Uses: 1, Days: 1, Rooms: many}, ErrRooms},
			"ten rooms":        {bob, Wish{Uses: 100, Days: 30, Rooms: many[:MaxRooms]}, nil},
			"a room twice":     {ann, Wish{Uses: 1, Days: 1, Rooms: []uint64{group, group}}, nil},
		} {
			_, err := e.Make(ctx, one.who, one.wish)
			wantError(t, name, err, one.want)
		}
		token, err := e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
		must(t, err)
		e.values.SignUp = "closed"
		_, err = e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
		wantError(t, "where sign-up is closed", err, ErrClosed)
		_, err = e.Find(ctx, address(1), token)
		wantError(t, "a link where sign-up is closed", err, ErrNone)
		e.values.SignUp, e.values.InvitesBy = "open", "admins"
		_, err = e.Make(ctx, ann, Wish{Uses: 1, Days: 1})
		wantError(t, "where administrators invite", err, ErrAdminsOnly)
		_, err = e.Find(ctx, address(1), token)
		wantError(t, "a member's link where administrators invite", err, ErrNone)
		_, err = e.store.SetAdmin(ctx, ann.ID, true)
		must(t, err)
		ann.IsAdmin = true
		wide, err := e.Make(ctx, ann, Wish{Uses: 1, Days: 1, ServerWide: true})
		must(t, err)
		cem, a, err := e.SignUp(ctx, address(1), wide, newcomer("cem"))
		must(t, err)
		if friends, err := e.store.FriendsAmong(ctx, ann.ID, []uint64{cem.ID}); err != nil || len(friends) != 0 || a.FriendRoom != 0 {
			t.Errorf("whom an administrator invited to the server became a friend: %+v %v", a, err)
		}
		_, err = e.store.SetSuspended(ctx, ann.ID, true)
		must(t, err)
		_, err = e.Find(ctx, address(1), token)
		wantError(t, "a link of somebody suspended", err, ErrNone)
	})
}

func (e *env) befriend(t *testing.T, a, b db.User) (room uint64) {
	t.Helper()
	_, err := e.chat.RequestFriend(t.Context(), a, b.Username)
	must(t, err)
	must(t, e.chat.AcceptFriend(t.Context(), b, a.Username))
	pair, err := e.store.Pair(t.Context(), a.ID, b.ID)
	must(t, err)
	return pair.RoomID
}
