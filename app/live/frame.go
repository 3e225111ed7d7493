package live

import (
	"bytes"
	"parley/app/bus"
	"strconv"
	"time"
)

// constant can only be made from a literal outside this package: a value that a user had a hand in
// is no name of an event.
type constant string

// The named events of our streams.
const (
	HeartbeatEvent constant = "heartbeat"
	ResetEvent     constant = "reset"
	ClosedEvent    constant = "closed"
	SignedOutEvent constant = "signed-out"
	CrowdedEvent   constant = "crowded" // for pages without scripts: another one was opened instead
)

// StreamEvent is one event of a stream. By construction only Data can hold text that somebody wrote, and
// Append lets no line break of it out: in a careless encoder a lone CR ends the line for the
// browser, and the rest of a message is read as fields of the stream.
type StreamEvent struct {
	ID    bus.Cursor    // moves the viewer's cursor; the zero cursor is none
	Event constant      // empty for what is to be shown
	Retry time.Duration // how long to wait before connecting again; 0 gives no advice
	Data  []byte        // CRLF and CR arrive as LF
	At    bus.Cursor    // where the stream stands; it is not sent, but some formats must know
}

// Append adds the frame to dst as it stands on the wire. A frame without event and data shows
// nothing; it only sets the cursor or the advice.
func (f StreamEvent) Append(dst []byte) []byte {
	start := len(dst)
	if f.ID != (bus.Cursor{}) {
		dst = append(f.ID.Append(append(dst, "id: "...)), '\n')
	}
	if f.Event != "" {
		dst = append(append(append(dst, "event: "...), f.Event...), '\n')
	}
	if f.Retry >= time.Millisecond {
		dst = append(dst, "retry: "...)
		dst = append(strconv.AppendInt(dst, f.Retry.Milliseconds(), 10), '\n')
	}
	// An event with a name and no data line would never be dispatched by a browser.
	if f.Event != "" || len(f.Data) > 0 {
		dst = appendData(dst, f.Data)
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

// LastChunk ends a response in chunks.
const LastChunk = "0\r\n\r\n"

// AppendChunk adds payload to dst as one chunk of an HTTP/1.1 response. An empty payload adds
// nothing, because an empty chunk would end the response.
func AppendChunk(dst, payload []byte) []byte {
	if len(payload) == 0 {
		return dst
	}
	dst = strconv.AppendUint(dst, uint64(len(payload)), 16)
	dst = append(dst, "\r\n"...)
	return append(append(dst, payload...), "\r\n"...)
}
