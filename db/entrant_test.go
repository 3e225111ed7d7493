package db

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// checkEntrants compares what EntrantsByHash says of people and rooms, asked for alone and together, with ReadersByHash
// and EntranceOf.
func checkEntrants(t *testing.T, d *DB, what string, of []RoomUser) {
	t.Helper()
	ctx := t.Context()
	asked := []TokenRoom{{"nobody's", of[0].Room}}
	for _, k := range of {
		hash := fmt.Sprintf("%060d", k.User)
		if _, err := d.UserByID(ctx, k.User); err != nil {
			continue
		}
		if found, err := d.SessionsByHash(ctx, []string{hash}); err != nil {
			t.Fatal(err)
		} else if len(found) == 0 {
			must(t, d.CreateSession(ctx, &Session{TokenHash: hash, UserID: k.User, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon}))
		}
		asked = append(asked, TokenRoom{hash, k.Room})
	}
	together := map[TokenRoom]Entrant{}
	for some := range slices.Chunk(asked, BatchSize) {
		found, err := d.EntrantsByHash(ctx, some)
		must(t, err)
		for k, e := range found {
			together[k] = e
		}
	}
	equal(t, what+": sessions", len(together), len(asked)-1)
	for _, k := range asked {
		alone, err := d.EntrantsByHash(ctx, []TokenRoom{k})
		must(t, err)
		readers, err := d.ReadersByHash(ctx, []string{k.Hash})
		must(t, err)
		reader, signedIn := readers[k.Hash]
		if !signedIn {
			equal(t, what+": of no session", len(alone), 0)
			continue
		}
		want := Entrant{SignedIn: reader}
		if in, err := d.EntranceOf(ctx, reader.User.ID, k.Room); err == nil {
			want.Entrance = &in
		}
		for how, got := range map[string]Entrant{"alone": alone[k], "together": together[k]} {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: user %d in room %d, %s: %+v instead of %+v", what, reader.User.ID, k.Room, how, got, want)
			}
		}
	}
}
