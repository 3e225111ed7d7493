package conn

import (
	"container/list"
	"io"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// Limits for reading what follows the head of a request that was refused.
const (
	lingerTime  = 2 * time.Second
	lingerBytes = 1 << 20
)

// Incoming is an accepted connection. The HTTP server says when a request has arrived and when it has been
// answered: until the first, and between two, the listener may close it.
type Incoming struct {
	*net.TCPConn
	listener *Listener
	network  netip.Prefix
	lingers  atomic.Bool

	// Guarded by the listener's lock.
	idle    *list.Element // while there is no request
	opening *list.Element // while it waits for its first answer, as long as the listener is patient
	until   time.Time     // the end of that time
	queued  bool          // Accept has yet to return it
	given   time.Time     // when Accept returned it, if it was queued
	left    bool          // no longer counted for its address: streams and sockets have limits of their own
	gone    bool          // closed
	taken   bool          // no longer the HTTP server's
}

// Begin notes that a request has arrived. It returns false if the connection has been closed: then the
// request must not be handled, because its client gets no answer and may send it again.
func (c *Incoming) Begin() bool {
	l := c.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.idle != nil {
		l.networks[c.network].idle.Remove(c.idle)
		c.idle = nil
	}
	if c.opening != nil {
		c.until = time.Now().Add(l.patience.answer)
	}
	return !c.gone
}

// Rest notes that a request has ended, and another may follow.
func (c *Incoming) Rest() {
	l := c.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opened(c)
	if !c.gone && !c.left && c.idle == nil {
		c.idle = l.networks[c.network].idle.PushBack(c)
	}
}

// Take takes the connection away from the HTTP server, whose Close closes it no longer. That way the server gets its
// buffers back as soon as it lets go of the connection.
func (c *Incoming) Take() *Taken {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.taken = true
	c.listener.opened(c)
	c.listener.leave(c)
	return &Taken{TCPConn: c.TCPConn, of: c.listener, gone: c.gone}
}

// LingerOnClose makes Close read what the client is still sending, at most lingerBytes and for lingerTime. Closing
// while it sends makes the kernel drop the response, and the client sees a broken connection instead of the reason.
func (c *Incoming) LingerOnClose() { c.lingers.Store(true) }

// Taken is a connection that is no longer the HTTP server's.
type Taken struct {
	*net.TCPConn
	of   *Listener
	gone bool // closed; guarded by the listener's lock
}

// Close closes the connection, unless somebody has taken it.
func (c *Incoming) Close() error {
	if c.lingers.Swap(false) {
		_ = c.CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes) // or until the client has read the response and hangs up
	}
	c.listener.mu.Lock()
	taken := c.taken
	if !taken {
		c.listener.forget(c)
	}
	c.listener.mu.Unlock()
	if taken {
		return nil
	}
	return c.TCPConn.Close()
}

// Close closes the connection.
func (c *Taken) Close() error {
	c.of.mu.Lock()
	if !c.gone {
		c.gone = true
		c.of.total--
	}
	c.of.mu.Unlock()
	return c.TCPConn.Close()
}
