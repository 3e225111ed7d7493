package live

import "time"

// The limits of a hub that do not depend on time.
const (
	beatSlots     = 17       // a viewer gets a heartbeat at every seventeenth beat
	keepRecords   = 256      // per room, for viewers that come back
	maxBehind     = 200      // entries; a page that is further behind does better to reload
	sendBuffer    = 64 << 10 // bytes in the kernel; more would hide that a viewer has stopped reading
	listsShare    = 5        // lists take a fifth of one core at most, however many people watch a busy room
	listsBatch    = 50       // users whose lists are read in one run at most
	maxRemote     = 5000     // people in a room in other processes; whoever can write to Redis could forge more
	maxTyping     = 8        // people who are typing in a room
	maxStreamed   = 4        // streamed pages of a session; a browser opens six connections to a site, and then hangs
	rollCallPause = time.Second
	announceBatch = 200 // people of a room who are announced again at once
	announcePause = time.Second
)

// times are the intervals of a hub, which tests shorten.
type times struct {
	queryTimeout      time.Duration
	sweepInterval     time.Duration // finds what no signal announced
	downSweepInterval time.Duration // replaces the signals while the bus is down
	minSweepPause     time.Duration // after a sweep that the bus asked for
	lagTTL            time.Duration // how long the database may lack what a signal announced
	lagPause          time.Duration // the longest pause before it is asked for that again
	beatInterval      time.Duration // one slot of viewers gets a heartbeat at each
	roomTTL           time.Duration // how long a room without viewers is kept for those who come back
	recordTTL         time.Duration // how long a record is kept; the few who need an older one make it read again
	writeTimeout      time.Duration // a viewer that takes longer to accept a write is cut, and resumes
	maxAge            time.Duration // of a stream, give or take a fifth
	retryDelay        time.Duration // before a stream that could not start, or lists that failed, are tried again
	listsInterval     time.Duration // the shortest pause between two runs of the lists, and the longest run
	maxPause          time.Duration // the longest pause of the lists: a database that hung must not cost minutes afterwards
	leaveGrace        time.Duration // a page that is reloaded within it has not left
	typingTTL         time.Duration // how long somebody counts as typing after the last sign of it
	announceInterval  time.Duration // between two announcements that somebody is still present
	peerTTL           time.Duration // how long such an announcement of another process is believed
	presenceInterval  time.Duration // between two updates of who is present
	typingInterval    time.Duration // between two updates of who is typing
}

func defaultTimes() times {
	return times{
		queryTimeout:      5 * time.Second,
		sweepInterval:     15 * time.Second,
		downSweepInterval: time.Second,
		minSweepPause:     100 * time.Millisecond,
		lagTTL:            10 * time.Second,
		lagPause:          time.Second,
		beatInterval:      time.Second,
		roomTTL:           30 * time.Second,
		recordTTL:         2 * time.Minute,
		writeTimeout:      10 * time.Second,
		maxAge:            15 * time.Minute,
		retryDelay:        time.Second,
		listsInterval:     150 * time.Millisecond,
		maxPause:          5 * time.Second,
		leaveGrace:        5 * time.Second,
		typingTTL:         6 * time.Second,
		announceInterval:  time.Minute,
		peerTTL:           150 * time.Second,
		presenceInterval:  3 * time.Second,
		typingInterval:    300 * time.Millisecond,
	}
}
