package bus

import (
	"errors"
	"strconv"
	"strings"
)

// Cursor is a place in a room's log: everything up to Seq has been seen. The epoch is there because a
// restored backup sets the numbers back.
type Cursor struct {
	Epoch, Seq uint64
}

var errNotCursor = errors.New("bus: not a cursor")

// maxCursor is the longest cursor that is accepted, in bytes.
const maxCursor = 32

// String returns the cursor as it is sent, "<epoch>-<seq>".
func (c Cursor) String() string {
	return string(c.Append(nil))
}

// Append appends the cursor as it is sent.
func (c Cursor) Append(dst []byte) []byte {
	dst = strconv.AppendUint(dst, c.Epoch, 10)
	return strconv.AppendUint(append(dst, '-'), c.Seq, 10)
}

// ParseCursor parses what String returns, 32 bytes at most, and refuses every other spelling.
func ParseCursor(text string) (Cursor, error) {
	if len(text) > maxCursor {
		return Cursor{}, errNotCursor
	}
	epoch, seq, _ := strings.Cut(text, "-")
	e, ok := parseNumber(epoch)
	n, ok2 := parseNumber(seq)
	if !ok || !ok2 {
		return Cursor{}, errNotCursor
	}
	return Cursor{Epoch: e, Seq: n}, nil
}
