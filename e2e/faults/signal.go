package faults

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"sync"
)

// pushPrefix is the start of what Redis sends to a subscriber for each published message.
var pushPrefix = []byte("*3\r\n$7\r\nmessage\r\n")

// signalFault drops and duplicates signals on their way from Redis to a process. Heartbeats pass, so the bus
// looks healthy.
type signalFault struct {
	mu               sync.Mutex
	random           *rand.Rand
	lose, duplicate  float64
	lost, duplicated int
}

func (f *signalFault) set(random *rand.Rand, lose, double float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.random, f.lose, f.duplicate, f.lost, f.duplicated = random, lose, double, 0, 0
}

func (f *signalFault) counts() (lost, doubled int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lost, f.duplicated
}

func (f *signalFault) copies(payload []byte) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !bytes.HasPrefix(payload, []byte("m|")) || f.random == nil {
		return 1
	}
	switch n := f.random.Float64(); {
	case n < f.lose:
		f.lost++
		return 0
	case n < f.lose+f.duplicate:
		f.duplicated++
		return 2
	}
	return 1
}

func (f *signalFault) hook(l *link) {
	l.down = func(*proxied) filter {
		var rest []byte
		return func(chunk []byte) ([]byte, error) {
			rest = append(rest, chunk...)
			var out []byte
			for len(rest) > 0 {
				if !bytes.HasPrefix(rest, pushPrefix[:min(len(rest), len(pushPrefix))]) {
					out, rest = append(out, rest...), nil // a response to a command
					break
				}
				whole, payload := parsePush(rest)
				if whole == 0 {
					break // the rest follows in the next chunk
				}
				for range f.copies(payload) {
					out = append(out, rest[:whole]...)
				}
				rest = rest[whole:]
			}
			return out, nil
		}
	}
}

// parsePush returns the length and the payload of the message at the start of b. The length is 0 if the
// message is incomplete.
func parsePush(b []byte) (whole int, payload []byte) {
	at := len(pushPrefix)
	for range 2 { // the channel, and the payload
		if at > len(b) {
			return 0, nil
		}
		line := bytes.Index(b[at:], []byte("\r\n"))
		if line < 1 || b[at] != '$' {
			return 0, nil
		}
		n, err := strconv.Atoi(string(b[at+1 : at+line]))
		from := at + line + 2
		if err != nil || from+n+2 > len(b) {
			return 0, nil
		}
		payload = b[from : from+n]
		at = from + n + 2
	}
	return at, payload
}
