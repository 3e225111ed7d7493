// Package notice logs what somebody should look at, and what anybody can cause again and again: a line
// that was just logged is not repeated.
package notice

import (
	"log/slog"
	"sync"
	"time"
)

// interval is the shortest time between two lines with the same message.
const interval = time.Minute

// Log is a log for notices. Its methods may be called from several goroutines at once.
type Log struct {
	log *slog.Logger

	mu   sync.Mutex
	last map[string]time.Time
}

// NewLog returns a log that writes to another. Messages must be constants: each is remembered.
func NewLog(log *slog.Logger) *Log { return &Log{log: log, last: map[string]time.Time{}} }

// Warn logs a message and fields, unless the same message was logged less than a minute ago.
func (l *Log) Warn(message string, fields ...any) {
	l.mu.Lock()
	due := time.Since(l.last[message]) >= interval
	if due {
		l.last[message] = time.Now()
	}
	l.mu.Unlock()
	if due {
		l.log.Warn(message, fields...)
	}
}
