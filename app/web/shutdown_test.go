package web

import (
	"context"
	"fmt"
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

// TestTheEndAnswersAStorm ends a server with more requests than the HTTP server gets at a time: each has its answer.
// conn.TestTheEndAnswersWhoHasAsked has the rest.
func TestTheEndAnswersAStorm(t *testing.T) {
	t.Parallel()
	const crowd = 2 * openingAtOnce
	s := start(t, options{})
	ann := s.person("ann")
	clients := make([]*line, crowd)
	for i := range clients {
		clients[i] = s.dial()
		clients[i].write(fmt.Sprintf("GET /rooms HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", s.addr, ann.cookie()))
	}
	ended := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 2*testPatience)
	defer cancel()
	go func() { ended <- s.server.Shutdown(ctx) }()
	for i, c := range clients {
		if a := c.response(); a.status != 200 {
			t.Fatalf("number %d: %d", i, a.status)
		}
	}
	must(t, <-ended)
}

// TestWhoIsTooLateIsAskedToRepeat checks what a server answers once half of its shutdown time is over.
func TestWhoIsTooLateIsAskedToRepeat(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	s.server.late.Store(true)
	if a := s.visitor().get("/sign-in").mustBe(503); a.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	s.server.late.Store(false)
	s.dial().write("GET /sign-in HTTP/1.1\r\n") // has yet to be read
	s.visitor().get("/livez").mustBe(200)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_ = s.server.Shutdown(ctx)
	eventually(t, "half of the time has gone", s.server.late.Load)
}
