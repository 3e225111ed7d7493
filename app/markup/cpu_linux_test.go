package markup

import (
	"syscall"
	"time"
)

// threadTime returns how long the processors have worked on this thread. Unlike a clock, it does not go on
// while other programs run.
func threadTime() time.Duration {
	const rusageThread = 1 // RUSAGE_THREAD of getrusage(2)
	var usage syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
