package bus

import (
	"log/slog"
	"time"
)

// NewFastRedis is NewRedis with a tenth of the intervals: what takes 6 s there takes 0.6 s here.
func NewFastRedis(url string, log *slog.Logger) (Bus, error) {
	return newRedis(url, log, intervals{
		heartbeatInterval: 200 * time.Millisecond,
		downAfter:         500 * time.Millisecond,
		peerTTL:           time.Second,
		publishTimeout:    100 * time.Millisecond,
		retryDelay:        50 * time.Millisecond,
	})
}
