package live

import "sync/atomic"

// Stats counts what has happened in a hub since it started.
type Stats struct {
	SweepsThatFound atomic.Uint64               // rooms with entries that no signal had announced
	Gaps            atomic.Uint64               // reads that were not contiguous, and were repeated
	Resets          [resetReasons]atomic.Uint64 // pages that had to reload, by reason
	SlowCut         atomic.Uint64               // viewers that took too long to accept a write
	Panics          atomic.Uint64
	Delivered       atomic.Uint64 // entries written to viewers
}

// Reset is the reason why a page has to reload.
type Reset int

// The reasons for a reset.
const (
	OtherLog    Reset = iota // the room's log is another one: a backup was restored
	BadCursor                // no cursor, or one beyond the end of the log or from before the viewer's membership
	FarBehind                // more is missing than is worth sending
	NotRendered              // the next entry could not be rendered, and must not be skipped
	OtherLocale              // the user has chosen another language or time zone since the page was made
	OtherSpans               // the viewer may see another part of the log since an entry
	resetReasons
)

func (r Reset) String() string {
	return [...]string{"other-log", "bad-cursor", "far-behind", "not-rendered", "other-locale", "other-spans"}[r]
}

// AllResets returns every reason.
func AllResets() []Reset {
	return []Reset{OtherLog, BadCursor, FarBehind, NotRendered, OtherLocale, OtherSpans}
}
