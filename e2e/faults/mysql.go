package faults

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"time"
)

// commitPacket is how the driver says COMMIT: a COM_QUERY of seven bytes that opens an exchange.
var commitPacket = []byte("\x07\x00\x00\x00\x03COMMIT")

// commitCutter cuts connections to the database in the moment of a commit, in three ways: before
// the server gets it, after the server has answered, and at once after it was passed on.
type commitCutter struct {
	mu     sync.Mutex
	random *rand.Rand
	share  float64 // of the commits
	left   int
	cuts   [3]int
}

const (
	cutBefore = iota
	cutAfter
	cutDuring
)

// set cuts this many of the commits from now on, a share of them.
func (k *commitCutter) set(random *rand.Rand, share float64, n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.random, k.share, k.left, k.cuts = random, share, n, [3]int{}
}

func (k *commitCutter) done() (left int, cuts [3]int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.left, k.cuts
}

func (k *commitCutter) choose() (way int, cut bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.left == 0 || k.random.Float64() >= k.share {
		return 0, false
	}
	k.left--
	way = k.random.IntN(3)
	k.cuts[way]++
	return way, true
}

// hook puts the cutter between a process and the database.
func (k *commitCutter) hook(l *link) {
	var cutting sync.Map // the crossings whose next answer is to be swallowed
	l.up = func(c *crossing) filter {
		return func(chunk []byte) ([]byte, error) {
			// The driver waits for each answer, so a chunk ends where a command ends.
			if !bytes.HasSuffix(chunk, commitPacket) {
				return chunk, nil
			}
			way, cut := k.choose()
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
	l.down = func(c *crossing) filter {
		return func(chunk []byte) ([]byte, error) {
			if _, cut := cutting.LoadAndDelete(c); cut {
				return nil, errCut
			}
			return chunk, nil
		}
	}
}
