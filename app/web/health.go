package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/db"
)

const (
	checkTimeout  = 2 * time.Second // for the database to answer
	checkInterval = time.Second     // the shortest time between two checks, however many ask
)

// readiness checks the database for all who ask at the same time, so that a probe that anybody may send
// costs at most a write a second, and a database that hangs holds one check only.
type readiness struct {
	mu      sync.Mutex
	running chan struct{} // closed when the running check ends; nil if there is none
	at      time.Time     // of the newest check
	err     error
	checks  int // so far
}

// showLiveness says that the process responds.
func (s *Server) showLiveness(c *call) error { return c.SendString("ok\n") }

// showReadiness reports whether requests should be sent to this process.
func (s *Server) showReadiness(c *call) error {
	if reason := s.whyNotReady(c.ctx); reason != "" {
		c.Locals(errorLocal, errNotReady)
		return c.Status(fiber.StatusServiceUnavailable).SendString(reason + "\n")
	}
	return c.SendString("ready\n")
}

// whyNotReady returns why requests should go to another process, "" if they need not.
func (s *Server) whyNotReady(ctx context.Context) string {
	if reason := s.options.Trouble(); reason != "" {
		return reason
	}
	if s.draining.Load() {
		return "going down"
	}
	return databaseReason(s.checkDatabase(ctx))
}

// databaseReason returns what keeps a process from being ready, "" if nothing does.
func databaseReason(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, db.ErrDamaged):
		return "the database is damaged"
	case errors.Is(err, db.ErrUnwritable):
		return "the database cannot be written"
	}
	return "the database does not answer"
}

// checkDatabase returns what the newest check found, or waits for the one that is running.
func (s *Server) checkDatabase(ctx context.Context) error {
	r := &s.readiness
	r.mu.Lock()
	if r.running == nil && time.Since(r.at) < checkInterval {
		defer r.mu.Unlock()
		return r.err
	}
	if r.running == nil {
		r.running = make(chan struct{})
		r.checks++
		go s.runCheck(r.running)
	}
	running := r.running
	r.mu.Unlock()
	select {
	case <-running:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// doubt makes the next probe check again after a request has met a database that does not work.
func (r *readiness) doubt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.at = time.Time{}
	}
}

// runCheck checks once, and logs when the process stops or starts being ready.
func (s *Server) runCheck(done chan struct{}) {
	err := db.ErrUnavailable // if it panics
	s.recovering("the check of the database", func() {
		ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
		defer cancel()
		err = s.store.Check(ctx)
	})
	r := &s.readiness
	r.mu.Lock()
	defer r.mu.Unlock()
	switch was, is := databaseReason(r.err), databaseReason(err); {
	case is == was:
	case is == "":
		s.options.Log.Info("ready again")
	default:
		s.options.Log.Error("not ready", "reason", is, "error", err)
	}
	r.err, r.at, r.running = err, time.Now(), nil
	close(done)
}
