package chat

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How fast one person may post: T30 in docs/threats.md.
const (
	postsPerSecond = 5
	postsAtOnce    = 20
)

// pace bounds how often each person does something through this process. It forgets whoever has been
// quiet long enough to be allowed everything again, so it does not grow.
type pace struct {
	perSecond rate.Limit
	atOnce    int

	mu     sync.Mutex
	people map[uint64]*rate.Limiter
	swept  time.Time
}

func newPace(perSecond rate.Limit, atOnce int) *pace {
	return &pace{perSecond: perSecond, atOnce: atOnce, people: map[uint64]*rate.Limiter{}}
}

func (p *pace) allow(user uint64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.swept) > time.Minute {
		p.swept = now
		for u, l := range p.people {
			if l.TokensAt(now) >= float64(p.atOnce) {
				delete(p.people, u)
			}
		}
	}
	l := p.people[user]
	if l == nil {
		l = rate.NewLimiter(p.perSecond, p.atOnce)
		p.people[user] = l
	}
	return l.AllowN(now, 1)
}
