package live

import "time"

// RetryNow is the Retry of the last frame of a stream that ends only to be made anew.
const RetryNow = 100 * time.Millisecond

// Format puts the frames of a stream into the form that its page reads. Viewers in the same guise
// share the bytes, so a format is a value that can be compared and holds nothing of one viewer. What
// it makes of an entry is never empty.
type Format interface {
	Append(dst []byte, f StreamEvent) []byte
}

// events is the format of server-sent events.
type events struct{}

func (events) Append(dst []byte, f StreamEvent) []byte { return f.Append(dst) }

// guise is what the bytes of an entry depend on beside the entry.
type guise struct {
	format  Format
	variant string
}

func (v *Viewer) guise() guise {
	return guise{v.format(), v.Variant}
}

func (v *Viewer) format() Format {
	if v.Format == nil {
		return events{}
	}
	return v.Format
}
