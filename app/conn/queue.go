package conn

import (
	"net"
	"time"
)

// patience is how long a connection counts as waiting for its first answer: whoever sends nothing, or waits for
// something slow, keeps the others waiting no longer than this.
type patience struct {
	request time.Duration // until its request has arrived
	answer  time.Duration // from then on
	end     time.Duration // until its request has arrived, once the listener is closed
}

var usualPatience = patience{request: 250 * time.Millisecond, answer: time.Second, end: 2 * time.Second}

// acceptQueued takes a connection from the queue. The HTTP server has a goroutine and buffers for each connection
// that it knows, some 60 kB, while its requests wait for the same database. So it gets a connection when few are
// waiting for their first answer, and all of them in the order in which they came. Connections that it has answered
// wait for nobody.
func (l *Listener) acceptQueued() (net.Conn, error) {
	l.mu.Lock()
	if !l.filling {
		l.filling = true
		go l.fill()
	}
	l.mu.Unlock()
	timer := time.NewTimer(l.patience.request)
	defer timer.Stop()
	for {
		c, wait, err := l.next(time.Now())
		if err != nil {
			return nil, err
		}
		if c != nil {
			return c, nil
		}
		timer.Reset(wait)
		select {
		case <-l.changed:
		case <-timer.C:
		}
	}
}

// fill accepts connections into the queue until the listener is closed. There are no more of them than there may be
// connections in all.
func (l *Listener) fill() {
	defer close(l.filled)
	for {
		c, err := l.accept()
		if err != nil {
			l.acceptRest()
			l.closeQueue()
			return
		}
		l.enqueue(c)
	}
}

func (l *Listener) enqueue(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if in, ok := c.(*Incoming); ok {
		in.queued = true
	}
	l.queue = append(l.queue, c)
	l.notify()
}

// next takes the first connection out of the queue, or returns how long to wait for it at most.
func (l *Listener) next(now time.Time) (c net.Conn, wait time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) > 0 {
		if wait := l.waitForRoom(now); wait > 0 {
			return nil, wait, nil
		}
		c, l.queue[0] = l.queue[0], nil
		l.queue = l.queue[1:]
		in, counts := c.(*Incoming)
		if !counts {
			return c, 0, nil
		}
		in.queued = false
		if in.gone { // it had to make room
			continue
		}
		in.given, in.until = now, now.Add(l.patience.request)
		in.opening = l.opening.PushBack(in)
		return in, 0, nil
	}
	return nil, time.Hour, l.failed
}

// waitForRoom returns how long to wait, at most, until one more may wait for its first answer. The caller holds the
// lock.
func (l *Listener) waitForRoom(now time.Time) (wait time.Duration) {
	if l.opening.Len() < l.options.Opening {
		return 0
	}
	wait = time.Hour
	for e := l.opening.Front(); e != nil; {
		c := e.Value.(*Incoming)
		e = e.Next()
		if left := c.until.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		l.opened(c)
	}
	if l.opening.Len() < l.options.Opening {
		return 0
	}
	return wait
}

// opened notes that a connection no longer waits for its first answer. The caller holds the lock.
func (l *Listener) opened(c *Incoming) {
	if c.opening == nil {
		return
	}
	l.opening.Remove(c.opening)
	c.opening = nil
	l.notify()
}

func (l *Listener) notify() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
}
