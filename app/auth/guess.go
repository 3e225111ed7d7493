package auth

import (
	"context"
	"net/netip"
	"time"

	"parley/db"
)

// Guesses of a password have three limits. The third is per account, because a thousand addresses
// could guess together. So that strangers cannot lock the owner out with it, it does not apply to
// addresses from which the owner has signed in before, and one address can use up at most a third
// of it.
const (
	pairWindow = time.Minute // one account from one address
	pairLimit  = 5

	addressWindow = time.Minute // all accounts from one address
	addressLimit  = 20

	accountWindow = 15 * time.Minute // one account from all addresses not known to it
	accountLimit  = 15
	accountShare  = 5

	knownWindow = 90 * 24 * time.Hour // an address stays known for between half of this and all of it
)

// guess is one attempt at the password of one account from one address.
type guess struct {
	*attempt
	account, address string
	known            bool // the account has signed in from this address before
}

// newGuess identifies the account by a digest of the typed name, so that guesses at an account that
// does not exist count just like others.
func (a *Accounts) newGuess(from netip.Addr, username string) guess {
	return guess{attempt: a.newAttempt(), account: nameDigest(username), address: network(from)}
}

// nameDigest returns what counters have in place of a name.
func nameDigest(username string) string {
	return digest(foldUsername(username))
}

// admit returns *Throttled or ErrBusy if a guess must not be made, and counts it otherwise. Refusing costs no
// write: 500 sign-ins at once would keep everybody waiting who has something to write. The caller calls
// leave once the password is checked.
func (a *Accounts) admit(ctx context.Context, g *guess) (leave func(), err error) {
	err = a.gate.look(ctx, func() (err error) {
		if g.known, err = g.isKnown(ctx, a.store); err != nil {
			return err
		}
		return g.checkAll(ctx, a.store)
	})
	if err != nil {
		return nil, err
	}
	if leave, err = a.gate.admit(); err != nil {
		return nil, err
	}
	if err := g.reserve(ctx, a.store); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// checkAll is check for all counters of the guess.
func (g guess) checkAll(ctx context.Context, store *db.DB) error {
	if err := g.check(ctx, store, g.ofAddress(), addressLimit); err != nil {
		return err
	}
	if err := g.check(ctx, store, g.ofPair(), pairLimit); err != nil || g.known {
		return err
	}
	return g.check(ctx, store, g.ofAccount(), accountLimit)
}

func (g guess) ofAddress() counter { return counter{"guess/address/" + g.address, addressWindow} }
func (g guess) ofPair() counter {
	return counter{"guess/pair/" + g.account + "/" + g.address, pairWindow}
}
func (g guess) ofAccount() counter { return counter{"guess/account/" + g.account, accountWindow} }

// reserve counts the guess as failed before the password is checked. It returns *Throttled over the
// limit, and then the password must not be checked.
func (g guess) reserve(ctx context.Context, store *db.DB) error {
	return store.Tx(ctx, func(tx *db.DB) error {
		g.reset()
		if err := g.count(ctx, tx, g.ofAddress(), addressLimit); err != nil {
			return err
		}
		if err := g.count(ctx, tx, g.ofPair(), pairLimit); err != nil {
			return err
		}
		if g.known {
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
	g.counters = append(g.counters, counter{share, accountWindow})
	if n <= accountShare {
		return g.count(ctx, tx, g.ofAccount(), accountLimit)
	}
	return g.check(ctx, tx, g.ofAccount(), accountLimit)
}

// knownCounters returns the two counters that remember an address, and the times to use for them.
// Their windows overlap by half, so that the end of one never forgets everybody at once.
func (g guess) knownCounters() map[string]time.Time {
	key := "known/" + g.account + "/" + g.address
	return map[string]time.Time{key: g.at, key + "/late": g.at.Add(knownWindow / 2)}
}

// isKnown reports whether this account has signed in from this address before.
func (g guess) isKnown(ctx context.Context, store *db.DB) (known bool, err error) {
	for key, at := range g.knownCounters() {
		n, err := store.CountIn(ctx, key, knownWindow, at)
		if err != nil {
			return false, err
		}
		known = known || n > 0 // always reads both: the same work for everyone
	}
	return known, nil
}

// succeed undoes the count of a right password, and remembers the address.
func (g guess) succeed(ctx context.Context, store *db.DB) error {
	if err := g.undo(ctx, store); err != nil {
		return err
	}
	for key, at := range g.knownCounters() {
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
