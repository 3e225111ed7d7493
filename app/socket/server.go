// Package socket serves WebSockets: handshake, messages, pings and close codes. It knows neither what
// the messages mean nor the HTTP server, which hands over the raw connection of a request.
//
// A library that takes over the HTTP connection keeps 15 kB for each idle socket; gobwas/ws on the raw
// connection keeps a third. What it does not do is here: limits, deadlines, pings, and a clean end.
package socket

import (
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"parley/app/conn"
)

const (
	pingInterval = 20 * time.Second
	maxSilence   = 65 * time.Second // three pings without an answer
	writeTimeout = 10 * time.Second
)

// Server holds the open sockets of this process, which the HTTP server no longer knows. Its lock is
// taken before the registry's.
type Server struct {
	// MaxSilence is how long a client may say nothing before its socket is closed. Pings make a
	// living one answer more often than that. It may be changed before the first socket is served.
	MaxSilence time.Duration
	// LimitFrames disconnects clients that send more frames than any page does. It may be changed before the
	// first socket is served, too.
	LimitFrames bool

	conns      *conn.Registry
	log        *slog.Logger
	maxMessage int64
	done       chan struct{}
	running    sync.WaitGroup

	mu     sync.Mutex
	open   map[*Conn]struct{}
	closed bool
}

// NewServer returns a server whose sockets end with their sessions in the registry. Messages of more
// bytes than maxMessage close their socket.
func NewServer(conns *conn.Registry, log *slog.Logger, maxMessage int64) *Server {
	s := &Server{MaxSilence: maxSilence, conns: conns, log: log, maxMessage: maxMessage, done: make(chan struct{}),
		open: map[*Conn]struct{}{}}
	s.running.Go(s.pingOften)
	return s
}

// Options are how a socket is served.
type Options struct {
	Session  uint64 // ends the socket when it ends
	Response []byte // the answer to the handshake, from Handshake
	Early    []byte // what the client has sent right after its handshake
	// Handle handles one message. It is called for one message at a time, in the order in which they
	// were sent. It returns the code to close the socket with, or KeepOpen.
	Handle func(c *Conn, message []byte) CloseCode
	OnEnd  func() // called once, when the socket has ended
	// OnFlood is called before OnEnd if the client is disconnected for sending too many frames; may be nil.
	OnFlood func()
}

// Serve answers the handshake and serves the socket in a goroutine of its own. It returns at once; the
// connection belongs to the server from now on.
func (s *Server) Serve(raw net.Conn, o Options) {
	c := &Conn{server: s, raw: raw, options: o}
	if !s.add(c) {
		_ = raw.Close()
		o.OnEnd()
		return
	}
	go func() {
		defer s.running.Done()
		defer s.remove(c)
		_ = raw.SetDeadline(time.Now().Add(writeTimeout))
		if _, err := raw.Write(o.Response); err != nil {
			_ = raw.Close()
			return
		}
		c.options.Response = nil // an idle socket keeps little
		c.run()
	}()
}

func (s *Server) add(c *Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !s.conns.Add(c.options.Session, c) {
		return false
	}
	s.open[c] = struct{}{}
	s.running.Add(1)
	return true
}

func (s *Server) remove(c *Conn) {
	s.conns.Remove(c.options.Session, c)
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
	c.options.OnEnd()
}

// Open returns the number of open sockets.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close drains the registry, which sends every client to another process, and waits until all
// sockets have ended.
func (s *Server) Close() {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if !again {
		close(s.done)
	}
	s.conns.Drain()
	s.running.Wait()
}

func (s *Server) pingOften() {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
			s.Ping()
		}
	}
}

// Ping pings every client, because the one in htmx sends no pings itself. It waits for none of them:
// one that accepts nothing would delay the pings to all others.
func (s *Server) Ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		go c.ping()
	}
}

// recovering runs fn; a panic is logged, and goes no further.
func (s *Server) recovering(what string, fn func()) {
	defer func() {
		if cause := recover(); cause != nil {
			s.log.Error("panic in "+what, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
