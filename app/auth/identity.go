package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/app/sso"
	"parley/app/text"
	"parley/db"
)

const (
	visitTime     = 15 * time.Minute // to sign in at a provider, or afterwards to choose a name
	visitWindow   = time.Minute
	visitLimit    = 30 // visits that begin at one address
	logoutWindow  = time.Minute
	logoutLimit   = 20               // logout tokens from one address that are not valid; each may cost a request to the provider
	vouchedTime   = 10 * time.Minute // for how long a sign-in at a provider stands in for the password of who has none
	maxIdentities = 10               // of one person
	proposals     = 9                // names that are tried for a newcomer
)

// What a challenge is for.
const (
	forVisit    = "visit"    // a browser is at a provider
	forNewcomer = "newcomer" // a provider vouches for somebody whom no account belongs to yet
	forLogout   = "logout"   // a logout token that was used
)

var (
	// ErrNoIdentity means that no account belongs to whom a provider vouches for.
	ErrNoIdentity = errors.New("auth: no account with this identity")
	// ErrIdentityTaken means that an account has an identity already.
	ErrIdentityTaken = errors.New("auth: the identity belongs to an account")
	// ErrTooManyIdentities means that somebody has all that one person may have.
	ErrTooManyIdentities = errors.New("auth: too many identities")
	// ErrLastWay means that nothing would be left with which somebody could sign in.
	ErrLastWay = errors.New("auth: it is the last way in")
	// ErrNotVouched means that somebody without a password has to sign in at their provider once more.
	ErrNotVouched = errors.New("auth: no provider has vouched for them just now")
	// ErrPasswordsOff means that people sign in by providers alone.
	ErrPasswordsOff = errors.New("auth: passwords are off")
	// ErrUsed means that a logout token was used before.
	ErrUsed = errors.New("auth: the token was used before")
)

// Visit is what is remembered of a browser that is at a provider.
type Visit struct {
	Provider string
	Step     sso.Step
	Next     string // the page to go to afterwards
	User     uint64 // who was signed in when it began; 0 for nobody
}

// BeginVisit stores a visit, and returns the token for the cookie that binds it to a browser.
func (a *Accounts) BeginVisit(ctx context.Context, from netip.Addr, v Visit) (token string, err error) {
	if a.options.Limits {
		if err := a.countOne(ctx, counter{"visit/" + network(from), visitWindow}, visitLimit); err != nil {
			return "", err
		}
	}
	return a.remember(ctx, forVisit, v.User, v)
}

// countOne counts one of what an address may do so often.
func (a *Accounts) countOne(ctx context.Context, c counter, limit int) error {
	attempt := a.newAttempt()
	if err := attempt.check(ctx, a.store, c, limit); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		return attempt.count(ctx, tx, c, limit)
	})
}

// remember stores what belongs to whoever has the token that it returns.
func (a *Accounts) remember(ctx context.Context, what string, user uint64, value any) (token string, err error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	if token, err = newToken(); err != nil {
		return "", err
	}
	now := a.now()
	c := db.Challenge{Name: what + "/" + hashToken(token), UserID: user, Data: string(data), CreatedAt: now, ExpiresAt: now.Add(visitTime)}
	err = a.store.CreateChallenge(ctx, &c)
	if err == nil && user != 0 {
		err = a.store.DeleteChallengesBeyond(ctx, user, maxChallenges)
	}
	return token, err
}

// EndVisit returns the visit that an answer belongs to, once. It returns ErrNoSession if the answer is not one to the visit of
// this browser to this provider; an answer that somebody else has made up ends no visit.
func (a *Accounts) EndVisit(ctx context.Context, token, provider string, answer sso.Answer) (v Visit, err error) {
	c, err := a.byToken(ctx, forVisit, token)
	if err != nil {
		return v, err
	}
	if json.Unmarshal([]byte(c.Data), &v) != nil || v.Provider != provider || !answer.IsOf(v.Step) {
		return Visit{}, ErrNoSession
	}
	return v, a.take(ctx, c)
}

// Origin is how a session was begun, besides with a password.
type Origin struct {
	Passkey  bool
	Identity uint64 // whom a provider vouched for
	SIDHash  string // of the provider's own session
}

// OriginOf returns how the session is begun of somebody whom a provider vouches for.
func OriginOf(i db.Identity, p sso.Person) Origin {
	return Origin{Identity: i.ID, SIDHash: sidHash(p.Issuer, p.Session)}
}

func identityHash(issuer, subject string) string { return hashToken(issuer + "\x00" + subject) }

func sidHash(issuer, session string) string {
	if session == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(issuer + "\x00session\x00" + session))
	return hex.EncodeToString(sum[:])
}

