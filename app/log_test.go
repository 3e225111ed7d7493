package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// lines reads the lines of a log, all of which have to be JSON.
func lines(t *testing.T, text string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		list = append(list, fields)
	}
	return list
}

// TestEveryLineIsJSON checks what a server writes where nobody reads it on a terminal, from its start to its end: which
// program this is, with which settings and no secret, and where it is.
func TestEveryLineIsJSON(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, log bytes.Buffer
	environment := []string{"PARLEY_DATABASE_URL=sqlite:" + t.TempDir() + "/parley.db", "PARLEY_ADDR=127.0.0.1:0", "PARLEY_ADMIN_ADDR=127.0.0.1:0",
		"PARLEY_PUBLIC_URL=https://chat.example.org", "PARLEY_SMTP_URL=smtp://parley:s3cret@127.0.0.1:1", "PARLEY_MAIL_FROM=parley@example.org",
		"PARLEY_LIMITS=off"}
	if err := run(ctx, environment, io.MultiWriter(&out, startedAt{stop}), &log); err != nil {
		t.Fatal(err)
	}
	first := lines(t, log.String())[0]
	settings, _ := json.Marshal(first["settings"])
	if first["msg"] != "starting" || first["version"] != version() || !strings.HasPrefix(first["database"].(string), "the SQLite file ") ||
		!strings.Contains(string(settings), "PARLEY_LIMITS: off") || !strings.Contains(string(settings), "smtp://parley:xxxxx@") {
		t.Errorf("the log begins with %v", first)
	}
	for _, line := range lines(t, log.String()) { // a clean end is not an error
		if line["level"] == "ERROR" {
			t.Errorf("logged: %v", line)
		}
	}
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("a secret is in the log: %s", log.String())
	}
	if printed := lines(t, out.String()); len(printed) != 1 || printed[0]["address"] != "https://chat.example.org" ||
		!strings.HasPrefix(printed[0]["msg"].(string), "Parley is at https://chat.example.org ") {
		t.Errorf("printed: %s", out.String())
	}
}

// TestTheReasonForTheEnd is a line of the log for a server, and a sentence for a command.
func TestTheReasonForTheEnd(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"parley"}, {"parley", "user", "list"}} {
		var log bytes.Buffer
		err := newCommand([]string{"PARLEY_TYPO=1"}, io.Discard, &log).Run(t.Context(), words)
		if err == nil {
			t.Fatal("a setting that is none is taken")
		}
		reportEnd(&log, err)
		if len(words) > 1 {
			if !strings.HasPrefix(log.String(), "parley: PARLEY_TYPO is not a setting") {
				t.Errorf("%s: %s", words, log.String())
			}
			continue
		}
		if end := lines(t, log.String()); len(end) != 1 || end[0]["level"] != "ERROR" || !strings.HasPrefix(end[0]["error"].(string), "PARLEY_TYPO is not a setting") {
			t.Errorf("%s: %s", words, log.String())
		}
	}
}
