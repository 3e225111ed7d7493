package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"parley/db"
)

const (
	// DeletionDay is how long somebody may change their mind: signing in keeps the account.
	DeletionDay = 24 * time.Hour

	// deletionGrace is how much later the deletion begins. By then every request has ended that knew a session of
	// the account, and the clocks of two processes do not matter.
	deletionGrace = 2 * time.Minute

	// nameHeld is how long nobody else may take the username of a deleted account. Only a digest of it is kept.
	nameHeld = 90 * 24 * time.Hour
)

// AskDeletion deletes my account after a day, unless I sign in again, and all of my sessions now. It returns those.
// Whoever only has access to a browser of mine cannot: it takes the password, as for ConfirmPassword.
func (a *Accounts) AskDeletion(ctx context.Context, me db.User, password string, session uint64, messages bool) (ended []uint64, err error) {
	if err := a.ConfirmPassword(ctx, me, password, session); err != nil {
		return nil, err
	}
	return a.endForDeletion(ctx, me, a.now().Add(DeletionDay), messages)
}

// DeleteAccount deletes somebody's account for an administrator, and returns the sessions that it ended. There is no
// day in which a sign-in takes it back: an administrator who is not sure suspends.
func (a *Accounts) DeleteAccount(ctx context.Context, actor uint64, username string, messages bool) (ended []uint64, err error) {
	return a.change(ctx, actor, username, func(tx *db.DB, u db.User) (db.AuditAction, error) {
		if err := keepAdmin(ctx, tx, u); err != nil {
			return "", err
		}
		there, err := tx.AskDeletion(ctx, u.ID, a.now(), messages)
		if err != nil || !there || u.DeleteAt != nil && a.isDue(u) {
			return "", err
		}
		return db.AuditDelete, nil
	})
}

// endForDeletion ends the sessions once more after the time is noted: one that begins meanwhile either sees it, or is
// deleted.
func (a *Accounts) endForDeletion(ctx context.Context, me db.User, at time.Time, messages bool) ([]uint64, error) {
	err := a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.Lock(ctx, lockAdmins); err != nil {
			return err
		}
		now, err := tx.UserByID(ctx, me.ID)
		if err != nil {
			return err
		}
		if err := keepAdmin(ctx, tx, now); err != nil {
			return err
		}
		there, err := tx.AskDeletion(ctx, me.ID, at, messages)
		if err == nil && !there {
			err = db.ErrNotFound
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.store.DeleteSessionsOf(ctx, me.ID)
}

// isDue reports whether nobody can sign in to an account any more because its deletion has begun.
func (a *Accounts) isDue(u db.User) bool { return u.DeleteAt != nil && !a.now().Before(*u.DeleteAt) }

// isGone reports whether there is no way back into an account any more.
func (a *Accounts) isGone(u db.User) bool { return u.IsDeleted || a.isDue(u) }

// keep takes back a deletion that was asked for, because its owner has signed in. After its time there is no such
// account any more.
func (a *Accounts) keep(ctx context.Context, u db.User) error {
	kept, err := a.store.TakeBackDeletion(ctx, u.ID, a.now())
	if err == nil && !kept {
		return ErrWrongPassword
	}
	return err
}

// DueDeletions lists accounts that are to be deleted now.
func (a *Accounts) DueDeletions(ctx context.Context) ([]db.User, error) {
	return a.store.DueDeletions(ctx, a.now().Add(-deletionGrace), 10)
}

// Seal takes away every way into an account that is being deleted, and returns the sessions that it ended.
func (a *Accounts) Seal(ctx context.Context, u db.User) (ended []uint64, err error) {
	if err := errors.Join(a.store.DeleteRecovery(ctx, u.ID), a.store.SealUser(ctx, u.ID)); err != nil {
		return nil, err
	}
	return a.store.DeleteSessionsOf(ctx, u.ID)
}

// Erase deletes everything that an account says about its owner, except what is in rooms.
func (a *Accounts) Erase(ctx context.Context, u db.User) error {
	if u.IsDeleted {
		return nil
	}
	digest := nameDigest(u.Username)
	for _, counters := range []string{"known/", "guess/account/", "guess/pair/", "guess/share/", "forgot/name/"} {
		if err := a.store.DeleteCountersOf(ctx, counters+digest+"/"); err != nil {
			return err
		}
	}
	err := a.store.Tx(ctx, func(tx *db.DB) error {
		if err := tx.EraseUser(ctx, u.ID, "deleted-"+strings.ToLower(rand.Text()[:20])); err != nil {
			return err
		}
		return tx.Hold(ctx, heldKey(digest), a.now().Add(nameHeld))
	})
	if err != nil {
		return err
	}
	return a.store.DropPhotosOf(ctx, u.ID)
}

// FinishDeletion ends the deletion of an account.
func (a *Accounts) FinishDeletion(ctx context.Context, u db.User) error {
	if err := a.store.DeleteRowsOf(ctx, u.ID); err != nil {
		return err
	}
	return a.store.FinishDeletion(ctx, u.ID)
}

func heldKey(digest string) string { return "gone/" + digest }

// isHeld reports whether a username belonged to an account that was deleted not long ago.
func (a *Accounts) isHeld(ctx context.Context, username string) (bool, error) {
	return a.store.IsHeld(ctx, heldKey(nameDigest(username)), a.now())
}