// Identify returns whose account it is that a provider vouches for, or ErrNoIdentity.
func (a *Accounts) Identify(ctx context.Context, p sso.Person) (u db.User, i db.Identity, err error) {
	i, err = a.store.IdentityByHash(ctx, identityHash(p.Issuer, p.Subject))
	if err == nil {
		u, err = a.store.UserByID(ctx, i.UserID)
	}
	if errors.Is(err, db.ErrNotFound) || err == nil && a.isGone(u) {
		return db.User{}, db.Identity{}, ErrNoIdentity
	}
	if err == nil {
		err = a.store.UseIdentity(ctx, i.ID, shownName(p), a.now())
	}
	return u, i, err
}

// shownName returns what the owner of an identity knows it by.
func shownName(p sso.Person) string {
	for _, name := range []string{p.Username, p.Name, p.Subject} {
		if name, err := text.Name(text.First(name, displayRunes), displayRunes); err == nil {
			return name
		}
	}
	return "?"
}

// Stranger is somebody whom a provider vouches for and no account belongs to.
type Stranger struct {
	Provider  string
	Person    sso.Person
	Next      string
	challenge db.Challenge
}

// Name returns what a stranger is called at the provider.
func (s Stranger) Name() string { return shownName(s.Person) }

// MeetStranger remembers a stranger until they have an account, and returns a token for their browser.
func (a *Accounts) MeetStranger(ctx context.Context, s Stranger) (token string, err error) {
	return a.remember(ctx, forNewcomer, 0, s)
}

// Stranger returns who has a token, or ErrNoSession.
func (a *Accounts) Stranger(ctx context.Context, token string) (s Stranger, err error) {
	c, err := a.byToken(ctx, forNewcomer, token)
	if err == nil && json.Unmarshal([]byte(c.Data), &s) != nil {
		err = ErrNoSession
	}
	s.challenge = c
	return s, err
}

// ForgetStranger ends what a token was for.
func (a *Accounts) ForgetStranger(ctx context.Context, s Stranger) error {
	_, err := a.store.TakeChallenge(ctx, s.challenge.ID)
	return err
}

// Propose returns a username that is free and a display name for a stranger; "" where the provider has none that is fit.
func (a *Accounts) Propose(ctx context.Context, s Stranger) (username, displayName string, err error) {
	displayName, _ = DisplayName(text.First(s.Person.Name, displayRunes))
	base := proposalOf(s.Person.Username)
	if base == "" {
		base = proposalOf(s.Person.Name)
	}
	for n := 1; base != "" && n <= proposals; n++ {
		name := base
		if n > 1 {
			suffix := strconv.Itoa(n)
			name = strings.TrimRight(base[:min(len(base), 32-len(suffix))], ".-_") + suffix
		}
		if name, flaw := newUsername(name); flaw == "" {
			free, err := a.isFree(ctx, name)
			if free || err != nil {
				return name, displayName, err
			}
		}
	}
	return "", displayName, nil
}

// proposalOf turns a name, or what is before the @ of an address, into one that a username can be.
func proposalOf(name string) string {
	name, _, _ = strings.Cut(name, "@")
	var b strings.Builder
	for _, r := range text.First(foldUsername(name), 64) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '.':
			b.WriteRune(r)
		case r > '~': // what looks like a letter may be another one: people choose the spelling themselves
			return ""
		default:
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), ".-_")
	return strings.TrimRight(base[:min(len(base), 32)], ".-_")
}

func (a *Accounts) isFree(ctx context.Context, name string) (bool, error) {
	_, err := a.store.UserByName(ctx, name)
	if !errors.Is(err, db.ErrNotFound) {
		return false, err
	}
	held, err := a.isHeld(ctx, name)
	return !held && err == nil, err
}

// settle makes a stranger the owner of an account, once, within the transaction that creates it or finds it.
func (a *Accounts) settle(ctx context.Context, tx *db.DB, s Stranger, user uint64) (db.Identity, error) {
	took, err := tx.TakeChallenge(ctx, s.challenge.ID)
	if err == nil && !took {
		err = ErrNoSession
	}
	if err != nil {
		return db.Identity{}, err
	}
	now := a.now()
	i := db.Identity{UserID: user, KeyHash: identityHash(s.Person.Issuer, s.Person.Subject), Issuer: text.First(s.Person.Issuer, 255), Name: s.Name(), CreatedAt: now, UsedAt: &now}
	err = tx.AddIdentity(ctx, &i)
	if errors.Is(err, db.ErrDuplicate) {
		err = ErrIdentityTaken
	}
	return i, err
}

// Connect links a stranger to an account that there is. Nothing that the provider says of a name or an address is enough: it
// takes the password, and a code where there is an app. Of somebody who is signed in, me, no username is needed.
func (a *Accounts) Connect(ctx context.Context, from netip.Addr, s Stranger, me db.User, session uint64, username, password, code string) (u db.User, i db.Identity, err error) {
	if u = me; me.ID == 0 {
		u, err = a.checkPassword(ctx, from, username, password)
	} else {
		err = a.ConfirmPassword(ctx, me, password, session)
	}
	if err != nil {
		return u, i, err
	}
	has, err := a.store.HasSecondFactor(ctx, u.ID)
	if err == nil && has {
		err = a.checkCode(ctx, u.ID, code)
	}
	if err != nil {
		return u, i, err
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, u.ID); err != nil {
			return err
		}
		list, err := tx.IdentitiesOf(ctx, u.ID)
		if err == nil && len(list) >= maxIdentities {
			err = ErrTooManyIdentities
		}
		if err != nil {
			return err
		}
		if i, err = a.settle(ctx, tx, s, u.ID); err != nil {
			return err
		}
		return tx.SetNotice(ctx, u.ID, db.NoticeIDAdded, a.now())
	})
	return u, i, err
}

