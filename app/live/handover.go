package live

import (
	"context"
	"time"

	"parley/app/bus"
)

// Batch is entries that this process has just committed to a room's log, one after the other.
type Batch struct {
	Epoch, First, Last uint64
	// Records returns them as the database would. The Row of the entry before the first one is nil if
	// the hub has not read that entry.
	Records func(ctx context.Context, before any) ([]Record, error)
}

// handedTTL is how long a batch that was handed over may wait for its room's reader. The reader begins at
// once, unless it waits for the database, and what is old may have been deleted in the meantime.
const handedTTL = time.Second

// handedBatch is a batch with when it was handed over.
type handedBatch struct {
	Batch
	at time.Time
}

// HandOver gives the hub what was committed, so that it need not be read for those who watch the room here.
// The entries must be committed for certain, and their signal is still due: it reaches the other processes,
// and whatever else depends on the room. A batch that does not follow what the hub has of the log is read.
// HandOver does not wait.
func (h *Hub) HandOver(room uint64, b Batch) {
	r := h.room(room)
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.loaded || len(r.viewers) == 0 || b.Epoch != r.epoch || b.First <= r.head {
		return
	}
	r.handed = &handedBatch{b, time.Now()}
	r.markDirtyLocked()
}

// follows reports whether a batch comes right after a place in the log, and is new enough to be delivered.
func (b *handedBatch) follows(c bus.Cursor, now time.Time) bool {
	return b != nil && b.Epoch == c.Epoch && b.First == c.Seq+1 && now.Sub(b.at) <= handedTTL
}

// dropHanded forgets a batch that has been delivered, or read instead, unless a newer one has replaced it.
func (r *room) dropHanded(b *handedBatch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handed == b {
		r.handed = nil
	}
}
