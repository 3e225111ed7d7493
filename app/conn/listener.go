package conn

import (
	"container/list"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"parley/app/netaddr"
	"parley/app/notice"
)

// maxPerNetwork limits the connections without a stream or socket from one address: T49 in
// docs/threats.md. A browser opens six, and they stay for 90 s after their last request.
const maxPerNetwork = 256

// How long Accept waits after an error, doubled each time.
const (
	minAcceptPause = 5 * time.Millisecond
	maxAcceptPause = time.Second
)

// ListenerOptions are the settings of a listener. The zero value only waits out errors.
type ListenerOptions struct {
	Log       *slog.Logger
	Bound     bool                  // bound the connections of one address
	Unbounded func(netip.Addr) bool // addresses without that bound: proxies; may be nil
	Capacity  int                   // the most open connections; 0 means no limit
	TLS       *tls.Config           // nil for connections without TLS
	Opening   int                   // the most that wait for their first answer before others queue; 0 means no limit
}

// Listener accepts connections for as long as it is open. Any other error of accept passes by itself:
// most often the process has no file descriptor left until some connection is closed.
//
// To avoid that, it closes connections that wait for their next request, or have not
// sent a first one, when there are too many: from the same address if it has more than its share, and
// otherwise from the address that has the most of them.
//
// When thousands come at once, most of them wait here, where they take less memory than in the HTTP server: see
// queue.go.
type Listener struct {
	net.Listener
	options ListenerOptions
	notices *notice.Log
	closing sync.Once
	closed  chan struct{}
	changed chan struct{} // holds a token when next may return something else
	filled  chan struct{} // closed when nothing more comes into the queue

	mu       sync.Mutex
	total    int
	networks map[netip.Prefix]*network
	queue    []net.Conn
	opening  list.List // of *Incoming that Accept has returned and that wait for their first answer
	filling  bool      // somebody accepts into the queue
	failed   error     // why nothing more comes into the queue
	ended    time.Time // when the listener was closed

	patience patience
}

// network is what one address has open, without streams and sockets.
type network struct {
	open int
	idle list.List // of *Incoming; the one that has been idle for the longest time comes first
}

// NewListener returns a listener that accepts the connections of another.
func NewListener(inner net.Listener, o ListenerOptions) *Listener {
	return &Listener{Listener: inner, options: o, notices: notice.NewLog(o.Log), closed: make(chan struct{}),
		changed: make(chan struct{}, 1), filled: make(chan struct{}), patience: usualPatience, networks: map[netip.Prefix]*network{}}
}

// Accept returns the next connection, or an error once the listener is closed. One goroutine may call it.
func (l *Listener) Accept() (net.Conn, error) {
	next := l.accept
	if l.options.Opening > 0 {
		next = l.acceptQueued
	}
	c, err := next()
	if err != nil {
		return nil, err
	}
	return l.encrypted(c), nil
}

// accept waits for a connection and counts it.
func (l *Listener) accept() (net.Conn, error) {
	pause := minAcceptPause
	for {
		raw, err := l.Listener.Accept()
		switch {
		case err == nil:
			if conn, ok := l.admit(raw); ok {
				return conn, nil
			}
			_ = raw.Close()
			continue
		case errors.Is(err, net.ErrClosed), errors.Is(err, os.ErrDeadlineExceeded): // which end sets
			return nil, err
		}
		l.notices.Warn("connections cannot be accepted for now", "error", err)
		l.makeRoom()
		select {
		case <-l.closed:
		case <-time.After(pause):
		}
		pause = min(2*pause, maxAcceptPause)
	}
}

// Close closes the listener. Connections stay open as end.go says.
func (l *Listener) Close() error {
	l.closing.Do(l.end)
	return l.Listener.Close()
}

