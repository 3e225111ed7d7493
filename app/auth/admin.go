package auth

import (
	"context"
	"errors"

	"parley/db"
)

// The errors of what administrators do.
var (
	ErrNoSuchUser = errors.New("auth: no such account")
	// ErrLastAdmin means that nobody would be left who can run the server.
	ErrLastAdmin = errors.New("auth: this is the last administrator")
	// ErrSuspended means that the password is right, but an administrator has suspended the account.
	ErrSuspended = errors.New("auth: the account is suspended")
)

// lockAdmins orders everything that decides who runs the server.
const lockAdmins = "admins"

// IsEmpty reports whether there has never been an account, so that the first one will run the server.
func (a *Accounts) IsEmpty(ctx context.Context) (bool, error) {
	if a.hasUsers.Load() {
		return false, nil
	}
	empty, err := a.store.IsEmpty(ctx)
	if err == nil && !empty {
		a.hasUsers.Store(true) // and there always will be
	}
	return empty, err
}

// createFirst creates the account that runs the server, or an ordinary one if somebody else was quicker.
func (a *Accounts) createFirst(ctx context.Context, store *db.DB, u *db.User) error {
	return store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.Lock(ctx, lockAdmins); err != nil {
			return err
		}
		empty, err := tx.IsEmpty(ctx)
		if err != nil {
			return err
		}
		u.ID, u.IsAdmin = 0, empty
		if err := tx.CreateUser(ctx, u); err != nil || !empty {
			return err
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: a.now(), ActorID: u.ID, Action: db.AuditFirstAdmin, UserID: u.ID})
	})
}

// SetAdmin makes somebody an administrator, or takes that back. An actor of 0 is whoever has the server's command
// line. It returns ErrNoSuchUser, and ErrLastAdmin if nobody else could run the server.
func (a *Accounts) SetAdmin(ctx context.Context, actor uint64, username string, admin bool) error {
	_, err := a.change(ctx, actor, username, func(tx *db.DB, u db.User) (db.AuditAction, error) {
		if a.isGone(u) {
			return "", ErrNoSuchUser
		}
		if !admin {
			if err := keepAdmin(ctx, tx, u); err != nil {
				return "", err
			}
		}
		changed, err := tx.SetAdmin(ctx, u.ID, admin)
		if err != nil || !changed {
			return "", err
		}
		if admin {
			return db.AuditAdmin, nil
		}
		return db.AuditNoAdmin, nil
	})
	return err
}

// Suspend keeps somebody from signing in, and returns the sessions that it ended. What they wrote stays.
func (a *Accounts) Suspend(ctx context.Context, actor uint64, username string) (ended []uint64, err error) {
	return a.change(ctx, actor, username, func(tx *db.DB, u db.User) (db.AuditAction, error) {
		if a.isGone(u) {
			return "", ErrNoSuchUser
		}
		if err := keepAdmin(ctx, tx, u); err != nil {
			return "", err
		}
		changed, err := tx.SetSuspended(ctx, u.ID, true)
		if err != nil || !changed {
			return "", err
		}
		return db.AuditSuspend, nil
	})
}

// Restore ends a suspension.
func (a *Accounts) Restore(ctx context.Context, actor uint64, username string) error {
	_, err := a.change(ctx, actor, username, func(tx *db.DB, u db.User) (db.AuditAction, error) {
		if a.isGone(u) {
			return "", ErrNoSuchUser
		}
		changed, err := tx.SetSuspended(ctx, u.ID, false)
		if err != nil || !changed {
			return "", err
		}
		return db.AuditRestore, nil
	})
	return err
}

// SignOutEverywhere ends all sessions of somebody, and returns them.
func (a *Accounts) SignOutEverywhere(ctx context.Context, actor uint64, username string) (ended []uint64, err error) {
	return a.change(ctx, actor, username, func(*db.DB, db.User) (db.AuditAction, error) { return db.AuditSignOut, nil })
}

// change does something to an account and audits it, unless it changed nothing. What ends somebody's sessions ends
// them in the same transaction: a sign-in at the same moment looks at the account once more when its session is
// stored (CreateSession).
func (a *Accounts) change(ctx context.Context, actor uint64, username string, do func(tx *db.DB, u db.User) (db.AuditAction, error)) (ended []uint64, err error) {
	name, problem := checkUsername(username)
	if problem != "" {
		return nil, ErrNoSuchUser
	}
	err = a.store.Tx(ctx, func(tx *db.DB) error {
		ended = nil
		if err := tx.Lock(ctx, lockAdmins); err != nil {
			return err
		}
		if err := checkAdmin(ctx, tx, actor); err != nil {
			return err
		}
		u, err := tx.UserByName(ctx, name)
		if errors.Is(err, db.ErrNotFound) {
			return ErrNoSuchUser
		}
		if err != nil {
			return err
		}
		action, err := do(tx, u)
		if err != nil || action == "" {
			return err
		}
		if action == db.AuditSuspend || action == db.AuditSignOut || action == db.AuditDelete {
			if ended, err = tx.DeleteSessionsOf(ctx, u.ID); err != nil {
				return err
			}
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: a.now(), ActorID: actor, Action: action, UserID: u.ID})
	})
	return ended, err
}

// checkAdmin returns db.ErrNotFound unless an actor is an administrator still: another one may have suspended them since
// their request began.
func checkAdmin(ctx context.Context, tx *db.DB, actor uint64) error {
	if actor == 0 { // the command line
		return nil
	}
	u, err := tx.UserByID(ctx, actor)
	if err == nil && (!u.IsAdmin || u.IsSuspended) {
		err = db.ErrNotFound
	}
	return err
}

// runsServer reports whether somebody is an administrator now.
func (a *Accounts) runsServer(ctx context.Context, user uint64) (bool, error) {
	u, err := a.store.UserByID(ctx, user)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil && u.IsAdmin && !u.IsSuspended && !a.isGone(u), err
}

// keepAdmin returns ErrLastAdmin if nobody but u can run the server.
func keepAdmin(ctx context.Context, tx *db.DB, u db.User) error {
	if !u.IsAdmin || u.IsSuspended {
		return nil
	}
	others, err := tx.HasOtherAdmin(ctx, u.ID)
	if err == nil && !others {
		return ErrLastAdmin
	}
	return err
}
