package db

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestMeasure checks what is counted in a database, and how its connections are used.
func TestMeasure(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		before, err := d.Measure(t.Context())
		must(t, err)
		users := createUsers(t, d, 3)
		createRoom(t, d)
		must(t, d.CreateSession(t.Context(), &Session{UserID: users[0].ID, TokenHash: "a hash", CreatedAt: time.Now(), SeenAt: time.Now(), ExpiresAt: time.Now()}))
		size, err := d.Measure(t.Context())
		must(t, err)
		equal(t, "accounts", size.Accounts-before.Accounts, 3)
		equal(t, "rooms", size.Rooms-before.Rooms, 1)
		equal(t, "sessions", size.Sessions-before.Sessions, 1)
		if size.Bytes < 4096 {
			t.Errorf("the database has %d bytes", size.Bytes)
		}
		if pool := d.Pool(); pool.MaxOpenConnections < 2 || pool.OpenConnections < 1 {
			t.Errorf("%+v", pool)
		}
	})
}

// TestErrorsAreCounted checks the classes of errors. What is an answer does not count as an error.
func TestErrorsAreCounted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		counts := func() (list []uint64) {
			for _, class := range ErrorClasses() {
				list = append(list, d.Errors(class))
			}
			return list
		}
		_, err := d.UserByID(t.Context(), 1<<40)
		wantError(t, "nobody", err, ErrNotFound)
		user := createUsers(t, d, 1)[0]
		wantError(t, "twice", d.CreateUser(t.Context(), &User{Username: user.Username, CreatedAt: time.Now()}), ErrDuplicate)
		equalLists(t, "errors", counts()[1:], []uint64{0, 0, 0, 0}) // tests beside this one may contend with it

		if d.exec(t.Context(), "UPDATE no_such_table SET x = 1") == nil {
			t.Error("there is a table that is none")
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if _, err := d.UserByID(ended, user.ID); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%v", err)
		}
		pool, err := d.gorm.DB()
		must(t, err)
		must(t, pool.Close())
		if _, err := d.UserByID(t.Context(), user.ID); err == nil {
			t.Error("a database that is closed answers")
		}
		equal(t, "unwritable", d.Errors(Unwritable), 0)
		equal(t, "canceled", d.Errors(Canceled), 1)
		if d.Errors(Other) == 0 {
			t.Errorf("%v", counts())
		}
	})
}

// TestWritersThatWaitAreCounted counts those who wait for SQLite's writer.
func TestWritersThatWaitAreCounted(t *testing.T) {
	w := &writer{}
	d := &DB{writer: w}
	must(t, w.enter(t.Context(), Normal))
	equal(t, "one writes", d.WaitingWriters(), 0)
	entered := make(chan error)
	for range 2 {
		go func() { entered <- w.enter(t.Context(), Low) }()
	}
	for d.WaitingWriters() != 2 {
		time.Sleep(time.Millisecond)
	}
	for range 2 {
		w.leave()
		must(t, <-entered)
	}
	w.leave()
	equal(t, "nobody writes", d.WaitingWriters(), 0)
	equal(t, "MySQL", (&DB{}).WaitingWriters(), 0)
}
