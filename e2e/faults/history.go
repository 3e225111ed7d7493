package faults

import (
	"fmt"
	"sync"
	"time"
)

// outcome is what a client knows about a call.
type outcome int

const (
	acked      outcome = iota + 1 // the server says that it is stored
	refused                       // the server will not store it
	notMember                     // the author may no longer post there
	retryLater                    // the server asks for another attempt
	unknown                       // no response, or one that leaves it open
)

func (o outcome) String() string {
	return [...]string{"", "acknowledged", "refused", "not a member", "to be retried", "unknown"}[o]
}

// call is one attempt to post. Every message has a body of its own; all attempts for it share a key.
type call struct {
	Room       uint64
	Author     string
	Transport  string
	Key, Body  string
	N          int // the number of the message among the author's in this room, from 1
	Sent, Done time.Time
	Outcome    outcome
	Seq        uint64 // as acknowledged; 0 from a form, which does not learn it
	Why        string // the reason, if it was not acknowledged
}

// eventKind is what happened on a stream.
type eventKind int

const (
	loaded    eventKind = iota + 1 // the page was loaded, and its list ends at the cursor
	connected                      // the stream began
	entry                          // an entry of the log
	heartbeat                      // with the cursor that the server assumes for the viewer
	resetSent                      // the page got a reset, and reloads
	closed                         // the viewer is no longer a member
	signedOut
	disconnected // the stream ended
)

func (k eventKind) String() string {
	return [...]string{"", "page", "connected", "entry", "heartbeat", "reset", "closed", "signed out", "disconnected"}[k]
}

// event is something that happened to a viewer.
type event struct {
	Viewer int
	Room   uint64
	User   string
	Kind   eventKind
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
	// MustBeCurrent are the viewers that should have every entry in the end.
	MustBeCurrent []int
}

func (h *history) addCall(c call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Calls = append(h.Calls, c)
}

func (h *history) addEvent(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Events = append(h.Events, e)
}

// stored is the content of the database in the end.
type stored struct {
	Rooms       map[uint64]cursor // epoch and last seq
	Entries     map[uint64][]row  // by room, in order of seq
	Memberships []membership
}

// row is an entry of a room's log.
type row struct {
	Seq                     uint64
	Kind, Author, Key, Body string
}

// membership is a user's time in a room; Left is 0 while it lasts.
type membership struct {
	Room         uint64
	User         string
	Joined, Left uint64
}

// violation is a broken invariant, with the shortest history that shows it.
type violation struct {
	Invariant string
	Text      string
	History   []string
}

func (v violation) String() string {
	text := v.Invariant + ": " + v.Text
	for _, line := range v.History {
		text += "\n      " + line
	}
	return text
}

func (h *history) describeCall(c call) string {
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

func (h *history) describeEvent(e event) string {
	text := fmt.Sprintf("%8.3f s  viewer %d (%s, room %d): %s", e.At.Sub(h.Start).Seconds(), e.Viewer, e.User, e.Room, e.Kind)
	if e.Cursor != (cursor{}) {
		text += " " + e.Cursor.String()
	}
	return text
}

func (r row) String() string {
	return fmt.Sprintf("database: %d %s by %s, key %s: %q", r.Seq, r.Kind, r.Author, r.Key, r.Body)
}
