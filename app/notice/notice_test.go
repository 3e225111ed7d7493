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

func TestALineIsNotRepeatedForAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		log := notice.NewLog(slog.New(slog.NewTextHandler(&text, nil)))
		lines := func() int { return strings.Count(text.String(), "\n") }
		for range 100 {
			log.Warn("one", "n", 1)
			log.Warn("another")
		}
		if lines() != 2 || !strings.Contains(text.String(), "msg=one n=1") {
			t.Errorf("%s", text.String())
		}
		time.Sleep(61 * time.Second)
		log.Warn("one", "n", 2)
		if lines() != 3 {
			t.Errorf("after a minute: %s", text.String())
		}
	})
}
