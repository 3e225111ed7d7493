package notice_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/app/notice"
)

// TestATallyHasALineAMinute checks that everybody's first time is logged, and the others as a number a minute later.
func TestATallyHasALineAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		tally := notice.NewTally(slog.New(slog.NewTextHandler(&text, nil)))
		for range 100 {
			tally.Info("too much", 7, "user", 7)
			tally.Info("too much", 8, "user", 8)
		}
		if n := strings.Count(text.String(), "\n"); n != 2 || !strings.Contains(text.String(), "user=8 times=1\n") {
			t.Errorf("%s", text.String())
		}
		time.Sleep(61 * time.Second)
		tally.Info("too much", 7, "user", 7)
		if n := strings.Count(text.String(), "\n"); n != 3 || !strings.HasSuffix(text.String(), "user=7 times=100\n") {
			t.Errorf("after a minute: %s", text.String())
		}
	})
}

// TestATallyIsBounded has more people than are counted: those beyond have one line together, and room comes back.
func TestATallyIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		tally := notice.NewTally(slog.New(slog.NewTextHandler(&text, nil)))
		lines := func() int { return strings.Count(text.String(), "\n") }
		for range 3 { // each again and again
			for i := range 5000 {
				tally.Info("too much", i, "user", i)
			}
		}
		if lines() != 1001 || !strings.HasSuffix(text.String(), "msg=\"too much\" times=1\n") {
			t.Errorf("%d lines, the last of %s", lines(), text.String()[max(0, text.Len()-100):])
		}
		time.Sleep(61 * time.Second)
		for i := range 10 {
			tally.Info("too much", 6000+i)
		}
		if lines() != 1011 {
			t.Errorf("%d lines after a minute", lines())
		}
	})
}
