package live

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
)

func TestStreamEvents(t *testing.T) {
	for _, c := range []struct {
		name  string
		event StreamEvent
		wire  string
	}{
		{"an entry", StreamEvent{ID: bus.Cursor{Epoch: 7, Seq: 18}, Data: []byte("<li>hi</li>")}, "id: 7-18\ndata: <li>hi</li>\n\n"},
		{"whole state", StreamEvent{Data: []byte("a\nb")}, "data: a\ndata: b\n\n"},
		{"a name without data", StreamEvent{Event: SignedOutEvent}, "event: signed-out\ndata: \n\n"},
		{"advice with an event", StreamEvent{Event: ResetEvent, Retry: 1500 * time.Millisecond, Data: []byte("-")}, "event: reset\nretry: 1500\ndata: -\n\n"},
		{"only advice", StreamEvent{Retry: time.Second}, "retry: 1000\n\n"},
		{"advice of no time", StreamEvent{Retry: time.Microsecond}, ""},
		{"advice of the past", StreamEvent{Retry: -time.Second}, ""},
		{"nothing", StreamEvent{}, ""},
		{"every line break", StreamEvent{Data: []byte("a\r\nb\rc\nd\n\re\r")}, "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n"},
		{"a forged event", StreamEvent{Data: []byte("x\r\rid: 9-9\revent: reset\rdata: y")}, "data: x\ndata: \ndata: id: 9-9\ndata: event: reset\ndata: data: y\n\n"},
	} {
		if got := string(c.event.Append([]byte("before"))); got != "before"+c.wire {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// Whatever the data is, a browser sees one event with exactly that data, its line breaks as LF, and then
// the next event.
func FuzzStreamEvent(f *testing.F) {
	for _, seed := range []string{
		"", "hi", " leading", "\n", "\r", "\r\n", "\n\r", "a\rid: 9-9\r\rdata: b", "a\n\nevent: reset\ndata: x",
		": a comment", "data", "retry: 1", "\ufeffbom", "\x00", "\u2028", "\u0085", "\xff\xfe", "end\r", "\r\r\n\n",
	} {
		f.Add([]byte(seed), uint64(7), uint64(18), byte(0))
		f.Add([]byte(seed), uint64(0), uint64(0), byte(1))
	}
	names := []eventName{"", HeartbeatEvent, ResetEvent, ClosedEvent, SignedOutEvent}
	f.Fuzz(func(t *testing.T, data []byte, epoch, seq uint64, name byte) {
		event := names[int(name)%len(names)]
		wire := StreamEvent{ID: bus.Cursor{Epoch: epoch, Seq: seq}, Event: event, Data: data}.Append(nil)
		wire = StreamEvent{Event: HeartbeatEvent, Data: []byte("next")}.Append(wire)
		if bytes.ContainsRune(wire, '\r') {
			t.Fatalf("there is a CR in %q", wire)
		}

		var want []received
		id := ""
		if epoch != 0 || seq != 0 {
			id = fmt.Sprintf("%d-%d", epoch, seq)
		}
		if event != "" || len(data) > 0 {
			want = append(want, received{id, string(event), onlyLF(data)})
		}
		want = append(want, received{id, "heartbeat", "next"})
		if got := browser(wire); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("sent %q\ngot  %q\nwant %q", wire, got, want)
		}
	})
}

func onlyLF(data []byte) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
}

// received is an event as a page gets it.
type received struct{ lastID, event, data string }

// browser reads a stream as the HTML standard tells browsers to (9.2.6, "Interpreting an event
// stream"), line by line of that text, and shares nothing with the encoder.
func browser(stream []byte) (events []received) {
	text := strings.TrimPrefix(string(stream), "\ufeff")
	var lastID, event, data, idBuffer string
	for text != "" {
		end := strings.IndexAny(text, "\r\n")
		if end < 0 {
			break // the stream ends within a line: an unfinished event is dropped
		}
		line, next := text[:end], end+1
		if strings.HasPrefix(text[end:], "\r\n") {
			next++
		}
		text = text[next:]

		if line == "" {
			lastID = idBuffer
			if data != "" {
				events = append(events, received{lastID, event, strings.TrimSuffix(data, "\n")})
			}
			event, data = "", ""
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			event = value
		case "data":
			data += value + "\n"
		case "id":
			if !strings.Contains(value, "\x00") {
				idBuffer = value
			}
		}
	}
	return events
}

func TestChunks(t *testing.T) {
	long := strings.Repeat("long ", 1000)
	wire := AppendChunk(nil, []byte("one,"))
	wire = AppendChunk(wire, nil)
	wire = AppendChunk(wire, []byte(long))
	wire = append(wire, LastChunk...)
	// A client reads chunks the same way as a server.
	got, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(wire)))
	if err != nil || string(got) != "one,"+long {
		t.Errorf("%q, %v", got, err)
	}
	if want := strconv.FormatInt(int64(len(long)), 16); !bytes.Contains(wire, []byte("\r\n"+want+"\r\n")) {
		t.Errorf("no %s in the chunks", want)
	}
}
