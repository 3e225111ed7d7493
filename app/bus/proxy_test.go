package bus_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy stands between a bus and its server. It can break connections, refuse them, and lead to another
// server.
type proxy struct {
	server   string // the address of the server, redis://...
	listener net.Listener

	mu     sync.Mutex
	target string // host:port, empty while cut
	open   map[net.Conn]bool
}

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: server, listener: listener, open: map[net.Conn]bool{}}
	p.restore()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.forward(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		running.Wait()
	})
	return p
}

func (p *proxy) url() string { return "redis://" + p.listener.Addr().String() + "/0" }

func (p *proxy) forward(near net.Conn) {
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	far, err := net.Dial("tcp", target)
	if target == "" || err != nil {
		_ = near.Close()
		return
	}
	p.mu.Lock()
	if p.target != target { // cut in the meantime
		p.mu.Unlock()
		_, _ = near.Close(), far.Close()
		return
	}
	p.open[near], p.open[far] = true, true
	p.mu.Unlock()

	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_, _ = near.Close(), far.Close()
		})
	}
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, near)
	delete(p.open, far)
}

// reset breaks every connection with a RST.
func (p *proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}

// cut breaks every connection and refuses new ones.
func (p *proxy) cut() {
	p.redirect("")
	p.reset()
}

func (p *proxy) restore() {
	p.redirect(strings.TrimSuffix(strings.TrimPrefix(p.server, "redis://"), "/0"))
}

func (p *proxy) redirect(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// newLyingServer returns the address of a server that sends the same reply to everything, repeatedly.
func newLyingServer(t *testing.T, answer string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer func() { _ = conn.Close() }()
				for request := make([]byte, 4096); ; {
					if _, err := conn.Read(request); err != nil {
						return
					}
					if _, err := io.WriteString(conn, strings.Repeat(answer, 10)); err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return listener.Addr().String()
}
