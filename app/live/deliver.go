package live

import (
	"slices"

	"parley/app/bus"
)

// deliver brings these viewers up to the head of the room. Everything that a viewer does not have goes
// out in one write, because the kernel's cost is per write and not per byte; viewers that wait at the
// same place with the same render key share the bytes.
func (r *room) deliver(viewers []*Viewer) {
	r.mu.Lock()
	b := batch{epoch: r.epoch, head: r.head, records: r.records, missed: r.missed}
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
	missed      *missed
	delivered   uint64
	reloads     uint64 // viewers that have to reload
}

func (b *batch) writeTo(v *Viewer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	// With another epoch the room has become another log, and the viewer is about to get a reset.
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
func (b *batch) bytesFor(v *Viewer, list []rendered) []byte {
	key := sharedKey{v.renderKey(), v.Chunked, bus.Cursor{Epoch: b.epoch, Seq: v.next}, len(list)}
	if !hidesSome(list, key.sees) {
		key.sees = "" // people who joined one after the other share what is said from then on
	}
	for _, s := range b.shared {
		if s.sharedKey == key {
			return s.bytes
		}
	}
	b.shared = append(b.shared, sharedBytes{sharedKey: key})
	render := func() []byte { return v.chunk(join(list, key.renderKey, b.epoch)) }
	var bytes []byte
	if len(list) > 1 {
		bytes = b.missed.get(key, render)
	} else {
		bytes = render()
	}
	b.shared[len(b.shared)-1].bytes = bytes
	return bytes
}

func hidesSome(list []rendered, sees string) bool {
	for i := range list {
		if list[i].hides(sees) {
			return true
		}
	}
	return false
}

// join returns the events of some records. Others may share the bytes, so they must not be changed.
func join(list []rendered, key renderKey, epoch uint64) []byte {
	if len(list) == 1 {
		return list[0].event(key, epoch)
	}
	events := make([][]byte, len(list))
	for i, r := range list {
		events[i] = r.event(key, epoch)
	}
	return slices.Concat(events...)
}
