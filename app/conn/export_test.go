package conn

import "time"

// SetPatience changes how long a connection counts as waiting for its first answer, before its request and after
// it. Call it before Accept.
func (l *Listener) SetPatience(request, answer time.Duration) {
	l.patience.request, l.patience.answer = request, answer
}

// SetEndPatience changes how long a connection has for its request once the listener is closed. Call it before Accept.
func (l *Listener) SetEndPatience(end time.Duration) { l.patience.end = end }
