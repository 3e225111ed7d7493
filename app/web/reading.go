package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/app/chat"
	"parley/db"
)

// readPause is how often a streamed page marks at most what it was given as read.
const readPause = 2 * time.Second

// reading marks as read what a page without scripts is given: it cannot say so itself.
type reading struct {
	server *Server
	me     db.User
	room   uint64

	mu    sync.Mutex
	seq   uint64 // the newest that was given
	read  uint64 // the newest that was marked
	timer *time.Timer
	ended bool // nothing more is marked
}

// see notes what was given, and does not wait.
func (r *reading) see(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.seq = max(r.seq, seq)
	if r.timer == nil {
		r.timer = time.AfterFunc(readPause, func() { r.server.safely("what marks as read", r.mark) })
	}
}

// end marks what is left. Nothing is marked later: the database may be closed by then.
func (r *reading) end() {
	r.mu.Lock()
	r.ended = true
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Unlock()
	r.mark()
}

func (r *reading) mark() {
	r.mu.Lock()
	r.timer = nil
	seq, news := r.seq, r.seq > r.read
	r.read = r.seq
	r.mu.Unlock()
	if !news {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	if err := r.server.chat.Read(ctx, r.me, r.room, seq); err != nil && !errors.Is(err, chat.ErrNotFound) {
		r.server.o.Log.Warn("marking a streamed page as read failed", "error", err)
	}
}
