package invite

import (
	"context"
	"strconv"

	"parley/db"
)

// Page is the number of invitations on a page of the list.
const Page = 50

// Listed is an invitation in a list.
type Listed struct {
	db.Invitation
	Inviter db.User
	Rooms   []db.Room
	State   State
}

// State is whether an invitation can be accepted, and if not, why.
type State string

// The states. One that is over for two reasons has the first of them.
const (
	Open    State = "open"
	Revoked State = "revoked"
	UsedUp  State = "used-up"
	Expired State = "expired"
)

func (i *Invitations) stateOf(invitation db.Invitation) State {
	switch {
	case invitation.IsRevoked:
		return Revoked
	case invitation.Used >= invitation.Uses:
		return UsedUp
	case !i.now().Before(invitation.ExpiresAt):
		return Expired
	}
	return Open
}

// Mine lists my invitations, newest first, from below an id on; 0 is the beginning. next is where the page
// after it begins, 0 if there is none.
func (i *Invitations) Mine(ctx context.Context, me db.User, below uint64) (list []Listed, next uint64, err error) {
	return i.list(ctx, me.ID, below)
}

// All is Mine for those of everybody. The caller has checked that an administrator asks.
func (i *Invitations) All(ctx context.Context, below uint64) (list []Listed, next uint64, err error) {
	return i.list(ctx, 0, below)
}

func (i *Invitations) list(ctx context.Context, inviter, below uint64) (list []Listed, next uint64, err error) {
	rows, err := i.store.Invitations(ctx, inviter, below, Page+1)
	if err != nil {
		return nil, 0, err
	}
	if len(rows) > Page {
		rows = rows[:Page]
		next = rows[Page-1].ID
	}
	var ids, people []uint64
	for _, row := range rows {
		ids, people = append(ids, row.ID), append(people, row.InviterID)
	}
	rooms, err := i.store.RoomsOfInvitations(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	inviters, err := i.store.UsersByID(ctx, people)
	for _, row := range rows {
		list = append(list, Listed{Invitation: row, Inviter: inviters[row.InviterID], Rooms: rooms[row.ID], State: i.stateOf(row)})
	}
	return list, next, err
}

// Revoke ends an invitation of mine: its link leads nowhere from now on. One that is over already stays over.
func (i *Invitations) Revoke(ctx context.Context, me db.User, id uint64) error {
	ended, err := i.store.RevokeInvitation(ctx, id, me.ID)
	if err != nil || ended {
		return err
	}
	mine, err := i.store.Invitations(ctx, me.ID, id+1, 1)
	if err != nil {
		return err
	}
	if len(mine) == 0 || mine[0].ID != id {
		return ErrNone
	}
	return nil
}

// RevokeAny is Revoke for an administrator and the invitation of anybody.
func (i *Invitations) RevokeAny(ctx context.Context, admin db.User, id uint64) error {
	return i.store.Tx(ctx, func(tx *db.DB) error {
		ended, err := tx.RevokeInvitation(ctx, id, 0)
		if err != nil {
			return err
		}
		found, err := tx.Invitations(ctx, 0, id+1, 1)
		switch {
		case err != nil:
			return err
		case len(found) == 0 || found[0].ID != id:
			return ErrNone
		case !ended:
			return nil
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: i.now(), ActorID: admin.ID, Action: db.AuditRevoke, UserID: found[0].InviterID, Detail: strconv.FormatUint(id, 10)})
	})
}
