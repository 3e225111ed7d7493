package rig

import (
	"os"
	"time"
)

// Limit returns how long something may take in a test that must take no longer than the given limit: five times as
// long, because the machine may be busy with anything else. With RIG_STRICT=1, on a machine that is not, it is the
// limit itself.
func Limit(limit time.Duration) time.Duration {
	if os.Getenv("RIG_STRICT") == "1" {
		return limit
	}
	return 5 * limit
}
