package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

// startedAt ends the server that it is the output of, as soon as that says where it is.
type startedAt struct{ stop context.CancelFunc }

func (s startedAt) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte("Parley is at ")) {
		s.stop()
	}
	return len(text), nil
}

// TestUnencryptedCookiesAreWarnedOf is T4: without https the server starts, and says what that means.
func TestUnencryptedCookiesAreWarnedOf(t *testing.T) {
	for public, warned := range map[string]bool{"": true, "http://chat.example.org": true, "https://chat.example.org": false} {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		err := run(ctx, []string{"PARLEY_DATABASE_URL=sqlite:" + t.TempDir() + "/parley.db", "PARLEY_ADDR=127.0.0.1:0",
			"PARLEY_ADMIN_ADDR=127.0.0.1:0", "PARLEY_PUBLIC_URL=" + public}, startedAt{stop}, &log)
		stop()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("%q: %v\n%s", public, err, log.String())
		}
		if got := strings.Contains(log.String(), "cookies travel unencrypted"); got != warned {
			t.Errorf("%q: warned is %v:\n%s", public, got, log.String())
		}
	}
}
