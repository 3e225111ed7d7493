package live

import (
	"context"
	"parley/app/bus"
	"slices"
)

// join takes a viewer in that has seen everything up to its cursor, or tells it to load again.
func (r *room) join(ctx context.Context, v *Viewer, c bus.Cursor) error {
	why, err := r.reach(ctx, c, v.Joined)
	if err != nil {
		return err
	}
	if why != reached {
		v.reset(why)
		return nil
	}
	v.mu.Lock()
	v.epoch, v.next = c.Epoch, c.Seq+1
	v.mu.Unlock()
	r.mu.Lock()
	if !r.loaded || r.epoch != c.Epoch { // it became another log since we looked
		r.mu.Unlock()
		v.reset(OtherLog)
		return nil
	}
	r.viewers = append(slices.Clip(r.viewers), v)
	waiting := r.dirty
	r.mu.Unlock()
	if v.ended.Load() { // and has left already, before it was in
		r.leave(v)
		return nil
	}
	r.write([]*Viewer{v})
	if waiting { // a bell that rang while nobody was here
		r.read()
	}
	return nil
}

// reached is no reason for a reset.
const reached Reset = -1

// reach makes the records go back to a cursor, or tells why the page must load again: it is of
// another log, or from before the viewer's time in the room, or more than a page is missing.
func (r *room) reach(ctx context.Context, c bus.Cursor, joined uint64) (Reset, error) {
	r.loading.Lock()
	defer r.loading.Unlock()
	if err := r.load(ctx, c); err != nil {
		return reached, err
	}
	r.mu.Lock()
	epoch, head, low := r.epoch, r.head, r.head+1-uint64(len(r.records))
	r.mu.Unlock()
	switch {
	case c.Epoch != epoch:
		return OtherLog, nil
	case c.Seq > head, c.Seq+1 < joined:
		return BadCursor, nil
	case head-c.Seq > maxBehind:
		return FarBehind, nil
	case c.Seq+1 >= low:
		return reached, nil
	}
	want := int(low - c.Seq - 1)
	now, older, err := r.hub.source.After(ctx, r.id, c.Seq, want)
	if err != nil {
		return reached, err
	}
	if now != epoch {
		r.restart()
		return OtherLog, nil
	}
	if err := r.contiguous(older, c.Seq); err != nil {
		return reached, err
	}
	if len(older) != want {
		return FarBehind, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.head+1-uint64(len(r.records)) == low { // nothing was forgotten meanwhile
		r.records = slices.Concat(fresh(older), r.records)
	}
	if r.head+1-uint64(len(r.records)) > c.Seq+1 {
		return FarBehind, nil
	}
	return reached, nil
}

// load finds the end of the log for the first viewer, and looks for more when a viewer has seen
// more than we have, or another log: its page may know what the bell has yet to tell us.
func (r *room) load(ctx context.Context, c bus.Cursor) error {
	loaded, known := r.knows(c)
	for more := true; loaded && !known && more; loaded, known = r.knows(c) {
		var err error
		more, err = r.fetch(ctx)
		if err != nil {
			return err
		}
		r.write(r.watching()) // before more is read than we keep
	}
	if loaded {
		return nil
	}
	heads, err := r.hub.source.Heads(ctx, []uint64{r.id})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loaded, r.epoch, r.head = true, heads[r.id].Epoch, heads[r.id].Seq
	return nil
}

// knows tells whether the end of the log is loaded, and whether a cursor is not beyond it.
func (r *room) knows(c bus.Cursor) (loaded, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loaded, r.loaded && c.Epoch == r.epoch && c.Seq <= r.head
}

func (r *room) leave(v *Viewer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.viewers, v); i >= 0 {
		r.viewers = slices.Concat(r.viewers[:i], r.viewers[i+1:])
	}
	if len(r.viewers) == 0 { // from here on no bell is waited for, and one that is lost is not missed
		r.dirty = true
	}
}
