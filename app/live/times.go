package live

import "time"

// The limits of a hub that do not depend on time, from docs/delivery.md.
const (
	beatSlots   = 17       // a viewer gets a heartbeat at every seventeenth beat
	keepRecords = 256      // of a room, for those who come back
	maxBehind   = 200      // further behind, a page is better loaded again
	sendQueue   = 64 << 10 // bytes in the kernel; more would hide a viewer that has stopped reading
	listsShare  = 5        // the lists take a fifth of one core at most, however many watch a busy room
	listsBatch  = 20       // users, before the others' turn is looked at again
)

// times are the intervals of a hub, so that tests need not wait for the real ones.
type times struct {
	query    time.Duration // the longest wait for the database
	tickUp   time.Duration // heals what no one noticed
	tickDown time.Duration // instead of the bus
	sweep    time.Duration // the shortest pause after a sweep that the bus asked for
	sessions time.Duration // between two looks at who is still signed in
	beat     time.Duration // one slot of viewers gets a heartbeat at each
	linger   time.Duration // a room that nobody watches is kept for those who come back
	keep     time.Duration // records that are older are read again for the few who need them
	slow     time.Duration // a viewer that takes longer to take a write is cut, and resumes
	age      time.Duration // of a stream at most, give or take a fifth
	again    time.Duration // before a stream that could not start, or lists that failed, are tried again
	lists    time.Duration // the shortest pause between two goes at the lists, and the longest go
	away     time.Duration // a page that is loaded again is no departure
	writes   time.Duration // how long somebody writes after the last sign of it
	announce time.Duration // between two signals that somebody is still here
	heard    time.Duration // how long that is believed
	calm     time.Duration // between two updates of who is here
	quick    time.Duration // or so, when somebody writes
	rest     time.Duration // the longest pause: a database that hung must not cost minutes afterwards
}

func defaultTimes() times {
	return times{
		query:    5 * time.Second,
		tickUp:   15 * time.Second,
		tickDown: time.Second,
		sweep:    100 * time.Millisecond,
		sessions: 10 * time.Second,
		beat:     time.Second,
		linger:   30 * time.Second,
		keep:     2 * time.Minute,
		slow:     10 * time.Second,
		age:      15 * time.Minute,
		again:    time.Second,
		lists:    150 * time.Millisecond,
		away:     5 * time.Second,
		writes:   6 * time.Second,
		announce: time.Minute,
		heard:    150 * time.Second,
		calm:     3 * time.Second,
		quick:    300 * time.Millisecond,
		rest:     5 * time.Second,
	}
}
