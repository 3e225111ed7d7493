package live

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"parley/app/bus"
	"slices"
	"time"
)

// ErrDrained refuses a viewer because this process is going down.
var ErrDrained = errors.New("live: the hub is closing")

// Serve writes the head of the response and then everything that the viewer should see, until
// either side hangs up. It returns at once; the connection belongs to the hub from now on.
// Without a cursor the stream starts at the end of the room's log.
func (h *Hub) Serve(conn net.Conn, head []byte, v *Viewer, after *bus.Cursor) {
	prepare(conn)
	// Nobody else knows the viewer yet, so its lock may be held while it is made known: a heartbeat,
	// or the end, must not be written before the head.
	v.mu.Lock()
	v.hub, v.conn, v.line = h, conn, newLine(conn)
	attached, crowded := h.attach(v)
	if attached {
		v.write(head)
	}
	v.mu.Unlock()
	if crowded != nil {
		crowded.End(StreamEvent{Event: CrowdedEvent})
	}
	if !attached {
		v.refuse(head)
		return
	}
	h.guard("watch", v.watch) // apart, so that its stack stays as small as it begins
	h.guard("stream", func() { v.begin(after) })
}

// refuse tells a viewer that came too late when to come back.
func (v *Viewer) refuse(head []byte) {
	v.hub.safely("refusing a stream", func() {
		last := v.framed(comeBack(time.Second + rand.N(2*time.Second)))
		if v.Chunked {
			last = append(last, LastChunk...)
		}
		_, _ = v.line.tryWrite(slices.Concat(head, last))
	})
	_ = v.conn.Close()
	if v.OnEnd != nil {
		v.hub.safely("refusing a stream", v.OnEnd)
	}
}

// begin takes the viewer in. One for whom that fails, or panics, comes back.
func (v *Viewer) begin(after *bus.Cursor) {
	begun := false
	defer func() {
		if !begun {
			v.End(comeBack(v.hub.times.again + rand.N(2*v.hub.times.again)))
		}
	}()
	if err := v.join(after); err != nil {
		v.hub.log.Warn("a stream could not start", "error", err)
		return
	}
	if !v.WithoutLists {
		v.hub.lists.join(v)
	}
	v.hub.presence.join(v)
	begun = true
}

func (v *Viewer) join(after *bus.Cursor) error {
	if v.room == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), v.hub.times.query)
	defer cancel()
	if after == nil {
		heads, err := v.hub.source.Heads(ctx, []uint64{v.Room})
		if err != nil {
			return err
		}
		end := heads[v.Room]
		after = &end
	}
	return v.room.join(ctx, v, *after)
}

// attach makes a viewer known, and answers the one that has to end for it, if there is one.
func (h *Hub) attach(v *Viewer) (attached bool, crowded *Viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.drained {
		return false, nil
	}
	if v.isFrame() {
		crowded = h.oldest(v.Session)
	}
	h.born++
	v.born = h.born
	if v.InitialState != nil {
		v.shown[listState], v.InitialState = h.lists.hash(v.InitialState), nil
	}
	v.until = time.Now().Add(h.times.age*4/5 + time.Duration(h.born%100)*h.times.age*2/500)
	v.slot = int(h.born % beatSlots)
	h.beats[v.slot][v] = struct{}{}
	h.sessions[v.Session] = append(h.sessions[v.Session], v)
	if v.Room != 0 {
		if h.rooms[v.Room] == nil {
			h.rooms[v.Room] = &room{hub: h, id: v.Room}
		}
		v.room = h.rooms[v.Room]
		v.room.holders++
	}
	return true, crowded
}

func (h *Hub) detach(v *Viewer) {
	h.mu.Lock()
	delete(h.beats[v.slot], v)
	h.sessions[v.Session] = without(h.sessions[v.Session], v)
	if len(h.sessions[v.Session]) == 0 {
		delete(h.sessions, v.Session)
	}
	if v.room != nil {
		v.room.holders--
		v.room.empty = time.Now()
	}
	h.mu.Unlock()
	if v.room != nil {
		v.room.leave(v)
	}
	h.lists.leave(v)
	h.presence.leave(v)
}

// without takes a viewer out of a list in which the order has no meaning.
func without(list []*Viewer, v *Viewer) []*Viewer {
	if i := slices.Index(list, v); i >= 0 {
		last := len(list) - 1
		list[i], list[last] = list[last], nil
		list = list[:last]
	}
	return list
}
