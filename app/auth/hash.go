package auth

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// hashParams sets the cost of a hash: about 40 ms and 19 MiB. To raise it, change it here: stored
// hashes are replaced when their owners sign in.
func hashParams() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// dummyHash returns a hash with the current parameters that no password matches. Checking against it
// makes a guess at an account that does not exist take as long as any other.
func dummyHash() string {
	p := hashParams()
	zeros := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		p.Memory, p.Iterations, p.Parallelism, zeros(p.SaltLength), zeros(p.KeyLength))
}

// hash returns the hash of a password to store.
func (a *Accounts) hash(ctx context.Context, password string) (hash string, err error) {
	if busy := a.gate.do(ctx, func() { hash, err = argon2id.CreateHash(password, hashParams()) }); busy != nil {
		return "", busy
	}
	if err != nil {
		return "", fmt.Errorf("auth: hash a password: %w", err)
	}
	return hash, nil
}

// matches compares a password with a stored hash. outdated means that the hash has other parameters than
// the current ones.
func (a *Accounts) matches(ctx context.Context, password, hash string) (match, outdated bool, err error) {
	var p *argon2id.Params
	if busy := a.gate.do(ctx, func() { match, p, err = argon2id.CheckHash(password, hash) }); busy != nil {
		return false, false, busy
	}
	if err != nil {
		return false, false, fmt.Errorf("auth: check a password: %w", err)
	}
	return match, *p != *hashParams(), nil
}
