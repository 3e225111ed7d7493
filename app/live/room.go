package live

import (
	"context"
	"errors"
	"parley/app/bus"
	"slices"
	"sync"
	"time"
)

var (
	errGap   = errors.New("live: the room's log has a gap")
	errPanic = errors.New("live: reading the room's log panicked")
)

// room is the newest part of a room's log, while somebody here watches it. The records are
// contiguous and end at head; they reach back as far as some viewer needed.
type room struct {
	hub *Hub
	id  uint64

	loading sync.Mutex // one reader of the database at a time

	mu      sync.Mutex
	loaded  bool
	epoch   uint64
	head    uint64
	records []rendered
	viewers []*Viewer // replaced, never changed, so that a flush can walk it without the lock
	dirty   bool      // there may be more than we have read, and so it is whenever the last viewer has left
	reading bool

	// Guarded by the hub's lock: who is in the room or on the way in, and since when nobody is.
	holders int
	empty   time.Time
}

// ring notes that the log reaches to here, and tells whether nobody knew.
func (r *room) ring(c bus.Cursor) (news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && c.Epoch == r.epoch && c.Seq <= r.head {
		return false
	}
	news = r.loaded && !r.dirty && !r.reading
	r.look()
	return news
}

// read makes sure that the log is read once more from now on.
func (r *room) read() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look()
}

// look notes that there may be more, for the reader or for whoever comes next. A bell that rings
// while the first viewer is on the way in must be noted as well: the end that is being loaded may
// be older. The caller holds the lock.
func (r *room) look() {
	r.dirty = true
	if r.loaded && !r.reading && len(r.viewers) > 0 {
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
		if !resting { // the hub closes, or it panicked after all: let the next bell begin again
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
		if r.hub.paused(min(time.Duration(failures)*50*time.Millisecond, time.Second)) {
			return
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
	r.mu.Lock()
	head := r.head
	r.mu.Unlock()
	err = errPanic
	r.hub.safely("room reader", func() { more, err = r.fetchAlone() })
	if err != nil {
		return false, err
	}
	if viewers := r.watching(); len(viewers) > 0 {
		r.write(viewers)
		r.timed(r.after(head))
	}
	return more, nil
}

// after are the records after a seq, as far back as they are kept.
func (r *room) after(seq uint64) []rendered {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(r.head-min(seq, r.head), uint64(len(r.records)))
	return r.records[uint64(len(r.records))-n:]
}

// timed tells how long these records took to get here.
func (r *room) timed(records []rendered) {
	if r.hub.source.Delivered == nil {
		return
	}
	now := time.Now()
	for _, record := range records {
		if !record.At.IsZero() {
			r.hub.source.Delivered(max(0, now.Sub(record.At))) // a clock may be behind another
		}
	}
}

func (r *room) watching() []*Viewer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.viewers
}

func (r *room) fetchAlone() (more bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.hub.times.query)
	defer cancel()
	r.loading.Lock()
	defer r.loading.Unlock()
	return r.fetch(ctx)
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
	if err := r.contiguous(records, head); err != nil {
		return false, err
	}
	r.append(records)
	r.hub.presence.said(r.id, records)
	return len(records) == maxBehind, nil
}

// contiguous refuses records that do not follow each other from after a seq. The posts' lock makes
// that impossible. If it happens all the same, a hole must not be skipped: everybody would miss the
// entry for ever.
func (r *room) contiguous(records []Record, after uint64) error {
	for i, record := range records {
		if record.Seq != after+1+uint64(i) {
			r.hub.Stats.Gaps.Add(1)
			return errGap
		}
	}
	return nil
}

func (r *room) append(records []Record) {
	if len(records) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	keep := r.records[min(len(r.records), max(0, len(r.records)+len(records)-keepRecords)):]
	if slices.ContainsFunc(records, func(record Record) bool { return record.ErasesEarlier }) {
		keep = nil // whoever comes back has them read again
	}
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
		v.reset(OtherLog)
	}
}

// forgetOld drops the records that have been here for a while: nearly everybody has them, and
// who comes back later has them read again. So memory is what is said now, not what was said.
func (r *room) forgetOld(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := 0
	for old < len(r.records) && now.Sub(r.records[old].came) > r.hub.times.keep {
		old++
	}
	if old > 0 {
		r.records = slices.Clone(r.records[old:])
	}
}
