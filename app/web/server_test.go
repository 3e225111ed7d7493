package web

import (
	"log/slog"
	"net"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

// TestShutdownBeforeServe checks that a server which is shut down while it starts does not serve.
func TestShutdownBeforeServe(t *testing.T) {
	t.Parallel()
	store, err := db.Open("sqlite:" + t.TempDir() + "/parley.db")
	must(t, err)
	must(t, store.Migrate(t.Context()))
	log := slog.New(slog.DiscardHandler)
	signals := bus.NewLocal(log)
	s := New(store, signals, Options{SignUp: "open", Log: log, Now: time.Now})
	must(t, s.Shutdown(t.Context()))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	select {
	case err := <-served:
		must(t, err)
	case <-time.After(testPatience):
		t.Error("it still serves")
		_ = listener.Close()
	}
	must(t, signals.Close())
	must(t, store.Close())
}
