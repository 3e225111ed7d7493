package live

import (
	"context"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"parley/app/bus"
)

// Serve writes the head of the response and then everything that the viewer should see, until either
// side hangs up. It returns at once; the connection belongs to the hub from now on. Without a cursor
// the stream starts at the end of the room's log.
func (h *Hub) Serve(conn net.Conn, head []byte, v *Viewer, after *bus.Cursor) {
	// Nobody else knows the viewer yet, so its lock may be held while the hub's is taken: no heartbeat
	// and no end may be written before the head.
	v.mu.Lock()
	v.hub, v.conn, v.raw = h, conn, rawOf(below(conn))
	prepare(below(conn))
	attached, replaced := h.attach(v)
	if attached {
		v.write(head)
		if !v.ended.Load() {
			h.hangUps.watch(v)
		}
	}
	v.mu.Unlock()
	if replaced != nil {
		replaced.End(StreamEvent{Event: CrowdedEvent})
	}
	if !attached {
		v.refuse(head)
		return
	}
	h.goSafe("start of a stream", func() { v.start(after) })
}

// refuse tells a viewer that came too late when to come back.
func (v *Viewer) refuse(head []byte) {
	v.hub.recovering("refusing a stream", func() {
		last := v.encode(reconnect(time.Second + rand.N(2*time.Second)))
		if v.Chunked {
			last = append(last, LastChunk...)
		}
		_, _ = v.tryWrite(slices.Concat(head, last))
		v.tryEnd()
	})
	_ = v.conn.Close()
	if v.OnEnd != nil {
		v.hub.recovering("refusing a stream", v.OnEnd)
	}
}

// start joins the room, the lists and the presence. If that fails or panics, the page comes back later.
func (v *Viewer) start(after *bus.Cursor) {
	started := false
	defer func() {
		if !started {
			v.End(reconnect(v.hub.times.retryDelay + rand.N(2*v.hub.times.retryDelay)))
		}
	}()
	if err := v.joinRoom(after); err != nil {
		v.hub.log.Warn("a stream could not start", "error", err)
		return
	}
	if !v.WithoutLists {
		v.hub.lists.join(v)
	}
	v.hub.presence.join(v)
	started = true
}

func (v *Viewer) joinRoom(after *bus.Cursor) error {
	if v.room == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), v.hub.times.queryTimeout)
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

// attach adds a viewer to the hub unless the registry is drained, and returns the streamed page that it
// replaces, if any.
func (h *Hub) attach(v *Viewer) (attached bool, replaced *Viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v.isStreamedPage() {
		replaced = h.pageToReplace(v.Session)
	}
	if !h.conns.Add(v.Session, v) {
		return false, nil
	}
	h.attached++
	v.Variant = h.shared(v.Variant)
	if v.InitialState != nil {
		v.hashes[listState], v.InitialState = h.lists.hash(v.InitialState), nil
	}
	v.expires = time.Now().Add(h.times.maxAge*4/5 + time.Duration(h.attached%100)*h.times.maxAge*2/500).Unix()
	v.slot = int32(h.attached % beatSlots)
	h.beats[v.slot][v] = struct{}{}
	if v.Room != 0 {
		if h.rooms[v.Room] == nil {
			h.rooms[v.Room] = &room{hub: h, id: v.Room, missed: &missed{}, news: make(chan struct{}, 1)}
		}
		v.room = h.rooms[v.Room]
		v.room.holders++
	}
	return true, replaced
}

// maxVariants bounds the variants that are kept to be shared: they vary by language, time zone, and whatever else is
// in a page's address.
const maxVariants = 500

// shared returns the one value that stands for all equal variants. The caller holds the lock.
func (h *Hub) shared(variant any) any {
	if known, ok := h.variants[variant]; ok {
		return known
	}
	if h.variants == nil || len(h.variants) >= maxVariants {
		h.variants = map[any]any{}
	}
	h.variants[variant] = variant
	return variant
}

func (h *Hub) detach(v *Viewer) {
	h.conns.Remove(v.Session, v)
	h.mu.Lock()
	delete(h.beats[v.slot], v)
	if v.room != nil {
		v.room.holders--
		v.room.emptySince = time.Now()
	}
	h.mu.Unlock()
	if v.room != nil {
		v.room.leave(v)
	}
	h.lists.leave(v)
	h.presence.leave(v)
}

// without removes a viewer from a list whose order has no meaning.
func without(list []*Viewer, v *Viewer) []*Viewer {
	if i := slices.Index(list, v); i >= 0 {
		last := len(list) - 1
		list[i], list[last] = list[last], nil
		list = list[:last]
	}
	return list
}
