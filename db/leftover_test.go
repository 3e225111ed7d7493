package db

import (
	"errors"
	"os"
	"strings"
	"testing"

	"parley/e2e/rig"
)

// TestLeftoversOfARestoration removes what a killed one has left, and nothing else.
func TestLeftoversOfARestoration(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		room := createRoom(t, d)
		if names, err := d.RemoveLeftovers(t.Context()); err != nil || len(names) != 0 {
			t.Fatalf("removed %v of nothing: %v", names, err)
		}
		var want []string
		if d.IsSQLite() {
			want = []string{d.file + ".restoring", d.file + ".restoring-wal", d.file + ".restoring.lock"}
			for _, path := range want {
				must(t, os.WriteFile(path, []byte("messages"), 0o600))
			}
		} else {
			for _, name := range []string{"restoring_users", "restoring_mine", "replaced_messages"} {
				must(t, d.exec(t.Context(), "CREATE TABLE "+name+" (id INT)"))
			}
			want = []string{"restoring_users", "replaced_messages"}
		}
		left, err := d.Leftovers(t.Context())
		must(t, err)
		equal(t, "left", strings.Join(left, " "), strings.Join(want, " "))
		removed, err := d.RemoveLeftovers(t.Context())
		must(t, err)
		equal(t, "removed", strings.Join(removed, " "), strings.Join(want, " "))
		left, err = d.Leftovers(t.Context())
		must(t, err)
		equal(t, "left afterwards", len(left), 0)
		if !d.IsSQLite() {
			mine, err := d.tablesWith(t.Context(), restoring)
			must(t, err)
			equal(t, "tables of others", strings.Join(mine, " "), "mine")
		}
		heads, err := d.Heads(t.Context(), []uint64{room.ID})
		must(t, err)
		equal(t, "rooms", len(heads), 1)
	})
}

// TestARunningRestorationIsLeftAlone looks for leftovers, and begins another one, while a backup is being loaded.
func TestARunningRestorationIsLeftAlone(t *testing.T) {
	for _, address := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		d, err := Open(address)
		must(t, err)
		must(t, d.Migrate(t.Context()))
		must(t, d.Close())
		must(t, Restore(t.Context(), address, true, func(l *Loader) error {
			err := Restore(t.Context(), address, true, func(*Loader) error { return errors.New("a second one began") })
			if !errors.Is(err, ErrRestoring) && !errors.Is(err, ErrServed) {
				t.Errorf("restoring twice at once: %v", err)
			}
			other, err := Open(address)
			if errors.Is(err, ErrInUse) { // on SQLite no server can start
				return nil
			}
			must(t, err)
			removed, err := other.RemoveLeftovers(t.Context())
			must(t, err)
			left, err := other.Leftovers(t.Context())
			must(t, err)
			if len(removed) > 0 || len(left) < len(l.Tables()) {
				t.Errorf("removed %v of a restoration that is running, and left %d tables", removed, len(left))
			}
			return other.Close()
		}))
		restored := openMigrated(t, address)
		left, err := restored.Leftovers(t.Context())
		must(t, err)
		equal(t, "left at the end", len(left), 0)
	}
}

// TestGaleraIsKnown reads a variable that MariaDB always has; it is on in a cluster, whose nodes have locks of their own.
func TestGaleraIsKnown(t *testing.T) {
	d := openMigrated(t, rig.MySQL(t))
	is, err := d.isGalera(t.Context())
	must(t, err)
	equal(t, "in a cluster", is, false)
}
