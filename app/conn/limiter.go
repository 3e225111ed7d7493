package conn

import (
	"errors"
	"maps"
	"net/netip"
	"sync"
	"time"

	"parley/app/netaddr"
)

// How many connections may stay open: T27 in docs/threats.md.
const (
	maxStreamsPerUser = 12
	maxSocketsPerUser = 6
	maxPerAddr        = 60 // an IPv6 address counts with all of its /64
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
	most      int // that this process may have
	total     int
	users     map[userKind]int
	networks  map[netip.Prefix]int
	suspended map[userKind]time.Time // until when
}

type userKind struct {
	user uint64
	kind Kind
}

// NewLimiter returns a limiter. Without limits it protects only the process itself.
func NewLimiter(limits bool) *Limiter {
	return &Limiter{perPerson: limits, most: maxPerProcess, users: map[userKind]int{}, networks: map[netip.Prefix]int{},
		suspended: map[userKind]time.Time{}}
}

// LimitTotal lowers the limit of the process. Call it before the first connection.
func (l *Limiter) LimitTotal(most int) { l.most = min(l.most, most) }

// Place stands for one connection that is counted. An idle stream holds one, so it is small.
type Place struct {
	limiter  *Limiter
	network  netip.Prefix
	of       userKind
	released bool // guarded by the limiter's lock
}

// Acquire counts one more connection until its place is released, or returns ErrTooMany or ErrFull.
func (l *Limiter) Acquire(kind Kind, user uint64, addr netip.Addr) (*Place, error) {
	key, network := userKind{user, kind}, netaddr.Network(addr)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= l.most {
		return nil, ErrFull
	}
	limit := maxStreamsPerUser
	if kind == Socket {
		limit = maxSocketsPerUser
	}
	if time.Now().Before(l.suspended[key]) || l.perPerson && (l.users[key] >= limit || l.networks[network] >= maxPerAddr) {
		return nil, ErrTooMany
	}
	l.total++
	l.users[key]++
	l.networks[network]++
	return &Place{limiter: l, network: network, of: key}, nil
}

// suspension is how long a user who has abused a connection gets no new one of its kind: connecting
// again must not be a way around it.
const suspension = 10 * time.Second

// Suspend refuses new connections of this kind to a user for a while. Without limits it does nothing.
func (l *Limiter) Suspend(kind Kind, user uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(l.suspended, func(_ userKind, until time.Time) bool { return now.After(until) })
	if l.perPerson {
		l.suspended[userKind{user, kind}] = now.Add(suspension)
	}
}

// Open returns the number of open connections.
func (l *Limiter) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// Release stops counting a connection. Calling it again does nothing.
func (p *Place) Release() {
	l := p.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.released {
		return
	}
	p.released = true
	l.total--
	if l.users[p.of]--; l.users[p.of] == 0 {
		delete(l.users, p.of)
	}
	if l.networks[p.network]--; l.networks[p.network] == 0 {
		delete(l.networks, p.network)
	}
}
