package db

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Mention records that an entry of a room's log names somebody who was a member then. An edit has
// rows of its own for those whom the message had not named before. One that no longer names somebody
// takes the mention back; the row stays, because a replay shows each text as it was.
type Mention struct {
	RoomID       uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:2;index:of_called,priority:2"`
	Seq          uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:3;index:of_called,priority:5"`
	UserID       uint64 `gorm:"primaryKey;autoIncrement:false;index:of_mentioned,priority:1;index:of_called,priority:1"`
	TakenBackSeq uint64 `gorm:"not null;default:0;index:of_called,priority:3"` // the edit whose text no longer names them; 0 while one does
	// IsOwn is true where an author names themselves, and nil otherwise. In rows of an older version it is always nil.
	IsOwn *bool `gorm:"index:of_called,priority:4"`
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
	found, err := d.MembersNamedIn(ctx, map[uint64][]string{room: usernames})
	return found[room], err
}

// MembersNamedIn is MembersNamed for several rooms, each with the names that are asked for there.
func (d *DB) MembersNamedIn(ctx context.Context, usernames map[uint64][]string) (map[uint64]map[string]uint64, error) {
	found := make(map[uint64]map[string]uint64, len(usernames))
	var parts []string
	var values []any
	for _, room := range slices.Sorted(maps.Keys(usernames)) {
		found[room] = map[string]uint64{}
		if names := usernames[room]; len(names) > 0 {
			parts = append(parts, "SELECT m.room_id, u.id, u.username FROM users u JOIN members m ON m.user_id = u.id AND m.room_id = ? AND m.left_seq = 0 WHERE u.username IN ?")
			values = append(values, room, names)
		}
	}
	if len(parts) == 0 {
		return found, nil
	}
	var rows []struct {
		RoomID   uint64
		ID       uint64
		Username string
	}
	if err := d.in(ctx).Raw(strings.Join(parts, " UNION ALL "), values...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	for _, row := range rows {
		found[row.RoomID][row.Username] = row.ID
	}
	return found, nil
}

// MessageMention is a mention in a message or in one of its edits.
type MessageMention struct {
	Mention
	MessageSeq uint64
}

func (m *MessageMention) columns() columns[MessageMention] {
	return columns[MessageMention]{
		{"room_id", (*unsigned)(&m.RoomID)}, {"seq", (*unsigned)(&m.Seq)}, {"user_id", (*unsigned)(&m.UserID)},
		{"taken_back_seq", (*unsigned)(&m.TakenBackSeq)}, {"message_seq", (*unsigned)(&m.MessageSeq)},
	}
}

// MentionsOf returns the mentions in these messages and all their edits, in the order of the log.
func (d *DB) MentionsOf(ctx context.Context, room uint64, messages []uint64) ([]MessageMention, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	// CROSS JOIN keeps SQLite from going through all mentions of the room, to look whether they are of these.
	return all[MessageMention](d.query(ctx, "SELECT room_id, seq, user_id, taken_back_seq, seq AS message_seq FROM mentions WHERE room_id = ? AND seq IN ? "+
		"UNION ALL SELECT x.room_id, x.seq, x.user_id, x.taken_back_seq, e.target_seq FROM messages e"+d.forceIndex("of_change")+" CROSS JOIN mentions x ON x.room_id = e.room_id AND x.seq = e.seq "+
		"WHERE e.room_id = ? AND e.target_seq IN ? AND e.kind = ? ORDER BY seq, user_id", room, messages, room, messages, KindEdit))
}

// TakeBackMentions records since which entry these people are no longer mentioned; 0 makes them mentioned
// again. The mentions are those of one message.
func (d *DB) TakeBackMentions(ctx context.Context, room uint64, list []Mention, seq uint64) error {
	if len(list) == 0 {
		return nil
	}
	seqs, users := make([]uint64, len(list)), make([]uint64, len(list))
	for i, m := range list {
		seqs[i], users[i] = m.Seq, m.UserID
	}
	return d.exec(ctx, "UPDATE mentions SET taken_back_seq = ? WHERE room_id = ? AND seq IN ? AND user_id IN ?", seq, room, seqs, users)
}

// deleteMentionsOf deletes the mentions in a message and its edits.
func (d *DB) deleteMentionsOf(ctx context.Context, room, seq uint64) error {
	return d.exec(ctx, "DELETE FROM mentions WHERE room_id = ? AND (seq = ? OR seq IN "+
		"(SELECT seq FROM messages WHERE room_id = ? AND target_seq = ? AND kind = ?))", room, seq, room, seq, KindEdit)
}
