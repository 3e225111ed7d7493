package db

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// AskDeletion notes when an account is to be deleted, and whether its messages are, too. It reports whether there
// is such an account.
func (d *DB) AskDeletion(ctx context.Context, user uint64, at time.Time, messages bool) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET delete_at = ?, delete_messages = ? WHERE id = ? AND is_deleted = ?", at, messages, user, false)
	return n > 0, err
}

// TakeBackDeletion cancels a deletion that is due after now, and reports whether there was one.
func (d *DB) TakeBackDeletion(ctx context.Context, user uint64, now time.Time) (bool, error) {
	n, err := d.affect(ctx, "UPDATE users SET delete_at = NULL, delete_messages = ? WHERE id = ? AND delete_at > ?", false, user, now)
	return n > 0, err
}

// DueDeletions lists accounts that were to be deleted before a moment and are not completely gone, in the order
// of their ids.
func (d *DB) DueDeletions(ctx context.Context, before time.Time, limit int) ([]User, error) {
	return all[User](d.in(ctx).Where("delete_at <= ?", before).Order("id").Limit(limit))
}

// DeleteSessionsOf deletes all sessions of a person, and returns them.
func (d *DB) DeleteSessionsOf(ctx context.Context, user uint64) ([]uint64, error) {
	var ids []uint64
	if err := d.in(ctx).Model(&Session{}).Where("user_id = ?", user).Pluck("id", &ids).Error; err != nil {
		return nil, translate(err)
	}
	return ids, d.exec(ctx, "DELETE FROM sessions WHERE user_id = ?", user)
}

// SealUser takes away what somebody could sign in with.
func (d *DB) SealUser(ctx context.Context, user uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "UPDATE users SET password_hash = '' WHERE id = ?", user); err != nil {
			return err
		}
		for _, table := range waysIn {
			if err := tx.exec(ctx, "DELETE FROM "+table+" WHERE user_id = ?", user); err != nil {
				return err
			}
		}
		return nil
	})
}

// waysIn are tables of what somebody signs in with besides the password.
var waysIn = []string{"passkeys", "identities", "challenges", "recovery_codes", "account_links", "device_links"}

// EraseUser replaces what a person's row says about them with a username that nobody could guess. The row stays,
// because the logs of rooms refer to it. FinishDeletion comes when nothing else is left to do.
func (d *DB) EraseUser(ctx context.Context, user uint64, username string) error {
	return d.changeLook(ctx, "UPDATE users SET username = ?, display_name = '', password_hash = '', photo_id = 0, time_zone = 'UTC', language = '', "+
		"hides_here = ?, hides_writing = ?, ladder = '', newest_first = ?, calls_notify = ?, calls_sound = ?, created_at = ?, seen_at = NULL, notice_way = '', notice_at = NULL, "+
		"is_admin = ?, is_suspended = ?, is_deleted = ? WHERE id = ?", username, true, true, false, false, false, time.Unix(0, 0).UTC(), false, false, true, user)
}

// FinishDeletion ends the deletion of an account.
func (d *DB) FinishDeletion(ctx context.Context, user uint64) error {
	return d.exec(ctx, "UPDATE users SET delete_at = NULL, delete_messages = ? WHERE id = ?", false, user)
}

// ownRows are tables whose rows belong to one person (user_id), and are deleted with the account. Nobody has many.
var ownRows = append([]string{"sessions", "exports", "second_factors", "mail_addresses", "bans", "last_posts"}, waysIn...)

// DeleteRowsOf deletes what belongs to a person and to nobody else.
func (d *DB) DeleteRowsOf(ctx context.Context, user uint64) error {
	for _, table := range ownRows {
		if err := d.exec(ctx, "DELETE FROM "+table+" WHERE user_id = ?", user); err != nil {
			return err
		}
	}
	return d.DeleteInvitationsOf(ctx, user)
}

// DropPhotosOf deletes the photos of a person that are in no room: avatars, and uploads that were never used.
func (d *DB) DropPhotosOf(ctx context.Context, user uint64) error {
	return d.dropPhotos(ctx, "owner_id = ? AND owner_id <> 0 AND room_id = 0 AND "+notLogo, user)
}

// DeletePair deletes the row of two people.
func (d *DB) DeletePair(ctx context.Context, f Friendship) error {
	return d.changeLook(ctx, "DELETE FROM friendships WHERE low_id = ? AND high_id = ?", f.LowID, f.HighID)
}

