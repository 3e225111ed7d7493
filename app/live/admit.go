package live

import (
	"errors"
	"net/netip"
	"sync"
)

// How many connections may stay open: T27 in docs/threats.md.
const (
	streamsPerUser = 12
	socketsPerUser = 6
	linesPerAddr   = 60
	linesInAll     = 50_000
)

// Why a connection is refused.
var (
	ErrTooManyConns = errors.New("live: this person or address has too many open connections")
	ErrFull         = errors.New("live: this process has too many open connections")
)

// ConnKind is a kind of long-lived connection.
type ConnKind int

// The kinds of lines.
const (
	ConnStream ConnKind = iota
	ConnSocket
)

// ConnLimiter counts the streams and sockets that are open, and refuses more than one person, one
// address or this process should have. The HTTP server does not see them any more.
type ConnLimiter struct {
	limits bool
	mu     sync.Mutex
	all    int
	users  map[userLine]int
	addrs  map[netip.Addr]int
}

type userLine struct {
	user uint64
	line ConnKind
}

// NewConnLimiter makes a door; without limits only the process itself is protected.
func NewConnLimiter(limits bool) *ConnLimiter {
	return &ConnLimiter{limits: limits, users: map[userLine]int{}, addrs: map[netip.Addr]int{}}
}

// Acquire lets one more connection in, until out is called. Calling out again does nothing.
func (d *ConnLimiter) Acquire(line ConnKind, user uint64, addr netip.Addr) (out func(), err error) {
	who := userLine{user, line}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= linesInAll {
		return nil, ErrFull
	}
	most := streamsPerUser
	if line == ConnSocket {
		most = socketsPerUser
	}
	if d.limits && (d.users[who] >= most || d.addrs[addr] >= linesPerAddr) {
		return nil, ErrTooManyConns
	}
	d.all++
	d.users[who]++
	d.addrs[addr]++
	var once sync.Once
	return func() { once.Do(func() { d.leave(who, addr) }) }, nil
}

// Open counts the connections.
func (d *ConnLimiter) Open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all
}

func (d *ConnLimiter) leave(who userLine, addr netip.Addr) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.users[who]--; d.users[who] == 0 {
		delete(d.users, who)
	}
	if d.addrs[addr]--; d.addrs[addr] == 0 {
		delete(d.addrs, addr)
	}
}
