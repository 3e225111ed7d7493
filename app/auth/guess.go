package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"parley/db"
)

// Guesses of a password are bounded three ways. The third one looks at the account alone,
// or a thousand addresses could guess together; because it would let strangers lock the
// owner out, it spares the addresses from which the owner has signed in before, and one
// address can use up no more than a third of it.
const (
	pairWindow = time.Minute // one account from one address
	pairLimit  = 5

	addressWindow = time.Minute // all accounts from one address
	addressLimit  = 20

	accountWindow = 15 * time.Minute // one account from all addresses that it does not know
	accountLimit  = 15
	accountShare  = 5

	knownWindow = 90 * 24 * time.Hour // how long an address stays known, and half of it at least
)

// guess is one attempt at the password of one account from one address.
type guess struct {
	*tally
	account, address string
}

// newGuess names the account by a digest of what was typed, so that an account that does
// not exist is counted exactly like one that does.
func (a *Accounts) newGuess(from netip.Addr, username string) guess {
	sum := sha256.Sum256([]byte(foldUsername(username)))
	return guess{tally: a.newTally(), account: hex.EncodeToString(sum[:16]), address: network(from)}
}

// reserve counts a guess as failed before it is looked at; *Throttled when it may not be looked at.
func (g guess) reserve(ctx context.Context, store *db.DB) error {
	known, err := g.known(ctx, store)
	if err != nil {
		return err
	}
	return store.Tx(ctx, func(tx *db.DB) error {
		g.clear()
		if err := g.hit(ctx, tx, "guess/address/"+g.address, addressWindow, addressLimit); err != nil {
			return err
		}
		if err := g.hit(ctx, tx, "guess/pair/"+g.account+"/"+g.address, pairWindow, pairLimit); err != nil {
			return err
		}
		if known {
			return nil
		}
		return g.reserveAccount(ctx, tx)
	})
}

func (g guess) reserveAccount(ctx context.Context, tx *db.DB) error {
	share := "guess/share/" + g.account + "/" + g.address
	n, err := tx.CountUp(ctx, share, accountWindow, g.at)
	if err != nil {
		return err
	}
	g.hits = append(g.hits, hit{share, accountWindow})
	all := "guess/account/" + g.account
	if n <= accountShare {
		return g.hit(ctx, tx, all, accountWindow, accountLimit)
	}
	spent, err := tx.CountIn(ctx, all, accountWindow, g.at)
	if err == nil && spent >= accountLimit {
		return g.throttled(accountWindow)
	}
	return err
}

// marks are the two counters that remember an address. Their windows are half a window apart,
// so that a window's end never forgets everybody at once.
func (g guess) marks() map[string]time.Time {
	key := "known/" + g.account + "/" + g.address
	return map[string]time.Time{key: g.at, key + "/late": g.at.Add(knownWindow / 2)}
}

// known tells whether this account has signed in from this address before.
func (g guess) known(ctx context.Context, store *db.DB) (known bool, err error) {
	for key, at := range g.marks() {
		n, err := store.CountIn(ctx, key, knownWindow, at)
		if err != nil {
			return false, err
		}
		known = known || n > 0 // both are always read: the same work for everyone
	}
	return known, nil
}

// succeed takes the guess back, since it was none, and remembers the address.
func (g guess) succeed(ctx context.Context, store *db.DB) error {
	if err := g.giveBack(ctx, store); err != nil {
		return err
	}
	for key, at := range g.marks() {
		n, err := store.CountIn(ctx, key, knownWindow, at)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if _, err := store.CountUp(ctx, key, knownWindow, at); err != nil {
			return err
		}
	}
	return nil
}
