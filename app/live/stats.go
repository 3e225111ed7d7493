package live

import "sync/atomic"

// Stats counts what a hub went through since it started.
type Stats struct {
	SweepsThatFound atomic.Uint64               // entries that no bell had told of
	Gaps            atomic.Uint64               // reads that were not contiguous, and were made again
	Resets          [resetReasons]atomic.Uint64 // pages that were told to load again, by why
	SlowCut         atomic.Uint64               // viewers that took too long to take their bytes
	Panics          atomic.Uint64
	Delivered       atomic.Uint64 // entries written to viewers
}

// Reset is why a page was told to load again.
type Reset int

// The reasons for a reset.
const (
	OtherLog    Reset = iota // the room's log is another one: a backup was restored
	BadCursor                // no cursor, or one beyond the end of the log or from before the viewer's time
	FarBehind                // more was said meanwhile than is worth sending
	NotRendered              // what comes next could not be rendered, and must not be skipped
	OtherLocale              // the reader has chosen another language or time zone than the page is in
	resetReasons
)

func (r Reset) String() string {
	return [...]string{"other-log", "bad-cursor", "far-behind", "unshowable", "other-manner"}[r]
}

// AllResets are the reasons there are.
func AllResets() []Reset { return []Reset{OtherLog, BadCursor, FarBehind, NotRendered, OtherLocale} }
