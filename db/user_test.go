package db

import (
	"context"
	"testing"
	"time"
)

func TestUsers(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, three := t.Context(), createUsers(t, d, 3)
		must(t, d.SetUserPhoto(ctx, three[1].ID, 42))
		three[1].PhotoID = 42
		found, err := d.UsersByID(ctx, []uint64{three[0].ID, three[1].ID, three[1].ID, 999, 0})
		must(t, err)
		if len(found) != 2 || found[three[0].ID] != three[0] || found[three[1].ID] != three[1] {
			t.Errorf("found %v", found)
		}
		for _, hash := range []string{"", "first ", "FIRST", "' OR 1=1 -- "} {
			must(t, d.SetPasswordHash(ctx, three[0].ID, "first"))
			replaced, err := d.ReplacePasswordHash(ctx, three[0].ID, hash, "thief")
			must(t, err)
			equal(t, "replaced", replaced, false)
		}
		replaced, err := d.ReplacePasswordHash(ctx, three[0].ID, "first", "second")
		must(t, err)
		equal(t, "replaced", replaced, true)
		three[0].PasswordHash = "second"
		for _, u := range three {
			got, err := d.UserByID(ctx, u.ID)
			must(t, err)
			equal(t, "account", got, u)
		}
		for _, none := range [][]uint64{nil, {}, {0}, {999}} {
			found, err := d.UsersByID(ctx, none)
			must(t, err)
			equal(t, "nobody", len(found), 0)
		}
		// More than one statement can take, and as many as one person may have requests from.
		crowd := make([]uint64, 33_000)
		for i := range crowd {
			crowd[i] = uint64(i)
		}
		found, err = d.UsersByID(ctx, crowd)
		must(t, err)
		equal(t, "of a crowd", len(found), 3)
		_, err = d.UserByID(ctx, 0)
		wantError(t, "nobody's id", err, ErrNotFound)
		_, err = d.UserByName(ctx, "")
		wantError(t, "nobody's name", err, ErrNotFound)
	})
}

func TestSessions(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, two := t.Context(), createUsers(t, d, 2)
		begin := func(hash string, user uint64, seen, end time.Time) Session {
			s := Session{TokenHash: hash, UserID: user, UserAgent: "x", CreatedAt: noon, SeenAt: seen, ExpiresAt: end}
			must(t, d.CreateSession(ctx, &s))
			return s
		}
		// They expire a microsecond apart, with and without a fraction of a second.
		whole := noon.Truncate(time.Second)
		before, at, after := whole.Add(-time.Microsecond), whole, whole.Add(time.Microsecond)
		early, exact := begin("a", two[0].ID, noon, before), begin("b", two[0].ID, noon.Add(time.Second), at)
		late, other := begin("c", two[0].ID, noon.Add(-time.Second), after), begin("d", two[1].ID, noon, noon.Add(time.Hour))

		s, u, err := sessionByHash(ctx, d, "b")
		must(t, err)
		equal(t, "session", s, exact)
		equal(t, "its user", u, two[0])
		for _, wrong := range []string{"", "B", "a ", "%", "' OR 1=1 -- "} {
			_, _, err = sessionByHash(ctx, d, wrong)
			wantError(t, wrong, err, ErrNotFound)
		}
		list, err := d.SessionsOf(ctx, two[0].ID)
		must(t, err)
		if len(list) != 3 || list[0] != exact || list[1] != early || list[2] != late {
			t.Errorf("listed %v", list)
		}
		live, err := d.LiveSessions(ctx, []uint64{early.ID, exact.ID, late.ID, other.ID, 0, 999}, whole)
		must(t, err)
		if len(live) != 2 || !live[late.ID] || !live[other.ID] {
			t.Errorf("alive: %v", live)
		}
		live, err = d.LiveSessions(ctx, nil, whole)
		must(t, err)
		equal(t, "none asked for", len(live), 0)
		many := make([]uint64, 1200)
		for i := range many {
			many[i] = uint64(i)
		}
		live, err = d.LiveSessions(ctx, many, whole)
		must(t, err)
		equal(t, "of many", len(live), 2)

		must(t, d.TouchSession(ctx, other.UserID, other.ID, noon.Add(time.Minute), noon.Add(2*time.Hour)))
		s, _, err = sessionByHash(ctx, d, "d")
		must(t, err)
		other.SeenAt, other.ExpiresAt = noon.Add(time.Minute), noon.Add(2*time.Hour)
		equal(t, "touched", s, other)

		must(t, d.DeleteSession(ctx, two[0].ID, other.ID)) // not theirs
		must(t, d.DeleteSession(ctx, 0, other.ID))
		must(t, d.DeleteExpiredSessions(ctx, whole))
		for hash, kept := range map[string]bool{"a": false, "b": true, "c": true, "d": true} {
			if _, _, err := sessionByHash(ctx, d, hash); (err == nil) != kept {
				t.Errorf("%s: kept should be %v, %v", hash, kept, err)
			}
		}
		must(t, d.DeleteSession(ctx, two[1].ID, other.ID))
		must(t, d.DeleteSession(ctx, two[1].ID, other.ID))
		_, _, err = sessionByHash(ctx, d, "d")
		wantError(t, "deleted", err, ErrNotFound)
	})
}

func TestReadingIsStored(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		u := createUsers(t, d, 1)[0]
		equal(t, "at first", u.ReadingMode, ReadingLive)
		equal(t, "at first", u.NewestFirst, false)
		must(t, d.SetReadingMode(ctx, u.ID, ReadingPlain, true))
		u, err := d.UserByID(ctx, u.ID)
		must(t, err)
		equal(t, "chosen", u.ReadingMode, ReadingPlain)
		equal(t, "chosen", u.NewestFirst, true)
	})
}

// sessionByHash returns one session and its user, or ErrNotFound.
func sessionByHash(ctx context.Context, d *DB, hash string) (Session, User, error) {
	found, err := d.SessionsByHash(ctx, []string{hash})
	in, is := found[hash]
	if err == nil && !is {
		err = ErrNotFound
	}
	return in.Session, in.User, err
}
