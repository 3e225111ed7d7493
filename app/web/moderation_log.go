package web

import (
	"parley/db"
	"parley/views/words"
)

// roomAct returns the sentence for what a moderator did in a room.
func roomAct(acts words.RoomActs, e db.AuditEntry) string {
	return map[db.AuditAction]string{
		db.AuditModeratorOn: acts.Moderator, db.AuditModeratorOff: acts.NoModerator,
		db.AuditBan: acts.Ban, db.AuditUnban: acts.Unban, db.AuditPin: acts.Pin, db.AuditUnpin: acts.Unpin, db.AuditSlowMode: acts.Slow, db.AuditPosting: acts.Posting,
	}[e.Action]
}
