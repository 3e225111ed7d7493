package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/netip"

	"parley/db"
)

// newToken returns 256 random bits for an address or a cookie.
func newToken() (string, error) {
	secret := make([]byte, tokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(secret), nil
}

// tokenOf derives the token of a link from that of the session which makes it. So the page after a redirect can
// show the link, although only its hash is stored: to this session, and nobody else can tell it from random.
func tokenOf(session, purpose, salt string) string {
	mac := hmac.New(sha256.New, []byte(session))
	mac.Write([]byte(purpose + " " + salt))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// isToken reports whether a text can be a token, so that nothing else is looked up.
func isToken(text string) bool {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(secret) == tokenBytes && len(text) == base64.RawURLEncoding.EncodedLen(tokenBytes)
}

// lookUpLink is FollowLink for a link of this package. It returns ErrNoLink if find does not find it.
func (a *Accounts) lookUpLink(ctx context.Context, from netip.Addr, token string, find func() (found bool, err error)) error {
	err := a.FollowLink(ctx, from, func() error {
		if isToken(token) {
			if found, err := find(); err != nil || found {
				return err
			}
		}
		return db.ErrNotFound
	})
	if errors.Is(err, db.ErrNotFound) {
		return ErrNoLink
	}
	return err
}
