package auth

import (
	"context"
	"encoding/json"
	"net/netip"
	"time"

	"parley/app/sso"
	"parley/db"
)

// VisitTime is how long a visit to a provider may take, and then the choice of a name.
const VisitTime = 15 * time.Minute

const (
	visitWindow = time.Minute
	visitLimit  = 30 // visits that begin at one address
)

// Visit is what is remembered of a browser that is at a provider.
type Visit struct {
	Provider string
	Step     sso.Step
	Next     string // the page to go to afterwards
	User     uint64 // who was signed in when it began; 0 for nobody
}

// BeginVisit stores a visit, and returns the token for the cookie that binds it to a browser.
func (a *Accounts) BeginVisit(ctx context.Context, from netip.Addr, v Visit) (token string, err error) {
	if a.options.Limits {
		if err := a.countOne(ctx, counter{"visit/" + network(from), visitWindow}, visitLimit); err != nil {
			return "", err
		}
	}
	return a.remember(ctx, forVisit, v.User, v)
}

// countOne counts one use of something that an address may do only so often.
func (a *Accounts) countOne(ctx context.Context, c counter, limit int) error {
	attempt := a.newAttempt()
	if err := attempt.check(ctx, a.store, c, limit); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		return attempt.count(ctx, tx, c, limit)
	})
}

// remember stores what belongs to whoever has the token that it returns.
func (a *Accounts) remember(ctx context.Context, what string, user uint64, value any) (token string, err error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	token, _, err = a.beginByToken(ctx, what, user, string(data), VisitTime)
	return token, err
}

// EndVisit returns the visit that an answer belongs to, once. It returns ErrNoSession if the answer is not for the
// visit of this browser to this provider; an answer that somebody else has made up ends no visit.
func (a *Accounts) EndVisit(ctx context.Context, token, provider string, answer sso.Answer) (v Visit, err error) {
	c, err := a.byToken(ctx, forVisit, token)
	if err != nil {
		return v, err
	}
	if json.Unmarshal([]byte(c.Data), &v) != nil || v.Provider != provider || !answer.IsOf(v.Step) {
		return Visit{}, ErrNoSession
	}
	return v, a.take(ctx, c)
}
