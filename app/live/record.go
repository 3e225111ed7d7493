package live

import (
	"parley/app/bus"
	"sync"
	"time"
)

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
	bytes := g.format.Append(nil, StreamEvent{ID: bus.Cursor{Epoch: epoch, Seq: r.Seq}, Data: r.Render(g.variant)})
	r.frames.list = append(r.frames.list, frameOf{g, bytes})
	return bytes
}

func fresh(records []Record) []rendered {
	list := make([]rendered, len(records))
	now := time.Now()
	for i, record := range records {
		list[i] = rendered{Record: record, came: now, frames: &frames{}}
	}
	return list
}
