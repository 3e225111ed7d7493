package conn

import (
	"net"
	"time"
)

// endStorm is how long a listener that ends accepts connections that the kernel has already made; usually there are
// none.
const endStorm = 500 * time.Millisecond

// endInterval is the time between two checks for who has sent no request since the listener was closed, and endWatch
// how long they go on. The process is gone long before.
const (
	endInterval = 100 * time.Millisecond
	endWatch    = time.Minute
)

// end prepares closing. Whoever has sent a request by now is answered, however many are before them in the queue;
// closing the kernel's listener with somebody in its own queue would reset their connection. Nobody else is
// waited for: their browser sees the end of the connection and nothing of an answer, so it may ask the next process.
func (l *Listener) end() {
	l.mu.Lock()
	l.ended = time.Now()
	filling := l.filling
	l.mu.Unlock()
	close(l.closed)
	time.AfterFunc(l.patience.end, l.hangUpOnLate)
	inner, ok := l.Listener.(interface{ SetDeadline(at time.Time) error })
	if filling && ok && inner.SetDeadline(time.Unix(1, 0)) == nil { // so that accept waits no longer
		<-l.filled
	}
}

// acceptRest accepts what the kernel has in its queue.
func (l *Listener) acceptRest() {
	for until := time.Now().Add(endStorm); time.Now().Before(until); {
		raw, ok := acceptNow(l.Listener)
		if !ok {
			return
		}
		if c, ok := l.admit(raw); ok {
			l.enqueue(c)
		} else {
			_ = raw.Close()
		}
	}
}

// closeQueue closes the connections in the queue that have sent nothing. Accept returns the others, and then an error.
func (l *Listener) closeQueue() {
	l.mu.Lock()
	left := l.queue
	l.queue = nil
	l.mu.Unlock()
	var asking []net.Conn
	for _, c := range left {
		if in, ok := c.(*Incoming); ok && !hasSent(in.TCPConn) {
			_ = c.Close()
			continue
		}
		asking = append(asking, c)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue, l.failed = asking, net.ErrClosed
	l.notify()
}

// hangUpOnLate hangs up on connections that the HTTP server has had for a while without a request. It would wait for
// them as long as for any other: for a TLS handshake, or the rest of a head, ten seconds.
func (l *Listener) hangUpOnLate() {
	now := time.Now()
	var late []*Incoming
	l.mu.Lock()
	for _, n := range l.networks {
		for e := n.idle.Front(); e != nil; {
			c := e.Value.(*Incoming)
			e = e.Next()
			// What was not read yet is for us to read.
			if !c.queued && now.Sub(c.given) >= l.patience.end && !hasSent(c.TCPConn) {
				l.forget(c)
				late = append(late, c)
			}
		}
	}
	again := len(l.networks) > 0 && now.Sub(l.ended) < endWatch
	l.mu.Unlock()
	for _, c := range late {
		_ = c.TCPConn.Close()
	}
	if again {
		time.AfterFunc(endInterval, l.hangUpOnLate)
	}
}
