package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/app/chat"
	"parley/db"
)

// markInterval is the shortest time between two marks that a streamed page makes.
const markInterval = 2 * time.Second

// readMarker marks entries as read for a page without scripts, which cannot say itself what it shows.
type readMarker struct {
	server *Server
	me     db.User
	room   uint64
	above  uint64 // what must be read first, because it is above the page; 0 if nothing there is unread

	marking sync.Mutex // held while mark writes

	mu     sync.Mutex
	seq    uint64 // the newest entry that was sent
	marked uint64 // the newest that was marked as read
	timer  *time.Timer
	ended  bool // nothing more is marked
}

// seen notes what was sent, and does not wait.
func (r *readMarker) seen(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.seq = max(r.seq, seq)
	if r.timer == nil {
		r.timer = time.AfterFunc(markInterval, func() { r.server.recovering("marking as read", func() { r.mark(false) }) })
	}
}

// end marks the rest, after what is being marked already. Nothing is marked later, because the database may be closed by
// then.
func (r *readMarker) end() {
	r.mu.Lock()
	r.ended = true
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Unlock()
	r.mark(true)
}

// mark marks as read what was sent. What fails is marked with what is sent next, or at the end, which is the last time.
func (r *readMarker) mark(last bool) {
	r.marking.Lock()
	defer r.marking.Unlock()
	r.mu.Lock()
	r.timer = nil
	seq, news := r.seq, r.seq > r.marked && (last || !r.ended)
	r.mu.Unlock()
	if !news {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	if err := r.server.chat.ReadOn(ctx, r.me, r.room, r.above, seq); err != nil && !errors.Is(err, chat.ErrNotFound) {
		r.server.options.Log.Warn("marking a streamed page as read failed", "error", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.marked = seq
}
