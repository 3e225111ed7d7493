package bus

import (
	"errors"
	"strconv"
	"strings"
)

// SignalKind is what a signal is about. Its value is its letter in a payload.
type SignalKind byte

// The kinds of signals, and the fields that each uses; the others are zero.
const (
	EntryAdded   SignalKind = 'm' // Room, Epoch, Seq: the room's log has this entry
	SessionEnded SignalKind = 's' // Session: every connection of this session must end
	UserChanged  SignalKind = 'u' // User: something shown to or about this user has changed

	// Presence, of users who allow it to be seen. These are transient: a lost one does not matter.
	Arrived           SignalKind = 'p' // Room, User: this user has the room open
	Left              SignalKind = 'q' // Room, User: this user no longer has it open
	Typing            SignalKind = 't' // Room, User: this user is typing
	RollCall          SignalKind = 'w' // Room: announce who has it open
	VisibilityChanged SignalKind = 'v' // User: this user may have become visible or hidden

	// The bus itself uses these, and passes none of them on.
	heartbeat   SignalKind = 'h' // process, beat
	signalsLost SignalKind = 'l' // process: it has dropped signals that were for the others
)

// Signal is one ring of the doorbell: numbers that say where to look, and no content.
type Signal struct {
	Kind                            SignalKind
	Room, Epoch, Seq, User, Session uint64

	process, beat uint64
}

// errNotSignal is returned for a payload that is not a signal. It does not quote the payload, which is
// whatever somebody with access to Redis chose to send.
var errNotSignal = errors.New("bus: not a signal")

// maxPayload is the size of the longest signal: an entry with three numbers of twenty digits.
const maxPayload = 64

// Encode returns the signal as a payload of at most 64 bytes.
func (s Signal) Encode() string {
	b := append(make([]byte, 0, maxPayload), byte(s.Kind))
	for _, n := range s.fields() {
		b = strconv.AppendUint(append(b, '|'), *n, 10)
	}
	return string(b)
}

// ParseSignal parses what Encode returns, and refuses everything else.
func ParseSignal(payload string) (Signal, error) {
	if len(payload) < 3 || len(payload) > maxPayload || payload[1] != '|' {
		return Signal{}, errNotSignal
	}
	s := Signal{Kind: SignalKind(payload[0])}
	fields, rest := s.fields(), payload[2:]
	if len(fields) == 0 {
		return Signal{}, errNotSignal
	}
	for i, n := range fields {
		text, after, more := strings.Cut(rest, "|")
		value, ok := parseNumber(text)
		if last := i == len(fields)-1; !ok || more == last {
			return Signal{}, errNotSignal
		}
		*n, rest = value, after
	}
	return s, nil
}

// fields returns the fields that this kind of signal uses, in the order of the payload; an unknown kind
// has none. It is the only place that knows the format.
func (s *Signal) fields() []*uint64 {
	switch s.Kind {
	case EntryAdded:
		return []*uint64{&s.Room, &s.Epoch, &s.Seq}
	case Arrived, Left, Typing:
		return []*uint64{&s.Room, &s.User}
	case SessionEnded:
		return []*uint64{&s.Session}
	case RollCall:
		return []*uint64{&s.Room}
	case UserChanged, VisibilityChanged:
		return []*uint64{&s.User}
	case heartbeat:
		return []*uint64{&s.process, &s.beat}
	case signalsLost:
		return []*uint64{&s.process}
	}
	return nil
}

// isPublic reports whether this kind may be published.
func (k SignalKind) isPublic() bool {
	return k == EntryAdded || k == SessionEnded || k == UserChanged || k.isTransient()
}

// isTransient reports whether a lost signal of this kind does not matter.
func (k SignalKind) isTransient() bool {
	return k == Arrived || k == Left || k == Typing || k == RollCall || k == VisibilityChanged
}

// parseNumber parses a decimal number in its only spelling: no sign, no leading zero, no underscore, so
// that equal numbers are equal text.
func parseNumber(text string) (uint64, bool) {
	if text == "" || len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil
}
