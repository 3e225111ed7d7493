package faults

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// errCut is returned by a filter to reset the connection on both sides.
var errCut = errors.New("faults: cut")

// filter receives the bytes of one direction of a connection, and returns those to pass on; errCut ends it.
type filter func(chunk []byte) ([]byte, error)

// link is a TCP proxy that can misbehave. All settings apply to open and to new connections.
type link struct {
	Addr string
	dial func() (net.Conn, error) // connects to the server
	// These return the filters of a new connection, for what the client sends and what the server sends.
	up, down func(c *proxied) filter

	listener  net.Listener
	delay     atomic.Int64 // of each chunk, in ns
	rate      atomic.Int64 // bytes per second to the client; 0 is no limit
	blackhole atomic.Bool  // nothing passes, and nothing is closed
	refusing  atomic.Bool  // new connections are reset

	mu   sync.Mutex
	open map[*proxied]struct{}
}

// proxied is one connection through a link.
type proxied struct {
	link           *link
	client, server *net.TCPConn
	once           sync.Once
	gone           chan struct{}
}

// newLink listens. The hooks may set up and down before the first connection arrives.
func newLink(dial func() (net.Conn, error), hooks ...func(*link)) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{Addr: listener.Addr().String(), dial: dial, listener: listener, open: map[*proxied]struct{}{}}
	for _, hook := range hooks {
		hook(l)
	}
	go l.accept()
	return l, nil
}

func dialer(addr string) func() (net.Conn, error) {
	return func() (net.Conn, error) { return net.DialTimeout("tcp", addr, 3*time.Second) }
}

func (l *link) accept() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return
		}
		if l.refusing.Load() {
			reset(tcp)
			continue
		}
		go l.proxy(tcp)
	}
}

func (l *link) proxy(client *net.TCPConn) {
	conn, err := l.dial()
	if err != nil {
		reset(client)
		return
	}
	server, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	if l.rate.Load() > 0 { // or the kernel would buffer everything
		_ = server.SetReadBuffer(4 << 10)
		_ = client.SetWriteBuffer(4 << 10)
	}
	c := &proxied{link: l, client: client, server: server, gone: make(chan struct{})}
	l.mu.Lock()
	l.open[c] = struct{}{}
	l.mu.Unlock()
	var up, down filter
	if l.up != nil {
		up = l.up(c)
	}
	if l.down != nil {
		down = l.down(c)
	}
	go c.copyOne(server, client, up, false)
	c.copyOne(client, server, down, true)
}

// copyOne copies one direction until it ends.
func (c *proxied) copyOne(dst, src *net.TCPConn, f filter, slow bool) {
	buffer := make([]byte, 32<<10)
	for {
		part := buffer
		if rate := c.link.rate.Load(); slow && rate > 0 {
			part = buffer[:max(1, rate/10)]
		}
		n, err := src.Read(part)
		if n > 0 {
			rate := c.link.rate.Load() // it may have changed while nothing arrived
			if !c.wait(part[:n], slow && rate > 0, rate) {
				return
			}
			chunk := part[:n]
			if f != nil {
				var cut error
				if chunk, cut = f(chunk); cut != nil {
					c.reset()
					return
				}
			}
			if _, err := dst.Write(chunk); err != nil {
				c.reset()
				return
			}
		}
		if err != nil {
			if !c.wait(nil, false, 0) {
				return
			}
			if !errors.Is(err, io.EOF) || dst.CloseWrite() != nil {
				c.reset()
				return
			}
			if dst == c.client { // the server has finished
				c.close()
			}
			return
		}
	}
}

// wait delays a chunk as the link is set to, and reports whether the connection is still open.
func (c *proxied) wait(chunk []byte, slow bool, rate int64) bool {
	pause := time.Duration(c.link.delay.Load())
	if slow {
		pause += time.Duration(int64(len(chunk)) * int64(time.Second) / rate)
	}
	for pause > 0 || c.link.blackhole.Load() {
		select {
		case <-c.gone:
			return false
		case <-time.After(max(pause, 10*time.Millisecond)):
		}
		pause = 0
	}
	return true
}

func (c *proxied) end(how func(*net.TCPConn)) {
	c.once.Do(func() {
		close(c.gone)
		how(c.client)
		how(c.server)
		c.link.mu.Lock()
		delete(c.link.open, c)
		c.link.mu.Unlock()
	})
}

func (c *proxied) reset() { c.end(reset) }
func (c *proxied) close() { c.end(func(conn *net.TCPConn) { _ = conn.Close() }) }

// reset closes a connection with RST instead of FIN.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}

// Reset resets all connections.
func (l *link) Reset() {
	l.mu.Lock()
	list := make([]*proxied, 0, len(l.open))
	for c := range l.open {
		list = append(list, c)
	}
	l.mu.Unlock()
	for _, c := range list {
		c.reset()
	}
}

// Blackhole drops everything on all connections. Neither side gets even an acknowledgement of a packet, or
// learns that the other side has closed.
func (l *link) Blackhole(on bool) {
	l.blackhole.Store(on)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		dropIncoming(c.client, on)
		dropIncoming(c.server, on)
	}
}

// Heal ends all misbehaviour.
func (l *link) Heal() {
	l.delay.Store(0)
	l.rate.Store(0)
	l.Blackhole(false)
	l.refusing.Store(false)
}

func (l *link) Close() {
	_ = l.listener.Close()
	l.Reset()
}

// throttle limits the rate of what the clients receive, on open connections, too.
func (l *link) throttle(rate int64) {
	l.rate.Store(rate)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.server.SetReadBuffer(4 << 10)
		_ = c.client.SetWriteBuffer(4 << 10)
	}
}
