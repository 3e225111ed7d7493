//go:build !linux

package markup

import "time"

var started = time.Now()

// threadTime is a clock where there is no time of a thread.
func threadTime() time.Duration { return time.Since(started) }
