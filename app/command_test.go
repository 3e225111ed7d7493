package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/app/auth"
	"parley/app/bus"
	"parley/app/settings"
	"parley/db"
	"parley/e2e/rig"
)

// parley runs a command line, and returns what it prints and its error's text.
func parley(t *testing.T, environment []string, words ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := newCommand(environment, &out, &out).Run(t.Context(), append([]string{"parley"}, words...)); err != nil {
		out.WriteString("parley: " + err.Error())
	}
	return out.String()
}

// TestHelp asks for help in each way, and reads all settings in it with their defaults.
func TestHelp(t *testing.T) {
	for _, words := range []string{"help", "--help", "-h"} {
		help := parley(t, nil, words)
		for _, v := range variables {
			if v.meaning == "" || !strings.Contains(help, v.name) || !strings.Contains(help, v.meaning) || !strings.Contains(help, v.fallback) {
				t.Errorf("%s: nothing of %s, or not its default", words, v.name)
			}
		}
		for _, command := range []string{"version", "check", "user", "restore-finish", "one-step"} {
			if !regexp.MustCompile(`(?m)^ +` + command + ` `).MatchString(help) {
				t.Errorf("%s: nothing of %s", words, command)
			}
		}
	}
	if help := parley(t, nil, "user", "help"); !strings.Contains(help, "suspend") || !strings.Contains(help, "choose") {
		t.Errorf("help for users: %s", help)
	}
	for line, want := range map[string]string{
		"help user":       "parley user [command",
		"help user add":   "parley user add [options] NAME",
		"user help add":   "parley user add [options] NAME",
		"user add --help": "parley user add [options] NAME",
		"h restore":       "parley restore [options] FILE",
		"help user nope":  "parley: No help topic for 'nope'",
		"help nope":       "parley: No help topic for 'nope'",
	} {
		if help := parley(t, nil, strings.Fields(line)...); !strings.Contains(help, want) {
			t.Errorf("%s: %s", line, help)
		}
	}
	for _, words := range []string{"version", "--version", "-v"} {
		if got := parley(t, nil, words); !strings.Contains(got, version()) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: %q", words, got)
		}
	}
}

// TestMistypedCommands says in one line what cannot be understood, and starts nothing.
func TestMistypedCommands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	for line, want := range map[string]string{
		"chekc":                 `parley: "chekc" is not a command of parley`,
		"-frob":                 "parley: flag provided but not defined: -frob",
		"user frob":             `parley: "frob" is not a command of parley user`,
		"user add":              "parley: usage: parley user add NAME",
		"user add ann bob":      "parley: usage: parley user add NAME",
		"user suspend":          "parley: usage: parley user suspend NAME",
		"user delete --all ann": "parley: flag provided but not defined: -all (parley user delete)",
		"admin":                 "parley: usage: parley admin NAME [off]",
		"admin ann on":          "parley: usage: parley admin NAME [off]",
		"one-step":              "parley: usage: parley one-step NAME",
		"check now":             `parley: "now" is not a command of parley check`,
		"user list":             "parley: there is no SQLite file " + path,
		"user add ann":          "parley: there is no SQLite file " + path,
	} {
		got := parley(t, []string{"PARLEY_DATABASE_URL=sqlite:" + path}, strings.Fields(line)...)
		if !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q instead of %q", line, got, want)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a database was made")
	}
}

