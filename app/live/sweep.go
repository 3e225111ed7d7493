package live

import (
	"context"
	"math/rand/v2"
	"time"
)

// sweepOften looks for entries that no bell told of: now and then, every second while the bus is
// down, and at once when it says that something may have been lost.
func (h *Hub) sweepOften() {
	failed := false
	for {
		wait := h.times.tickUp
		if failed || !h.bus.Up() {
			wait = h.times.tickDown
		}
		wait += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(wait))
		asked := false
		select {
		case <-h.done:
			return
		case <-h.look:
			asked = true
		case <-time.After(wait):
		}
		// A panic is a failure too, and must not end the sweeper: nobody else heals a lost bell.
		failed = true
		h.safely("sweep", func() { failed = h.sweep() != nil })
		if asked {
			h.safely("sweep", h.checkSessions)
		}
		if asked || !h.bus.Up() {
			h.lists.allChanged()
		}
		if asked && h.paused(h.times.sweep) { // whoever rings in Redis can ask for this without end
			return
		}
	}
}

// paused waits, and tells whether the hub closes.
func (h *Hub) paused(d time.Duration) bool {
	select {
	case <-h.done:
		return true
	case <-time.After(d):
		return false
	}
}

// sweep compares the ends of all watched rooms with the database in one query.
func (h *Hub) sweep() error {
	h.mu.Lock()
	ids := make([]uint64, 0, len(h.rooms))
	for id, r := range h.rooms {
		if r.holders > 0 { // the others are looked at when somebody comes
			ids = append(ids, id)
		}
	}
	h.mu.Unlock()
	if ids = h.waits.appendRooms(ids); len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), h.times.query)
	defer cancel()
	heads, err := h.source.Heads(ctx, ids)
	if err != nil {
		h.log.Warn("looking for new entries failed", "error", err)
		return err
	}
	for id, head := range heads {
		h.waits.ring(id, head)
		if r := h.watched(id); r != nil && r.ring(head) {
			h.Stats.SweepsThatFound.Add(1)
			h.lists.roomChanged(id) // the same bell was lost to them
		}
	}
	return nil
}

// checkSessions finds the sessions that ended without a bell, or by their age.
func (h *Hub) checkSessions() {
	h.mu.Lock()
	ids := make([]uint64, 0, len(h.sessions))
	for id := range h.sessions {
		ids = append(ids, id)
	}
	h.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), h.times.query)
	defer cancel()
	alive, err := h.source.Alive(ctx, ids)
	if err != nil {
		h.log.Warn("checking the sessions failed", "error", err)
		return
	}
	for _, id := range ids {
		if !alive[id] {
			signOut(h.under(id))
		}
	}
}

// beat sends a heartbeat to one slot of viewers each time, and ends the old among them: a stream
// that is made anew now and then never depends on what was true long ago.
func (h *Hub) beat() func() {
	slot := 0
	return func() {
		h.mu.Lock()
		viewers := make([]*Viewer, 0, len(h.beats[slot]))
		for v := range h.beats[slot] {
			viewers = append(viewers, v)
		}
		if slot == 0 {
			h.forgetQuiet()
		}
		h.mu.Unlock()
		slot = (slot + 1) % beatSlots
		now := time.Now()
		for _, v := range viewers {
			h.safely("heartbeat", func() { v.beat(now) })
		}
	}
}

// forgetQuiet drops the rooms that nobody has watched for a while. The caller holds the lock.
func (h *Hub) forgetQuiet() {
	now := time.Now()
	for id, r := range h.rooms {
		if r.holders == 0 && now.Sub(r.empty) > h.times.linger {
			delete(h.rooms, id)
			continue
		}
		r.forgetOld(now)
	}
}
