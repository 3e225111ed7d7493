package live

import (
	"context"
	"math/rand/v2"
	"time"
)

// sweepOften looks for entries that no signal announced: now and then, every second while the bus is
// down, and at once when the bus may have lost something.
func (h *Hub) sweepOften() {
	failed := false
	for {
		wait := h.times.sweepInterval
		if failed || !h.bus.Up() {
			wait = h.times.downSweepInterval
		}
		wait += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(wait))
		asked := false
		select {
		case <-h.done:
			return
		case <-h.resync:
			asked = true
		case <-time.After(wait):
		}
		// A panic is a failure too, and must not end the sweeper: nothing else makes up for a lost signal.
		failed = true
		h.recovering("sweep", func() { failed = h.sweep() != nil })
		if asked || !h.bus.Up() {
			h.lists.allChanged()
		}
		if asked && h.sleep(h.times.minSweepPause) { // whoever can write to Redis can ask without end
			return
		}
	}
}

// sweep compares the ends of all watched rooms with the database, in one query.
func (h *Hub) sweep() error {
	h.mu.Lock()
	ids := make([]uint64, 0, len(h.rooms))
	for id, r := range h.rooms {
		if r.holders > 0 { // the others are read when a viewer comes
			ids = append(ids, id)
		}
	}
	h.mu.Unlock()
	if ids = h.waiters.appendRooms(ids); len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), h.times.queryTimeout)
	defer cancel()
	heads, err := h.source.Heads(ctx, ids)
	if err != nil {
		h.log.Warn("looking for new entries failed", "error", err)
		return err
	}
	for id, head := range heads {
		h.waiters.notify(id, head)
		if r := h.room(id); r != nil && r.advance(head) {
			h.Stats.SweepsThatFound.Add(1)
			h.lists.roomChanged(id) // they missed the same signal
		}
	}
	return nil
}

// beat returns a function that sends a heartbeat to the next slot of viewers, and ends the old ones
// among them: a stream that is replaced now and then never depends on what was true long ago.
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
		h.signaled.forgetOld(now)
		for _, v := range viewers {
			h.recovering("heartbeat", func() { v.heartbeat(now) })
		}
	}
}

// forgetQuiet drops the rooms that nobody has watched for a while. The caller holds the lock.
func (h *Hub) forgetQuiet() {
	now := time.Now()
	for id, r := range h.rooms {
		if r.holders == 0 && now.Sub(r.emptySince) > h.times.roomTTL {
			delete(h.rooms, id)
			continue
		}
		r.forgetOld(now)
	}
}
