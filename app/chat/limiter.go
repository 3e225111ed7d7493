package chat

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/db"
)

// How fast one person may post, and search: T30 in docs/threats.md.
const (
	postsPerSecond = 5
	postsAtOnce    = 20
)

// Later is a refusal that ends by itself.
type Later struct { //nolint:errname // a refusal, which reads better without the suffix
	Reason     error
	RetryAfter time.Duration
}

func (l *Later) Error() string { return l.Reason.Error() }

func (l *Later) Unwrap() error { return l.Reason }

// countToday counts something that a person does, n times at once, over all processes. It must run in a
// transaction: more than most in a day is *Later, and what was counted is undone with the rest.
func (c *Chat) countToday(ctx context.Context, tx *db.DB, what string, me db.User, n, most int, reason error) error {
	const day = 24 * time.Hour
	now := c.now()
	today, err := tx.CountUpBy(ctx, userKey(what, me.ID), n, day, now)
	if err == nil && today > most {
		return &Later{Reason: reason, RetryAfter: day - time.Duration(now.UnixNano()%int64(day))}
	}
	return err
}

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
