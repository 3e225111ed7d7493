package db

import (
	"context"
	"time"
)

// AuditAction is what an administrator, a moderator or a provider of single sign-on did.
type AuditAction string

// What is audited. An entry says in its other fields to whom, in which room and to which message.
const (
	AuditFirstAdmin    AuditAction = "first"    // the first account of the server
	AuditAdmin         AuditAction = "admin"    // made somebody an administrator
	AuditNoAdmin       AuditAction = "no-admin" // took that back
	AuditSuspend       AuditAction = "suspend"
	AuditRestore       AuditAction = "restore"
	AuditSignOut       AuditAction = "sign-out"     // ended all sessions of somebody
	AuditDefaultOn     AuditAction = "default-room" // puts newcomers into the open room whose id Detail has
	AuditDefaultOff    AuditAction = "no-default-room"
	AuditRevoke        AuditAction = "revoke"  // withdrew the invitation with the number in Detail
	AuditDelete        AuditAction = "delete"  // deleted the account
	AuditSetting       AuditAction = "setting" // changed the setting that Detail names
	AuditReset         AuditAction = "reset"   // made a link with which somebody sets a new password
	AuditReport        AuditAction = "report"  // closed the report that Detail numbers
	AuditDeleteMessage AuditAction = "delete-message"
	AuditRemoveMember  AuditAction = "remove-member"
	AuditCloseRoom     AuditAction = "close-room"
	AuditDeleteRoom    AuditAction = "delete-room"
	AuditRoomOwner     AuditAction = "room-owner" // made somebody the owner
	AuditOneStep       AuditAction = "one-step"   // turned the second factor of somebody off
)

// What the owner and the moderators of a room do in it.
const (
	AuditModeratorOn  AuditAction = "moderator"
	AuditModeratorOff AuditAction = "no-moderator"
	AuditBan          AuditAction = "ban"
	AuditUnban        AuditAction = "unban"
	AuditPin          AuditAction = "pin"
	AuditUnpin        AuditAction = "unpin"
	AuditSlowMode     AuditAction = "slow-mode" // Detail has the seconds
	AuditPosting      AuditAction = "posting"   // Detail says who may post
)

// What happens to accounts at the providers of single sign-on. Detail has the issuer, as it is in the settings.
const (
	AuditIdentityOn      AuditAction = "identity"          // connected one
	AuditIdentityOff     AuditAction = "no-identity"       // disconnected one
	AuditIdentitySignUp  AuditAction = "identity-sign-up"  // has an account here because of one
	AuditIdentitySignOut AuditAction = "identity-sign-out" // the provider has ended their sessions
)

// AuditEntry is one line of the log of all that administrators, moderators and providers did. It names people by their ids,
// so that a deleted account leaves no name in it. No query changes or deletes an entry.
type AuditEntry struct {
	ID      uint64      `gorm:"primaryKey"`
	At      time.Time   `gorm:"precision:6;not null"`
	ActorID uint64      `gorm:"not null"` // 0 for whoever has the server's command line, and for a provider
	Action  AuditAction `gorm:"size:32;not null"`
	UserID  uint64      `gorm:"not null"` // the person it was done to; 0 for nobody
	RoomID  uint64      `gorm:"not null"`
	Seq     uint64      `gorm:"not null"`          // of a message
	Detail  string      `gorm:"size:255;not null"` // a number, a word of ours or an issuer, never what somebody wrote
}

// AddAudit appends to the log. It must be in the transaction of the act that it records.
func (d *DB) AddAudit(ctx context.Context, e *AuditEntry) error {
	return d.create(ctx, e)
}

// Audit returns the newest entries before an id, newest first; 0 begins at the end.
func (d *DB) Audit(ctx context.Context, before uint64, limit int) ([]AuditEntry, error) {
	query := d.in(ctx).Order("id DESC").Limit(limit)
	if before > 0 {
		query = query.Where("id < ?", before)
	}
	return all[AuditEntry](query)
}
