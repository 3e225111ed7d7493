package live

import "time"

// RetryNow is the Retry of the last event of a stream that ends only to be replaced by a new one.
const RetryNow = 100 * time.Millisecond

// Format encodes the events of a stream in the form that its page reads. Viewers with equal formats and
// variants share the bytes, so a format must be comparable and hold nothing of one viewer. What it
// makes of an entry is never empty.
type Format interface {
	Append(dst []byte, e StreamEvent) []byte
}

// sseFormat is the format of server-sent events.
type sseFormat struct{}

func (sseFormat) Append(dst []byte, e StreamEvent) []byte { return e.Append(dst) }

// renderKey is everything that the bytes of an entry depend on, apart from the entry.
type renderKey struct {
	format  Format
	variant any
	sees    string // empty where nothing is hidden from the viewer
}

func (v *Viewer) renderKey() renderKey {
	return renderKey{v.format(), v.Variant, v.Sees}
}

func (v *Viewer) format() Format {
	if v.Format == nil {
		return sseFormat{}
	}
	return v.Format
}

func (v *Viewer) encode(e StreamEvent) []byte {
	return v.chunk(v.format().Append(nil, e))
}

// chunk makes bytes a chunk of the response, if it is in chunks.
func (v *Viewer) chunk(b []byte) []byte {
	if !v.Chunked {
		return b
	}
	return AppendChunk(make([]byte, 0, len(b)+16), b)
}
