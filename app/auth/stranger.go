package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"parley/app/sso"
	"parley/app/text"
	"parley/db"
)

// shownName returns what the owner of an identity knows it by.
func shownName(p sso.Person) string {
	for _, name := range []string{p.Username, p.Name, p.Subject} {
		if name, err := text.Name(text.First(name, displayRunes), displayRunes); err == nil {
			return name
		}
	}
	return "?"
}

const (
	maxIdentities = 10 // of one person
	proposals     = 9  // names that are tried for a newcomer
)

// Stranger is somebody whom a provider vouches for and whose identity belongs to no account yet.
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

// Propose returns a username that is free and a display name for a stranger; "" where the provider has none that is
// suitable.
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

// settle makes a stranger the owner of an account, once, within the transaction that creates it or finds it, and audits which
// of the two it is.
func (a *Accounts) settle(ctx context.Context, tx *db.DB, s Stranger, user uint64, action db.AuditAction) (db.Identity, error) {
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
	if err == nil {
		err = tx.AddAudit(ctx, &db.AuditEntry{At: now, ActorID: user, Action: action, UserID: user, Detail: i.Issuer})
	}
	return i, err
}

// Connect links a stranger to an existing account. Nothing that the provider says about a name or an address is enough:
// it takes the password, and a code where there is an app. If somebody is signed in, me, no username is needed.
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
		if i, err = a.settle(ctx, tx, s, u.ID, db.AuditIdentityOn); err != nil {
			return err
		}
		return tx.SetNotice(ctx, u.ID, db.NoticeIDAdded, a.now())
	})
	return u, i, err
}
