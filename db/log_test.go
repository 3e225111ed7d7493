package db

import (
	"reflect"
	"testing"
)

// TestLogAfter checks that a log comes as MessagesAfter has it, and with its epoch also where it ends.
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
