// Package web is everything HTTP. routes.go is the site map; a handler parses, calls one rule and
// renders, and returns its error to the one place that turns errors into responses (errors.go).
//
// Streams and sockets are taken over from the HTTP server as raw connections: it would keep two
// goroutines and 30 kB for each, and a panic in its stream writer ends the process. So they have
// limits, a registry and a shutdown of their own.
package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/bus"
	"parley/app/chat"
	"parley/app/conn"
	"parley/app/export"
	"parley/app/invite"
	"parley/app/live"
	"parley/app/mail"
	"parley/app/notice"
	"parley/app/photo"
	"parley/app/settings"
	websocket "parley/app/socket"
	"parley/app/sso"
	"parley/app/turn"
	"parley/db"
)

// Options are the settings of a server.
type Options struct {
	PublicURL *url.URL          // the origin that browsers see; nil lets the request's own Host count
	Fixed     map[string]string // settings that administrators cannot change, by their names
	Limits    bool              // bound posts, streams, sockets and sign-ups per person and address
	Trusted   []netip.Prefix    // proxies whose forwarding headers count
	Providers []*sso.Provider   // with whose accounts people sign in; they need a public URL
	Mail      *mail.Mailer      // sends e-mails, with links to PublicURL; nil if there is no server for them
	TLS       *tls.Config       // serve https, with its GetCertificate; nil leaves that to a proxy
	Log       *slog.Logger
	Now       func() time.Time
	Trouble   func() string // why this process is not ready for requests, "" if it is; may be nil

	PasswordsOff bool // people sign in with providers alone

	Processes func() int // the number of processes that share the database, for the metrics; may be nil, which is one
	Version   string     // of the program, for the metrics
}

// Server serves HTTP from one database and one bus.
type Server struct {
	options   Options
	app       *fiber.App
	routes    []route
	store     *db.DB
	bus       bus.Bus
	settings  *settings.Store
	accounts  *auth.Accounts
	chat      *chat.Chat
	invites   *invite.Invitations
	photos    *photo.Store
	hub       *live.Hub
	conns     *conn.Registry
	limiter   *conn.Limiter
	sockets   *websocket.Server
	mail      *mail.Mailer // nil if no e-mails are sent
	metrics   *metrics
	notices   *notice.Log
	excessLog *notice.Tally // of what is refused for being too much
	zones     zones
	items     *items
	uploads   *uploads
	exports   *export.Exports
	exporting exportGroup
	turns     *turn.Queue // of people, for their requests; nil without limits
	capacity  int         // connections that this process can have open
	draining  atomic.Bool
	late      atomic.Bool // so late that requests are refused
	listener  atomic.Pointer[net.Listener]
	readiness readiness
	size      cachedSize
}

// New wires the rules to the routes. The server owns neither the database nor the bus.
func New(store *db.DB, bus bus.Bus, o Options) *Server {
	if o.Trouble == nil {
		o.Trouble = func() string { return "" }
	}
	if o.Processes == nil {
		o.Processes = func() int { return 1 }
	}
	o.PublicURL = canonical(o.PublicURL)
	decided := settings.New(store, o.Fixed)
	s := &Server{options: o, store: store, bus: bus, routes: routes, settings: decided,
		accounts: auth.New(store, auth.Options{Settings: decided.Get, Limits: o.Limits, Now: o.Now, PasswordsOff: o.PasswordsOff}),
		photos:   photo.New(store, o.Now, photoBounds(decided)),
		limiter:  conn.NewLimiter(o.Limits),
		uploads:  newUploads(),
		items:    newItems(),
		exports:  export.New(store, o.Now, o.Limits),
		mail:     o.Mail,
		notices:  notice.NewLog(o.Log), excessLog: notice.NewTally(o.Log),
	}
	s.chat = chat.New(store, bus, chat.Options{Settings: decided.Get, Limits: o.Limits, Now: o.Now, Committed: s.passOn})
	s.invites = invite.New(store, s.accounts, s.chat, invite.Options{Settings: decided.Get, Limits: o.Limits, Now: o.Now})
	if o.Limits {
		s.turns = turn.New(requestsAtOnce)
	}
	s.capacity = conn.Capacity()
	s.limiter.LimitTotal(s.capacity * 3 / 4) // the rest is for pages
	s.conns = conn.NewRegistry(s.accounts.AliveSessions, bus, o.Log, conn.CheckInterval)
	s.hub = live.NewHub(s.source(), s.conns, bus, o.Log)
	s.sockets = websocket.NewServer(s.conns, o.Log, maxSocketMessage)
	s.sockets.LimitFrames = o.Limits
	s.metrics = s.newMetrics()
	s.app = fiber.New(fiber.Config{
		CaseSensitive:                true,
		Immutable:                    true, // or a string of this request becomes one of the next
		DisableStartupMessage:        true,
		ServerHeader:                 "",
		StreamRequestBody:            true, // so that each route decides how much of a body it reads, and for whom
		DisablePreParseMultipartForm: true,
		BodyLimit:                    1, // byte to wait for before the route runs
		ReadBufferSize:               16 << 10,
		ReadTimeout:                  requestTime,
		WriteTimeout:                 30 * time.Second,
		IdleTimeout:                  90 * time.Second,
		ErrorHandler:                 s.respondError,
		EnableTrustedProxyCheck:      true, // Fiber trusts no proxy; address.go decides
	})
	server := s.app.Server()
	server.HeaderReceived = rejectOversized
	server.ConnState = followConn
	s.app.Use(s.logRequest)
	for _, r := range s.routes {
		s.app.Add(r.method, r.path, s.handler(r))
		if r.method == fiber.MethodGet {
			s.app.Head(r.path, s.handler(r))
		}
	}
	server.Handler = s.edge(server.Handler)
	return s
}

