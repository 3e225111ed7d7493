package live

import (
	"bytes"
	"strconv"
	"time"

	"parley/app/bus"
)

// eventName is made from a literal outside this package, and from nothing else: no value that a user
// has influenced can be the name of an event.
type eventName string

// The named events of our streams.
const (
	HeartbeatEvent eventName = "heartbeat"
	ResetEvent     eventName = "reset"
	ClosedEvent    eventName = "closed"
	SignedOutEvent eventName = "signed-out"
	CrowdedEvent   eventName = "crowded" // for pages without scripts: another one replaces this one
)

// StreamEvent is one event of a stream. By construction only Data can contain what somebody wrote, and
// Append lets no line break in it through: with a careless encoder a lone CR ends the line for the
// browser, which then reads the rest of the message as fields of the stream.
type StreamEvent struct {
	ID    bus.Cursor    // moves the viewer's cursor; the zero cursor does not
	Event eventName     // empty for content to be shown
	Retry time.Duration // how long to wait before connecting again; 0 gives no advice
	Data  []byte        // CRLF and CR arrive as LF
	At    bus.Cursor    // where the stream stands; it is not sent, but some formats need it
}

// Append appends the event as it is sent. An event without a name and data shows nothing; it only sets
// the cursor or the advice.
func (e StreamEvent) Append(dst []byte) []byte {
	start := len(dst)
	if e.ID != (bus.Cursor{}) {
		dst = append(e.ID.Append(append(dst, "id: "...)), '\n')
	}
	if e.Event != "" {
		dst = append(append(append(dst, "event: "...), e.Event...), '\n')
	}
	if e.Retry >= time.Millisecond {
		dst = append(dst, "retry: "...)
		dst = append(strconv.AppendInt(dst, e.Retry.Milliseconds(), 10), '\n')
	}
	// A browser would never dispatch an event that has a name and no data line.
	if e.Event != "" || len(e.Data) > 0 {
		dst = appendData(dst, e.Data)
	}
	if len(dst) == start {
		return dst
	}
	return append(dst, '\n')
}

func appendData(dst, data []byte) []byte {
	for {
		dst = append(dst, "data: "...)
		end := bytes.IndexAny(data, "\r\n")
		if end < 0 {
			return append(append(dst, data...), '\n')
		}
		dst = append(append(dst, data[:end]...), '\n')
		if data[end] == '\r' && end+1 < len(data) && data[end+1] == '\n' {
			end++
		}
		data = data[end+1:]
	}
}

// reconnect is the last event of a stream whose page should connect again after a pause.
func reconnect(pause time.Duration) StreamEvent {
	return StreamEvent{Event: HeartbeatEvent, Retry: pause, Data: []byte("-")}
}

// LastChunk ends a response in chunks.
const LastChunk = "0\r\n\r\n"

// AppendChunk appends payload as one chunk of an HTTP/1.1 response. An empty payload appends nothing,
// because an empty chunk would end the response.
func AppendChunk(dst, payload []byte) []byte {
	if len(payload) == 0 {
		return dst
	}
	dst = strconv.AppendUint(dst, uint64(len(payload)), 16)
	dst = append(dst, "\r\n"...)
	return append(append(dst, payload...), "\r\n"...)
}
