package web

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// line is a raw connection to a site.
type line struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func (s *site) dial() *line {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	must(s.t, err)
	must(s.t, conn.SetDeadline(time.Now().Add(90*time.Second)))
	s.t.Cleanup(func() { _ = conn.Close() })
	if s.tls != nil {
		conn = tls.Client(conn, s.tls)
	}
	return &line{t: s.t, conn: conn, in: bufio.NewReader(conn)}
}

// write sends bytes as they are. The server may have hung up already: what it sent before counts.
func (l *line) write(text string) {
	_, _ = io.WriteString(l.conn, text)
}

// response reads one response and its body.
func (l *line) response() *reply {
	l.t.Helper()
	a, err := l.tryResponse()
	must(l.t, err)
	return a
}

func (l *line) tryResponse() (*reply, error) {
	response, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return &reply{t: l.t, request: "raw", status: response.StatusCode, header: response.Header, body: string(body)}, err
}

// rest reads until the other side hangs up.
func (l *line) rest() string {
	l.t.Helper()
	must(l.t, l.conn.SetReadDeadline(time.Now().Add(testPatience)))
	text, _ := io.ReadAll(l.in)
	return string(text)
}

// proxy is a TCP proxy between a site and its database that can hang and break.
type proxy struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	isCut bool
	hangs chan struct{} // closed when traffic resumes; nil while it flows
	open  map[net.Conn]struct{}
}

// throughProxy puts a proxy in front of the server of a database address.
func throughProxy(t testing.TB, address string) (proxied string, w *proxy) {
	t.Helper()
	before, host, _ := strings.Cut(address, "@")
	host, name, _ := strings.Cut(host, "/")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w = &proxy{listener: listener, target: host, open: map[net.Conn]struct{}{}}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.carry(near) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		w.restore()
		w.cut()
		running.Wait()
	})
	return before + "@" + listener.Addr().String() + "/" + name, w
}

func (w *proxy) carry(near net.Conn) {
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	w.mu.Lock()
	if w.isCut {
		w.mu.Unlock()
		return
	}
	w.open[near], w.open[far] = struct{}{}, struct{}{}
	w.mu.Unlock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			w.pass(way[0], way[1])
			_, _ = near.Close(), far.Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, near)
	delete(w.open, far)
}

// pass copies bytes, and holds them back while the proxy hangs.
func (w *proxy) pass(to io.Writer, from io.Reader) {
	for part := make([]byte, 32<<10); ; {
		n, err := from.Read(part)
		w.mu.Lock()
		hangs := w.hangs
		w.mu.Unlock()
		if hangs != nil {
			<-hangs
		}
		if _, failed := to.Write(part[:n]); failed != nil || err != nil {
			return
		}
	}
}

// hang keeps every connection and passes nothing until restore.
func (w *proxy) hang() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hangs = make(chan struct{})
}

// cut breaks every connection and accepts none until restore.
func (w *proxy) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = true
	for conn := range w.open {
		_ = conn.Close()
	}
}

func (w *proxy) restore() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = false
	if w.hangs != nil {
		close(w.hangs)
		w.hangs = nil
	}
}
