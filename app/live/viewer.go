package live

import (
	"errors"
	"net"
	"os"
	"parley/app/bus"
	"sync"
	"sync/atomic"
	"time"
)

// Viewer is one stream: who looks at what, and the raw connection it is written to. There is no
// queue: what a viewer has not had is in its room's records.
type Viewer struct {
	User, Session uint64
	Room          uint64 // 0 for a page without a room
	Joined        uint64 // where the user's time in the room began
	Variant       string // what the shown bytes depend on, such as the time zone
	Page          string // which page it is; Source.Lists may look at it
	Manner        string // how its reader wanted pages when it was made, if it says so; Source.Lists may look at it
	Chunked       bool   // the response is in chunks (HTTP/1.1), or ends with the connection
	OnEnd         func() // called once when the stream has ended

	// For pages without scripts. The zero values are those of a page with htmx.
	Format       Format           // how frames stand on the wire; nil is server-sent events
	WithoutLists bool             // the page shows its room and nothing beside it, so it needs no lists
	MaxEvents    int              // entries, or states of a page without a room, after which the stream is made anew; 0 is no bound
	Beside       uint64           // the room that a page without a room stands beside
	InitialState []byte           // the state that the page begins with, so that it does not come again
	OnSeen       func(seq uint64) // called when entries up to here were written; it must not wait

	hub   *Hub
	room  *room
	conn  net.Conn
	until time.Time
	slot  int
	born  uint64 // greater than that of every viewer before

	mu      sync.Mutex
	line    line           // writes to conn
	epoch   uint64         // of next
	next    uint64         // the seq to write next; 0 until the viewer has joined its room
	given   int            // entries so far
	busy    bool           // a write is waiting for the kernel; nothing else may be written
	over    bool           // that write is the last
	later   [states][]byte // the newest whole states, for when the write is done
	shown   [states]uint64 // hashes of the states that the page shows
	counted bool           // among who is here; guarded by the lock of presence
	ended   atomic.Bool    // set with the lock held, and read without it as well
}

// state is one of the things beside the messages that a page is always sent whole.
type state int

const (
	listState state = iota // the lists of the viewer
	hereState              // who is here and who writes
	states
)

// watch waits until the other side hangs up. Nothing that it sends has a meaning.
func (v *Viewer) watch() {
	var drop [64]byte
	for {
		if _, err := v.conn.Read(drop[:]); err != nil {
			v.mu.Lock()
			v.end()
			v.mu.Unlock()
			return
		}
	}
}

// beat shows that the connection lives, and where the log ends: a page that knows less has lost
// something on the way and asks again.
func (v *Viewer) beat(now time.Time) {
	if now.After(v.until) {
		v.End(comeBack(RetryNow))
		return
	}
	data := []byte("-")
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.busy || v.ended.Load() {
		return
	}
	if v.next > 0 {
		data = bus.Cursor{Epoch: v.epoch, Seq: v.next - 1}.Append(nil)
	}
	v.write(v.framed(StreamEvent{Event: HeartbeatEvent, Data: data}))
}

// show sends the page one of its whole states, unless it shows that already. While a write waits,
// only the newest is kept.
func (v *Viewer) show(which state, data []byte, hash uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended.Load() || v.shown[which] == hash {
		return
	}
	v.shown[which] = hash
	frame := v.framed(StreamEvent{Data: data, At: bus.Cursor{Epoch: v.epoch, Seq: max(v.next, 1) - 1}})
	if v.busy {
		v.later[which] = frame
		return
	}
	v.write(frame)
	if v.room != nil || v.MaxEvents == 0 || v.busy {
		return
	}
	if v.given++; v.given >= v.MaxEvents {
		v.finish(comeBack(RetryNow))
	}
}

// End says a last thing and closes the stream.
func (v *Viewer) End(last StreamEvent) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.finish(last)
}

// reset tells the page to load again.
func (v *Viewer) reset(why Reset) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.finishReset(why)
}

// finishReset is reset for a caller that holds the lock.
func (v *Viewer) finishReset(why Reset) {
	if !v.ended.Load() {
		v.hub.Stats.Resets[why].Add(1)
		v.finish(StreamEvent{Event: ResetEvent})
	}
}

// finish is End for a caller that holds the lock. Whoever is too slow even for that is cut, and
// hears it when it comes back.
func (v *Viewer) finish(last StreamEvent) {
	if v.ended.Load() {
		return
	}
	if !v.busy { // and a format that panics keeps no stream open
		v.hub.safely("last words", func() { v.write(v.framed(last)) })
	}
	v.end()
}

// end closes the connection. The caller holds the lock.
func (v *Viewer) end() {
	if v.ended.Load() {
		return
	}
	v.ended.Store(true)
	if v.Chunked && !v.busy {
		_, _ = v.line.tryWrite([]byte(LastChunk))
	}
	_ = v.conn.Close()
	// Apart, because it takes the hub's lock and the room's, which stand above this one.
	v.hub.guard("end of a stream", func() {
		v.hub.detach(v)
		if v.OnEnd != nil {
			v.OnEnd()
		}
	})
}

func (v *Viewer) framed(f StreamEvent) []byte {
	plain := v.format().Append(nil, f)
	if !v.Chunked {
		return plain
	}
	return AppendChunk(make([]byte, 0, len(plain)+16), plain)
}

// write hands bytes to the kernel without waiting. What it does not take at once is written by a
// goroutine that gives up after a while. The caller holds the lock and has seen busy false.
func (v *Viewer) write(b []byte) {
	if v.ended.Load() || len(b) == 0 {
		return
	}
	n, err := v.line.tryWrite(b)
	switch {
	case err != nil:
		v.end()
	case n < len(b):
		v.busy = true
		v.hub.guard("slow viewer", func() { v.writeSlowly(b[n:]) })
	}
}

// wrote notes that the kernel has taken what there was, unless it still waits. The caller holds the
// lock.
func (v *Viewer) wrote() {
	if v.busy || v.ended.Load() || v.next == 0 {
		return
	}
	if v.OnSeen != nil && v.given > 0 {
		v.OnSeen(v.next - 1)
	}
	if v.MaxEvents > 0 && v.given >= v.MaxEvents {
		v.finish(comeBack(RetryNow))
	}
}

func (v *Viewer) writeSlowly(rest []byte) {
	_ = v.conn.SetWriteDeadline(time.Now().Add(v.hub.times.slow))
	_, err := v.conn.Write(rest)
	_ = v.conn.SetWriteDeadline(time.Time{})
	v.mu.Lock()
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) { // or else one of both sides has hung up
			v.hub.Stats.SlowCut.Add(1)
		}
		v.end() // still busy: half a chunk is out, so there is no clean end
		v.mu.Unlock()
		return
	}
	v.busy = false
	if v.over {
		v.end()
	}
	v.hub.safely("what was seen", v.wrote)
	for which, later := range v.later {
		if later == nil {
			continue
		}
		if v.busy { // with the state before
			break
		}
		v.later[which] = nil
		v.write(later)
	}
	v.mu.Unlock()
	if v.room != nil {
		v.room.write([]*Viewer{v})
	}
}
