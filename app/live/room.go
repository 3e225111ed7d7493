package live

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

var errGap = errors.New("live: the room's log has a gap")

// room is the newest part of a room's log, while somebody here watches it. The records are
// contiguous and end at head; they reach back as far as some viewer needed.
type room struct {
	hub *Hub
	id  uint64

	loading sync.Mutex // one reader of the database at a time; taken before mu, never within it

	mu      sync.Mutex
	loaded  bool
	epoch   uint64
	head    uint64
	records []rendered
	viewers []*Viewer // replaced, never changed, so that a flush can walk it without the lock
	dirty   bool
	reading bool

	// Guarded by the hub's lock: who is in the room or on the way in, and since when nobody is.
	holders int
	empty   time.Time
}

// rendered is a record with the bytes of its frame for each guise that was asked for.
type rendered struct {
	Record
	came   time.Time
	frames *frames
}

type frames struct {
	mu   sync.Mutex
	list []frameOf
}

type frameOf struct {
	guise guise
	bytes []byte
}

func (r rendered) frame(g guise, epoch uint64) []byte {
	r.frames.mu.Lock()
	defer r.frames.mu.Unlock()
	for _, f := range r.frames.list {
		if f.guise == g {
			return f.bytes
		}
	}
	bytes := g.format.Append(nil, Frame{ID: Cursor{Epoch: epoch, Seq: r.Seq}, Data: r.Render(g.variant)})
	r.frames.list = append(r.frames.list, frameOf{g, bytes})
	return bytes
}

// ring notes that the log reaches to here, and tells whether that was news.
func (r *room) ring(c Cursor) bool {
	r.mu.Lock()
	news := r.loaded && (c.Epoch != r.epoch || c.Seq > r.head)
	r.mu.Unlock()
	if news {
		r.read()
	}
	return news
}

// read makes sure that the log is read once more from now on.
func (r *room) read() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dirty = true
	if r.loaded && !r.reading {
		r.reading = true
		r.hub.guard("room reader", r.readAll)
	}
}

// rest ends the reading when nothing is new or nobody watches. It decides that under the lock
// under which dirty is set, so that no bell can fall between.
func (r *room) rest() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dirty && len(r.viewers) > 0 {
		r.dirty = false
		return false
	}
	r.reading = false
	return true
}

// readAll reads until nothing is new. While the database is away the viewers stay, and it tries
// again until they go.
func (r *room) readAll() {
	resting := false
	defer func() {
		if !resting { // it panicked, or the hub closes: let the next bell begin again
			r.mu.Lock()
			r.reading = false
			r.mu.Unlock()
		}
	}()
	for failures := 0; ; {
		if resting = r.rest(); resting {
			return
		}
		more, err := r.readSome()
		if err == nil {
			failures = 0
			if more {
				r.again()
			}
			continue
		}
		if failures++; failures == 1 {
			r.hub.log.Warn("reading a room failed", "room", r.id, "error", err)
		}
		r.again()
		select {
		case <-r.hub.done:
			return
		case <-time.After(min(time.Duration(failures)*50*time.Millisecond, time.Second)):
		}
	}
}

func (r *room) again() {
	r.mu.Lock()
	r.dirty = true
	r.mu.Unlock()
}

// readSome reads what is new and writes to every viewer what it has not had.
func (r *room) readSome() (more bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	r.loading.Lock()
	more, err = r.fetch(ctx)
	r.loading.Unlock()
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	viewers := r.viewers
	r.mu.Unlock()
	r.write(viewers)
	return more, nil
}

// fetch appends what is new in the database. The caller holds loading.
func (r *room) fetch(ctx context.Context) (more bool, err error) {
	r.mu.Lock()
	epoch, head := r.epoch, r.head
	r.mu.Unlock()
	now, records, err := r.hub.source.After(ctx, r.id, head, maxBehind)
	if err != nil {
		return false, err
	}
	if now != epoch {
		r.restart()
		return false, nil
	}
	for i, record := range records {
		if record.Seq != head+1+uint64(i) {
			// The posts' lock makes this impossible. If it happens all the same, a hole must not be
			// skipped: everybody would miss the entry for ever.
			r.hub.Stats.Gaps.Add(1)
			return false, errGap
		}
	}
	r.append(records)
	return len(records) == maxBehind, nil
}

