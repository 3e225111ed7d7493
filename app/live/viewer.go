package live

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	slowTime  = 10 * time.Second // a viewer that takes longer to take a write is cut, and resumes
	viewerAge = 15 * time.Minute // give or take a fifth
	sendQueue = 64 << 10         // bytes in the kernel; more would hide a viewer that has stopped reading
)

// ErrDrained refuses a viewer because this process is going down.
var ErrDrained = errors.New("live: the hub is closing")

// Viewer is one stream: who looks at what, and the raw connection it is written to. There is no
// queue: what a viewer has not had is in its room's records.
type Viewer struct {
	User, Session uint64
	Room          uint64 // 0 for a page without a room
	Joined        uint64 // where the user's time in the room began
	Variant       string // what the shown bytes depend on, such as the time zone
	Page          string // which page it is; Source.Lists may look at it
	Chunked       bool   // the response is in chunks (HTTP/1.1), or ends with the connection
	Gone          func() // called once when the stream has ended

	// For pages without scripts. The zero values are those of a page with htmx.
	Format Format           // how frames stand on the wire; nil is server-sent events
	Alone  bool             // the page shows its room and nothing beside it, so it needs no lists
	Most   int              // entries after which the stream is made anew; 0 is no bound
	Seen   func(seq uint64) // called when entries up to here were written; it must not wait

	hub   *Hub
	room  *room
	conn  net.Conn
	until time.Time

	mu    sync.Mutex
	next  uint64 // the seq to write next; 0 until the viewer has joined its room
	given int    // entries so far
	busy  bool   // a write is waiting for the kernel; nothing else may be written
	later []byte // the newest whole state, for when the write is done
	shown uint64 // a hash of the state that the page shows
	ended bool
}

// Serve writes the head of the response and then everything that the viewer should see, until
// either side hangs up. It returns at once; the connection belongs to the hub from now on.
// Without a cursor the stream starts at the end of the room's log.
func (h *Hub) Serve(conn net.Conn, head []byte, v *Viewer, after *Cursor) {
	v.hub, v.conn = h, conn
	prepare(conn)
	if !h.attach(v) {
		_ = conn.Close()
		if v.Gone != nil {
			v.Gone()
		}
		return
	}
	v.mu.Lock()
	v.write(head)
	v.mu.Unlock()
	h.guard("stream", func() {
		if err := v.join(after); err != nil {
			h.log.Warn("a stream could not start", "error", err)
			v.End(Frame{Event: HeartbeatEvent, Retry: time.Second, Data: []byte("-")})
			return
		}
		if !v.Alone {
			h.lists.join(v)
		}
		v.watch()
	})
}

func (v *Viewer) join(after *Cursor) error {
	if v.room == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	if after == nil {
		heads, err := v.hub.source.Heads(ctx, []uint64{v.Room})
		if err != nil {
			return err
		}
		end := heads[v.Room]
		after = &end
	}
	return v.room.join(ctx, v, *after)
}

func (h *Hub) attach(v *Viewer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.drained {
		return false
	}
	h.born++
	v.until = time.Now().Add(viewerAge*4/5 + time.Duration(h.born%100)*viewerAge*2/500)
	h.beats[h.born%beatSlots][v] = struct{}{}
	if h.sessions[v.Session] == nil {
		h.sessions[v.Session] = map[*Viewer]struct{}{}
	}
	h.sessions[v.Session][v] = struct{}{}
	if v.Room != 0 {
		if h.rooms[v.Room] == nil {
			h.rooms[v.Room] = &room{hub: h, id: v.Room}
		}
		v.room = h.rooms[v.Room]
		v.room.holders++
	}
	return true
}

func (h *Hub) detach(v *Viewer) {
	h.mu.Lock()
	for i := range h.beats {
		delete(h.beats[i], v)
	}
	delete(h.sessions[v.Session], v)
	if len(h.sessions[v.Session]) == 0 {
		delete(h.sessions, v.Session)
	}
	if v.room != nil {
		v.room.holders--
		v.room.empty = time.Now()
	}
	h.mu.Unlock()
	if v.room != nil {
		v.room.leave(v)
	}
	h.lists.leave(v)
}

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
		v.End(Frame{Event: HeartbeatEvent, Retry: AtOnce, Data: []byte("-")})
		return
	}
	data := []byte("-")
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.room != nil && v.next > 0 {
		v.room.mu.Lock()
		data = Cursor{Epoch: v.room.epoch, Seq: v.next - 1}.append(nil)
		v.room.mu.Unlock()
	}
	if !v.busy && !v.ended {
		v.write(v.framed(Frame{Event: HeartbeatEvent, Data: data}))
	}
}

// show sends the page its whole state, unless it shows that already. While a write waits, only
// the newest state is kept.
func (v *Viewer) show(data []byte, hash uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended || v.shown == hash {
		return
	}
	v.shown = hash
	frame := v.framed(Frame{Data: data})
	if v.busy {
		v.later = frame
		return
	}
	v.write(frame)
}

// End says a last thing and closes the stream.
func (v *Viewer) End(last Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return
	}
	if !v.busy {
		v.write(v.framed(last))
	}
	v.end()
}

func (v *Viewer) reset() {
	v.hub.Stats.Resets.Add(1)
	v.End(Frame{Event: ResetEvent})
}

func (v *Viewer) hasEnded() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ended
}

// end closes the connection. The caller holds the lock.
func (v *Viewer) end() {
	if v.ended {
		return
	}
	v.ended = true
	if v.Chunked && !v.busy {
		_, _ = tryWrite(v.conn, []byte(LastChunk))
	}
	_ = v.conn.Close()
	// Apart, because it takes the hub's lock and the room's, which stand above this one.
	go func() {
		v.hub.detach(v)
		if v.Gone != nil {
			v.Gone()
		}
	}()
}

func (v *Viewer) framed(f Frame) []byte {
	plain := v.format().Append(nil, f)
	if !v.Chunked {
		return plain
	}
	return AppendChunk(make([]byte, 0, len(plain)+16), plain)
}

// write hands bytes to the kernel without waiting. What it does not take at once is written by a
// goroutine that gives up after slowTime. The caller holds the lock and has seen busy false.
func (v *Viewer) write(b []byte) {
	if v.ended {
		return
	}
	n, err := tryWrite(v.conn, b)
	switch {
	case err != nil:
		v.end()
	case n < len(b):
		v.busy = true
		v.hub.guard("slow viewer", func() { v.writeSlowly(b[n:]) })
	}
}

func (v *Viewer) writeSlowly(rest []byte) {
	_ = v.conn.SetWriteDeadline(time.Now().Add(slowTime))
	_, err := v.conn.Write(rest)
	_ = v.conn.SetWriteDeadline(time.Time{})
	v.mu.Lock()
	if err != nil {
		v.hub.Stats.SlowCut.Add(1)
		v.end() // still busy: half a chunk is out, so there is no clean end
		v.mu.Unlock()
		return
	}
	v.busy = false
	if later := v.later; later != nil {
		v.later = nil
		v.write(later)
	}
	v.mu.Unlock()
	if v.room != nil {
		v.room.write([]*Viewer{v})
	}
}
