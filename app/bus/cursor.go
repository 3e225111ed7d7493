package bus

import (
	"errors"
	"strconv"
	"strings"
)

// Cursor is a place in a room's log: all up to Seq has been seen. The epoch is there because a
// restored backup sends seq backwards.
type Cursor struct {
	Epoch, Seq uint64
}

var errCursor = errors.New("bus: not a cursor")

// maxCursor is the longest cursor taken from the outside, in bytes.
const maxCursor = 32

// String returns the cursor as it stands on the wire, "<epoch>-<seq>".
func (c Cursor) String() string {
	return string(c.Append(nil))
}

// Append adds the cursor to dst as it stands on the wire.
func (c Cursor) Append(dst []byte) []byte {
	dst = strconv.AppendUint(dst, c.Epoch, 10)
	return strconv.AppendUint(append(dst, '-'), c.Seq, 10)
}

// ParseCursor reads what String wrote, 32 bytes at most, and refuses every other spelling.
func ParseCursor(text string) (Cursor, error) {
	if len(text) > maxCursor {
		return Cursor{}, errCursor
	}
	epoch, seq, _ := strings.Cut(text, "-")
	e, ok := parseNumber(epoch)
	n, ok2 := parseNumber(seq)
	if !ok || !ok2 {
		return Cursor{}, errCursor
	}
	return Cursor{Epoch: e, Seq: n}, nil
}