// admit counts a new connection; it is not ok if there are too many, and all of them are busy.
func (l *Listener) admit(raw net.Conn) (conn net.Conn, ok bool) {
	tcp, isTCP := raw.(*net.TCPConn)
	peer, err := netip.ParseAddrPort(raw.RemoteAddr().String())
	if !isTCP || err != nil {
		return raw, l.options.TLS == nil
	}
	addr := peer.Addr()
	c := &Incoming{TCPConn: tcp, listener: l, network: netaddr.Network(addr)}
	bounded := l.options.Bound && (l.options.Unbounded == nil || !l.options.Unbounded(addr.Unmap()))

	l.mu.Lock()
	victims, ok := l.roomFor(c.network, bounded)
	if ok {
		l.total++
		n := l.networks[c.network]
		if n == nil {
			n = &network{}
			l.networks[c.network] = n
		}
		n.open++
		c.idle = n.idle.PushBack(c)
	}
	l.mu.Unlock()
	l.hangUp(victims)
	if !ok {
		l.notices.Warn("a connection was refused: its address, or this process, has too many", "address", c.network)
	}
	return c, ok
}

// encrypted returns an accepted connection with TLS, if that is asked for. The handshake has yet to come: until its first
// request the connection is idle.
func (l *Listener) encrypted(conn net.Conn) net.Conn {
	if in, ok := conn.(*Incoming); ok && l.options.TLS != nil {
		return newTLS(in, l.options.TLS, l.options.Log)
	}
	return conn
}

// roomFor removes idle connections from the lists until one more fits. The caller holds the lock, and
// hangs up on them.
func (l *Listener) roomFor(from netip.Prefix, bounded bool) (victims []*Incoming, ok bool) {
	if n := l.networks[from]; bounded && n != nil && n.open >= l.perNetwork() {
		if victims = l.evict(n, 1); victims == nil {
			return nil, false
		}
	}
	if l.options.Capacity > 0 && l.total >= l.options.Capacity {
		more := l.evictMost()
		return append(victims, more...), more != nil
	}
	return victims, true
}

func (l *Listener) perNetwork() int {
	if l.options.Capacity > 0 {
		return min(maxPerNetwork, max(1, l.options.Capacity/2))
	}
	return maxPerNetwork
}

// makeRoom hangs up on some idle connections.
func (l *Listener) makeRoom() {
	l.mu.Lock()
	victims := l.evictMost()
	l.mu.Unlock()
	l.hangUp(victims)
}

// evictMost takes idle connections of the address that has the most of them: several at once, because
// finding it takes a look at all addresses. The caller holds the lock.
func (l *Listener) evictMost() []*Incoming {
	var most *network
	for _, n := range l.networks {
		if n.idle.Len() > 0 && (most == nil || n.idle.Len() > most.idle.Len()) {
			most = n
		}
	}
	if most == nil {
		return nil
	}
	return l.evict(most, 1+most.idle.Len()/8)
}

// evict takes the connections of a network that have been idle for the longest time. The caller holds the
// lock.
func (l *Listener) evict(n *network, count int) (victims []*Incoming) {
	for range count {
		first := n.idle.Front()
		if first == nil {
			break
		}
		c := first.Value.(*Incoming)
		l.forget(c)
		victims = append(victims, c)
	}
	return victims
}

// forget stops counting a connection. The caller holds the lock.
func (l *Listener) forget(c *Incoming) {
	if c.gone {
		return
	}
	c.gone = true
	l.opened(c)
	l.total--
	l.leave(c)
}

// leave stops counting a connection for its address. The caller holds the lock.
func (l *Listener) leave(c *Incoming) {
	if c.left {
		return
	}
	c.left = true
	n := l.networks[c.network]
	if c.idle != nil {
		n.idle.Remove(c.idle)
		c.idle = nil
	}
	if n.open--; n.open == 0 {
		delete(l.networks, c.network)
	}
}

func (l *Listener) hangUp(victims []*Incoming) {
	if len(victims) == 0 {
		return
	}
	l.notices.Warn("idle connections were closed, because their address, or this process, has too many",
		"address", victims[0].network, "connections", len(victims))
	for _, c := range victims {
		_ = c.TCPConn.Close()
	}
}

// Open returns how many connections are open.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}
