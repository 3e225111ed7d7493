package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/mail"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"parley/db"
)

// ErrBadAddress means that a text is no e-mail address.
var ErrBadAddress = errors.New("auth: no e-mail address")

const (
	forgotWindow   = 15 * time.Minute // requests for a link, whatever the name
	forgotLimit    = 10               // from one address
	mailWindow     = time.Hour        // requests for one name, from anywhere
	mailLimit      = 3
	confirmWindow  = 24 * time.Hour // confirmations of addresses
	addressesOfOne = 5              // that one person asks for
	askedOfAddress = 3              // that are sent to one address, no matter who asks

	maxAddress = 254
)

// MailAddress returns the confirmed address of a person, "" if there is none.
func (a *Accounts) MailAddress(ctx context.Context, user db.User) (string, error) {
	return a.store.MailAddressOf(ctx, user.ID)
}

// AskAddress makes the token of a link that confirms an e-mail address when it is opened; the caller mails it
// there. It asks for the password, or the thief of a session could have links for a new one sent to them.
func (a *Accounts) AskAddress(ctx context.Context, me db.User, current string, session uint64, typed string) (address, token string, err error) {
	address, ok := parseAddress(typed)
	if !ok {
		return "", "", ErrBadAddress
	}
	if err := a.ConfirmPassword(ctx, me, current, session); err != nil {
		return "", "", err
	}
	attempt := a.newAttempt()
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		if err := attempt.count(ctx, tx, counter{"address/of/" + strconv.FormatUint(me.ID, 10), confirmWindow}, addressesOfOne); err != nil {
			return err
		}
		return attempt.count(ctx, tx, counter{"address/to/" + digest(strings.ToLower(address)), confirmWindow}, askedOfAddress)
	})
	if err != nil {
		return "", "", err
	}
	if token, err = newToken(); err != nil {
		return "", "", err
	}
	l := db.AccountLink{TokenHash: hashToken(token), Kind: db.LinkAddress, UserID: me.ID, Address: address, CreatedAt: a.now(), ExpiresAt: a.now().Add(addressLife)}
	return address, token, a.store.ReplaceLink(ctx, &l, 0)
}

// RemoveAddress forgets the address of a person, and returns it; "" if there was none. Errors are those of
// ConfirmPassword.
func (a *Accounts) RemoveAddress(ctx context.Context, me db.User, current string, session uint64) (before string, err error) {
	if err := a.ConfirmPassword(ctx, me, current, session); err != nil {
		return "", err
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, me.ID); err != nil {
			return err
		}
		if before, err = tx.MailAddressOf(ctx, me.ID); err != nil || before == "" {
			return err
		}
		if err := tx.SetMailAddress(ctx, me.ID, "", a.now()); err != nil {
			return err
		}
		return tx.SetNotice(ctx, me.ID, db.NoticeNoAddress, a.now())
	})
	return before, err
}

// AddressLink returns the person and the address that a link confirms; ErrNoLink or *Throttled.
func (a *Accounts) AddressLink(ctx context.Context, from netip.Addr, token string) (db.User, string, error) {
	l, u, err := a.linkBy(ctx, from, token, db.LinkAddress)
	return u, l.Address, err
}

// ConfirmAddress makes the address that a link was sent to that of its owner, and returns the one before.
func (a *Accounts) ConfirmAddress(ctx context.Context, from netip.Addr, token string) (u db.User, before string, err error) {
	l, u, err := a.linkBy(ctx, from, token, db.LinkAddress)
	if err != nil {
		return u, "", err
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.LockUser(ctx, u.ID); err != nil {
			return err
		}
		used, err := tx.UseLink(ctx, l.ID)
		if err == nil && !used {
			err = ErrNoLink
		}
		if err == nil {
			before, err = tx.MailAddressOf(ctx, u.ID)
		}
		if err == nil {
			err = tx.SetMailAddress(ctx, u.ID, l.Address, a.now())
		}
		if err == nil {
			err = tx.SetNotice(ctx, u.ID, db.NoticeAddress, a.now())
		}
		return err
	})
	return u, before, err
}

// AskForMail counts a request for a link by e-mail, which reveals nothing about who exists. The caller answers
// before it calls MailLink, so that its time reveals nothing either. It returns *Throttled beyond the limits.
func (a *Accounts) AskForMail(ctx context.Context, from netip.Addr, username string) error {
	attempt := a.newAttempt()
	ofAddress, ofName := counter{"forgot/address/" + network(from), forgotWindow}, counter{"forgot/name/" + digest(foldUsername(username)), mailWindow}
	if err := attempt.check(ctx, a.store, ofAddress, forgotLimit); err != nil {
		return err
	}
	if err := attempt.check(ctx, a.store, ofName, mailLimit); err != nil {
		return err
	}
	return a.store.Tx(ctx, func(tx *db.DB) error {
		attempt.reset()
		if err := attempt.count(ctx, tx, ofAddress, forgotLimit); err != nil {
			return err
		}
		return attempt.count(ctx, tx, ofName, mailLimit)
	})
}

// MailLink makes the token of a link with which the owner of an account sets a new password, and returns the
// address that it may be sent to. It returns ErrNoLink for a name without an account or an address.
func (a *Accounts) MailLink(ctx context.Context, username string) (u db.User, address, token string, err error) {
	name, problem := checkUsername(username)
	if problem != "" {
		return u, "", "", ErrNoLink
	}
	u, err = a.store.UserByName(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return u, "", "", ErrNoLink
	}
	if err == nil {
		address, err = a.store.MailAddressOf(ctx, u.ID)
	}
	if err == nil && address == "" {
		err = ErrNoLink
	}
	if err == nil {
		token, err = newToken()
	}
	if err != nil {
		return u, "", "", err
	}
	l := db.AccountLink{TokenHash: hashToken(token), Kind: db.LinkMail, UserID: u.ID, CreatedAt: a.now(), ExpiresAt: a.now().Add(mailLife)}
	return u, address, token, a.store.ReplaceLink(ctx, &l, mailLinks-1)
}

// digest names somebody in a counter, whether or not they exist.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// parseAddress returns an address as servers take it: no name around it, nothing quoted, a domain with a dot.
func parseAddress(typed string) (address string, ok bool) {
	typed = strings.TrimSpace(typed)
	if len(typed) > maxAddress || strings.ContainsAny(typed, "\"<>()[],;:\\ \t\r\n") {
		return "", false
	}
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Address != typed {
		return "", false
	}
	local, domain, _ := strings.Cut(typed, "@")
	for _, r := range typed {
		if r <= ' ' || r > '~' {
			return "", false
		}
	}
	return typed, len(local) <= 64 && strings.Contains(strings.Trim(domain, "."), ".")
}
