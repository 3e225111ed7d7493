package db

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"gorm.io/driver/mysql"

	"parley/e2e/rig"
)

// noon needs all six digits of its microseconds.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 123456000, time.UTC)

// TestMain makes this program a second process that opens and migrates a database, for openInProcess.
func TestMain(m *testing.M) {
	address := os.Getenv("DB_TEST_ADDRESS")
	if address == "" {
		os.Exit(m.Run())
	}
	if err := migrateAt(address); err != nil {
		_, _ = os.Stdout.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

func migrateAt(address string) error {
	d, err := Open(address)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(context.Background()), d.Close())
}

// openInProcess opens and migrates a database in a process of its own, and returns its output.
func openInProcess(address string) (string, error) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "DB_TEST_ADDRESS="+address)
	output, err := command.Output()
	return string(output), err
}

// onEachDatabase runs a test on an empty SQLite and on an empty MariaDB.
func onEachDatabase(t *testing.T, test func(t *testing.T, d *DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, openMigrated(t, "sqlite:"+t.TempDir()+"/parley.db"))
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		test(t, openMigrated(t, rig.MySQL(t)))
	})
}

func openMigrated(t *testing.T, address string) *DB {
	t.Helper()
	prepared := rig.PrepareSQLite(t, address, migrateAt)
	d, err := Open(address)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	if !prepared {
		must(t, d.Migrate(t.Context()))
	}
	return d
}

// openAgain opens MariaDB once more, as a second process would. SQLite allows only one.
func openAgain(t *testing.T, d *DB) *DB {
	t.Helper()
	if d.IsSQLite() {
		return d
	}
	second, err := Open(addressOf(d))
	must(t, err)
	t.Cleanup(func() { must(t, second.Close()) })
	return second
}

// addressOf returns the address of a MariaDB.
func addressOf(d *DB) string {
	c := d.gorm.Dialector.(*mysql.Dialector).DSNConfig
	return "mysql://root@" + c.Addr + "/" + c.DBName
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError fails the test unless err is a want.
func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// createUsers creates n accounts: user0, user1, ...
func createUsers(t *testing.T, d *DB, n int) (list []User) {
	t.Helper()
	for i := range n {
		u := User{Username: "user" + strconv.Itoa(i), DisplayName: "User", TimeZone: "UTC", CreatedAt: noon}
		must(t, d.CreateUser(t.Context(), &u))
		list = append(list, u)
	}
	return list
}

// createRoom creates a group with an empty log.
func createRoom(t *testing.T, d *DB) Room {
	t.Helper()
	r := Room{Kind: RoomGroup, Name: "Room", IsOpen: true, Epoch: 7, CreatedAt: noon}
	must(t, d.CreateRoom(t.Context(), &r))
	return r
}

// postText appends a message under a key.
func postText(t *testing.T, d *DB, room, author uint64, key string) Message {
	t.Helper()
	m := Message{RoomID: room, Kind: KindText, AuthorID: author, ClientKey: &key, Body: "says " + key, CreatedAt: noon}
	must(t, d.append(t.Context(), &m))
	return m
}

// addEntry appends an entry without a key.
func addEntry(t *testing.T, d *DB, room, author uint64, kind MessageKind) Message {
	t.Helper()
	m := Message{RoomID: room, Kind: kind, AuthorID: author, CreatedAt: noon}
	must(t, d.append(t.Context(), &m))
	return m
}

// append writes to a room's log as the program does everywhere: a transaction that takes the seq first.
func (d *DB) append(ctx context.Context, m *Message) error {
	return d.Tx(ctx, func(tx *DB) error {
		var r Room
		var err error
		if m.IsText() {
			r, err = tx.NextSaidSeqs(ctx, m.RoomID, 1)
		} else {
			r, err = tx.NextSeq(ctx, m.RoomID)
		}
		if err != nil {
			return err
		}
		m.Seq = r.LastSeq
		return tx.InsertMessage(ctx, m)
	})
}

func equalLists[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
