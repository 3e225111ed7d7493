// Package invite decides who may invite people to this server, and lets in those who come by a link.
//
// The link is the whole right to come in, so it is handled like a password: 128 random bits, of which the
// database has the hash alone. A use is taken in the same transaction that makes the account, the friendship
// and the memberships, so that an invitation for one lets in one, whoever else comes at the same moment.
package invite

import (
	"context"
	"errors"
	"time"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/settings"
	"parley/db"
)

// The errors of this package.
var (
	ErrNone       = errors.New("invite: no such invitation, or not any more")
	ErrClosed     = errors.New("invite: sign-up is closed, also for people who are invited")
	ErrAdminsOnly = errors.New("invite: only administrators invite people here")
	ErrTooMany    = errors.New("invite: too many invitations today")
	ErrOwn        = errors.New("invite: this is one's own invitation")
	ErrUses       = errors.New("invite: not a number of people that an invitation can have")
	ErrDays       = errors.New("invite: not a number of days that an invitation can last")
	ErrRooms      = errors.New("invite: too many rooms, or one that is not the inviter's own")
	ErrOften      = errors.New("invite: too many invitations accepted today")
)

// The bounds of an invitation, and of what one person does with them in a day: T57 in docs/threats.md.
const (
	MaxUses  = 100
	MaxDays  = 30
	MaxRooms = 10 // all of them are locked while somebody is let in

	maxPerDay      = 20
	maxAcceptances = 20

	keepFor = 30 * 24 * time.Hour // after an invitation has expired, for its inviter to see who came
)

// Options are what invitations depend on.
type Options struct {
	Settings func(context.Context) settings.Values // asked at each use, because they change while the server runs
	Limits   bool                                  // limit the invitations that a person makes and accepts in a day
	Now      func() time.Time                      // the clock
}

// Invitations are the rules over one database.
type Invitations struct {
	store    *db.DB
	accounts *auth.Accounts
	chat     *chat.Chat
	options  Options
}

// New returns the rules of this process.
func New(store *db.DB, accounts *auth.Accounts, chat *chat.Chat, o Options) *Invitations {
	return &Invitations{store: store, accounts: accounts, chat: chat, options: o}
}

// now returns the time in UTC, truncated to what the databases store.
func (i *Invitations) now() time.Time { return i.options.Now().UTC().Truncate(time.Microsecond) }

// CheckInvite returns nil if somebody may make invitations, or why not: ErrClosed or ErrAdminsOnly.
func (i *Invitations) CheckInvite(ctx context.Context, me db.User) error {
	v := i.options.Settings(ctx)
	switch {
	case v.SignUp == settings.SignUpClosed:
		return ErrClosed
	case v.InvitesBy == settings.ByAdmins && !me.IsAdmin:
		return ErrAdminsOnly
	}
	return nil
}

// DeleteOld deletes invitations that expired long ago.
func (i *Invitations) DeleteOld(ctx context.Context) error {
	return i.store.WithPriority(db.Low).DeleteOldInvitations(ctx, i.now().Add(-keepFor))
}

// count counts something that a person does in a day, over all processes. It must run in a transaction.
func (i *Invitations) count(ctx context.Context, tx *db.DB, key string, most int, reason error) error {
	if !i.options.Limits {
		return nil
	}
	const day = 24 * time.Hour
	now := i.now()
	n, err := tx.CountUp(ctx, key, day, now)
	if err == nil && n > most {
		return &chat.Later{Reason: reason, RetryAfter: day - time.Duration(now.UnixNano()%int64(day))}
	}
	return err
}
