package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// audience is the open streams of a measurement. It checks what each of them is sent: the seqs of its room one after
// the other, from the cursor that it came with.
type audience struct {
	viewers   []*viewer
	delivered atomic.Int64 // entries
	bytes     atomic.Int64
	refused   sync.Map // status of an answer that was no stream: *atomic.Int64

	mu       sync.Mutex
	problems []string
	delays   []time.Duration     // from the making of a message until a watching viewer had it
	seen     map[string][]uint64 // what the watching viewers of a room have seen: the seqs of a token
}

// viewer is one open stream.
type viewer struct {
	room, epoch uint64
	last        atomic.Uint64 // the newest entry that it has
	watches     bool          // reads the messages, too, and not only their numbers
	conn        net.Conn
	of          *audience
	ended       atomic.Bool // by the server
}

// open connects a stream of a room that has seen everything up to a seq, and returns when its head has come. It
// returns the status if that is not 200.
func (a *audience) open(addr string, room, seq uint64, p person, watches bool) (status int, err error) {
	w, err := dial(addr)
	if err != nil {
		return 0, err
	}
	path := fmt.Sprintf("/rooms/%d/events?after=1-%d", room, seq)
	if err := w.conn.SetDeadline(time.Now().Add(2 * patience)); err != nil {
		return 0, err
	}
	if _, err = w.conn.Write(w.follow(path, p.cookie)); err != nil {
		return 0, err
	}
	in := newReader(w.conn)
	if status, _, err = readHead(in); err != nil || status != 200 {
		w.close()
		n, _ := a.refused.LoadOrStore(status, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		return status, err
	}
	if err := w.conn.SetDeadline(time.Time{}); err != nil {
		return 0, err
	}
	v := &viewer{room: room, epoch: 1, watches: watches, conn: w.conn, of: a}
	v.last.Store(seq)
	a.mu.Lock()
	a.viewers = append(a.viewers, v)
	a.mu.Unlock()
	go v.read(in)
	return 200, nil
}

// read follows the stream until it ends, and notes what is wrong with it. Lines that are not the number of an entry are
// skipped; a watching viewer looks for the token of its message in them.
func (v *viewer) read(in *bufio.Reader) {
	var fresh bool // the number of an entry has come, and its text has not
	for {
		line, err := in.ReadSlice('\n')
		v.of.bytes.Add(int64(len(line)))
		if id, is := bytes.CutPrefix(line, []byte("id: ")); is && err == nil {
			fresh = v.advance(string(bytes.TrimRight(id, "\r\n")))
		} else if v.watches && fresh {
			if at := bytes.Index(line, []byte(tokenMark)); at >= 0 && len(line) >= at+tokenSize {
				fresh = false
				v.note(string(line[at : at+tokenSize]))
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if !errors.Is(err, net.ErrClosed) {
				v.ended.Store(true)
				v.of.problem("a stream of room %d ended at %d: %v", v.room, v.last.Load(), err)
			}
			return
		}
	}
}

// advance notes that an entry has come, and reports whether it is a new one.
func (v *viewer) advance(cursor string) bool {
	epoch, seq, _ := bytes.Cut([]byte(cursor), []byte("-"))
	n, err := strconv.ParseUint(string(seq), 10, 64)
	last := v.last.Load()
	switch {
	case err != nil || string(epoch) != strconv.FormatUint(v.epoch, 10):
		v.of.problem("room %d: the cursor %q", v.room, cursor)
		return false
	case n == last: // where the stream stands; an entry that came twice shows in seen
		return false
	case n != last+1:
		v.of.problem("room %d: entry %d came after %d", v.room, n, last)
	}
	v.last.Store(n)
	v.of.delivered.Add(1)
	return true
}

func (v *viewer) note(token string) {
	delay := time.Since(tokenTime(token))
	v.of.mu.Lock()
	defer v.of.mu.Unlock()
	v.of.delays = append(v.of.delays, delay)
	if v.of.seen == nil {
		v.of.seen = map[string][]uint64{}
	}
	v.of.seen[token] = append(v.of.seen[token], v.last.Load())
}

func (a *audience) problem(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

// await waits until every viewer has its room's head, and adds a problem for each that has not.
func (a *audience) await(heads map[uint64]uint64, limit time.Duration) {
	deadline := time.Now().Add(limit)
	for _, v := range a.viewers {
		for v.last.Load() < heads[v.room] && !v.ended.Load() && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		if missing := heads[v.room] - min(v.last.Load(), heads[v.room]); missing > 0 {
			a.problem("room %d: a viewer lacks the last %d entries", v.room, missing)
		}
	}
}

// close ends the streams.
func (a *audience) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, v := range a.viewers {
		_ = v.conn.Close()
	}
}

// openMany opens n streams, 64 at a time, and fails if one is refused.
func (a *audience) openMany(n int, stream func(i int) (addr string, room, seq uint64, p person, watches bool)) error {
	var next atomic.Int64
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	for range min(64, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				status, err := a.open(stream(i))
				if err == nil && status != 200 {
					err = fmt.Errorf("a stream was answered %d", status)
				}
				if err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

func newReader(c net.Conn) *bufio.Reader { return bufio.NewReaderSize(c, 4<<10) }
