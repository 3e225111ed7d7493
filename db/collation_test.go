package db

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// distinctTexts are texts that some collation considers equal.
var distinctTexts = []string{"", " ", "bob", "bob ", "bob  ", " bob", "bob\t", "Bob", "bób", "bo\u0301b", "böb", "😀", "😁", "ss", "ß", "0", "00"}

// hostileTexts would end or change a statement in which they were not bound.
var hostileTexts = []string{"' OR 1=1 -- ", "\" OR \"\"=\"", "x'; DELETE", "\\' OR 1=1#", "\\", "%", "_", "?", "? ?", "@name", "@user", ":a", "$1", "{{.}}", "`a`", "/*", "NULL", "\x00", "'\\0", "\x1a"}

// keyedTable is a table whose rows are looked up by a text.
type keyedTable struct {
	name string
	put  func(key string) error
	get  func(key string) (string, error) // returns the stored key
}

func keyedTables(t *testing.T, d *DB) []keyedTable {
	t.Helper()
	ctx, r := t.Context(), createRoom(t, d)
	holder := createUsers(t, d, 1)[0]
	photo := Photo{OwnerID: 1, Type: "image/jpeg"}
	must(t, d.CreatePhoto(ctx, &photo, []PhotoSize{{Size: "first", Data: []byte("x")}}))
	return []keyedTable{
		{"users", func(key string) error {
			return d.CreateUser(ctx, &User{Username: key, DisplayName: "x", CreatedAt: noon})
		}, func(key string) (string, error) {
			u, err := d.UserByName(ctx, key)
			return u.Username, err
		}},
		{"sessions", func(key string) error {
			return d.CreateSession(ctx, &Session{TokenHash: key, UserID: holder.ID, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon})
		}, func(key string) (string, error) {
			s, _, err := sessionByHash(ctx, d, key)
			return s.TokenHash, err
		}},
		{"messages", func(key string) error {
			return d.append(ctx, &Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, ClientKey: &key, CreatedAt: noon})
		}, func(key string) (string, error) {
			m, err := d.MessageByKey(ctx, r.ID, 1, key)
			if m.ClientKey == nil {
				return "", err
			}
			return *m.ClientKey, err
		}},
		{"photo_sizes", func(key string) error {
			return d.create(ctx, &PhotoSize{PhotoID: photo.ID, Size: key, Data: []byte("x")})
		}, func(key string) (string, error) {
			s, err := d.PhotoBytes(ctx, photo.ID, key)
			return s.Size, err
		}},
	}
}

func TestDifferentKeysStayDifferent(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		for _, table := range keyedTables(t, d) {
			keys := slices.Concat(distinctTexts, hostileTexts)
			for i, key := range keys {
				// A key that is not stored yet must not match an earlier one, or an empty condition.
				_, err := table.get(key)
				wantError(t, fmt.Sprintf("%s has %q before the insert", table.name, key), err, ErrNotFound)
				if err := table.put(key); err != nil {
					t.Errorf("%s: %q is considered equal to one of %q: %v", table.name, key, keys[:i], err)
				}
			}
			for _, key := range keys {
				got, err := table.get(key)
				must(t, err)
				equal(t, table.name+" finds", got, key)
				wantError(t, fmt.Sprintf("%s accepts %q twice", table.name, key), table.put(key), ErrDuplicate)
			}
		}
	})
}

func TestDifferentCountersStayDifferent(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		for _, key := range slices.Concat(distinctTexts, hostileTexts) {
			n, err := d.CountUp(t.Context(), key, time.Hour, noon)
			must(t, err)
			equal(t, fmt.Sprintf("count of %q", key), n, 1)
		}
	})
}

// exactTexts must come back from every text column unchanged.
var exactTexts = slices.Concat(hostileTexts, []string{strings.Repeat("😀", 40), "👩‍👩‍👧‍👦 \u202eabc\u202c \u2066x\u2069", "Z͑ͫ̓A̴̵̜̰͔ͫ͗L̠ͨG̴̻͈", "a\tb\r\nc\rd\n", " ends with spaces  ", "\u2028\ufeff\u00a0"})

func TestTextsComeBackAsTheyWere(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r, two := t.Context(), createRoom(t, d), createUsers(t, d, 2)
		for i, text := range exactTexts {
			must(t, d.SetProfile(ctx, two[0].ID, text, text, ""))
			must(t, d.SetPasswordHash(ctx, two[0].ID, text))
			u, err := d.UserByID(ctx, two[0].ID)
			must(t, err)
			want := two[0]
			want.DisplayName, want.TimeZone, want.PasswordHash = text, text, text
			equal(t, "profile", u, want)
			other, err := d.UserByID(ctx, two[1].ID)
			must(t, err)
			equal(t, "somebody else's profile", other, two[1])

			s := Session{TokenHash: fmt.Sprint(i), UserID: two[0].ID, UserAgent: text, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon}
			must(t, d.CreateSession(ctx, &s))
			found, _, err := sessionByHash(ctx, d, s.TokenHash)
			must(t, err)
			equal(t, "session", found, s)

			named := Room{Kind: RoomGroup, Name: text, CreatedAt: noon}
			must(t, d.CreateRoom(ctx, &named))
			back, err := one[Room](d.in(ctx).Where("id = ?", named.ID))
			must(t, err)
			equal(t, "room", back, named)

			m := Message{RoomID: r.ID, Kind: KindText, AuthorID: 1, Body: strings.Repeat(text, 100), CreatedAt: noon}
			must(t, d.append(ctx, &m))
			list, err := d.MessagesAfter(ctx, r.ID, m.Seq-1, 1)
			must(t, err)
			equal(t, "message", list[0], m)
		}
		sessions, err := d.SessionsOf(ctx, two[0].ID)
		must(t, err)
		equal(t, "sessions", len(sessions), len(exactTexts))
	})
}

func TestTimesAreUTCWithMicroseconds(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx := t.Context()
		for i, at := range []time.Time{noon, noon.Truncate(time.Second), noon.Add(-123455 * time.Microsecond), time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC),
			time.Date(2026, 3, 29, 1, 30, 0, 1000, time.UTC), time.Date(2026, 10, 25, 0, 30, 0, 999999000, time.UTC), time.Date(9999, 12, 31, 12, 0, 0, 999999000, time.UTC)} {
			for n, zone := range []*time.Location{time.UTC, time.FixedZone("", 9*3600+1800), time.FixedZone("", -11*3600)} {
				u := User{Username: fmt.Sprint(i, n), CreatedAt: at.In(zone)}
				must(t, d.CreateUser(ctx, &u))
				got, err := d.UserByID(ctx, u.ID)
				must(t, err)
				if !got.CreatedAt.Equal(at) {
					t.Errorf("%v came back as %v", at.In(zone), got.CreatedAt)
				}
				if n == 0 {
					equal(t, "time", got.CreatedAt, at)
				}
			}
		}
	})
}
