package conn

import "time"

// SetPatience changes for how long a connection counts as waiting for its first answer, before its request and after
// it. Call it before Accept.
func (l *Listener) SetPatience(request, answer time.Duration) { l.patience = patience{request, answer} }