func (r *room) append(records []Record) {
	if len(records) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	keep := r.records[min(len(r.records), max(0, len(r.records)+len(records)-keepRecords)):]
	r.records = slices.Concat(keep, fresh(records)) // a new slice: a flush may be walking the old one
	r.head = records[len(records)-1].Seq
}

// restart tells every viewer to load its page again: the log is another one now.
func (r *room) restart() {
	r.mu.Lock()
	viewers := r.viewers
	r.loaded, r.records, r.viewers = false, nil, nil
	r.mu.Unlock()
	for _, v := range viewers {
		v.reset()
	}
}

// join takes a viewer in that has seen everything up to its cursor, or tells it to load again.
func (r *room) join(ctx context.Context, v *Viewer, c Cursor) error {
	ok, err := r.reach(ctx, c, v.Joined)
	if err != nil {
		return err
	}
	if !ok {
		v.reset()
		return nil
	}
	v.mu.Lock()
	v.next = c.Seq + 1
	v.mu.Unlock()
	r.mu.Lock()
	r.viewers = append(slices.Clip(r.viewers), v)
	waiting := r.dirty
	r.mu.Unlock()
	if v.hasEnded() { // and has left already, before it was in
		r.leave(v)
		return nil
	}
	r.write([]*Viewer{v})
	if waiting { // a bell that rang while nobody was here
		r.read()
	}
	return nil
}

// reach makes the records go back to a cursor. It answers no when that is another log, or too
// much: more than a page of it, or from before the viewer's time in the room.
func (r *room) reach(ctx context.Context, c Cursor, joined uint64) (bool, error) {
	r.loading.Lock()
	defer r.loading.Unlock()
	if err := r.load(ctx, c); err != nil {
		return false, err
	}
	r.mu.Lock()
	epoch, head, low := r.epoch, r.head, r.head+1-uint64(len(r.records))
	r.mu.Unlock()
	switch {
	case c.Epoch != epoch, c.Seq > head, c.Seq+1 < joined, head-c.Seq > maxBehind:
		return false, nil
	case c.Seq+1 >= low:
		return true, nil
	}
	want := int(low - c.Seq - 1)
	now, older, err := r.hub.source.After(ctx, r.id, c.Seq, want)
	if err != nil {
		return false, err
	}
	if now != epoch || len(older) != want || older[0].Seq != c.Seq+1 {
		return false, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.head+1-uint64(len(r.records)) == low { // nothing was forgotten meanwhile
		r.records = slices.Concat(fresh(older), r.records)
	}
	return r.head+1-uint64(len(r.records)) <= c.Seq+1, nil
}

// load finds the end of the log for the first viewer, and looks for more when a viewer has seen
// more than we have: its page may know an entry whose bell is still on its way.
func (r *room) load(ctx context.Context, c Cursor) error {
	r.mu.Lock()
	loaded, behind := r.loaded, c.Epoch == r.epoch && c.Seq > r.head
	r.mu.Unlock()
	if loaded {
		if behind {
			_, err := r.fetch(ctx)
			r.read() // the others have not been written to
			return err
		}
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

func fresh(records []Record) []rendered {
	list := make([]rendered, len(records))
	now := time.Now()
	for i, record := range records {
		list[i] = rendered{Record: record, came: now, frames: &frames{}}
	}
	return list
}

func (r *room) leave(v *Viewer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.viewers, v); i >= 0 {
		r.viewers = slices.Concat(r.viewers[:i], r.viewers[i+1:])
	}
}

// forgetOld drops the records that have been here for a while: nearly everybody has them, and
// who comes back later has them read again. So memory is what is said now, not what was said.
func (r *room) forgetOld(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := 0
	for old < len(r.records) && now.Sub(r.records[old].came) > 2*time.Minute {
		old++
	}
	if old > 0 {
		r.records = slices.Clone(r.records[old:])
	}
}
