package abuse

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"parley/db"
	"parley/e2e/rig"
)

// member is one of a crowd: somebody with an account, a password and a session.
type member struct{ name, cookie string }

// hashParams has the parameters of the program, so that a sign-in costs what it costs.
var hashParams = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// newToken returns the secret of a session as the program makes them.
func newToken() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // which never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// makeCrowd writes accounts with sessions straight into a database, before the program starts. They share one hash of
// rig.Password, because hashing is slow on purpose.
func makeCrowd(ctx context.Context, address string, size int) (crowd []member, err error) {
	store, err := db.Open(address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	hash, err := argon2id.CreateHash(rig.Password, &hashParams)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	return crowd, store.Tx(ctx, func(tx *db.DB) error {
		for i := range size {
			name, token := fmt.Sprint("stranger", i), newToken()
			u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: "UTC", CreatedAt: now}
			if err := tx.CreateUser(ctx, &u); err != nil {
				return err
			}
			sum := sha256.Sum256([]byte(token))
			if err := tx.CreateSession(ctx, &db.Session{TokenHash: hex.EncodeToString(sum[:]), UserID: u.ID, CreatedAt: now, SeenAt: now,
				ExpiresAt: now.Add(24 * time.Hour)}); err != nil {
				return err
			}
			crowd = append(crowd, member{name, "parley=" + token})
		}
		return nil
	})
}

// pairUp makes friends of some of the crowd, who need a room to send things to.
func (s *site) pairUp(ctx context.Context, people int) error {
	for n := 0; n < people; n += 2 {
		one, other := s.stranger(0, n).browser, s.stranger(0, n+1).browser
		if err := one.befriend(ctx, other); err != nil {
			return err
		}
		room, err := one.room(ctx, other.name)
		if err != nil {
			return err
		}
		s.crowdRooms[n], s.crowdRooms[n+1] = room, room
	}
	return nil
}
