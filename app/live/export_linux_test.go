package live

import "syscall"

// HangUpOfSeat returns a function that handles the hang-up of whoever has a seat now, when it is called.
func (h *Hub) HangUpOfSeat(number int32) (handle func()) {
	p := h.hangUps.(*poller)
	p.mu.Lock()
	defer p.mu.Unlock()
	e := syscall.EpollEvent{Events: syscall.EPOLLRDHUP, Fd: number, Pad: p.seats[number-1].turn}
	return func() { p.handle(e) }
}
