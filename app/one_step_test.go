package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"parley/db"
	"parley/e2e/rig"
)

// TestOneStep runs `parley one-step` beside a server that has the database open.
func TestOneStep(t *testing.T) {
	for _, address := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		u := db.User{Username: "ann", DisplayName: "ann", PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}
		must(t, store.CreateUser(t.Context(), &u))
		must(t, store.CreateSecondFactor(t.Context(), &db.SecondFactor{UserID: u.ID, Secret: "A", CreatedAt: time.Now().UTC()}))
		for _, step := range []struct{ name, want string }{{"nobody", `has the username "nobody"`}, {"Ann", "Ann signs in in one step now"}, {"ann", "ann already signs in in one step"}} {
			var out bytes.Buffer
			if err := disableSecondFactor(t.Context(), []string{"PARLEY_DATABASE_URL=" + address}, step.name, &out); err != nil {
				out.WriteString(err.Error())
			}
			if !strings.Contains(out.String(), step.want) {
				t.Errorf("%s: %s", step.name, out.String())
			}
		}
		has, err := store.HasSecondFactor(t.Context(), u.ID)
		must(t, err)
		told, err := store.UserByID(t.Context(), u.ID)
		must(t, err)
		log, err := store.Audit(t.Context(), 0, 9)
		must(t, err)
		if has || told.Notice.Way != db.NoticeOneStep || len(log) != 1 || log[0].Action != db.AuditOneStep || log[0].UserID != u.ID {
			t.Errorf("%v, %+v, %+v", has, told.Notice, log)
		}
		must(t, store.Close())
	}
}
