//go:build !linux

package live

func newHangUpWatcher(h *Hub) hangUpWatcher { return readers{h} }
