package db

import (
	"reflect"
	"testing"
	"time"
)

// TestNextSaidSeqsOf holds that messages get numbers only if each of their authors is in the room, and that what
// comes back with the numbers is the room as a read would find it.
func TestNextSaidSeqsOf(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, since := t.Context(), time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		r := Room{Kind: RoomOpen, Name: "Ünö", IsOpen: true, Epoch: 7, LastSeq: 5, SlowSeconds: 3, OnlyModerators: true, CreatedAt: since, DefaultSince: &since}
		must(t, d.CreateRoom(ctx, &r))
		must(t, d.AddMember(ctx, r.ID, 1, 0))
		must(t, d.AddMember(ctx, r.ID, 2, 0))
		next := func(room uint64, n int, authors ...uint64) (got Room, err error) {
			err = d.Tx(ctx, func(tx *DB) error {
				got, err = tx.NextSaidSeqsOf(ctx, room, n, authors)
				return err
			})
			return got, err
		}
		for i, authors := range [][]uint64{{1}, {2}, {1, 2}} {
			got, err := next(r.ID, i+1, authors...)
			must(t, err)
			want, err := d.RoomByID(ctx, r.ID)
			must(t, err)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got.SaidSeq != got.LastSeq || !got.CreatedAt.Equal(since) || !got.DefaultSince.Equal(since) {
				t.Errorf("got %+v", got)
			}
		}
		_, err := next(r.ID, 1, 1, 3)
		wantError(t, "a stranger among them", err, ErrNotMember)
		_, err = next(999, 1, 1)
		wantError(t, "no such room", err, ErrNotFound)
		got, err := d.RoomByID(ctx, r.ID)
		must(t, err)
		equal(t, "the numbers of those who were refused", got.LastSeq, uint64(5+1+2+3))
	})
}

// TestLogAfter holds that a log comes as MessagesAfter has it, and with its epoch also where it ends.
func TestLogAfter(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		ctx, r := t.Context(), createRoom(t, d)
		for _, key := range []string{"a", "b", "c"} {
			postText(t, d, r.ID, 1, key)
			postText(t, d, createRoom(t, d).ID, 1, key)
		}
		for _, c := range []struct {
			after uint64
			limit int
			found int
		}{{0, 9, 3}, {0, 2, 2}, {1, 1, 1}, {2, 9, 1}, {3, 9, 0}, {99, 9, 0}} {
			epoch, got, err := d.LogAfter(ctx, r.ID, c.after, c.limit)
			must(t, err)
			want, err := d.MessagesAfter(ctx, r.ID, c.after, c.limit)
			must(t, err)
			equal(t, "epoch", epoch, r.Epoch)
			equal(t, "entries", len(got), c.found)
			if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		epoch, none, err := d.LogAfter(ctx, 999, 0, 9)
		must(t, err)
		equal(t, "the epoch of no room", epoch, 0)
		equal(t, "entries of no room", len(none), 0)
	})
}
