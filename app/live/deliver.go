package live

import "slices"

// deliver brings these viewers up to the head of the room. Everything that a viewer does not have goes
// out in one write, because the kernel's cost is per write and not per byte; viewers that wait at the
// same place with the same render key share the bytes.
func (r *room) deliver(viewers []*Viewer) {
	r.mu.Lock()
	b := batch{epoch: r.epoch, head: r.head, records: r.records}
	r.mu.Unlock()
	for _, v := range viewers {
		if !r.hub.recovering("delivery", func() { b.writeTo(v) }) {
			v.reset(NotRendered) // what cannot be rendered must not be skipped either
		}
	}
	r.hub.Stats.Delivered.Add(b.delivered)
	r.hub.Stats.Resets[OtherSpans].Add(b.reloads)
}

// batch is one state of a room's records, while it is delivered.
type batch struct {
	epoch, head uint64
	records     []rendered
	shared      []sharedBytes
	delivered   uint64
	reloads     uint64 // viewers that were told to reload
}

// sharedBytes is what viewers of one kind at one place get.
type sharedBytes struct {
	key     renderKey
	chunked bool
	from    uint64
	count   int
	bytes   []byte // empty if rendering panicked
}

func (b *batch) writeTo(v *Viewer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	// With another epoch the room has become another log, and the viewer is about to be told.
	if v.blocked || v.ended.Load() || v.next == 0 || v.epoch != b.epoch || v.next > b.head {
		return
	}
	oldest := b.head + 1 - uint64(len(b.records))
	if v.next < oldest { // it was slow for longer than records are kept
		v.resetLocked(FarBehind)
		return
	}
	missing, end := untilEnd(b.records[v.next-oldest:], v.User)
	bytes := b.bytesFor(v, missing)
	if len(bytes) == 0 {
		v.resetLocked(NotRendered)
		return
	}
	v.next += uint64(len(missing))
	b.delivered += uint64(len(missing))
	v.sent += len(missing)
	if end == goesOn {
		v.write(bytes)
		v.afterWrite()
		return
	}
	last := StreamEvent{Event: ClosedEvent}
	if end == reloads {
		b.reloads++
		last = StreamEvent{Event: ResetEvent}
	}
	// In one write, because a viewer that is slow now cannot come back for what it may still see.
	v.write(slices.Concat(bytes, v.encode(last)))
	if v.ending = v.blocked; !v.ending {
		v.closeLocked()
	}
}

// streamEnd is how a viewer's stream goes on after some records.
type streamEnd int

const (
	goesOn  streamEnd = iota
	closes            // the user is no longer a member
	reloads           // the user sees another part of the log
)

// untilEnd cuts the records off after the first entry with which this user's stream ends, if there is one.
func untilEnd(records []rendered, user uint64) (list []rendered, end streamEnd) {
	for i, r := range records {
		switch {
		case r.Ends != nil && r.Ends(user):
			return records[:i+1], closes
		case r.Reloads:
			return records[:i+1], reloads
		}
	}
	return records, goesOn
}

// bytesFor returns what a viewer at this place gets. What panics is tried once for a batch, not once for
// each viewer.
func (b *batch) bytesFor(v *Viewer, missing []rendered) []byte {
	key := v.renderKey()
	for _, s := range b.shared {
		if s.from == v.next && s.count == len(missing) && s.chunked == v.Chunked && s.key == key {
			return s.bytes
		}
	}
	b.shared = append(b.shared, sharedBytes{key: key, chunked: v.Chunked, from: v.next, count: len(missing)})
	var plain []byte
	for _, r := range missing {
		plain = append(plain, r.event(key, b.epoch)...)
	}
	bytes := v.chunk(plain)
	b.shared[len(b.shared)-1].bytes = bytes
	return bytes
}