// Identities lists somebody's identities, oldest first.
func (a *Accounts) Identities(ctx context.Context, me db.User) ([]db.Identity, error) {
	return a.store.IdentitiesOf(ctx, me.ID)
}

// RemoveIdentity removes one of somebody's identities, unless it is their last way in: ErrLastWay. It returns db.ErrNotFound if it
// is not theirs.
func (a *Accounts) RemoveIdentity(ctx context.Context, me db.User, id uint64) error {
	return a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		u, err := tx.UserByID(ctx, me.ID)
		if err != nil {
			return err
		}
		list, err := tx.IdentitiesOf(ctx, me.ID)
		if err != nil {
			return err
		}
		keys, err := tx.PasskeysOf(ctx, me.ID)
		if err != nil {
			return err
		}
		mine := slices.ContainsFunc(list, func(i db.Identity) bool { return i.ID == id })
		if mine && len(list) == 1 && (a.options.PasswordsOff || u.PasswordHash == "" && len(keys) == 0) {
			return ErrLastWay
		}
		if err := found(tx.DeleteIdentity(ctx, me.ID, id)); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeIDRemoved, a.now())
	})
}

// StartVouched is StartSession for somebody whom a provider vouches for. It asks for a code where there is an app: who gets hold
// of an account at the provider has not got into this one.
func (a *Accounts) StartVouched(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	return a.startSession(ctx, u, o, userAgent)
}

// CreateVouched is CreateSession for somebody whom a provider vouches for and who has given a code, or needs none.
func (a *Accounts) CreateVouched(ctx context.Context, u db.User, o Origin, userAgent string) (token string, s db.Session, err error) {
	return a.createSession(ctx, u, o, userAgent)
}

// Vouch notes that a provider has made sure who uses a session.
func (a *Accounts) Vouch(ctx context.Context, session uint64, o Origin) error {
	return a.store.SetVouched(ctx, session, o.Identity, o.SIDHash, a.now())
}

// IsVouched reports whether a provider has vouched just now for who uses a session.
func (a *Accounts) IsVouched(s db.Session) bool {
	return s.VouchedAt != nil && a.now().Sub(*s.VouchedAt) < vouchedTime
}

// confirmVouched is confirm for somebody without a password.
func (a *Accounts) confirmVouched(ctx context.Context, me db.User, session uint64) error {
	list, err := a.store.SessionsOf(ctx, me.ID)
	if err == nil && !slices.ContainsFunc(list, func(s db.Session) bool { return s.ID == session && a.IsVouched(s) }) {
		err = ErrNotVouched
	}
	return err
}

// CheckLogouts returns *Throttled for an address that has sent too many logout tokens that were not valid.
func (a *Accounts) CheckLogouts(ctx context.Context, from netip.Addr) error {
	return a.newAttempt().check(ctx, a.store, logoutsOf(from), logoutLimit)
}

// CountBadLogout counts one of those.
func (a *Accounts) CountBadLogout(ctx context.Context, from netip.Addr) error {
	return a.countOne(ctx, logoutsOf(from), logoutLimit)
}

func logoutsOf(from netip.Addr) counter { return counter{"logout/" + network(from), logoutWindow} }

// LogOut ends the sessions that a provider has vouched for and that have ended there, and returns them. It returns ErrUsed for a
// token that was used before.
func (a *Accounts) LogOut(ctx context.Context, issuer string, l sso.Logout) (ended []uint64, err error) {
	now := a.now()
	err = a.store.CreateChallenge(ctx, &db.Challenge{Name: forLogout + "/" + identityHash(issuer, l.ID), Data: "", CreatedAt: now, ExpiresAt: l.ExpiresAt})
	if errors.Is(err, db.ErrDuplicate) {
		return nil, ErrUsed
	}
	if err != nil {
		return nil, err
	}
	var i db.Identity
	if l.Subject != "" {
		if i, err = a.store.IdentityByHash(ctx, identityHash(issuer, l.Subject)); err != nil && !errors.Is(err, db.ErrNotFound) {
			return nil, err
		}
	}
	if i.UserID != 0 { // or a sign-in that lacks its code would end in a session
		if err := a.store.DeleteChallengesOf(ctx, i.UserID); err != nil {
			return nil, err
		}
	}
	return a.store.DeleteSessionsVouched(ctx, i.ID, sidHash(issuer, l.Session))
}
