package faults

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"sync"
)

// pushHead begins what Redis sends to a subscriber for each published message.
var pushHead = []byte("*3\r\n$7\r\nmessage\r\n")

// ringBender loses and doubles rings on their way from Redis to a process. Heartbeats pass, so the
// bus looks healthy all the while.
type ringBender struct {
	mu            sync.Mutex
	random        *rand.Rand
	lose, double  float64
	lost, doubled int
}

func (b *ringBender) set(random *rand.Rand, lose, double float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.random, b.lose, b.double, b.lost, b.doubled = random, lose, double, 0, 0
}

func (b *ringBender) done() (lost, doubled int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost, b.doubled
}

func (b *ringBender) times(payload []byte) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !bytes.HasPrefix(payload, []byte("m|")) || b.random == nil {
		return 1
	}
	switch n := b.random.Float64(); {
	case n < b.lose:
		b.lost++
		return 0
	case n < b.lose+b.double:
		b.doubled++
		return 2
	}
	return 1
}

func (b *ringBender) hook(l *link) {
	l.down = func(*crossing) filter {
		var rest []byte
		return func(chunk []byte) ([]byte, error) {
			rest = append(rest, chunk...)
			var out []byte
			for len(rest) > 0 {
				if !bytes.HasPrefix(rest, pushHead[:min(len(rest), len(pushHead))]) {
					out, rest = append(out, rest...), nil // an answer to a command
					break
				}
				whole, payload := push(rest)
				if whole == 0 {
					break // the rest comes with the next chunk
				}
				for range b.times(payload) {
					out = append(out, rest[:whole]...)
				}
				rest = rest[whole:]
			}
			return out, nil
		}
	}
}

// push measures the message at the beginning of b: 0 when it is not there as a whole.
func push(b []byte) (whole int, payload []byte) {
	at := len(pushHead)
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
