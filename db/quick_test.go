package db

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"parley/e2e/rig"
)

// quickPost posts as the writer of rooms does.
func quickPost(t *testing.T, d *DB, room uint64, key string) error {
	return d.TxOnce(t.Context(), func(tx *DB) error {
		rooms, err := tx.LockRooms(t.Context(), []uint64{room}, false)
		if err != nil {
			return err
		}
		r := rooms[room]
		r.LastSeq++
		if err := tx.SetLastSaid(t.Context(), []Room{r}); err != nil {
			return err
		}
		return tx.InsertMessages(t.Context(), []Message{{RoomID: room, Seq: r.LastSeq, Kind: KindText, AuthorID: 1, ClientKey: &key, CreatedAt: noon}})
	})
}

// TestQuickTransactions checks that a transaction on the quick connections is one: whole, undone as a whole, and with locks to its end.
func TestQuickTransactions(t *testing.T) {
	t.Parallel()
	d := openMigrated(t, rig.MySQL(t))
	if !d.quick.works.Load() {
		t.Fatal("quick transactions do not work")
	}
	ctx, r := t.Context(), createRoom(t, d)
	before := d.Statements()
	must(t, quickPost(t, d, r.ID, "a"))
	equal(t, "statements", d.Statements()-before, 3)
	wantError(t, "a key again", quickPost(t, d, r.ID, "a"), ErrDuplicate)
	stop := errors.New("stop")
	wantError(t, "one that stops", d.TxOnce(ctx, func(tx *DB) error {
		rooms, err := tx.LockRooms(ctx, []uint64{r.ID}, false)
		must(t, err)
		equal(t, "rooms", len(rooms), 1)
		others, err := d.LockRooms(ctx, []uint64{r.ID}, false)
		must(t, err)
		equal(t, "rooms that others may lock", len(others), 0)
		must(t, tx.exec(ctx, "UPDATE rooms SET name = 'changed' WHERE id = ?", r.ID))
		must(t, tx.putOff(ctx, "UPDATE rooms SET last_seq = 99 WHERE id = ?", r.ID))
		return stop
	}), stop)
	must(t, d.TxOnce(ctx, func(tx *DB) error { // nothing is put off
		return tx.exec(ctx, "UPDATE rooms SET about = 'about' WHERE id = ?", r.ID)
	}))
	for i := range 2 * maxQuick { // each connection is as good as before
		must(t, quickPost(t, d, r.ID, "b"+strconv.Itoa(i)))
	}
	got, err := one[Room](d.query(ctx, "SELECT * FROM rooms WHERE id = ?", r.ID))
	must(t, err)
	equal(t, "seq", got.LastSeq, 1+2*maxQuick)
	equal(t, "name", got.Name, r.Name)
	equal(t, "about", got.About, "about")
	list, err := d.MessagesAfter(ctx, r.ID, 0, 99)
	must(t, err)
	equal(t, "entries", uint64(len(list)), got.LastSeq)
}

// TestQuickCommitMayBeUnknown is TestCommitMayBeUnknown for a quick transaction, and checks that what was put off is known to
// have failed.
func TestQuickCommitMayBeUnknown(t *testing.T) {
	t.Parallel()
	direct, d, proxy := openBehindProxy(t)
	r := createRoom(t, direct)
	last := uint64(0)
	for round := range 10 {
		forward, key := round%2 == 0, strconv.Itoa(round)
		proxy.next.Store(&fault{statement: "COMMIT", forward: forward})
		wantError(t, "cut at the commit", quickPost(t, d, r.ID, key), ErrUnknown)
		if proxy.next.Load() != nil {
			t.Fatal("nothing was cut")
		}
		err := quickPost(t, d, r.ID, key) // which waits for nothing: the room may still be locked
		for errors.Is(err, ErrUnavailable) {
			err = quickPost(t, d, r.ID, key)
		}
		if last++; forward {
			wantError(t, "sent again", err, ErrDuplicate)
		} else {
			must(t, err)
		}
	}
	equal(t, "unknowns counted", d.Unknowns(), 10)
	list, err := direct.MessagesAfter(t.Context(), r.ID, 0, 99)
	must(t, err)
	equal(t, "entries", uint64(len(list)), last)
	proxy.next.Store(&fault{statement: "UPDATE rooms SET said_seq", forward: true})
	wantError(t, "cut before the commit", quickPost(t, d, r.ID, "new"), ErrUnavailable)
	proxy.next.Store(&fault{statement: "SELECT"})
	wantError(t, "cut at the lock", d.TxOnce(t.Context(), func(tx *DB) error {
		_, err := tx.LockRooms(t.Context(), []uint64{r.ID, 98, 99}, false) // not prepared, as the proxy reads only what isn't
		return err
	}), ErrUnavailable)
	if proxy.next.Load() != nil {
		t.Fatal("nothing was cut")
	}
	equal(t, "unknowns counted", d.Unknowns(), 10)
	short, cancel := context.WithCancel(t.Context())
	wantError(t, "one whose time ends before its commit", d.TxOnce(short, func(tx *DB) error {
		must(t, tx.putOff(short, "UPDATE rooms SET name = 'late' WHERE id = ?", r.ID))
		cancel()
		return nil
	}), ErrUnavailable)
	equal(t, "unknowns counted", d.Unknowns(), 10)
	got, err := one[Room](direct.query(t.Context(), "SELECT * FROM rooms WHERE id = ?", r.ID))
	must(t, err)
	equal(t, "name", got.Name, r.Name)
}

// TestQuickTransactionsAreTried checks that they are not used where a server, or something in between, does not do what they need.
func TestQuickTransactionsAreTried(t *testing.T) {
	t.Parallel()
	address := rig.MySQL(t)
	d := openMigrated(t, address)
	a, err := parseAddress(address)
	must(t, err)
	c, err := a.driverConfig()
	must(t, err)
	row := Counter{Name: "tried", EndsAt: noon}
	must(t, d.create(t.Context(), &row))
	for _, bad := range []struct {
		what       string
		autocommit string
		several    bool
		works      bool
	}{
		{"as it should be", "0", true, true},
		{"each statement commits", "1", true, false},
		{"one statement at once", "0", false, false},
	} {
		worse := c.Clone()
		worse.MultiStatements, worse.Params["autocommit"] = bad.several, bad.autocommit
		servers, err := newConnector(worse)
		must(t, err)
		servers.isQuick = true
		must(t, d.quick.pool.Close())
		d.quick.pool = openPool(servers, maxQuick)
		must(t, d.useQuick(t.Context(), row.Name))
		equal(t, bad.what+": they are used", d.quick.works.Load(), bad.works)
		warnings, err := d.Warnings(t.Context())
		must(t, err)
		equal(t, bad.what+": warnings", len(warnings) == 0, bad.works)
	}
	r := createRoom(t, d)
	must(t, quickPost(t, d, r.ID, "without them"))
}
