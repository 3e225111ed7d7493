package web

import (
	"context"
	"parley/app/bus"
	"sync"
	"time"
)

// sockets is the registry of the open sockets: the HTTP server does not know them any more.
type sockets struct {
	s       *Server
	silence time.Duration // after which a socket is given up
	stop    func()
	done    chan struct{}
	work    sync.WaitGroup

	mu     sync.Mutex
	open   map[*socketConn]struct{}
	closed bool
}

func newSockets(s *Server) *sockets {
	all := &sockets{s: s, silence: socketSilence, done: make(chan struct{}), open: map[*socketConn]struct{}{}}
	all.stop = s.bus.Listen(all.hear)
	all.work.Add(1)
	go all.keep()
	return all
}

// serve runs a socket in a goroutine of its own, so that the server's can go.
func (all *sockets) serve(k *socketConn, head []byte) {
	all.mu.Lock()
	closed := all.closed
	if !closed {
		all.open[k] = struct{}{}
		all.work.Add(1)
	}
	all.mu.Unlock()
	if closed {
		_ = k.conn.Close()
		k.gone()
		return
	}
	go func() {
		defer all.work.Done()
		defer all.leave(k)
		_ = k.conn.SetDeadline(time.Now().Add(socketWrite))
		if _, err := k.conn.Write(head); err != nil {
			_ = k.conn.Close()
			return
		}
		k.run()
	}()
}

func (all *sockets) leave(k *socketConn) {
	all.mu.Lock()
	delete(all.open, k)
	all.mu.Unlock()
	k.gone()
}

func (all *sockets) list() []*socketConn {
	all.mu.Lock()
	defer all.mu.Unlock()
	list := make([]*socketConn, 0, len(all.open))
	for k := range all.open {
		list = append(list, k)
	}
	return list
}

// hear ends the sockets of a session that has ended. It only looks them up here: a bus waits for
// nobody, and saying goodbye can take a while.
func (all *sockets) hear(e bus.Event) {
	if e.Kind != bus.EventSignal || e.Signal.Kind != bus.SessionEnded {
		return
	}
	for _, k := range all.list() {
		if k.session == e.Signal.Session {
			go k.close(closeSignedOut)
		}
	}
}

// keep looks after the sockets until they are closed.
func (all *sockets) keep() {
	defer all.work.Done()
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-all.done:
			return
		case <-ticker.C:
		}
		all.s.safely("what looks after the sockets", all.lookAfter)
	}
}

// lookAfter pings, because htmx does not, and ends the sockets whose session ended without a bell.
// It waits for no socket: one that takes nothing would keep the pings from all the others.
func (all *sockets) lookAfter() {
	list := all.list()
	for _, k := range list {
		go k.ping()
	}
	if len(list) == 0 {
		return
	}
	ids := make([]uint64, len(list))
	for i, k := range list {
		ids[i] = k.session
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	alive, err := all.s.accounts.AliveSessions(ctx, ids)
	if err != nil {
		return // the next post asks again
	}
	for _, k := range list {
		if !alive[k.session] {
			go k.close(closeSignedOut)
		}
	}
}

// close sends every socket away; their pages come back to whichever process answers then.
func (all *sockets) close() {
	all.mu.Lock()
	again := all.closed
	all.closed = true
	all.mu.Unlock()
	if again {
		return
	}
	all.stop()
	close(all.done)
	for _, k := range all.list() {
		go k.close(closeRestart)
	}
	all.work.Wait()
}
