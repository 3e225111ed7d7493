package live

// write brings these viewers up to the head of the room. All that a viewer has not had goes out
// in one write, because the kernel's cost is by the write and not by the byte; viewers who wait
// at the same place in the same guise share the bytes.
func (r *room) write(viewers []*Viewer) {
	r.mu.Lock()
	b := batch{epoch: r.epoch, head: r.head, records: r.records}
	r.mu.Unlock()
	for _, v := range viewers {
		b.writeTo(v)
	}
}

// batch is one state of a room's records, on its way to the viewers.
type batch struct {
	epoch, head uint64
	records     []rendered
	made        []writing
}

// writing is what viewers of one kind at one place get.
type writing struct {
	guise   guise
	chunked bool
	from    uint64
	bytes   []byte
}

func (b *batch) writeTo(v *Viewer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.busy || v.ended || v.next > b.head {
		return
	}
	low := b.head + 1 - uint64(len(b.records))
	if v.next < low { // it was slow for longer than we keep
		v.hub.Stats.Resets.Add(1)
		v.write(v.framed(Frame{Event: ResetEvent}))
		v.end()
		return
	}
	waiting := b.records[v.next-low:]
	for i, r := range waiting {
		if r.Ends != nil && r.Ends(v.User) {
			v.write(b.frames(waiting[:i+1], v.guise(), v.Chunked))
			if !v.busy {
				v.write(v.framed(Frame{Event: ClosedEvent}))
			}
			v.end()
			return
		}
	}
	v.hub.Stats.Delivered.Add(uint64(len(waiting)))
	bytes := b.bytes(v.next, waiting, v.guise(), v.Chunked)
	v.next = b.head + 1
	v.given += len(waiting)
	v.write(bytes)
	if v.Most > 0 && v.given >= v.Most && !v.busy {
		v.write(v.framed(Frame{Event: HeartbeatEvent, Retry: AtOnce, Data: []byte("-")}))
		v.end()
	}
	if v.Seen != nil {
		v.Seen(v.next - 1)
	}
}

// bytes finds or makes what a viewer at this place gets.
func (b *batch) bytes(from uint64, waiting []rendered, g guise, chunked bool) []byte {
	for _, w := range b.made {
		if w.from == from && w.guise == g && w.chunked == chunked {
			return w.bytes
		}
	}
	w := writing{guise: g, chunked: chunked, from: from, bytes: b.frames(waiting, g, chunked)}
	b.made = append(b.made, w)
	return w.bytes
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
