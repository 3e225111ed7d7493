package chat

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How fast one person may post, and search: T30 in docs/threats.md.
const (
	postsPerSecond = 5
	postsAtOnce    = 20
)

// userLimiter bounds how often each person does something through this process. It forgets people
// who have been quiet long enough to be allowed everything again, so it does not grow. A nil limiter
// allows everything.
type userLimiter struct {
	perSecond rate.Limit
	atOnce    int

	mu       sync.Mutex
	limiters map[uint64]*rate.Limiter
	swept    time.Time
}

func newUserLimiter(perSecond rate.Limit, atOnce int) *userLimiter {
	return &userLimiter{perSecond: perSecond, atOnce: atOnce, limiters: map[uint64]*rate.Limiter{}}
}

func (l *userLimiter) allow(user uint64, now time.Time) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > time.Minute {
		l.swept = now
		for u, limiter := range l.limiters {
			if limiter.TokensAt(now) >= float64(l.atOnce) {
				delete(l.limiters, u)
			}
		}
	}
	limiter := l.limiters[user]
	if limiter == nil {
		limiter = rate.NewLimiter(l.perSecond, l.atOnce)
		l.limiters[user] = limiter
	}
	return limiter.AllowN(now, 1)
}
