package live

import "slices"

// write brings these viewers up to the head of the room. All that a viewer has not had goes out
// in one write, because the kernel's cost is by the write and not by the byte; viewers who wait
// at the same place in the same guise share the bytes.
func (r *room) write(viewers []*Viewer) {
	r.mu.Lock()
	b := batch{epoch: r.epoch, head: r.head, records: r.records}
	r.mu.Unlock()
	for _, v := range viewers {
		if !r.hub.safely("writing to a viewer", func() { b.writeTo(v) }) {
			v.reset(NotRendered) // what cannot be shown must not be skipped either
		}
	}
	r.hub.Stats.Delivered.Add(b.delivered)
}

// batch is one state of a room's records, on its way to the viewers.
type batch struct {
	epoch, head uint64
	records     []rendered
	made        []writing
	delivered   uint64
}

// writing is what viewers of one kind at one place get.
type writing struct {
	guise   guise
	chunked bool
	from    uint64
	count   int
	bytes   []byte // none if rendering them panicked
}

func (b *batch) writeTo(v *Viewer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	// Another epoch: the room is another log since, and the viewer is about to be told.
	if v.busy || v.ended.Load() || v.next == 0 || v.epoch != b.epoch || v.next > b.head {
		return
	}
	low := b.head + 1 - uint64(len(b.records))
	if v.next < low { // it was slow for longer than we keep
		v.finishReset(FarBehind)
		return
	}
	waiting, over := upToEnd(b.records[v.next-low:], v.User)
	bytes := b.bytes(v, waiting)
	if len(bytes) == 0 {
		v.finishReset(NotRendered)
		return
	}
	v.next += uint64(len(waiting))
	b.delivered += uint64(len(waiting))
	v.given += len(waiting)
	if !over {
		v.write(bytes)
		v.wrote()
		return
	}
	// In one write, because one who is slow now cannot come back for what belongs to its time.
	v.write(slices.Concat(bytes, v.framed(StreamEvent{Event: ClosedEvent})))
	if v.over = v.busy; !v.over {
		v.end()
	}
}

// upToEnd cuts the records after the entry that ends this user's time in the room.
func upToEnd(records []rendered, user uint64) (list []rendered, over bool) {
	for i, r := range records {
		if r.Ends != nil && r.Ends(user) {
			return records[:i+1], true
		}
	}
	return records, false
}

// bytes finds or makes what a viewer at this place gets. What panics is tried once a batch, not
// once a viewer.
func (b *batch) bytes(v *Viewer, waiting []rendered) []byte {
	g := v.guise()
	for _, w := range b.made {
		if w.from == v.next && w.count == len(waiting) && w.guise == g && w.chunked == v.Chunked {
			return w.bytes
		}
	}
	b.made = append(b.made, writing{guise: g, chunked: v.Chunked, from: v.next, count: len(waiting)})
	bytes := b.frames(waiting, g, v.Chunked)
	b.made[len(b.made)-1].bytes = bytes
	return bytes
}

func (b *batch) frames(list []rendered, g guise, chunked bool) []byte {
	var plain []byte
	for _, r := range list {
		plain = append(plain, r.frame(g, b.epoch)...)
	}
	if !chunked {
		return plain
	}
	return AppendChunk(make([]byte, 0, len(plain)+16), plain)
}
