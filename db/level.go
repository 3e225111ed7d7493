package db

import "context"

// NotifyLevel is which messages of a room notify somebody: count in the title of their pages, ring and are shown by the
// desktop.
type NotifyLevel string

// The levels.
const (
	NotifyAll      NotifyLevel = "all"
	NotifyMentions NotifyLevel = "mentions"
	NotifyNothing  NotifyLevel = "nothing"
)

func notifyLevel(muted, mentionsOnly bool) NotifyLevel {
	switch {
	case muted:
		return NotifyNothing
	case mentionsOnly:
		return NotifyMentions
	}
	return NotifyAll
}

// Level returns which messages of the room notify this member.
func (m Member) Level() NotifyLevel { return notifyLevel(m.Muted, m.MentionsOnly) }

// Level returns which messages of the room notify the person whose list it is.
func (s *RoomSummary) Level() NotifyLevel { return notifyLevel(s.Muted, s.MentionsOnly) }

// SetNotifyLevel stores which messages of a room notify a member. It returns ErrNotFound if they are not one.
func (d *DB) SetNotifyLevel(ctx context.Context, user, room uint64, level NotifyLevel) error {
	n, err := d.affect(ctx, "UPDATE members SET muted = ?, mentions_only = ? WHERE room_id = ? AND user_id = ? AND left_seq = 0",
		level == NotifyNothing, level == NotifyMentions, room, user)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
