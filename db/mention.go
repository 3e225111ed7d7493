package db

import "context"

// Mention records that an entry of a room's log names somebody who was a member then. An edit has
// rows of its own for those whom the message had not named before.
type Mention struct {
	RoomID uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:2"`
	Seq    uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:3"`
	UserID uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:1"`
}

// AddMentions stores mentions.
func (d *DB) AddMentions(ctx context.Context, list []Mention) error {
	if len(list) == 0 {
		return nil
	}
	return d.create(ctx, &list)
}

// MembersNamed maps those of the usernames that belong to current members of the room to their ids.
func (d *DB) MembersNamed(ctx context.Context, room uint64, usernames []string) (map[string]uint64, error) {
	found := make(map[string]uint64, len(usernames))
	for batch := range chunks(usernames, 500) {
		var rows []struct {
			ID       uint64
			Username string
		}
		err := d.in(ctx).Raw("SELECT u.id, u.username FROM users u JOIN members m ON m.user_id = u.id AND m.room_id = ? AND m.left_seq = 0 "+
			"WHERE u.username IN ?", room, batch).Scan(&rows).Error
		if err != nil {
			return nil, translate(err)
		}
		for _, row := range rows {
			found[row.Username] = row.ID
		}
	}
	return found, nil
}

// MentionsOf returns the mentions in these entries, in the order of the log.
func (d *DB) MentionsOf(ctx context.Context, room uint64, seqs []uint64) ([]Mention, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	return all[Mention](d.in(ctx).Where("room_id = ? AND seq IN ?", room, seqs).Order("seq, user_id"))
}

// deleteMentionsOf deletes the mentions in a message and its edits.
func (d *DB) deleteMentionsOf(ctx context.Context, room, seq uint64) error {
	return d.exec(ctx, "DELETE FROM mentions WHERE room_id = ? AND (seq = ? OR seq IN "+
		"(SELECT seq FROM messages WHERE room_id = ? AND target_seq = ? AND kind = ?))", room, seq, room, seq, KindEdit)
}
