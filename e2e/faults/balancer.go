package faults

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// balancer distributes connections over the processes that are ready, in turn. If none is ready, it chooses
// one that accepts connections, so that users get Parley's own error page.
type balancer struct {
	*link
	backends []string
	done     chan struct{}

	mu    sync.Mutex
	ready []bool
	turn  int
}

var errNoBackend = errors.New("faults: no process accepts connections")

func newBalancer(backends []string) (*balancer, error) {
	b := &balancer{backends: backends, done: make(chan struct{}), ready: make([]bool, len(backends))}
	var err error
	if b.link, err = newLink(b.pick); err != nil {
		return nil, err
	}
	for i := range backends {
		go b.watch(i)
	}
	return b, nil
}

func (b *balancer) watch(i int) {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		resp, err := client.Get("http://" + b.backends[i] + "/readyz")
		ok := err == nil && resp.StatusCode == http.StatusOK
		if err == nil {
			_ = resp.Body.Close()
		}
		b.mu.Lock()
		b.ready[i] = ok
		b.mu.Unlock()
		select {
		case <-b.done:
			return
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// pick connects to a process. It tries one after another, so that a client never gets one that was killed
// since the last check.
func (b *balancer) pick() (net.Conn, error) {
	b.mu.Lock()
	b.turn++
	var order, spare []string
	for i := range b.backends {
		n := (b.turn + i) % len(b.backends)
		if b.ready[n] {
			order = append(order, b.backends[n])
		} else {
			spare = append(spare, b.backends[n])
		}
	}
	b.mu.Unlock()
	for _, addr := range append(order, spare...) {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			return conn, nil
		}
	}
	return nil, errNoBackend
}

func (b *balancer) readyCount() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ok := range b.ready {
		if ok {
			n++
		}
	}
	return n
}

func (b *balancer) Close() {
	close(b.done)
	b.link.Close()
}
