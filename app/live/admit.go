package live

import (
	"errors"
	"net/netip"
	"sync"
)

// How many connections may stay open: SECURITY.md T27.
const (
	streamsPerUser = 12
	socketsPerUser = 6
	linesPerAddr   = 60
	linesInAll     = 50_000
)

// Why a connection is refused.
var (
	ErrTooManyLines = errors.New("live: this person or address has too many open connections")
	ErrFull         = errors.New("live: this process has too many open connections")
)

// Line is a kind of long-lived connection.
type Line int

// The kinds of lines.
const (
	StreamLine Line = iota
	SocketLine
)

// Door counts the streams and sockets that are open, and refuses more than one person, one
// address or this process should have. The HTTP server does not see them any more.
type Door struct {
	limits bool
	mu     sync.Mutex
	all    int
	users  map[userLine]int
	addrs  map[netip.Addr]int
}

type userLine struct {
	user uint64
	line Line
}

// NewDoor makes a door; without limits only the process itself is protected.
func NewDoor(limits bool) *Door {
	return &Door{limits: limits, users: map[userLine]int{}, addrs: map[netip.Addr]int{}}
}

// Enter lets one more connection in, until out is called. Calling out again does nothing.
func (d *Door) Enter(line Line, user uint64, addr netip.Addr) (out func(), err error) {
	who := userLine{user, line}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= linesInAll {
		return nil, ErrFull
	}
	most := streamsPerUser
	if line == SocketLine {
		most = socketsPerUser
	}
	if d.limits && (d.users[who] >= most || d.addrs[addr] >= linesPerAddr) {
		return nil, ErrTooManyLines
	}
	d.all++
	d.users[who]++
	d.addrs[addr]++
	var once sync.Once
	return func() { once.Do(func() { d.leave(who, addr) }) }, nil
}

// Open counts the connections.
func (d *Door) Open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all
}

func (d *Door) leave(who userLine, addr netip.Addr) {
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
