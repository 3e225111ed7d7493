package live

import "sync/atomic"

// Stats counts what a hub went through since it started.
type Stats struct {
	SweepsThatFound atomic.Uint64 // entries that no bell had told of
	Gaps            atomic.Uint64 // reads that were not contiguous, and were made again
	Resets          atomic.Uint64 // pages that were told to load again
	SlowCut         atomic.Uint64 // viewers that took too long to take their bytes
	Panics          atomic.Uint64
	Delivered       atomic.Uint64 // entries written to viewers
}
