package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"parley/db"
)

// Guesses at secret links are limited like those at passwords, though nobody could guess 128 bits: each try costs a
// look-up.
const (
	linkWindow = time.Minute
	linkLimit  = 20 // links that lead nowhere, from one address
)

// FollowLink looks for what a secret link leads to. One that leads nowhere, for which find returns
// db.ErrNotFound, is counted like a guess: beyond the limit of an address nothing is looked up there, and the
// error is *Throttled.
func (a *Accounts) FollowLink(ctx context.Context, from netip.Addr, find func() error) error {
	guess, links := a.newAttempt(), counter{"guess/link/" + network(from), linkWindow}
	if err := guess.check(ctx, a.store, links, linkLimit); err != nil {
		return err
	}
	missed := find()
	if !errors.Is(missed, db.ErrNotFound) {
		return missed
	}
	err := a.store.Tx(ctx, func(tx *db.DB) error {
		guess.reset()
		return guess.count(ctx, tx, links, linkLimit)
	})
	if err != nil {
		return err
	}
	return missed
}
