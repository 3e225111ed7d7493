package faults

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// errCut is answered by a filter that wants the connection reset on both sides.
var errCut = errors.New("faults: cut")

// filter sees the bytes of one direction of one connection and answers what goes on; errCut ends it.
type filter func(chunk []byte) ([]byte, error)

// link is a TCP proxy that can misbehave. All settings hold for open and for new connections.
type link struct {
	Addr string
	dial func() (net.Conn, error) // connects on to where a new connection goes
	// Hooks make the filters of a new connection: what the client sends, and what the server does.
	up, down func(c *crossing) filter

	listener net.Listener
	delay    atomic.Int64 // on each chunk, in ns
	rate     atomic.Int64 // bytes a second towards the client; 0 is no limit
	hole     atomic.Bool  // nothing passes, nothing is closed; see Swallow
	refusing atomic.Bool  // new connections are reset

	mu   sync.Mutex
	open map[*crossing]struct{}
}

// crossing is one connection through a link.
type crossing struct {
	link           *link
	client, server *net.TCPConn
	once           sync.Once
	gone           chan struct{}
}

// newLink listens; the hooks may set up and down before the first connection comes.
func newLink(dial func() (net.Conn, error), hooks ...func(*link)) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{Addr: listener.Addr().String(), dial: dial, listener: listener, open: map[*crossing]struct{}{}}
	for _, hook := range hooks {
		hook(l)
	}
	go l.accept()
	return l, nil
}

func to(addr string) func() (net.Conn, error) {
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
		go l.cross(tcp)
	}
}

func (l *link) cross(client *net.TCPConn) {
	conn, err := l.dial()
	if err != nil {
		reset(client)
		return
	}
	server, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	if l.rate.Load() > 0 { // or the kernel takes everything at once
		_ = server.SetReadBuffer(4 << 10)
		_ = client.SetWriteBuffer(4 << 10)
	}
	c := &crossing{link: l, client: client, server: server, gone: make(chan struct{})}
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
	go c.pump(server, client, up, false)
	c.pump(client, server, down, true)
}

// pump copies one direction until it ends.
func (c *crossing) pump(dst, src *net.TCPConn, f filter, slow bool) {
	buffer := make([]byte, 32<<10)
	for {
		room := buffer
		if rate := c.link.rate.Load(); slow && rate > 0 {
			room = buffer[:max(1, rate/10)]
		}
		n, err := src.Read(room)
		if n > 0 {
			rate := c.link.rate.Load() // it may have changed while nothing came
			if !c.wait(room[:n], slow && rate > 0, rate) {
				return
			}
			chunk := room[:n]
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
			if dst == c.client { // the server is done: so are we
				c.close()
			}
			return
		}
	}
}

// wait holds a chunk up as the link is set, and tells whether the connection still stands after it.
func (c *crossing) wait(chunk []byte, slow bool, rate int64) bool {
	pause := time.Duration(c.link.delay.Load())
	if slow {
		pause += time.Duration(int64(len(chunk)) * int64(time.Second) / rate)
	}
	for pause > 0 || c.link.hole.Load() {
		select {
		case <-c.gone:
			return false
		case <-time.After(max(pause, 10*time.Millisecond)):
		}
		pause = 0
	}
	return true
}

func (c *crossing) end(how func(*net.TCPConn)) {
	c.once.Do(func() {
		close(c.gone)
		how(c.client)
		how(c.server)
		c.link.mu.Lock()
		delete(c.link.open, c)
		c.link.mu.Unlock()
	})
}

func (c *crossing) reset() { c.end(reset) }
func (c *crossing) close() { c.end(func(conn *net.TCPConn) { _ = conn.Close() }) }

// reset closes a connection with RST instead of FIN.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}

// Reset cuts all connections.
func (l *link) Reset() {
	l.mu.Lock()
	list := make([]*crossing, 0, len(l.open))
	for c := range l.open {
		list = append(list, c)
	}
	l.mu.Unlock()
	for _, c := range list {
		c.reset()
	}
}

// Swallow makes the link a black hole: neither side gets as much as an acknowledgement of what it
// sends, and none hears of an end.
func (l *link) Swallow(on bool) {
	l.hole.Store(on)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		deafen(c.client, on)
		deafen(c.server, on)
	}
}

// Heal takes all misbehaviour away.
func (l *link) Heal() {
	l.delay.Store(0)
	l.rate.Store(0)
	l.Swallow(false)
	l.refusing.Store(false)
}

func (l *link) Close() {
	_ = l.listener.Close()
	l.Reset()
}

// throttle slows what comes to the clients down, on open connections too.
func (l *link) throttle(rate int64) {
	l.rate.Store(rate)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.server.SetReadBuffer(4 << 10)
		_ = c.client.SetWriteBuffer(4 << 10)
	}
}
