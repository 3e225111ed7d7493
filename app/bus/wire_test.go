package bus_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// wire stands between a bus and its server, and can be cut, reset and led to another server.
type wire struct {
	server   string // the address of the server, redis://...
	listener net.Listener

	mu      sync.Mutex
	target  string // host:port, empty while cut
	present map[net.Conn]bool
}

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{server: server, listener: listener, present: map[net.Conn]bool{}}
	w.mend()
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		w.cut()
		running.Wait()
	})
	return w
}

func (w *wire) url() string { return "redis://" + w.listener.Addr().String() + "/0" }

func (w *wire) carry(near net.Conn) {
	w.mu.Lock()
	target := w.target
	w.mu.Unlock()
	far, err := net.Dial("tcp", target)
	if target == "" || err != nil {
		_ = near.Close()
		return
	}
	w.mu.Lock()
	if w.target != target { // cut in the meantime
		w.mu.Unlock()
		_, _ = near.Close(), far.Close()
		return
	}
	w.present[near], w.present[far] = true, true
	w.mu.Unlock()

	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_, _ = near.Close(), far.Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.present, near)
	delete(w.present, far)
}

// reset breaks every connection the hard way.
func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for conn := range w.present {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}

// cut breaks every connection and lets none through.
func (w *wire) cut() {
	w.lead("")
	w.reset()
}

func (w *wire) mend() {
	w.lead(strings.TrimSuffix(strings.TrimPrefix(w.server, "redis://"), "/0"))
}

func (w *wire) lead(target string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.target = target
}

// newLiar returns the address of a server that gives the same answer to everything, at length.
func newLiar(t *testing.T, answer string) string {
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