// RoomsEverOf lists up to limit rooms, closed ones as well, that a person is or was in, after an id and in the order
// of the ids.
func (d *DB) RoomsEverOf(ctx context.Context, user, after uint64, limit int) ([]Room, error) {
	return all[Room](d.in(ctx).Where("id > ? AND id IN (SELECT room_id FROM members WHERE user_id = ?)", after, user).Order("id").Limit(limit))
}

// LockRoom locks a room, open or closed, until the transaction ends. It must come before every read of its
// transaction.
func (d *DB) LockRoom(ctx context.Context, room uint64) (Room, error) {
	if err := d.exec(ctx, "UPDATE rooms SET last_seq = last_seq WHERE id = ?", room); err != nil {
		return Room{}, err
	}
	return one[Room](d.in(ctx).Where("id = ?", room))
}

// ReserveSeqs reserves n seqs for entries that are not messages; the last is the LastSeq of the room that it
// returns. LockRoom must hold the room, which must be open.
func (d *DB) ReserveSeqs(ctx context.Context, room uint64, n int) (Room, error) {
	return d.advance(ctx, room, "UPDATE rooms SET last_seq = last_seq + ? WHERE id = ? AND is_open = ?", n, room, true)
}

// TextsBy lists the messages of a person in a room that have not been deleted, oldest first.
func (d *DB) TextsBy(ctx context.Context, room, author uint64) (seqs []uint64, err error) {
	err = d.in(ctx).Model(&Message{}).Where("room_id = ? AND author_id = ? AND kind = ? AND gone_seq = 0", room, author, KindText).Order("seq").Pluck("seq", &seqs).Error
	return seqs, translate(err)
}

// ReactionsBy lists what a person has given and taken back in a room, oldest first.
func (d *DB) ReactionsBy(ctx context.Context, room, author uint64) ([]Message, error) {
	return all[Message](d.in(ctx).Select("seq", "target_seq", "body").Where("room_id = ? AND author_id = ? AND kind = ?", room, author, KindReaction).Order("seq"))
}

// ForgetKeys deletes the idempotency keys of up to limit entries of a person in a room, and returns the number that had
// one.
func (d *DB) ForgetKeys(ctx context.Context, room, author uint64, limit int) (int, error) {
	var seqs []uint64
	err := d.in(ctx).Model(&Message{}).Where("room_id = ? AND author_id = ? AND client_key IS NOT NULL", room, author).Limit(limit).Pluck("seq", &seqs).Error
	if err != nil || len(seqs) == 0 {
		return 0, translate(err)
	}
	return len(seqs), d.exec(ctx, "UPDATE messages SET client_key = NULL WHERE room_id = ? AND seq IN ?", room, seqs)
}

// DeleteMentionsOf deletes up to limit mentions of a person, and returns their number.
func (d *DB) DeleteMentionsOf(ctx context.Context, user uint64, limit int) (int, error) {
	rows, err := all[Mention](d.in(ctx).Where("user_id = ?", user).Order("room_id, seq").Limit(limit))
	if err != nil {
		return 0, err
	}
	seqs := map[uint64][]uint64{}
	for _, m := range rows {
		seqs[m.RoomID] = append(seqs[m.RoomID], m.Seq)
	}
	for room, list := range seqs {
		if err := d.exec(ctx, "DELETE FROM mentions WHERE user_id = ? AND room_id = ? AND seq IN ?", user, room, list); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// DeleteCountersOf deletes the counters whose keys have this prefix. The prefix ends with a slash.
func (d *DB) DeleteCountersOf(ctx context.Context, beginning string) error {
	return d.exec(ctx, "DELETE FROM counters WHERE name >= ? AND name < ?", beginning, beginning[:len(beginning)-1]+"0") // what follows a slash
}

// Hold keeps a key until a moment. The row of a time that is over may still be there, so it gets the new one.
func (d *DB) Hold(ctx context.Context, key string, until time.Time) error {
	again := clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"ends_at"})}
	return d.write(ctx, func(tx *DB) error {
		return tx.in(ctx).Clauses(again).Create(&Counter{Name: key, N: 1, EndsAt: until}).Error
	})
}

// IsHeld reports whether a key is kept.
func (d *DB) IsHeld(ctx context.Context, key string, now time.Time) (bool, error) {
	var n int64
	err := d.in(ctx).Model(&Counter{}).Where("name = ? AND ends_at > ?", key, now).Count(&n).Error
	return n > 0, translate(err)
}

// OwnedRooms lists rooms that a person owns and is in.
func (d *DB) OwnedRooms(ctx context.Context, user uint64, limit int) ([]Room, error) {
	return all[Room](d.in(ctx).Where("owner_id = ? AND id IN (SELECT room_id FROM members WHERE user_id = ? AND left_seq = 0)", user, user).Order("id").Limit(limit))
}
