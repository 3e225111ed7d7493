package db

import (
	"context"
	"time"
)

// Ban keeps somebody out of a room, whoever adds or invites them, until a moderator lifts it.
type Ban struct {
	RoomID uint64    `gorm:"primaryKey;autoIncrement:false"`
	UserID uint64    `gorm:"primaryKey;autoIncrement:false;index"`
	ByID   uint64    `gorm:"not null"`
	At     time.Time `gorm:"precision:6;not null"`
}

// LastPost is when somebody last posted in a room while slow mode was on. It is not part of a membership, or
// whoever leaves and comes back would not have to wait.
type LastPost struct {
	RoomID uint64    `gorm:"primaryKey;autoIncrement:false"`
	UserID uint64    `gorm:"primaryKey;autoIncrement:false;index"`
	At     time.Time `gorm:"precision:6;not null"`
}

// MemberNow returns somebody's present membership of a room, hidden or not, or ErrNotFound.
func (d *DB) MemberNow(ctx context.Context, room, user uint64) (Member, error) {
	return one[Member](d.in(ctx).Where("room_id = ? AND user_id = ? AND left_seq = 0", room, user))
}

// SetModerator makes a member of a room a moderator, or takes that back, and reports whether that changed
// anything.
func (d *DB) SetModerator(ctx context.Context, room, user uint64, on bool) (bool, error) {
	n, err := d.affect(ctx, "UPDATE members SET is_moderator = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0 AND is_moderator <> ?", on, room, user, on)
	return n > 0, err
}

// ModeratorsAmong returns the set of those people who are moderators of the room.
func (d *DB) ModeratorsAmong(ctx context.Context, room uint64, users []uint64) (map[uint64]bool, error) {
	var ids []uint64
	err := d.in(ctx).Model(&Member{}).Where("room_id = ? AND left_seq = 0 AND user_id IN ? AND is_moderator = ?", room, users, true).Pluck("user_id", &ids).Error
	return setOf(ids), translate(err)
}

func setOf(ids []uint64) map[uint64]bool {
	set := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// AddBan bans somebody from a room. It returns ErrDuplicate if they are banned already.
func (d *DB) AddBan(ctx context.Context, b *Ban) error { return d.create(ctx, b) }

// RemoveBan lifts a ban, and reports whether there was one.
func (d *DB) RemoveBan(ctx context.Context, room, user uint64) (bool, error) {
	n, err := d.affect(ctx, "DELETE FROM bans WHERE room_id = ? AND user_id = ?", room, user)
	return n > 0, err
}

// IsBanned reports whether somebody is banned from a room.
func (d *DB) IsBanned(ctx context.Context, room, user uint64) (bool, error) {
	var n int64
	err := d.in(ctx).Model(&Ban{}).Where("room_id = ? AND user_id = ?", room, user).Count(&n).Error
	return n > 0, translate(err)
}

// BannedFrom returns those of these rooms that somebody is banned from.
func (d *DB) BannedFrom(ctx context.Context, user uint64, rooms []uint64) (banned []uint64, err error) {
	if len(rooms) > 0 {
		err = d.in(ctx).Model(&Ban{}).Where("user_id = ? AND room_id IN ?", user, rooms).Pluck("room_id", &banned).Error
	}
	return banned, translate(err)
}

// BansOf lists bans from a room by the people's ids: up to a limit, after one of them.
func (d *DB) BansOf(ctx context.Context, room, after uint64, limit int) ([]Ban, error) {
	return all[Ban](d.in(ctx).Where("room_id = ? AND user_id > ?", room, after).Order("user_id").Limit(limit))
}

// SetSlowMode stores the least number of seconds between two posts of one person in a room.
func (d *DB) SetSlowMode(ctx context.Context, room uint64, seconds int) error {
	return d.exec(ctx, "UPDATE rooms SET slow_seconds = ? WHERE id = ?", seconds, room)
}

// SetOnlyModerators stores whether only moderators may post in a room.
func (d *DB) SetOnlyModerators(ctx context.Context, room uint64, on bool) error {
	return d.exec(ctx, "UPDATE rooms SET only_moderators = ? WHERE id = ?", on, room)
}
