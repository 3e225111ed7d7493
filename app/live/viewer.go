package live

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"parley/app/bus"
)

// Viewer is one stream: who watches what, and the raw connection that it is written to. It has no queue:
// what it does not have yet is in its room's records.
type Viewer struct {
	User, Session uint64
	Room          uint64 // 0 for a page without a room
	Joined        uint64 // the seq with which the user's membership in the room began
	Variant       any    // what the bytes depend on, such as the time zone; it must be comparable
	Sees          string // which parts of the room's log the viewer may see, in a form that only Render reads
	Chunked       bool   // the response is in chunks (HTTP/1.1), or ends with the connection
	OnEnd         func() // called once, when the stream has ended

	// For pages without scripts. The zero values are those of a page with htmx.
	Format       Format           // how events are encoded; nil is server-sent events
	WithoutLists bool             // the page shows its room and nothing beside it
	MaxEvents    int              // entries, or states of a page without a room, until the stream is replaced; 0 is no limit
	InitialState []byte           // the lists that the page begins with, so that they are not sent again
	OnSeen       func(seq uint64) // called when the entries up to seq have been written; it must not wait

	hub     *Hub
	room    *room
	conn    net.Conn
	raw     syscall.RawConn // of conn, or of what is below its TLS; nil if that has no descriptor
	expires int64           // in seconds, as Unix counts them
	slot    int32
	seat    int32 // the poller's, 0 for none

	mu      sync.Mutex
	epoch   uint64          // of next
	next    uint64          // the seq to write next; 0 until the viewer has joined its room
	sent    int             // entries so far, or states of a page without a room
	pending *[states][]byte // the newest states, for when the write that is waiting is done; nil if there are none
	hashes  [states]uint64  // of the states that the page shows
	blocked bool            // a write is waiting for the kernel; nothing else may be written
	ending  bool            // that write is the last
	counted bool            // as present; guarded by the presence's lock
	ended   atomic.Bool     // set with the lock held, and read without it as well
}

// state is one of the things beside the messages that are always sent whole.
type state int

const (
	listState     state = iota // the lists of the viewer
	presenceState              // who is present and who is typing
	states
)

// heartbeat shows that the connection is alive, and where the log ends: a page that has seen less has
// lost something on the way, and asks again.
func (v *Viewer) heartbeat(now time.Time) {
	if now.Unix() > v.expires {
		v.End(reconnect(RetryNow))
		return
	}
	data := []byte("-")
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.blocked || v.ended.Load() {
		return
	}
	if v.next > 0 {
		data = bus.Cursor{Epoch: v.epoch, Seq: v.next - 1}.Append(nil)
	}
	v.write(v.encode(StreamEvent{Event: HeartbeatEvent, Data: data}))
}

// show sends one of the states, unless the page shows it already. While a write is waiting, only the
// newest is kept.
func (v *Viewer) show(which state, data []byte, hash uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended.Load() || v.hashes[which] == hash {
		return
	}
	v.hashes[which] = hash
	event := v.encode(StreamEvent{Data: data, At: bus.Cursor{Epoch: v.epoch, Seq: max(v.next, 1) - 1}})
	if v.blocked {
		if v.pending == nil {
			v.pending = &[states][]byte{}
		}
		v.pending[which] = event
		return
	}
	v.write(event)
	if v.room != nil || v.MaxEvents == 0 || v.blocked {
		return
	}
	if v.sent++; v.sent >= v.MaxEvents {
		v.endLocked(reconnect(RetryNow))
	}
}

// End sends a last event and closes the stream.
func (v *Viewer) End(last StreamEvent) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.endLocked(last)
}

// SignOut ends the stream because its session has ended.
func (v *Viewer) SignOut() { v.End(StreamEvent{Event: SignedOutEvent}) }

// Drain ends the stream because the process is shutting down, and tells the page when to connect again.
func (v *Viewer) Drain(pause time.Duration) { v.End(reconnect(pause)) }

// reset tells the page to reload.
func (v *Viewer) reset(reason Reset) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.resetLocked(reason)
}

// resetLocked is reset for a caller that holds the lock.
func (v *Viewer) resetLocked(reason Reset) {
	if !v.ended.Load() {
		v.hub.Stats.Resets[reason].Add(1)
		v.endLocked(StreamEvent{Event: ResetEvent})
	}
}

// endLocked is End for a caller that holds the lock. A viewer that is too slow even for the last event
// is cut, and learns it when it comes back.
func (v *Viewer) endLocked(last StreamEvent) {
	if v.ended.Load() {
		return
	}
	if !v.blocked { // and a format that panics keeps no stream open
		v.hub.recovering("last event", func() { v.write(v.encode(last)) })
	}
	v.closeLocked()
}

// closeLocked closes the connection. The caller holds the lock.
func (v *Viewer) closeLocked() {
	if v.ended.Load() {
		return
	}
	v.ended.Store(true)
	v.hub.hangUps.forget(v)
	if !v.blocked {
		if v.Chunked {
			_, _ = v.tryWrite([]byte(LastChunk))
		}
		v.tryEnd()
	}
	_ = v.conn.Close()
	// In a goroutine, because the locks of the hub and the room come before this one.
	v.hub.goSafe("end of a stream", func() {
		v.hub.detach(v)
		if v.OnEnd != nil {
			v.OnEnd()
		}
	})
}

// write gives bytes to the kernel without waiting. A goroutine writes what the kernel does not accept at
// once, and gives up after a while. The caller holds the lock and has checked that blocked is false.
func (v *Viewer) write(b []byte) {
	if v.ended.Load() || len(b) == 0 {
		return
	}
	rest, err := v.tryWrite(b)
	switch {
	case err != nil:
		v.closeLocked()
	case len(rest) > 0:
		v.blocked = true
		v.hub.goSafe("slow viewer", func() { v.writeSlowly(rest) })
	}
}

// afterWrite notes that the kernel has accepted every entry so far, unless a write is still waiting. The
// caller holds the lock.
func (v *Viewer) afterWrite() {
	if v.blocked || v.ended.Load() || v.next == 0 {
		return
	}
	if v.OnSeen != nil && v.sent > 0 {
		v.OnSeen(v.next - 1)
	}
	if v.MaxEvents > 0 && v.sent >= v.MaxEvents {
		v.endLocked(reconnect(RetryNow))
	}
}

func (v *Viewer) writeSlowly(rest []byte) {
	err := v.writeRest(rest, v.hub.times.writeTimeout)
	v.mu.Lock()
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) { // otherwise one of the two sides has hung up
			v.hub.Stats.SlowCut.Add(1)
		}
		v.closeLocked() // still blocked: half a chunk is out, so there is no clean end
		v.mu.Unlock()
		return
	}
	v.blocked = false
	if v.ending {
		v.closeLocked()
	}
	v.hub.recovering("entries seen", v.afterWrite)
	v.writePending()
	v.mu.Unlock()
	if v.room != nil {
		v.room.deliver([]*Viewer{v})
	}
}

// writePending writes the states that came while a write was waiting, until one of them has to wait as well. The caller
// holds the lock.
func (v *Viewer) writePending() {
	if v.pending == nil {
		return
	}
	for which, event := range v.pending {
		if event == nil {
			continue
		}
		if v.blocked { // with the state before
			return
		}
		v.pending[which] = nil
		v.write(event)
	}
	if !v.blocked {
		v.pending = nil
	}
}