// TestNothingIsMade looks at a MySQL database on which no server has ever run.
func TestNothingIsMade(t *testing.T) {
	address := rig.MySQL(t)
	for _, line := range []string{"user list", "user add ann", "admin ann"} {
		if got := parley(t, []string{"PARLEY_DATABASE_URL=" + address}, strings.Fields(line)...); !strings.HasPrefix(got, "parley: there are no tables in the MySQL database") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := parley(t, []string{"PARLEY_DATABASE_URL=" + address}, "check"); !strings.Contains(got, "it has no tables yet") {
		t.Errorf("there are tables now: %s", got)
	}
}

// TestLinksOfTheCommandLine prints addresses that a browser can open.
func TestLinksOfTheCommandLine(t *testing.T) {
	database := "sqlite:" + t.TempDir() + "/parley.db"
	store, err := db.Open(database)
	must(t, err)
	must(t, store.Migrate(t.Context()))
	must(t, store.Close())
	for addr, want := range map[string]string{":3000": "http://localhost:3000/reset/", "0.0.0.0:80": "http://localhost:80/reset/", "[::]:80": "http://localhost:80/reset/", "127.0.0.1:3000": "http://127.0.0.1:3000/reset/"} {
		environment := []string{"PARLEY_DATABASE_URL=" + database, "PARLEY_ADDR=" + addr}
		parley(t, environment, "user", "add", "ann")
		if got := parley(t, environment, "user", "reset", "ann"); !strings.Contains(got, want) {
			t.Errorf("%s: %s", addr, got)
		}
	}
}

// TestUserCommands runs through what an administrator does to accounts, beside a server that has the database open.
func TestUserCommands(t *testing.T) {
	for _, address := range []string{"sqlite:" + t.TempDir() + "/parley.db", rig.MySQL(t)} {
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		environment := []string{"PARLEY_DATABASE_URL=" + address, "PARLEY_PUBLIC_URL=https://chat.example.org", "PARLEY_SIGN_UP=closed"}
		for _, step := range []struct{ line, want string }{
			{"user list", "0 accounts in the "},
			{"user add Ann --admin", "ann has an account (administrator)"},
			{"user add bob", "https://chat.example.org/reset/"},
			{"user add bob", `has the username "bob" already`},
			{"user add x", `"x" cannot be a username`},
			{"user reset nobody", `has the username "nobody"`},
			{"user reset bob", "https://chat.example.org/reset/"},
			{"user suspend ann", "ann is the last administrator"},
			{"user suspend bob", "bob is suspended"},
			{"user reset bob", "bob is suspended in the "},
			{"user list", "bob       suspended "},
			{"user restore bob", "bob can sign in"},
			{"user admin bob", "bob is an administrator now"},
			{"user admin --off ann", "ann is not an administrator any more"},
			{"admin ann", "ann is an administrator now"},
			{"user delete --messages bob", "and everything it has posted"},
			{"user list", "bob       to be deleted "},
			{"user list", "2 accounts in the "},
			{"user reset bob", `has the username "bob"`},
			{"user restore bob", `has the username "bob"`},
			{"user suspend bob", `has the username "bob"`},
			{"user admin bob", `has the username "bob"`},
			{"user delete bob", "bob has been signed out for good"},
		} {
			if got := parley(t, environment, strings.Fields(step.line)...); !strings.Contains(got, step.want) {
				t.Errorf("%s: %q instead of %q", step.line, got, step.want)
			}
		}
		must(t, store.Close())
	}
}

// TestServersAreTold suspends and deletes people on the command line, which notifies the servers over Redis whose pages
// to close, and says how long it takes where there is none.
func TestServersAreTold(t *testing.T) {
	address := "sqlite:" + t.TempDir() + "/parley.db"
	store, err := db.Open(address)
	must(t, err)
	must(t, store.Migrate(t.Context()))
	defer func() { must(t, store.Close()) }()
	redis := rig.Redis(t)
	server, err := bus.NewRedis(redis, slog.New(slog.DiscardHandler))
	must(t, err)
	defer func() { must(t, server.Close()) }()
	told := make(chan uint64, 10)
	server.Listen(func(e bus.Event) {
		if e.Signal.Kind == bus.SessionEnded {
			told <- e.Signal.Session
		}
	})
	rig.Eventually(t, "the server hears", server.Up)

	environment := []string{"PARLEY_DATABASE_URL=" + address, "PARLEY_REDIS_URL=" + redis}
	for _, name := range []string{"ann", "bob", "cem", "dan"} {
		parley(t, environment, "user", "add", name)
	}
	accounts := auth.New(store, auth.Options{Settings: settings.New(store, nil).Get, Now: time.Now})
	signIn := func(name string) uint64 {
		u, err := store.UserByName(t.Context(), name)
		must(t, err)
		_, session, err := accounts.CreateSession(t.Context(), u, "a browser")
		must(t, err)
		return session.ID
	}
	for line, want := range map[string]string{"user suspend bob": "close within two seconds", "user delete cem": "signed out for good"} {
		session := signIn(line[len(line)-3:])
		if got := parley(t, environment, strings.Fields(line)...); !strings.Contains(got, want) {
			t.Errorf("%s: %s", line, got)
		}
		select {
		case got := <-told:
			if got != session {
				t.Errorf("%s: the server heard of the session %d instead of %d", line, got, session)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s: the server heard nothing", line)
		}
	}
	for settings, want := range map[string]string{"": "close within ten seconds", "PARLEY_REDIS_URL=redis://127.0.0.1:1/0": "Redis could not be notified"} {
		signIn("dan")
		got := parley(t, []string{"PARLEY_DATABASE_URL=" + address, settings}, "user", "suspend", "dan")
		parley(t, environment, "user", "restore", "dan")
		if !strings.Contains(got, want) || !strings.Contains(got, "close within ten seconds") {
			t.Errorf("%q: %s", settings, got)
		}
	}
}

// TestCheck looks at good and bad services, and at a server's database while it runs. No secret is in what it prints.
func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.db")
	if got := parley(t, []string{"PARLEY_DATABASE_URL=sqlite:" + path}, "check"); !strings.Contains(got, "there is no SQLite file yet") || strings.Contains(got, "WRONG") {
		t.Errorf("before the first start: %s", got)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the check has made a database")
	}
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	got := parley(t, []string{"PARLEY_DATABASE_URL=sqlite:" + file + "/parley.db", "PARLEY_ADDR=192.0.2.1:80", "PARLEY_ADMIN_ADDR=0.0.0.0:0", "PARLEY_TRUSTED_PROXIES=0.0.0.0/0", "PARLEY_LIMITS=off"}, "check")
	if strings.Count(got, "WRONG") != 2 || strings.Count(got, "\nwarning") != 4 {
		t.Errorf("a folder that is none, an address of another machine, everybody trusted: %s", got)
	}
	if got := parley(t, []string{"PARLEY_DATABASE_URL=" + rig.MySQL(t)}, "check"); !strings.Contains(got, "it has no tables yet") {
		t.Errorf("an empty MySQL: %s", got)
	}
	box, redis := rig.Mail(t, "s3cret"), rig.Redis(t)
	for _, address := range []string{"sqlite:" + path, rig.MySQL(t)} {
		store, err := db.Open(address)
		must(t, err)
		must(t, store.Migrate(t.Context()))
		got := parley(t, []string{"PARLEY_DATABASE_URL=" + address, "PARLEY_REDIS_URL=" + redis, "PARLEY_PUBLIC_URL=https://chat.example.org",
			"PARLEY_SMTP_URL=smtp://parley:s3cret@" + box.Addr, "PARLEY_MAIL_FROM=parley@example.org", "PARLEY_SIGN_UP=invite"}, "check")
		for _, want := range []string{"the database answers: ", "0 accounts, and 0 administrators", "Redis passes messages on", "the mail server lets us sign in", "PARLEY_SIGN_UP: invite", "version  " + version()} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in: %s", want, got)
			}
		}
		if strings.Contains(got, "s3cret") || strings.Contains(got, "WRONG") || strings.Contains(got, "parley: ") {
			t.Errorf("all is well: %s", got)
		}
		must(t, store.Close())
	}
	got = parley(t, []string{"PARLEY_DATABASE_URL=mysql://parley:s3cret@127.0.0.1:1/parley", "PARLEY_REDIS_URL=redis://:s3cret@127.0.0.1:1/0", "PARLEY_PUBLIC_URL=https://chat.example.org",
		"PARLEY_SMTP_URL=smtp://parley:s3cret@127.0.0.1:1", "PARLEY_MAIL_FROM=parley@example.org"}, "check")
	if strings.Count(got, "WRONG") != 3 || strings.Contains(got, "s3cret") || !strings.HasSuffix(got, errTrouble.Error()) {
		t.Errorf("nothing is there: %s", got)
	}
}
