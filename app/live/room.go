package live

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parley/app/bus"
)

var (
	errGap   = errors.New("live: the room's log has a gap")
	errPanic = errors.New("live: reading from the database panicked")
)

// room is the newest part of a room's log, while somebody here watches it. The records are contiguous
// and end at head; they reach back as far as some viewer needed.
type room struct {
	hub *Hub
	id  uint64

	loading sync.Mutex // held while the database is read

	mu      sync.Mutex
	loaded  bool
	epoch   uint64
	head    uint64
	last    any           // the Row of the entry at head; nil if this has not been read
	handed  *handedBatch  // what may be delivered without reading it; nil if nothing
	records []rendered    // replaced, never changed, so that deliver can walk them without the lock
	missed  *missed       // of these records
	viewers []*Viewer     // the same
	dirty   bool          // there may be more than was read; always so after the last viewer has left
	reading bool          // readAll runs
	news    chan struct{} // holds a token if a signal came while readAll was running

	// Guarded by the hub's lock: the viewers in the room or on their way in, and since when there are none.
	holders    int
	emptySince time.Time
}

// advance records that the log reaches c, and reports whether that was news.
func (r *room) advance(c bus.Cursor) (news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && c.Epoch == r.epoch && (c.Seq <= r.head || r.handed != nil && c.Seq <= r.handed.Last) {
		return false
	}
	news = r.loaded && !r.dirty && !r.reading
	r.markDirtyLocked()
	return news
}

// markDirty makes sure that the log is read once more from now on.
func (r *room) markDirty() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.markDirtyLocked()
}

// markDirtyLocked notes that there may be more, for the reader or for the next viewer. A signal that
// comes while the first viewer is on its way in must be noted as well: the end of the log that is being
// loaded may be older. The caller holds the lock.
func (r *room) markDirtyLocked() {
	r.dirty = true
	if r.reading {
		select {
		case r.news <- struct{}{}:
		default:
		}
	} else if r.loaded && len(r.viewers) > 0 {
		r.reading = true
		r.hub.goOften("room reader", r.readAll)
	}
}

// finishReading ends the reading and returns true if nothing is new or nobody watches. It decides that
// under the lock under which dirty is set, so that no signal can come in between.
func (r *room) finishReading() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dirty && len(r.viewers) > 0 {
		r.dirty = false
		return false
	}
	r.reading, r.handed = false, nil
	return true
}

// readAll reads until nothing is new. While the database is down the viewers stay, and it tries again
// as long as there are any.
func (r *room) readAll() {
	finished := false
	defer func() {
		if !finished { // the hub closes, or it panicked after all: let the next signal start again
			r.mu.Lock()
			r.reading, r.handed = false, nil
			r.mu.Unlock()
		}
	}()
	for failures, lags := 0, 0; ; {
		if finished = r.finishReading(); finished {
			return
		}
		more, err := r.readSome()
		if err == nil {
			failures = 0
			if more {
				r.readAgain()
			} else if r.isBehind() {
				r.readAgain()
				closed, news := r.pause(lagPause(lags, r.hub.times.lagPause))
				if closed {
					return
				}
				if lags++; news {
					lags = 0
				}
				continue
			}
			lags = 0
			continue
		}
		if failures++; failures == 1 {
			r.hub.log.Warn("reading a room failed", "room", r.id, "error", err)
		}
		r.readAgain()
		if r.hub.sleep(min(time.Duration(failures)*50*time.Millisecond, time.Second)) {
			return
		}
	}
}

// isBehind reports whether a signal has announced more than the database has shown so far.
func (r *room) isBehind() bool {
	r.mu.Lock()
	end := bus.Cursor{Epoch: r.epoch, Seq: r.head}
	loaded := r.loaded
	r.mu.Unlock()
	return loaded && r.hub.signaled.isBehind(r.id, end, time.Now())
}

// pause waits until the next signal or the end of a time, and reports whether the hub has closed instead.
func (r *room) pause(d time.Duration) (closed, news bool) {
	select {
	case <-r.hub.done:
		return true, false
	case <-r.news:
		return false, true
	case <-time.After(d):
		return false, false
	}
}

// readAgain is markDirty for readAll itself.
func (r *room) readAgain() {
	r.mu.Lock()
	r.dirty = true
	r.mu.Unlock()
}

