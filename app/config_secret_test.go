package main

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/rig"
)

// TestSecretFiles reads secrets from files, as containers are given them.
func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	password, whole := file("password", "s%c/r#t @ü\n"), file("url", "mysql://u:p@db/parley\r\n")
	redis, empty, wrong := file("redis", "redis://:p@h/1\n\n"), file("empty", "\n"), file("wrong", "mysql://u:qz@db/")
	marked, onlyMark := file("marked", "\ufeffmysql://u:p@db/parley\r\n"), file("mark", "\ufeff\n")
	lines, binary := file("lines", "qz\nqz\n"), file("binary", "qz\xff\xfe")
	for _, c := range []struct {
		environment []string
		database    string
	}{
		{[]string{"PARLEY_DATABASE_URL_FILE=" + whole}, "mysql://u:p@db/parley"},
		{[]string{"PARLEY_DATABASE_URL_FILE=" + marked}, "mysql://u:p@db/parley"},
		{[]string{"PARLEY_DATABASE_URL=mysql://me@db/parley?tls=true", "PARLEY_DATABASE_PASSWORD_FILE=" + password}, "mysql://me:s%25c%2Fr%23t%20%40%C3%BC@db/parley?tls=true"},
		{[]string{"PARLEY_DATABASE_URL=mysql://me@a:1,b:2/parley", "PARLEY_DATABASE_PASSWORD_FILE=" + password}, "mysql://me:s%25c%2Fr%23t%20%40%C3%BC@a:1,b:2/parley"},
		{[]string{"PARLEY_DATABASE_URL=mysql://me@/parley?socket=/m.sock", "PARLEY_DATABASE_PASSWORD_FILE=" + password}, "mysql://me:s%25c%2Fr%23t%20%40%C3%BC@/parley?socket=/m.sock"},
	} {
		got := configured(t, append(c.environment, "PARLEY_REDIS_URL_FILE="+redis)...)
		if got.DatabaseURL != c.database || got.RedisURL != "redis://:p@h/1" {
			t.Errorf("%v: %s, %s", c.environment, got.DatabaseURL, got.RedisURL)
		}
	}
	for _, environment := range [][]string{
		{"PARLEY_DATABASE_URL=mysql://u:qz@db/p", "PARLEY_DATABASE_URL_FILE=" + whole},
		{"PARLEY_REDIS_URL=redis://qz", "PARLEY_REDIS_URL_FILE=" + redis},
		{"PARLEY_DATABASE_URL=mysql://u:qz@db/p", "PARLEY_DATABASE_PASSWORD_FILE=" + password},
		{"PARLEY_DATABASE_URL=mysql://db/qz", "PARLEY_DATABASE_PASSWORD_FILE=" + password},
		{"PARLEY_DATABASE_PASSWORD_FILE=" + password}, // with SQLite
		{"PARLEY_DATABASE_URL_FILE=" + empty},
		{"PARLEY_DATABASE_URL_FILE=" + onlyMark},
		{"PARLEY_DATABASE_URL=mysql://me@db/p", "PARLEY_DATABASE_PASSWORD_FILE=" + lines},
		{"PARLEY_DATABASE_URL=mysql://me@db/p", "PARLEY_DATABASE_PASSWORD_FILE=" + binary},
		{"PARLEY_DATABASE_URL_FILE=" + wrong},
	} {
		_, err := readConfig(environment)
		if err == nil || !strings.HasPrefix(err.Error(), "PARLEY_") || !strings.Contains(err.Error(), " must ") || strings.Contains(err.Error(), "qz") {
			t.Errorf("%v: %v", environment, err)
		}
	}
}

// TestASecretThatNeverComes reads named pipes, into which somebody writes or nobody does.
func TestASecretThatNeverComes(t *testing.T) {
	silent, late := filepath.Join(t.TempDir(), "silent"), filepath.Join(t.TempDir(), "late")
	for _, path := range []string{silent, late} {
		if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if _, err := readInTime(silent, 50*time.Millisecond); err == nil || !strings.Contains(err.Error(), "it did not end") {
		t.Errorf("nobody writes: %v", err)
	}
	go func() { _ = os.WriteFile(late, []byte("qz"), 0o600) }()
	if data, err := readInTime(late, rig.Limit(time.Minute)); err != nil || string(data) != "qz" {
		t.Errorf("somebody writes: %q, %v", data, err)
	}
}

// TestRedisWithoutItsCertificate checks that what is wrong with an address only at the start names the variable, too.
func TestRedisWithoutItsCertificate(t *testing.T) {
	bus, err := openBus(configured(t, "PARLEY_REDIS_URL=rediss://:qz@h?ca=/none/ca.pem").RedisURL, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Error("it was accepted")
		_ = bus.Close()
	} else if !strings.HasPrefix(err.Error(), "PARLEY_REDIS_URL") || strings.Contains(err.Error(), "qz") {
		t.Error(err)
	}
}
