package db

import (
	"context"
	"slices"
	"time"
)

// Invitation lets people in who have no account. Only the SHA-256 of its token is stored.
type Invitation struct {
	ID        uint64    `gorm:"primaryKey"`
	TokenHash string    `gorm:"size:64;not null;uniqueIndex"` // hex
	InviterID uint64    `gorm:"not null;index"`
	Uses      int       `gorm:"not null"` // the number of people who may accept it
	Used      int       `gorm:"not null"` // the number of people who have
	Befriends bool      `gorm:"not null"` // whoever accepts it and the inviter become friends
	IsRevoked bool      `gorm:"not null"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
	ExpiresAt time.Time `gorm:"precision:6;not null;index"`
}

// IsOpen reports whether somebody can accept the invitation now.
func (i Invitation) IsOpen(now time.Time) bool {
	return !i.IsRevoked && i.Used < i.Uses && now.Before(i.ExpiresAt)
}

// InvitationRoom is a room that an invitation leads to.
type InvitationRoom struct {
	InvitationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	RoomID       uint64 `gorm:"primaryKey;autoIncrement:false"`
}

// InvitationUse is somebody who has accepted an invitation, which counts once.
type InvitationUse struct {
	InvitationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	UserID       uint64 `gorm:"primaryKey;autoIncrement:false;index"`
}

// AddInvitation stores a new invitation to these rooms and sets its ID.
func (d *DB) AddInvitation(ctx context.Context, i *Invitation, rooms []uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		i.ID = 0 // it may be done again
		if err := tx.create(ctx, i); err != nil || len(rooms) == 0 {
			return err
		}
		rows := make([]InvitationRoom, len(rooms))
		for n, room := range rooms {
			rows[n] = InvitationRoom{InvitationID: i.ID, RoomID: room}
		}
		return tx.create(ctx, &rows)
	})
}

// InvitationByHash returns the invitation with this token hash and who made it, or ErrNotFound.
func (d *DB) InvitationByHash(ctx context.Context, hash string) (Invitation, User, error) {
	return both[Invitation, User](d.in(ctx), "invitations a JOIN users b ON b.id = a.inviter_id WHERE a.token_hash = ?", hash)
}

// UseInvitation takes one use of an invitation that is open, and locks it until the transaction ends. It
// returns ErrNotFound if it is not open, or no longer: whoever comes second to the last use finds it gone.
// It must come before every read of its transaction.
func (d *DB) UseInvitation(ctx context.Context, id uint64, now time.Time) error {
	n, err := d.affect(ctx, "UPDATE invitations SET used = used + 1 WHERE id = ? AND used < uses AND is_revoked = ? AND expires_at > ?", id, false, now)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// AddInvitationUse records who has accepted an invitation. It returns ErrDuplicate if they had already.
func (d *DB) AddInvitationUse(ctx context.Context, id, user uint64) error {
	return d.create(ctx, &InvitationUse{InvitationID: id, UserID: user})
}

// HasUsedInvitation reports whether a person has accepted an invitation.
func (d *DB) HasUsedInvitation(ctx context.Context, id, user uint64) (bool, error) {
	var n int64
	err := d.in(ctx).Model(&InvitationUse{}).Where("invitation_id = ? AND user_id = ?", id, user).Count(&n).Error
	return n > 0, translate(err)
}

// Invitations lists n invitations, newest first: those below an id, or from the newest on if that is 0. With
// an inviter other than 0 it lists theirs alone.
func (d *DB) Invitations(ctx context.Context, inviter, below uint64, n int) ([]Invitation, error) {
	query := d.in(ctx).Order("id DESC").Limit(n)
	if inviter != 0 {
		query = query.Where("inviter_id = ?", inviter)
	}
	if below != 0 {
		query = query.Where("id < ?", below)
	}
	return all[Invitation](query)
}

// RoomsOfInvitations returns the rooms that these invitations lead to and that are open, by invitation and in
// the order of their ids.
func (d *DB) RoomsOfInvitations(ctx context.Context, invitations []uint64) (map[uint64][]Room, error) {
	found := make(map[uint64][]Room, len(invitations))
	for batch := range slices.Chunk(invitations, 500) {
		var rows []struct {
			Room         `gorm:"embedded"`
			InvitationID uint64
		}
		err := d.in(ctx).Raw("SELECT r.*, i.invitation_id FROM invitation_rooms i JOIN rooms r ON r.id = i.room_id "+
			"WHERE i.invitation_id IN ? AND r.is_open = ? ORDER BY r.id", batch, true).Scan(&rows).Error
		if err != nil {
			return nil, translate(err)
		}
		for _, row := range rows {
			found[row.InvitationID] = append(found[row.InvitationID], row.Room)
		}
	}
	return found, nil
}

// RevokeInvitation ends an invitation, and reports whether there was one to end. With an inviter other than 0
// it must be theirs.
func (d *DB) RevokeInvitation(ctx context.Context, id, inviter uint64) (bool, error) {
	n, err := d.affect(ctx, "UPDATE invitations SET is_revoked = ? WHERE id = ? AND is_revoked = ? AND (inviter_id = ? OR ? = 0)", true, id, false, inviter, inviter)
	return n > 0, err
}

// DeleteInvitationsOf deletes what a person has invited to, and that they have accepted invitations.
func (d *DB) DeleteInvitationsOf(ctx context.Context, user uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		for _, statement := range []string{
			"DELETE FROM invitation_rooms WHERE invitation_id IN (SELECT id FROM invitations WHERE inviter_id = ?)",
			"DELETE FROM invitation_uses WHERE invitation_id IN (SELECT id FROM invitations WHERE inviter_id = ?)",
			"DELETE FROM invitation_uses WHERE user_id = ?",
			"DELETE FROM invitations WHERE inviter_id = ?",
		} {
			if err := tx.exec(ctx, statement, user); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteOldInvitations deletes the invitations that expired before a time, deleteBatch in a transaction.
func (d *DB) DeleteOldInvitations(ctx context.Context, before time.Time) error {
	for {
		var ids []uint64
		err := d.in(ctx).Raw("SELECT id FROM invitations WHERE expires_at < ? LIMIT ?", before, deleteBatch).Scan(&ids).Error
		if err != nil || len(ids) == 0 {
			return translate(err)
		}
		err = d.Tx(ctx, func(tx *DB) error {
			for _, table := range []string{"invitation_rooms WHERE invitation_id", "invitation_uses WHERE invitation_id", "invitations WHERE id"} {
				if err := tx.exec(ctx, "DELETE FROM "+table+" IN ?", ids); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// RoomsToOffer lists groups that a person owns and is in, and open rooms that they are in, the newest first.
func (d *DB) RoomsToOffer(ctx context.Context, owner uint64, n int) ([]Room, error) {
	return all[Room](d.in(ctx).Where("(owner_id = ? AND kind = ? OR kind = ?) AND is_open = ? AND id IN (SELECT room_id FROM members WHERE user_id = ? AND left_seq = 0)",
		owner, RoomGroup, RoomOpen, true, owner).Order("id DESC").Limit(n))
}