// photoBounds returns the settings about photos, in bytes.
func photoBounds(decided *settings.Store) func(ctx context.Context) photo.Bounds {
	return func(ctx context.Context) photo.Bounds {
		v := decided.Get(ctx)
		return photo.Bounds{Upload: v.PhotoMegabytes << 20, Stored: int64(v.QuotaMegabytes) << 20}
	}
}

// openingAtOnce is the number of new connections that the HTTP server gets before their first request is answered:
// enough to keep the database busy with look-ups that go together, and some 15 MB of memory.
const openingAtOnce = 256

// Serve accepts connections on a listener until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	s.listener.Store(&l)
	if s.draining.Load() {
		return l.Close()
	}
	err := s.app.Listener(conn.NewListener(l, conn.ListenerOptions{
		Log:       s.options.Log,
		Bound:     s.options.Limits,
		Unbounded: s.isTrusted,
		Capacity:  s.capacity,
		TLS:       s.options.TLS,
		Opening:   openingAtOnce,
	}))
	if s.draining.Load() && errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Shutdown stops accepting connections, closes the streams and sockets so that their pages reconnect to
// another process, and waits for running requests until the context is done. In a storm thousands of requests may
// have come before: after half of the time the rest of them get a 503, which is an answer, too.
func (s *Server) Shutdown(ctx context.Context) error {
	s.draining.Store(true)
	if end, ok := ctx.Deadline(); ok {
		hurry := time.AfterFunc(time.Until(end)/2, func() { s.late.Store(true) })
		defer hurry.Stop()
	}
	var away sync.WaitGroup
	away.Go(s.sockets.Close)
	away.Go(s.hub.Close)
	away.Wait()
	s.exporting.close()
	err := s.app.ShutdownWithContext(ctx)
	if l := s.listener.Load(); l != nil {
		_ = (*l).Close() // which the HTTP server has not heard of, if Serve has only just been called
	}
	return err
}

// KeepIndex keeps the search index up to date until the context ends.
func (s *Server) KeepIndex(ctx context.Context) {
	for ctx.Err() == nil {
		s.recovering("the search index", func() { s.chat.KeepIndex(ctx, s.options.Log) })
	}
}

// KeepRetention erases messages that are older than they are kept, and deleted rooms, until the context ends.
func (s *Server) KeepRetention(ctx context.Context) {
	for ctx.Err() == nil {
		s.recovering("the erasure of old messages", func() { s.chat.KeepRetention(ctx, s.options.Log) })
	}
}

// Tidy deletes what has expired, and corrects what another version did not count. Call it from time to time.
func (s *Server) Tidy(ctx context.Context) error {
	// Photos come last, because reports may have given some up.
	return errors.Join(s.accounts.DeleteExpired(ctx), s.chat.RecountMembers(ctx), s.chat.RecountWaiting(ctx), s.chat.EraseEvidence(ctx), s.invites.DeleteOld(ctx), s.photos.DeleteUnused(ctx))
}