// readSome reads what is new and delivers to every viewer what it does not have.
func (r *room) readSome() (more bool, err error) {
	r.mu.Lock()
	head := r.head
	r.mu.Unlock()
	err = errPanic
	r.hub.recovering("room reader", func() { more, err = r.fetchAlone() })
	if err != nil {
		return false, err
	}
	if viewers := r.currentViewers(); len(viewers) > 0 {
		r.deliver(viewers)
		r.observe(r.recordsAfter(head))
	}
	return more, nil
}

// recordsAfter returns the records after a seq, as far back as they are kept.
func (r *room) recordsAfter(seq uint64) []rendered {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(r.head-min(seq, r.head), uint64(len(r.records)))
	return r.records[uint64(len(r.records))-n:]
}

// observe reports how long these records took to get here.
func (r *room) observe(records []rendered) {
	if r.hub.source.ObserveDelivery == nil {
		return
	}
	now := time.Now()
	for _, record := range records {
		if !record.At.IsZero() {
			r.hub.source.ObserveDelivery(max(0, now.Sub(record.At))) // clocks of two machines may differ
		}
	}
}

func (r *room) currentViewers() []*Viewer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.viewers
}

// fetchAlone is fetch for a caller that does not hold loading.
func (r *room) fetchAlone() (more bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.hub.times.queryTimeout)
	defer cancel()
	r.loading.Lock()
	defer r.loading.Unlock()
	return r.fetch(ctx)
}

// fetch appends what has been handed over or else is new in the database, and reports whether there may be
// more. The caller holds loading.
func (r *room) fetch(ctx context.Context) (more bool, err error) {
	r.mu.Lock()
	epoch, head, last, handed := r.epoch, r.head, r.last, r.handed
	r.mu.Unlock()
	defer r.dropHanded(handed)
	var now uint64
	var records []Record
	if handed.follows(bus.Cursor{Epoch: epoch, Seq: head}, time.Now()) {
		now = epoch
		records, err = handed.Records(ctx, last)
	} else {
		now, records, err = r.hub.source.After(ctx, r.id, head, maxBehind)
	}
	if err != nil {
		return false, err
	}
	if now != epoch {
		r.restart()
		return false, nil
	}
	if err := r.checkContiguous(records, head); err != nil {
		return false, err
	}
	r.appendRecords(records)
	r.hub.presence.endTyping(r.id, records)
	return len(records) == maxBehind, nil
}

// checkContiguous refuses records that do not follow each other after a seq. The lock that posts take
// makes that impossible. If it happens all the same, the gap must not be skipped: everybody would miss
// the entry forever.
func (r *room) checkContiguous(records []Record, after uint64) error {
	for i, record := range records {
		if record.Seq != after+1+uint64(i) {
			r.hub.Stats.Gaps.Add(1)
			return errGap
		}
	}
	return nil
}

func (r *room) appendRecords(records []Record) {
	if len(records) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	keep := r.records[min(len(r.records), max(0, len(r.records)+len(records)-keepRecords)):]
	if slices.ContainsFunc(records, func(record Record) bool { return record.ErasesEarlier }) {
		keep = nil // they are read again for those who come back
	}
	r.records, r.missed = slices.Concat(keep, newRendered(records)), &missed{}
	r.head, r.last = records[len(records)-1].Seq, records[len(records)-1].Row
}

// restart tells every viewer to reload: the log is another one now.
func (r *room) restart() {
	r.mu.Lock()
	viewers := r.viewers
	r.loaded, r.last, r.handed, r.records, r.missed, r.viewers = false, nil, nil, nil, &missed{}, nil
	r.mu.Unlock()
	for _, v := range viewers {
		v.reset(OtherLog)
	}
}

// forgetOld drops the records that were read a while ago. Nearly everybody has them, and they are read
// again for those who do not. So memory grows with the traffic, not with the history. What returning viewers were
// sent is needed for only a few seconds.
func (r *room) forgetOld(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.missed = &missed{}
	old := 0
	for old < len(r.records) && now.Sub(r.records[old].readAt) > r.hub.times.recordTTL {
		old++
	}
	if old > 0 {
		r.records = slices.Clone(r.records[old:])
	}
}
