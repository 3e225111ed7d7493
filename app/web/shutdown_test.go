package web

import (
	"log/slog"
	"net"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

// TestShutdownBeforeServe checks that a process that receives SIGTERM while it starts does end: the HTTP
// server forgets a Shutdown that comes before its listener.
func TestShutdownBeforeServe(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	store, err := db.Open("sqlite:" + t.TempDir() + "/parley.db")
	must(t, err)
	must(t, store.Migrate(t.Context()))
	local := bus.NewLocal(log)
	s := New(store, local, Options{Log: log, Now: time.Now})
	must(t, s.Shutdown(t.Context()))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, s.Serve(listener))
	must(t, local.Close())
	must(t, store.Close())
}
