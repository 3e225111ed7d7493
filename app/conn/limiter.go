package conn

import (
	"errors"
	"net/netip"
	"sync"
)

// How many connections may stay open: T27 in docs/threats.md.
const (
	maxStreamsPerUser = 12
	maxSocketsPerUser = 6
	maxPerAddr        = 60
	maxPerProcess     = 50_000
)

// Why a connection is refused.
var (
	ErrTooMany  = errors.New("conn: this user or address has too many open connections")
	ErrFull     = errors.New("conn: this process has too many open connections")
	ErrDraining = errors.New("conn: this process is shutting down")
)

// Kind is a kind of long-lived connection.
type Kind int

// The kinds of connections.
const (
	Stream Kind = iota
	Socket
)

// Limiter counts the open streams and sockets, and refuses more than one user, one address or this
// process may have. The HTTP server no longer sees them, so its own limits do not count them.
type Limiter struct {
	perPerson bool
	mu        sync.Mutex
	total     int
	users     map[userKind]int
	addrs     map[netip.Addr]int
}

type userKind struct {
	user uint64
	kind Kind
}

// NewLimiter returns a limiter. Without limits it protects only the process itself.
func NewLimiter(limits bool) *Limiter {
	return &Limiter{perPerson: limits, users: map[userKind]int{}, addrs: map[netip.Addr]int{}}
}

// Acquire counts one more connection until release is called, or returns ErrTooMany or ErrFull.
// Calling release again does nothing.
func (l *Limiter) Acquire(kind Kind, user uint64, addr netip.Addr) (release func(), err error) {
	key := userKind{user, kind}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= maxPerProcess {
		return nil, ErrFull
	}
	limit := maxStreamsPerUser
	if kind == Socket {
		limit = maxSocketsPerUser
	}
	if l.perPerson && (l.users[key] >= limit || l.addrs[addr] >= maxPerAddr) {
		return nil, ErrTooMany
	}
	l.total++
	l.users[key]++
	l.addrs[addr]++
	var once sync.Once
	return func() { once.Do(func() { l.release(key, addr) }) }, nil
}

// Open returns the number of open connections.
func (l *Limiter) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

func (l *Limiter) release(key userKind, addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.users[key]--; l.users[key] == 0 {
		delete(l.users, key)
	}
	if l.addrs[addr]--; l.addrs[addr] == 0 {
		delete(l.addrs, addr)
	}
}
