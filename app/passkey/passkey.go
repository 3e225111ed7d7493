// Package passkey makes and checks the two ceremonies of WebAuthn: a browser makes a passkey, and uses one. It
// knows neither a database nor HTTP. What a ceremony has to remember from its beginning to its end is returned
// as a text to store; the options for the browser and its response are JSON.
//
// A passkey is used with a fingerprint, a face, a PIN or the like (user verification), so it is two factors in
// one: something that somebody has, and something that they are or know.
package passkey

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// ErrRefused means that an answer does not prove what it should. It has no details: they would repeat what came
// from a browser.
var ErrRefused = errors.New("passkey: refused")

const maxAnswer = 16 << 10 // bytes; real ones have one or two thousand

// Site is a server as browsers know it. Passkeys belong to its host.
type Site struct{ name, host, origin string }

// At returns the site of an origin. Ok is false where browsers have no passkeys: they need https, or localhost,
// and a name instead of an address.
func At(origin *url.URL, name string) (s Site, ok bool) {
	host := origin.Hostname()
	_, notAddress := netip.ParseAddr(strings.Trim(host, "[]"))
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	ok = host != "" && notAddress != nil && (origin.Scheme == "https" || local)
	return Site{name: name, host: host, origin: origin.String()}, ok
}

// Owner is whose passkeys they are.
type Owner struct {
	ID                    uint64
	Username, DisplayName string
	Keys                  []string // as New and Used return them
}

// Key is a passkey to store.
type Key struct {
	Hash  string // of its id, by which it is found
	Text  string
	Count uint32 // of its uses; 0 if it does not count
}

func (s Site) library() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID: s.host, RPDisplayName: s.name, RPOrigins: []string{s.origin},
		AttestationPreference: protocol.PreferNoAttestation, // the server does not ask what device it is
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
}

// BeginNew returns the options with which a browser makes a passkey, and what New has to know.
func (s Site) BeginNew(o Owner) (options, state string, err error) {
	library, err := s.library()
	if err != nil {
		return "", "", err
	}
	u, err := userOf(o)
	if err != nil {
		return "", "", err
	}
	creation, session, err := library.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.keys).CredentialDescriptors()))
	if err != nil {
		return "", "", err
	}
	return texts(creation.Response, session)
}

// New returns the passkey that a browser has made, or ErrRefused.
func (s Site) New(o Owner, state, answer string) (Key, error) {
	library, session, err := s.resume(state, answer)
	if err != nil {
		return Key{}, err
	}
	u, err := userOf(o)
	if err != nil {
		return Key{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return Key{}, ErrRefused
	}
	made, err := library.CreateCredential(u, session, parsed)
	if err != nil {
		return Key{}, ErrRefused
	}
	made.Attestation = webauthn.CredentialAttestation{} // which says what device it is, and nobody asks
	return keyOf(made)
}

// BeginUse returns the options with which a browser uses a passkey, whoever its owner is, and what Used has to know.
func (s Site) BeginUse() (options, state string, err error) {
	library, err := s.library()
	if err != nil {
		return "", "", err
	}
	assertion, session, err := library.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", "", err
	}
	return texts(assertion.Response, session)
}

// Used returns whose passkey a browser has used, and the passkey as it is to be stored now, or ErrRefused. find
// returns the owner of an id, with their passkeys; what it returns as an error, Used returns.
func (s Site) Used(state, answer string, find func(owner uint64) (Owner, error)) (owner uint64, k Key, err error) {
	library, session, err := s.resume(state, answer)
	if err != nil {
		return 0, Key{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil || len(parsed.Response.UserHandle) != 8 {
		return 0, Key{}, ErrRefused
	}
	owner = binary.BigEndian.Uint64(parsed.Response.UserHandle)
	o, err := find(owner)
	if err != nil {
		return 0, Key{}, err
	}
	u, err := userOf(o)
	if err != nil {
		return 0, Key{}, err
	}
	used, err := library.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return u, nil }, session, parsed)
	if err != nil || used.Authenticator.CloneWarning {
		return 0, Key{}, ErrRefused
	}
	k, err = keyOf(used)
	return owner, k, err
}

// resume returns the library and what it has remembered. A ceremony that was begun for another host does not go on.
func (s Site) resume(state, answer string) (*webauthn.WebAuthn, webauthn.SessionData, error) {
	var session webauthn.SessionData
	if len(answer) > maxAnswer {
		return nil, session, ErrRefused
	}
	if err := json.Unmarshal([]byte(state), &session); err != nil {
		return nil, session, errors.New("passkey: a stored ceremony is invalid")
	}
	library, err := s.library()
	if err == nil && session.RelyingPartyID != s.host {
		err = ErrRefused
	}
	return library, session, err
}

// texts returns the options for the browser and the state to store, both as JSON.
func texts(options any, session *webauthn.SessionData) (forBrowser, state string, err error) {
	a, err := json.Marshal(options)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(session)
	return string(a), string(b), err
}

func keyOf(c *webauthn.Credential) (Key, error) {
	text, err := json.Marshal(c)
	sum := sha256.Sum256(c.ID)
	return Key{Hash: hex.EncodeToString(sum[:]), Text: string(text), Count: c.Authenticator.SignCount}, err
}

// user is an Owner as the library asks for it.
type user struct {
	owner Owner
	keys  []webauthn.Credential
}

func userOf(o Owner) (user, error) {
	u := user{owner: o, keys: make([]webauthn.Credential, len(o.Keys))}
	for i, text := range o.Keys {
		if err := json.Unmarshal([]byte(text), &u.keys[i]); err != nil {
			return user{}, errors.New("passkey: a stored passkey is invalid")
		}
	}
	return u, nil
}

// WebAuthnID returns what a passkey says of its owner: the number of the account, and no name.
func (u user) WebAuthnID() []byte { return binary.BigEndian.AppendUint64(nil, u.owner.ID) }

// WebAuthnName returns what the browser shows where passkeys are chosen.
func (u user) WebAuthnName() string { return u.owner.Username }

// WebAuthnDisplayName returns the same for browsers that show names of people.
func (u user) WebAuthnDisplayName() string { return u.owner.DisplayName }

// WebAuthnCredentials returns the passkeys of the owner.
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.keys }
