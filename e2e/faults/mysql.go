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

	dice    *rand.Rand // of the errors
	errors  float64    // the share of a room's locks that the server is made to refuse
	refused int
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

// refuse answers this share of the statements that lock a room with the errors of a deadlock or a
// lock timeout, and tells how many it had answered so before.
func (k *commitCutter) refuse(dice *rand.Rand, share float64) (before int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before = k.refused
	k.dice, k.errors, k.refused = dice, share, 0
	return before
}

// lockStatement begins what takes a room's lock.
var lockStatement = []byte("\x03UPDATE rooms SET ")

// answer is the server's error for a statement, if it is to have one.
func (k *commitCutter) answer(chunk []byte) []byte {
	if len(chunk) < 5 || !bytes.HasPrefix(chunk[4:], lockStatement) {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dice == nil || k.dice.Float64() >= k.errors {
		return nil
	}
	k.refused++
	// A deadlock has undone the whole transaction, a timeout the statement only; the client has to
	// roll back in any case.
	text := "\xff\xbd\x04#40001Deadlock found when trying to get lock"
	if k.refused%2 == 0 {
		text = "\xff\xb5\x04#HY000Lock wait timeout exceeded"
	}
	return append([]byte{byte(len(text)), 0, 0, 1}, text...)
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
				if problem := k.answer(chunk); problem != nil {
					_, err := c.client.Write(problem)
					return nil, err
				}
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
