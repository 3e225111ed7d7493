package live

import (
	"context"
	"slices"

	"parley/app/bus"
)

// join adds a viewer that has seen everything up to its cursor, or tells it to reload.
func (r *room) join(ctx context.Context, v *Viewer, c bus.Cursor) error {
	reason, err := r.reachBack(ctx, c, v.Joined)
	if err != nil {
		return err
	}
	if reason != noReset {
		v.reset(reason)
		return nil
	}
	v.mu.Lock()
	v.epoch, v.next = c.Epoch, c.Seq+1
	v.mu.Unlock()
	r.mu.Lock()
	if !r.loaded || r.epoch != c.Epoch { // it has become another log since reachBack
		r.mu.Unlock()
		v.reset(OtherLog)
		return nil
	}
	r.viewers = append(slices.Clip(r.viewers), v)
	dirty := r.dirty
	r.mu.Unlock()
	if v.ended.Load() { // it hung up before it was in
		r.leave(v)
		return nil
	}
	r.deliver([]*Viewer{v})
	if dirty || r.isBehind() { // a signal came while nobody was here
		r.markDirty()
	}
	return nil
}

const noReset Reset = -1

// reachBack makes the records go back to a cursor, or returns why the page must reload: the cursor is of
// another log, or from before the viewer's membership, or more than a page is missing.
func (r *room) reachBack(ctx context.Context, c bus.Cursor, joined uint64) (Reset, error) {
	r.loading.Lock()
	defer r.loading.Unlock()
	if err := r.load(ctx, c); err != nil {
		return noReset, err
	}
	r.mu.Lock()
	epoch, head, oldest := r.epoch, r.head, r.oldestLocked()
	r.mu.Unlock()
	switch {
	case c.Epoch != epoch:
		return OtherLog, nil
	case c.Seq > head, c.Seq+1 < joined:
		return BadCursor, nil
	case head-c.Seq > maxBehind:
		return FarBehind, nil
	case c.Seq+1 >= oldest:
		return noReset, nil
	}
	want := int(oldest - c.Seq - 1)
	now, older, err := r.hub.source.After(ctx, r.id, c.Seq, want)
	if err != nil {
		return noReset, err
	}
	if now != epoch {
		r.restart()
		return OtherLog, nil
	}
	if err := r.checkContiguous(older, c.Seq); err != nil {
		return noReset, err
	}
	if len(older) != want {
		return FarBehind, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.oldestLocked() == oldest { // forgetOld has not dropped any in the meantime
		r.records = slices.Concat(newRendered(older), r.records)
	}
	if r.oldestLocked() > c.Seq+1 {
		return FarBehind, nil
	}
	return noReset, nil
}

// oldestLocked returns the seq of the oldest record, or of the next entry if there is none. The caller
// holds the lock.
func (r *room) oldestLocked() uint64 { return r.head + 1 - uint64(len(r.records)) }

// load finds the end of the log for the first viewer. For a viewer that has seen more than we have, or
// another log, it reads on: the page may be ahead of the signal. The caller holds loading.
func (r *room) load(ctx context.Context, c bus.Cursor) error {
	loaded, covered := r.covers(c)
	for more := true; loaded && !covered && more; loaded, covered = r.covers(c) {
		var err error
		more, err = r.fetch(ctx)
		if err != nil {
			return err
		}
		r.deliver(r.currentViewers()) // before more is read than is kept
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

// covers reports whether the end of the log is loaded, and whether a cursor is not beyond it.
func (r *room) covers(c bus.Cursor) (loaded, covered bool) {
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
	if len(r.viewers) == 0 { // nobody waits for signals from here on, and a lost one is not noticed
		r.dirty = true
	}
}
