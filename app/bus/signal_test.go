package bus

import (
	"math"
	"strings"
	"testing"
)

const maxUint64 = math.MaxUint64

func TestEncodeAndParse(t *testing.T) {
	for payload, signal := range map[string]Signal{
		"m|5|7|18":   {Kind: EntryAdded, Room: 5, Epoch: 7, Seq: 18},
		"m|0|0|0":    {Kind: EntryAdded},
		"s|12":       {Kind: SessionEnded, Session: 12},
		"u|9":        {Kind: UserChanged, User: 9},
		"p|5|9":      {Kind: Arrived, Room: 5, User: 9},
		"q|5|9":      {Kind: Left, Room: 5, User: 9},
		"t|5|9":      {Kind: Typing, Room: 5, User: 9},
		"w|5":        {Kind: RollCall, Room: 5},
		"v|9":        {Kind: VisibilityChanged, User: 9},
		"h|1|2":      {Kind: heartbeat, process: 1, beat: 2},
		"l|1":        {Kind: signalsLost, process: 1},
		longestEntry: {Kind: EntryAdded, Room: maxUint64, Epoch: maxUint64, Seq: maxUint64},
	} {
		if got := signal.Encode(); got != payload {
			t.Errorf("%+v is encoded as %q, not %q", signal, got, payload)
		}
		got, err := ParseSignal(payload)
		if err != nil || got != signal {
			t.Errorf("%q is parsed as %+v, %v", payload, got, err)
		}
	}
	if len(longestEntry) != maxPayload {
		t.Errorf("the longest signal has %d bytes", len(longestEntry))
	}
}

const longestEntry = "m|18446744073709551615|18446744073709551615|18446744073709551615"

func TestParseRefusesEverythingElse(t *testing.T) {
	for _, payload := range []string{
		"", "m", "m|", "s", "s|", "|", "||", "|1", "12", "z|1", "M|1|2|3", "\x00|1", "é|1",
		"m|1|2", "m|1|2|", "m|1|2|3|", "m|1|2|3|4", "m||2|3", "m|1||3", "m1|2|3", "m|1 |2|3",
		"p|1", "p|1|2|3", "s|1|2", "u|1|", "h|1", "l|1|2",
		"s|01", "s|00", "s|+1", "s|-1", "s|1_0", "s|0x1", "s|1e3", "s|1.0", "s| 1", "s|1\n", "s|\u0661",
		"s|18446744073709551616", "s|99999999999999999999", "s|" + strings.Repeat("9", 62),
		longestEntry + "0", "m|1|2|3" + strings.Repeat("\x00", 60), strings.Repeat("m|", 1<<20),
	} {
		if s, err := ParseSignal(payload); err == nil {
			t.Errorf("%.80q is accepted as %+v", payload, s)
		} else if s != (Signal{}) {
			t.Errorf("%.80q is refused, and yet parsed as %+v", payload, s)
		}
	}
}

// Each signal has one spelling: what is accepted is encoded the same way.
func FuzzParseSignal(f *testing.F) {
	for _, seed := range []string{"m|5|7|18", "p|5|9", "s|0", "u|9", "h|1|2", "l|3", "m|01|2|3", longestEntry, "\xff|1", "s|1|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		s, err := ParseSignal(payload)
		if err == nil && s.Encode() != payload {
			t.Errorf("%q is parsed as %+v, which is encoded as %q", payload, s, s.Encode())
		}
	})
}

func FuzzSignalRoundTrip(f *testing.F) {
	f.Add(byte('m'), uint64(5), uint64(7), uint64(18))
	f.Add(byte('h'), uint64(maxUint64), uint64(maxUint64), uint64(0))
	f.Add(byte('?'), uint64(1), uint64(2), uint64(3))
	f.Fuzz(func(t *testing.T, kind byte, a, b, c uint64) {
		s := Signal{Kind: SignalKind(kind)}
		fields := s.fields()
		for i, n := range []uint64{a, b, c} {
			if i < len(fields) {
				*fields[i] = n
			}
		}
		got, err := ParseSignal(s.Encode())
		if known := len(fields) > 0; known != (err == nil) || known && got != s {
			t.Errorf("%+v, encoded as %q, is parsed as %+v, %v", s, s.Encode(), got, err)
		}
		if len(s.Encode()) > maxPayload {
			t.Errorf("%q is too long", s.Encode())
		}
	})
}
