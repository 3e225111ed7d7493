package auth

import (
	"context"
	"net/netip"
	"time"

	"parley/app/netaddr"
	"parley/db"
)

// attempt keeps what was counted for one attempt, all at the same moment, because undo must decrement the
// same windows.
type attempt struct {
	at       time.Time
	counters []counter
}

type counter struct {
	key    string
	window time.Duration
}

func (a *Accounts) newAttempt() *attempt { return &attempt{at: a.now()} }

// reset starts over. Transactions call it first, because they may run several times.
func (a *attempt) reset() { a.counters = a.counters[:0] }

// count increments a counter, or returns *Throttled over its limit. It must run in a transaction: a
// refusal rolls back what the same attempt has counted so far, and the row's lock keeps parallel
// attempts from exceeding the limit together.
func (a *attempt) count(ctx context.Context, tx *db.DB, c counter, limit int) error {
	n, err := tx.CountUp(ctx, c.key, c.window, a.at)
	if err != nil {
		return err
	}
	if n > limit {
		return a.throttled(c.window)
	}
	a.counters = append(a.counters, c)
	return nil
}

// check returns *Throttled if a counter has reached its limit already. It only reads, so that refusing is
// cheaper than asking. Parallel attempts may all pass; count stops those.
func (a *attempt) check(ctx context.Context, store *db.DB, c counter, limit int) error {
	n, err := store.CountIn(ctx, c.key, c.window, a.at)
	if err == nil && n >= limit {
		return a.throttled(c.window)
	}
	return err
}

// throttled returns the refusal until the end of the current window.
func (a *attempt) throttled(window time.Duration) error {
	return &Throttled{RetryAfter: window - time.Duration(a.at.UnixNano()%int64(window))}
}

// undo decrements what was counted, even if the browser has disconnected.
func (a *attempt) undo(ctx context.Context, store *db.DB) error {
	if len(a.counters) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return store.Tx(ctx, func(tx *db.DB) error {
		for _, c := range a.counters {
			if err := tx.CountDown(ctx, c.key, c.window, a.at); err != nil {
				return err
			}
		}
		return nil
	})
}

// network returns what counts as one address.
func network(from netip.Addr) string {
	network := netaddr.Network(from)
	if !network.IsValid() { // all without an address count as one
		return "unknown"
	}
	return network.String()
}
