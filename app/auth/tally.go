package auth

import (
	"context"
	"net/netip"
	"time"

	"parley/db"
)

// tally is what one attempt has counted so far, at one moment: what is given back must be
// taken from the window that it was put into.
type tally struct {
	at   time.Time
	hits []hit
}

type hit struct {
	key    string
	window time.Duration
}

func (a *Accounts) newTally() *tally { return &tally{at: a.now()} }

// clear starts over, because a transaction may be tried several times.
func (t *tally) clear() { t.hits = t.hits[:0] }

// hit counts one attempt, *Throttled when that is one too many. It belongs in a transaction:
// the refusal undoes what the same attempt had counted before, and the row's lock keeps
// parallel attempts from passing the limit together.
func (t *tally) hit(ctx context.Context, tx *db.DB, key string, window time.Duration, limit int) error {
	n, err := tx.CountUp(ctx, key, window, t.at)
	if err != nil {
		return err
	}
	if n > limit {
		return t.throttled(window)
	}
	t.hits = append(t.hits, hit{key, window})
	return nil
}

// throttled is the refusal until the window's end.
func (t *tally) throttled(window time.Duration) error {
	return &Throttled{RetryAfter: window - time.Duration(t.at.UnixNano()%int64(window))}
}

// giveBack undoes what was counted, also for a browser that has gone away meanwhile.
func (t *tally) giveBack(ctx context.Context, store *db.DB) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return store.Tx(ctx, func(tx *db.DB) error {
		for _, h := range t.hits {
			if err := tx.CountDown(ctx, h.key, h.window, t.at); err != nil {
				return err
			}
		}
		return nil
	})
}

// network names what counts as one address: a household gets a whole IPv6 /64.
func network(from netip.Addr) string {
	from = from.Unmap().WithZone("")
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	prefix, err := from.Prefix(bits)
	if err != nil || !from.IsValid() { // all that have no address count as one
		return "unknown"
	}
	return prefix.String()
}
