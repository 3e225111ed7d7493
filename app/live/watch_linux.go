package live

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// poller watches all viewers with one goroutine and one epoll instance, which reports whose other side has hung up or
// sent something. A goroutine for each would cost more than everything else that a viewer holds.
//
// A descriptor that is closed leaves the instance by itself, and its number may come back as another viewer's at once.
// So an event names a seat of the table and not a descriptor, and whether its viewer still has that.
type poller struct {
	readers // for connections with TLS, without a descriptor, or that the kernel does not take
	file    *os.File
	raw     syscall.RawConn // of the instance: Go's own poller says when it has events, so no thread waits for them

	closed atomic.Bool

	mu    sync.Mutex
	seats []seat
	free  []int32
}

// seat is the place of a viewer in the table.
type seat struct {
	viewer *Viewer // nil if nobody has it
	turn   int32   // the number of viewers that have had it
	sent   int32   // bytes of this one
}

// pollEvents is the number of events that are taken at once.
const pollEvents = 128

// What is asked about a connection: each event comes once, until the next is asked for.
const pollFor = syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT

func newHangUpWatcher(h *Hub) hangUpWatcher {
	p, err := newPoller(h)
	if err != nil {
		h.log.Warn("streams are watched by a goroutine each", "error", err)
		return readers{h}
	}
	h.goSafe("watch for hang-ups", p.run)
	return p
}

func newPoller(h *Hub) (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil { // or Go's poller would not take it
		_ = syscall.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	file := os.NewFile(uintptr(fd), "epoll")
	raw, err := file.SyscallConn()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &poller{readers: readers{h}, file: file, raw: raw}, nil
}

func (p *poller) close() {
	p.closed.Store(true)
	_ = p.file.Close()
}

func (p *poller) watch(v *Viewer) {
	if _, sealed := v.conn.(sealer); sealed || v.raw == nil { // TLS says in a record of its own that its end has come
		p.readers.watch(v)
		return
	}
	number, turn := p.take(v)
	v.seat = number
	if err := p.ask(v.raw, syscall.EPOLL_CTL_ADD, number, turn); err != nil {
		p.forget(v)
		p.readers.watch(v)
	}
}

// take gives a viewer a seat, whose numbers begin with 1.
func (p *poller) take(v *Viewer) (number, turn int32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		p.seats = append(p.seats, seat{viewer: v})
		return int32(len(p.seats)), 0
	}
	number = p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	s := &p.seats[number-1]
	*s = seat{viewer: v, turn: s.turn + 1}
	return number, s.turn
}

func (p *poller) forget(v *Viewer) {
	if v.seat == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seats[v.seat-1].viewer = nil
	p.free = append(p.free, v.seat)
	v.seat = 0
}

// ask asks the kernel for the next event of a connection, with one of the operations of epoll_ctl(2).
func (p *poller) ask(conn syscall.RawConn, operation int, number, turn int32) (err error) {
	event := syscall.EpollEvent{Events: pollFor, Fd: number, Pad: turn}
	failed := p.raw.Control(func(instance uintptr) {
		failed := conn.Control(func(fd uintptr) {
			err = os.NewSyscallError("epoll_ctl", syscall.EpollCtl(int(instance), operation, int(fd), &event))
		})
		err = errors.Join(err, failed)
	})
	return errors.Join(err, failed)
}

// run handles the events until the poller is closed.
func (p *poller) run() {
	events := make([]syscall.EpollEvent, pollEvents)
	for {
		n, err := p.wait(events)
		if err != nil && p.closed.Load() {
			return
		}
		if err != nil {
			p.hub.log.Error("watching for hang-ups failed", "error", err)
			return // whoever hangs up is noticed at the next write
		}
		for _, event := range events[:n] {
			p.hub.recovering("watch for hang-ups", func() { p.handle(event) })
		}
	}
}

// wait waits for events.
func (p *poller) wait(events []syscall.EpollEvent) (n int, err error) {
	failed := p.raw.Read(func(fd uintptr) (done bool) {
		n, err = syscall.EpollWait(int(fd), events, 0)
		if errors.Is(err, syscall.EINTR) {
			n, err = 0, nil
		}
		return n > 0 || err != nil
	})
	if failed != nil {
		return 0, failed
	}
	return n, os.NewSyscallError("epoll_wait", err)
}

// handle handles one event. It waits for no viewer's lock, which may be held for as long as something is rendered.
func (p *poller) handle(e syscall.EpollEvent) {
	v := p.viewerOf(e)
	if v == nil { // it has ended
		return
	}
	if e.Events == syscall.EPOLLIN {
		if sent, gone := v.discardSent(); !gone && p.maySend(e, sent) && p.ask(v.raw, syscall.EPOLL_CTL_MOD, e.Fd, e.Pad) == nil {
			return
		}
	}
	p.hub.goSafe("hang-up", v.hangUp)
}

func (p *poller) viewerOf(e syscall.EpollEvent) *Viewer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.seats[e.Fd-1]; s.turn == e.Pad {
		return s.viewer
	}
	return nil
}

// maySend counts what a viewer has sent, and reports whether that is not too much.
func (p *poller) maySend(e syscall.EpollEvent, sent int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &p.seats[e.Fd-1]
	if s.turn == e.Pad {
		s.sent += int32(sent)
	}
	return s.sent <= maxSentIn
}

// discardSent reads what the other side has sent and is there already, and reports whether it has hung up.
func (v *Viewer) discardSent() (n int, gone bool) {
	var discard [maxSentIn + 1]byte
	var err error
	failed := v.raw.Read(func(fd uintptr) (done bool) {
		n, err = syscall.Read(int(fd), discard[:])
		return true
	})
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR) {
		return 0, failed != nil
	}
	return max(n, 0), failed != nil || err != nil || n == 0
}
