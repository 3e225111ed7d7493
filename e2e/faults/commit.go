package faults

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"time"
)

// commitPacket is the driver's COMMIT: a COM_QUERY with seven bytes, first in its sequence.
var commitPacket = []byte("\x07\x00\x00\x00\x03COMMIT")

// commitFault cuts connections to the database at a commit, in one of three ways: before the server gets it,
// after the server has answered, and right after it was passed on.
type commitFault struct {
	mu     sync.Mutex
	random *rand.Rand
	share  float64 // of the commits that are cut
	left   int
	cuts   [3]int

	refusalRandom *rand.Rand // for the errors
	refusals      float64    // the share of room locks that are refused
	refused       int
}

const (
	cutBefore = iota
	cutAfter
	cutDuring
)

// set cuts a share of the commits from now on, and n at most.
func (f *commitFault) set(random *rand.Rand, share float64, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.random, f.share, f.left, f.cuts = random, share, n, [3]int{}
}

func (f *commitFault) counts() (left int, cuts [3]int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left, f.cuts
}

// refuseLocks answers a share of the statements that lock a room with a deadlock or lock timeout error. It
// returns the number of errors since the last call.
func (f *commitFault) refuseLocks(random *rand.Rand, share float64) (before int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before = f.refused
	f.refusalRandom, f.refusals, f.refused = random, share, 0
	return before
}

// lockStatement is the start of a statement that locks a room.
var lockStatement = []byte("\x03UPDATE rooms SET ")

// lockError returns the error packet for a statement, or nil if it is passed on.
func (f *commitFault) lockError(chunk []byte) []byte {
	if len(chunk) < 5 || !bytes.HasPrefix(chunk[4:], lockStatement) {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusalRandom == nil || f.refusalRandom.Float64() >= f.refusals {
		return nil
	}
	f.refused++
	// A deadlock rolls back the whole transaction, a timeout only the statement; the client must roll back
	// in both cases.
	text := "\xff\xbd\x04#40001Deadlock found when trying to get lock"
	if f.refused%2 == 0 {
		text = "\xff\xb5\x04#HY000Lock wait timeout exceeded"
	}
	return append([]byte{byte(len(text)), 0, 0, 1}, text...)
}

func (f *commitFault) choose() (way int, cut bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 || f.random.Float64() >= f.share {
		return 0, false
	}
	f.left--
	way = f.random.IntN(3)
	f.cuts[way]++
	return way, true
}

// hook installs the fault in the link between a process and the database.
func (f *commitFault) hook(l *link) {
	var cutting sync.Map // connections that are cut before their next response
	l.up = func(c *proxied) filter {
		return func(chunk []byte) ([]byte, error) {
			// The driver waits for each response, so a chunk ends where a command ends.
			if !bytes.HasSuffix(chunk, commitPacket) {
				if problem := f.lockError(chunk); problem != nil {
					_, err := c.client.Write(problem)
					return nil, err
				}
				return chunk, nil
			}
			way, cut := f.choose()
			switch {
			case !cut:
			case way == cutBefore:
				return nil, errCut
			case way == cutAfter:
				cutting.Store(c, true)
			case way == cutDuring:
				time.AfterFunc(0, c.reset)
			}
			return chunk, nil
		}
	}
	l.down = func(c *proxied) filter {
		return func(chunk []byte) ([]byte, error) {
			if _, cut := cutting.LoadAndDelete(c); cut {
				return nil, errCut
			}
			return chunk, nil
		}
	}
}
