package faults

import (
	"fmt"
	"sync"
	"time"
)

// outcome is what a client knows of a call.
type outcome int

const (
	acked   outcome = iota + 1 // the server said that it is stored
	refused                    // the server will not store it
	gone                       // the author may not post there any more
	later                      // the server said: not yet, send it again
	unknown                    // no answer, or one that leaves it open
)

func (o outcome) String() string {
	return [...]string{"", "acknowledged", "refused", "not a member", "to be sent again", "unknown"}[o]
}

// call is one attempt to post. A body is said once; the attempts for it share its key.
type call struct {
	Room       uint64
	Author     string
	Transport  string
	Key, Body  string
	N          int // the author's messages in this room, 1, 2, 3, ...
	Sent, Done time.Time
	Outcome    outcome
	Seq        uint64 // as acknowledged; 0 from a form, which is not told
	Why        string // of what is not acked
}

// what happened on a stream.
type what int

const (
	loaded    what = iota + 1 // the page, whose list ends at the cursor
	connected                 // the stream answered
	entry                     // an entry of the log
	heartbeat                 // with the cursor that the server believes this viewer at
	resetting                 // the page must load again
	closed                    // the viewer is not in the room any more
	signedOut
	lost // the stream ended
)

func (w what) String() string {
	return [...]string{"", "page", "connected", "entry", "heartbeat", "reset", "closed", "signed out", "lost"}[w]
}

// event is something that a viewer got.
type event struct {
	Viewer int
	Room   uint64
	User   string
	What   what
	Cursor cursor
	Data   string // of an entry
	At     time.Time
}

type cursor struct{ Epoch, Seq uint64 }

func (c cursor) String() string { return fmt.Sprintf("%d-%d", c.Epoch, c.Seq) }

// history is everything that the clients of one run saw.
type history struct {
	mu     sync.Mutex
	Start  time.Time
	Calls  []call
	Events []event
	// Last are the viewers that should have everything in the end.
	Last []int
}

func (h *history) called(c call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Calls = append(h.Calls, c)
}

func (h *history) saw(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Events = append(h.Events, e)
}

// stored is what the database holds in the end.
type stored struct {
	Rooms   map[uint64]cursor // epoch and last seq
	Entries map[uint64][]row  // by room, in the order of seq
	Windows []window
}

// row is an entry of a room's log.
type row struct {
	Seq                     uint64
	Kind, Author, Key, Body string
}

// window is a person's time in a room; Left is 0 while it lasts.
type window struct {
	Room         uint64
	User         string
	Joined, Left uint64
}

// violation is a promise that was broken, with the shortest history that shows it.
type violation struct {
	Invariant string
	Says      string
	History   []string
}

func (v violation) String() string {
	text := v.Invariant + ": " + v.Says
	for _, line := range v.History {
		text += "\n      " + line
	}
	return text
}

func (h *history) call(c call) string {
	text := fmt.Sprintf("%8.3f s to %8.3f s  %s posts %q to room %d over %s: %s", c.Sent.Sub(h.Start).Seconds(),
		c.Done.Sub(h.Start).Seconds(), c.Author, c.Body, c.Room, c.Transport, c.Outcome)
	if c.Seq > 0 {
		text += fmt.Sprintf(" as %d", c.Seq)
	}
	if c.Why != "" {
		text += " (" + c.Why + ")"
	}
	return text
}

func (h *history) event(e event) string {
	text := fmt.Sprintf("%8.3f s  viewer %d (%s, room %d): %s", e.At.Sub(h.Start).Seconds(), e.Viewer, e.User, e.Room, e.What)
	if e.Cursor != (cursor{}) {
		text += " " + e.Cursor.String()
	}
	return text
}

func (r row) String() string {
	return fmt.Sprintf("database: %d %s by %s, key %s: %q", r.Seq, r.Kind, r.Author, r.Key, r.Body)
}
