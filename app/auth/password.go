package auth

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// strength is what one hash costs: about 40 ms and 19 MiB. Raising it is enough: an account
// is hashed anew when its owner signs in.
func strength() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobodysHash looks like a hash of today's strength that no password has. Guessing at an
// account that does not exist then takes as long as at one that does.
func nobodysHash() string {
	p := strength()
	zeros := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		p.Memory, p.Iterations, p.Parallelism, zeros(p.SaltLength), zeros(p.KeyLength))
}

// hash makes what is stored of a password.
func (a *Accounts) hash(ctx context.Context, password string) (hash string, err error) {
	if busy := a.hashes.do(ctx, func() { hash, err = argon2id.CreateHash(password, strength()) }); busy != nil {
		return "", busy
	}
	if err != nil {
		return "", fmt.Errorf("auth: hash a password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a stored hash; old says that the hash has another strength than today's.
func (a *Accounts) matches(ctx context.Context, password, hash string) (match, old bool, err error) {
	var p *argon2id.Params
	if busy := a.hashes.do(ctx, func() { match, p, err = argon2id.CheckHash(password, hash) }); busy != nil {
		return false, false, busy
	}
	if err != nil {
		return false, false, fmt.Errorf("auth: check a password: %w", err)
	}
	return match, *p != *strength(), nil
}
