package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"parley/app/auth"
	"parley/app/settings"
	"parley/db"
	"parley/e2e/rig"
)

// TestMakeAdmin runs `parley admin` beside a server that has the database open.
func TestMakeAdmin(t *testing.T) {
	missing := "sqlite:" + t.TempDir() + "/none.db"
	if err := makeAdmin(t.Context(), []string{"PARLEY_DATABASE_URL=" + missing}, "ann", true, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "there is no SQLite file") {
		t.Errorf("without a file: %v", err)
	}
	for _, address := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		run := func(username string, admin bool) (string, error) {
			var out bytes.Buffer
			err := makeAdmin(t.Context(), []string{"PARLEY_DATABASE_URL=" + address}, username, admin, &out)
			return out.String(), err
		}
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		for _, name := range []string{"ann", "bob"} {
			must(t, store.CreateUser(t.Context(), &db.User{Username: name, DisplayName: name, PasswordHash: "x", TimeZone: "UTC", CreatedAt: time.Now().UTC()}))
		}
		if _, err := run("nobody", true); err == nil || !strings.Contains(err.Error(), `has the username "nobody"`) {
			t.Errorf("%s: %v", address, err)
		}
		for _, step := range []struct {
			name  string
			admin bool
			want  string
		}{{"ann", true, "ann is an administrator now"}, {"ann", false, "ann is the last administrator"}, {"Bob", true, "Bob is an administrator now"}, {"ann", false, "ann is not an administrator any more"}} {
			out, err := run(step.name, step.admin)
			if err != nil {
				out += err.Error()
			}
			if !strings.Contains(out, step.want) {
				t.Errorf("%s %v: %s", step.name, step.admin, out)
			}
		}
		accounts := auth.New(store, auth.Options{Settings: settings.New(store, nil).Get, Now: time.Now})
		u, err := accounts.UserNamed(t.Context(), "bob")
		if err != nil || !u.IsAdmin {
			t.Errorf("%+v, %v", u, err)
		}
		must(t, store.Close())
	}
}
