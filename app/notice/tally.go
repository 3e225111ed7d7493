package notice

import (
	"log/slog"
	"sync"
	"time"
)

// maxTallies limits how many are counted separately. Everyone beyond them is counted together.
const maxTallies = 1000

// Tally is a log for what the same person, or the same address, does again and again: each gets a line at once,
// and then one a minute at most, with the number of times. Its methods may be called from several goroutines at once.
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
// that was a minute ago. who is any value that can be a key of a map. The line of those who are counted together has
// none of the fields: it would blame one of them for what all have done.
func (t *Tally) Info(message string, who any, fields ...any) {
	times, together := t.due(who, time.Now())
	switch {
	case times == 0:
	case together:
		t.log.Info(message, "times", times)
	default:
		t.log.Info(message, append(fields, "times", times)...)
	}
}

// due counts one more, and returns the number for a line, 0 if it is not time for one, and whether it is of several people.
func (t *Tally) due(who any, now time.Time) (times int, together bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.all[who]
	if c == nil {
		t.sweep(now)
		if together = len(t.all) >= maxTallies; together {
			who = nil
			c = t.all[who]
		}
	}
	if c == nil {
		c = &count{}
		t.all[who] = c
	}
	c.times++
	if now.Sub(c.last) < interval {
		return 0, together
	}
	times = c.times
	c.last, c.times = now, 0
	return times, together
}

// sweep forgets those who had no line for a minute, if there are very many. What they have done since is not logged.
// The caller holds the lock.
func (t *Tally) sweep(now time.Time) {
	if len(t.all) < maxTallies {
		return
	}
	for who, c := range t.all {
		if now.Sub(c.last) >= interval {
			delete(t.all, who)
		}
	}
}
