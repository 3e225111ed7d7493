package notice

import (
	"log/slog"
	"sync"
	"time"
)

// maxTallies is how many are counted apart. Whoever comes beyond them is counted as one with the others.
const maxTallies = 1000

// Tally is a log for what the same person, or the same address, does again and again: of each there is a line at once,
// and then one a minute at most, with how often it was. Its methods may be called from several goroutines at once.
type Tally struct {
	log *slog.Logger

	mu  sync.Mutex
	all map[any]*count
}

// count is what one has done since the last line, and when that was.
type count struct {
	last  time.Time
	times int
}

// NewTally returns a tally that writes to a log.
func NewTally(log *slog.Logger) *Tally { return &Tally{log: log, all: map[any]*count{}} }

// Info counts what somebody did, and logs the message with the fields and the number of times since the last line if
// that was a minute ago. who is any value that can be a key of a map.
func (t *Tally) Info(message string, who any, fields ...any) {
	if times := t.due(who, time.Now()); times > 0 {
		t.log.Info(message, append(fields, "times", times)...)
	}
}

// due counts one more, and returns how many a line has to tell of, 0 if it is not time for one.
func (t *Tally) due(who any, now time.Time) (times int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.of(who, now)
	c.times++
	if now.Sub(c.last) < interval {
		return 0
	}
	times = c.times
	c.last, c.times = now, 0
	return times
}

// of returns the count of somebody. The caller holds the lock.
func (t *Tally) of(who any, now time.Time) *count {
	if c := t.all[who]; c != nil {
		return c
	}
	if len(t.all) >= maxTallies {
		for other, c := range t.all {
			if now.Sub(c.last) >= interval && c.times == 0 {
				delete(t.all, other)
			}
		}
	}
	if len(t.all) >= maxTallies {
		who = nil // the others
	}
	c := t.all[who]
	if c == nil {
		c = &count{}
		t.all[who] = c
	}
	return c
}
