package bus

import (
	"errors"
	"strconv"
	"strings"
)

// SignalKind says what a signal is about; its value is the letter that stands for it in a payload.
type SignalKind byte

// The kinds of signals. Which numbers of a Signal count depends on its kind; the others are zero.
const (
	EntryAdded    SignalKind = 'm' // Room, Epoch, Seq: the room's log has this entry
	AccessChanged SignalKind = 'x' // Room, User: the streams of this user in this room must look up their access
	SessionEnded  SignalKind = 's' // Session: whatever runs under this session must end
	UserChanged   SignalKind = 'u' // User: something shown to or about this user changed

	// Who is in a room, of those who let it be seen. They pass: one that is lost is not missed.
	Arrived           SignalKind = 'p' // Room, User: this person has the room open
	Left              SignalKind = 'q' // Room, User: and has it open no more
	Typing            SignalKind = 't' // Room, User: this person writes just now
	RollCall          SignalKind = 'w' // Room: tell who has it open
	VisibilityChanged SignalKind = 'v' // User: whether this person may be shown is another matter now

	// The bus uses these itself and never hands them on.
	heartbeat   SignalKind = 'h' // process, beat
	signalsLost SignalKind = 'l' // process: it dropped signals that the others should have heard
)

// Signal is one ring of the doorbell: numbers that say where to look, and nothing to show.
type Signal struct {
	Kind                            SignalKind
	Room, Epoch, Seq, User, Session uint64

	process, beat uint64
}

// errSignal is returned for a payload that is not a signal. It does not repeat the payload, which
// is whatever a stranger with access to Redis chose to send, and it goes to the log.
var errSignal = errors.New("bus: not a signal")

// maxPayload is the size of the longest signal: an entry with three numbers of twenty digits.
const maxPayload = 64

// Encode returns the signal as the payload of a message, 64 bytes or less.
func (s Signal) Encode() string {
	b := append(make([]byte, 0, maxPayload), byte(s.Kind))
	for _, n := range s.fields() {
		b = strconv.AppendUint(append(b, '|'), *n, 10)
	}
	return string(b)
}

// ParseSignal reads what Encode wrote and refuses everything else.
func ParseSignal(payload string) (Signal, error) {
	if len(payload) < 3 || len(payload) > maxPayload || payload[1] != '|' {
		return Signal{}, errSignal
	}
	s := Signal{Kind: SignalKind(payload[0])}
	fields, rest := s.fields(), payload[2:]
	if len(fields) == 0 {
		return Signal{}, errSignal
	}
	for i, n := range fields {
		text, after, more := strings.Cut(rest, "|")
		value, ok := parseNumber(text)
		if last := i == len(fields)-1; !ok || more == last {
			return Signal{}, errSignal
		}
		*n, rest = value, after
	}
	return s, nil
}

// fields lists the numbers of this kind of signal in the order of the payload; an unknown kind has
// none. It is the only place that knows the format.
func (s *Signal) fields() []*uint64 {
	switch s.Kind {
	case EntryAdded:
		return []*uint64{&s.Room, &s.Epoch, &s.Seq}
	case AccessChanged, Arrived, Left, Typing:
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

// isPublic reports whether this kind may come from outside the bus.
func (k SignalKind) isPublic() bool {
	return k == EntryAdded || k == AccessChanged || k == SessionEnded || k == UserChanged || k.isTransient()
}

// isTransient tells the signals that nobody misses.
func (k SignalKind) isTransient() bool {
	return k == Arrived || k == Left || k == Typing || k == RollCall || k == VisibilityChanged
}

// parseNumber reads a decimal number in its only spelling: no sign, no leading zero, no underscore,
// so that equal numbers are equal text.
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
