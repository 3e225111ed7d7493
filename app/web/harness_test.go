package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"parley/app/bus"
	"parley/app/chat"
	"parley/app/mail"
	"parley/app/sso"
	"parley/db"
	"parley/e2e/dbtest"
	"parley/e2e/rig"
)

const goodPassword = "nine green lanterns"

// testPatience is how long a test waits for something that should happen at once.
const testPatience = time.Minute

// site is a server with its own listener and database.
type site struct {
	t      testing.TB
	server *Server
	store  *db.DB
	bus    bus.Bus
	data   string // the address of the database
	addr   string // host:port
	log    *logBuffer
	clock  *clock
	client *http.Client
	tls    *tls.Config // of clients; nil without TLS
	down   func()
}

// options are the settings of a site; the zero value is open for sign-up, on SQLite, without limits.
type options struct {
	database    string       // an address; "" is a new SQLite file
	public      string       // the public URL
	limits      bool         // as in production
	trusted     []string     // networks of proxies
	signUp      string       // "" is open
	tls         bool         // without a proxy in front
	mailbox     *rig.Mailbox // gets the e-mails; needs a public URL
	oidc        []*rig.OIDC  // providers of single sign-on, called p0, p1 ...; they need a public URL
	noPasswords bool         // people sign in with those alone
	prepare     func(*Server)
}

func start(t testing.TB, o options) *site {
	t.Helper()
	if o.database == "" {
		o.database = "sqlite:" + t.TempDir() + "/parley.db"
	}
	s := &site{t: t, data: o.database, log: &logBuffer{}, clock: &clock{}}
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	settings := Options{Fixed: map[string]string{"sign_up": o.signUp}, Limits: o.limits, Log: log, Now: s.clock.now}
	if o.public != "" {
		u, err := url.Parse(o.public)
		must(t, err)
		settings.PublicURL = u
	}
	if o.mailbox != nil {
		settings.Mail = mail.New(&url.URL{Scheme: "smtp", Host: o.mailbox.Addr}, "parley@example.org", log)
	}
	for n, provider := range o.oidc {
		provider.Set(func() { provider.Now = s.clock.now })
		settings.Providers = append(settings.Providers, sso.New(sso.Config{
			Name: fmt.Sprint("p", n), Label: fmt.Sprint("Corp ", n), Issuer: provider.URL, ClientID: provider.ClientID, Secret: provider.Secret, Scopes: []string{"profile"},
		}, settings.PublicURL, s.clock.now))
	}
	settings.PasswordsOff = o.noPasswords
	for _, network := range o.trusted {
		settings.Trusted = append(settings.Trusted, netip.MustParsePrefix(network))
	}
	if o.tls {
		certificate := rig.NewCertificate(t, "chat.example.org", time.Hour)
		settings.TLS, s.tls = certificate.Server(), certificate.Client("chat.example.org")
	}
	s.store = dbtest.Open(t, o.database)
	s.bus = bus.NewLocal(log)
	s.server = New(s.store, s.bus, settings)
	if o.prepare != nil {
		o.prepare(s.server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s.addr = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(listener) }()
	sending, stopSending := context.WithCancel(t.Context())
	var sent sync.WaitGroup
	sent.Go(func() { s.server.SendMail(sending) })
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 100, TLSClientConfig: s.tls}
	s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	s.down = sync.OnceFunc(func() {
		s.clock.repair()
		stopSending()
		sent.Wait()
		transport.CloseIdleConnections()
		end, cancel := context.WithTimeout(context.Background(), testPatience)
		defer cancel()
		if err := s.server.Shutdown(end); err != nil {
			t.Errorf("shutting down: %v", err)
		}
		must(t, <-served)
		must(t, s.bus.Close())
		must(t, s.store.Close())
	})
	t.Cleanup(s.down)
	return s
}

// onBoth runs a test on SQLite and on MariaDB.
func onBoth(t *testing.T, o options, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, start(t, o))
	})
	t.Run("mysql", func(t *testing.T) {
		t.Parallel()
		o := o
		o.database = rig.MySQL(t)
		test(t, start(t, o))
	})
}

// fresh returns the address of a new database of the same kind as a site's.
func fresh(t *testing.T, s *site) string {
	t.Helper()
	if s.store.IsSQLite() {
		return "sqlite:" + t.TempDir() + "/parley.db"
	}
	return rig.MySQL(t)
}

// person creates an account and returns a signed-in browser. All accounts share one hash of goodPassword,
// because hashing is slow on purpose.
func (s *site) person(name string) *browser {
	s.t.Helper()
	hash, err := hashOnce()
	must(s.t, err)
	u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: "UTC", CreatedAt: time.Now().UTC()}
	must(s.t, s.store.CreateUser(s.t.Context(), &u))
	b := s.visitor()
	b.name, b.id = name, u.ID
	b.signInAgain()
	return b
}

var hashOnce = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
})

// people is person for several names.
func (s *site) people(names ...string) []*browser {
	s.t.Helper()
	list := make([]*browser, len(names))
	for i, name := range names {
		list[i] = s.person(name)
	}
	return list
}

// befriend makes two people friends and returns their room.
func (s *site) befriend(a, b *browser) uint64 {
	s.t.Helper()
	a.post("/friends", form("username", b.name)).mustBe(303)
	b.post("/friends/"+a.name+"/accept", nil).mustBe(303)
	pair, err := s.store.Pair(s.t.Context(), a.id, b.id)
	must(s.t, err)
	return pair.RoomID
}

// messages returns a room's log, straight from the database.
func (s *site) messages(room uint64) []db.Message {
	s.t.Helper()
	rows, err := s.store.MessagesAfter(s.t.Context(), room, 0, 100_000)
	must(s.t, err)
	return rows
}

// said returns the texts of a room's messages.
func (s *site) said(room uint64) (bodies []string) {
	s.t.Helper()
	for _, m := range s.messages(room) {
		if m.Kind == db.KindText {
			bodies = append(bodies, m.Body)
		}
	}
	return bodies
}

// draft returns a draft without a key.
func draft(body string) chat.Draft { return chat.Draft{Body: body} }

// clock is the site's clock. It can run ahead, stop, and panic when it is read inside a given function:
// that is how the tests make any part of the server panic.
type clock struct {
	ahead   atomic.Int64
	stopped atomic.Int64 // in nanoseconds since 1970; 0 while it runs
	broken  atomic.Pointer[fault]
}

type fault struct {
	within string // part of the name of a function
	cause  string
	struck atomic.Int64
}

func (c *clock) now() time.Time {
	if f := c.broken.Load(); f != nil && isWithin(f.within) {
		f.struck.Add(1)
		panic(f.cause)
	}
	if at := c.stopped.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Now().Add(time.Duration(c.ahead.Load()))
}

func (c *clock) stop() { c.stopped.Store(c.now().UnixNano()) }

func (c *clock) panicWithin(function, cause string) *fault {
	f := &fault{within: function, cause: cause}
	c.broken.Store(f)
	return f
}

func (c *clock) repair() { c.broken.Store(nil) }

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func isWithin(function string) bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, function) {
			return true
		}
		if !more {
			return false
		}
	}
}

// logBuffer stores what the server logs.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// has reports whether something was logged.
// end returns the newest lines.
func (l *logBuffer) end() string {
	lines := strings.Split(strings.TrimSpace(l.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-4):], "\n")
}

func (l *logBuffer) has(text string) bool { return strings.Contains(l.String(), text) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(testPatience); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %v still not: %s", testPatience, what)
		}
	}
}
