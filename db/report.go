package db

import (
	"context"
	"math"
	"slices"
	"time"
)

// Report is what somebody reported to the administrators about a message. The entries and photos that go with it
// are the message as it was then, so that a deletion hides nothing: ReportEntry and ReportPhoto.
type Report struct {
	ID         uint64    `gorm:"primaryKey"`
	ReporterID uint64    `gorm:"not null;uniqueIndex:one_report,priority:1"`
	RoomID     uint64    `gorm:"not null;uniqueIndex:one_report,priority:2;index:of_reported,priority:1"`
	Seq        uint64    `gorm:"not null;uniqueIndex:one_report,priority:3;index:of_reported,priority:2"` // of the message
	AuthorID   uint64    `gorm:"not null;index"`                                                          // of the message
	RoomKind   RoomKind  `gorm:"size:16;not null"`
	RoomName   string    `gorm:"size:160;not null"` // of a group, as it was called then
	Reason     string    `gorm:"size:16;not null"`
	Words      string    `gorm:"type:text;not null"` // the reporter's own
	CreatedAt  time.Time `gorm:"precision:6;not null"`

	IsClosed    bool       `gorm:"not null;default:false;index"`
	ClosedAt    *time.Time `gorm:"precision:6"`
	ClosedBy    uint64     `gorm:"not null;default:0"`
	Acts        string     `gorm:"size:64;not null;default:''"` // what was done, separated by spaces; "" for nothing
	Answer      string     `gorm:"size:16;not null;default:''"`
	AnswerWords string     `gorm:"size:1000;not null;default:''"`
	AnswerSeen  bool       `gorm:"not null;default:false"` // the reporter has seen the answer
	IsErased    bool       `gorm:"not null;default:false"` // the evidence is gone, and the reporter's words
}

// ReportEntry is an entry of a room's log as a reporter saw it.
type ReportEntry struct {
	ReportID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq      uint64 `gorm:"primaryKey;autoIncrement:false"`
	// VersionSeq is 0 for the entry itself. An earlier text of the reported message has the seq of the entry
	// that brought it.
	VersionSeq uint64      `gorm:"primaryKey;autoIncrement:false"`
	Kind       MessageKind `gorm:"size:16;not null"`
	AuthorID   uint64      `gorm:"not null;index"`
	AboutID    uint64      `gorm:"not null"`
	Body       string      `gorm:"type:text;not null"`
	IsEdited   bool        `gorm:"not null"`
	DeleteSeq  uint64      `gorm:"not null"` // it was deleted by then
	PhotoID    uint64      `gorm:"not null"`
	CreatedAt  time.Time   `gorm:"precision:6;not null"`

	// In the line of those who joined an open room: the second of them, and the number of people after the first.
	JoinedNext uint64 `gorm:"not null;default:0"`
	JoinedToo  int    `gorm:"not null;default:0"`

	// What it replied to; the seq is 0 if to nothing.
	QuoteSeq    uint64 `gorm:"not null"`
	QuoteAuthor uint64 `gorm:"not null"`
	QuoteText   string `gorm:"size:640;not null"`
	QuotePhotos int    `gorm:"not null"`
	QuoteHidden bool   `gorm:"not null"`
}

// ReportPhoto keeps the bytes of a photo, whatever happens to the message that it was in.
type ReportPhoto struct {
	ReportID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq      uint64 `gorm:"primaryKey;autoIncrement:false"`
	Place    int    `gorm:"primaryKey;autoIncrement:false"`
	PhotoID  uint64 `gorm:"not null;index"`
	Alt      string `gorm:"size:500;not null"`
}

// notKept is the condition for photos that belong to no report.
const notKept = "NOT EXISTS (SELECT 1 FROM report_photos k WHERE k.photo_id = photos.id)"

// seenBy is the condition for reports that an administrator may see: none about their own messages, as long as there is
// somebody else who can decide about them (HasOtherAdmin).
const seenBy = "(reports.author_id <> ? OR NOT EXISTS (SELECT 1 FROM users a WHERE a.is_admin = ? AND a.is_suspended = ? AND a.delete_at IS NULL AND a.id <> ?))"

func seenByArgs(admin uint64) []any { return []any{admin, true, false, admin} }

// CreateReport stores a report with its evidence, and sets its ID. It returns ErrDuplicate if this person has
// reported this message before.
func (d *DB) CreateReport(ctx context.Context, r *Report, entries []ReportEntry, photos []ReportPhoto) error {
	if err := d.create(ctx, r); err != nil {
		return err
	}
	for i := range entries {
		entries[i].ReportID = r.ID
	}
	for i := range photos {
		photos[i].ReportID = r.ID
	}
	for batch := range slices.Chunk(entries, 100) {
		if err := d.create(ctx, &batch); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(photos, 200) {
		if err := d.create(ctx, &batch); err != nil {
			return err
		}
	}
	return nil
}

// ReportSeenBy returns a report, or ErrNotFound if there is none that this administrator may see.
func (d *DB) ReportSeenBy(ctx context.Context, admin, id uint64) (Report, error) {
	return one[Report](d.in(ctx).Where("id = ?", id).Where(seenBy, seenByArgs(admin)...))
}

// ReportOf returns what a person has reported about a message, or ErrNotFound.
func (d *DB) ReportOf(ctx context.Context, reporter, room, seq uint64) (Report, error) {
	return one[Report](d.in(ctx).Where("reporter_id = ? AND room_id = ? AND seq = ?", reporter, room, seq))
}

// ReportsBy lists a person's reports below an id, the newest first.
func (d *DB) ReportsBy(ctx context.Context, reporter, before uint64, limit int) ([]Report, error) {
	return all[Report](d.in(ctx).Where("reporter_id = ? AND id < ?", reporter, before).Order("id DESC").Limit(limit))
}

// SetAnswersSeen records that a person has seen these answers, and reports whether one of them was new.
func (d *DB) SetAnswersSeen(ctx context.Context, reporter uint64, ids []uint64) (bool, error) {
	if len(ids) == 0 {
		return false, nil
	}
	n, err := d.affect(ctx, "UPDATE reports SET answer_seen = ? WHERE reporter_id = ? AND is_closed = ? AND answer_seen = ? AND id IN ?", true, reporter, true, false, ids)
	return n > 0, err
}

// ReportPosition is a place in the list of all reports: the open ones first, of each the newest first.
type ReportPosition struct {
	IsClosed bool
	ID       uint64
}

// Reports lists the reports that an administrator may see after a position; nil is from the beginning.
func (d *DB) Reports(ctx context.Context, admin uint64, after *ReportPosition, limit int) (list []Report, err error) {
	at := ReportPosition{ID: math.MaxInt64}
	if after != nil {
		at = *after
	}
	if !at.IsClosed {
		list, err = d.ReportsIn(ctx, admin, false, at.ID, limit)
		at.ID = math.MaxInt64
	}
	if err != nil || len(list) == limit {
		return list, err
	}
	closed, err := d.ReportsIn(ctx, admin, true, at.ID, limit-len(list))
	return append(list, closed...), err
}

// ReportsIn lists the reports that are open, or that are closed, below an id and as far as an administrator may see them,
// the newest first.
func (d *DB) ReportsIn(ctx context.Context, admin uint64, closed bool, before uint64, limit int) ([]Report, error) {
	return all[Report](d.in(ctx).Where("is_closed = ? AND id < ?", closed, before).Where(seenBy, seenByArgs(admin)...).Order("id DESC").Limit(limit))
}

// CountOpenReports counts the reports that nobody has answered and that an administrator may see, up to a limit.
func (d *DB) CountOpenReports(ctx context.Context, admin uint64, limit int) (n int, err error) {
	args := append(append([]any{false}, seenByArgs(admin)...), limit)
	err = d.in(ctx).Raw("SELECT COUNT(*) FROM (SELECT id FROM reports WHERE is_closed = ? AND "+seenBy+" LIMIT ?) r", args...).Scan(&n).Error
	return n, translate(err)
}

// OpenReportsOf lists the open reports about one message.
func (d *DB) OpenReportsOf(ctx context.Context, room, seq uint64) ([]Report, error) {
	return all[Report](d.in(ctx).Where("room_id = ? AND seq = ? AND is_closed = ?", room, seq, false).Order("id"))
}

// CloseReports stores the outcome of those of the reports that are still open, and returns their number.
func (d *DB) CloseReports(ctx context.Context, ids []uint64, outcome Report) (int64, error) {
	reporters, err := numbers(d.query(ctx, "SELECT DISTINCT reporter_id FROM reports WHERE id IN ? ORDER BY reporter_id", ids))
	if err == nil {
		err = d.somethingWaits(ctx, reporters)
	}
	if err != nil {
		return 0, err
	}
	return d.affect(ctx, "UPDATE reports SET is_closed = ?, closed_at = ?, closed_by = ?, acts = ?, answer = ?, answer_words = ? WHERE id IN ? AND is_closed = ?",
		true, outcome.ClosedAt, outcome.ClosedBy, outcome.Acts, outcome.Answer, outcome.AnswerWords, ids, false)
}

// EvidenceOf returns the entries and photos of a report in the order of the log.
func (d *DB) EvidenceOf(ctx context.Context, report uint64) ([]ReportEntry, []ReportPhoto, error) {
	entries, err := all[ReportEntry](d.in(ctx).Where("report_id = ?", report).Order("seq, version_seq"))
	if err != nil {
		return nil, nil, err
	}
	photos, err := all[ReportPhoto](d.in(ctx).Where("report_id = ?", report).Order("seq, place"))
	return entries, photos, err
}

// IsEvidence reports whether a photo belongs to a report that an administrator may see.
func (d *DB) IsEvidence(ctx context.Context, admin, photo uint64) (bool, error) {
	var n int
	err := d.in(ctx).Raw("SELECT COUNT(*) FROM (SELECT k.report_id FROM report_photos k JOIN reports ON reports.id = k.report_id WHERE k.photo_id = ? AND "+seenBy+" LIMIT 1) k",
		append([]any{photo}, seenByArgs(admin)...)...).Scan(&n).Error
	return n > 0, translate(err)
}

// EraseEvidence erases the evidence of up to limit reports that were closed before a moment, and returns
// their number. Their photos are deleted with those that nobody uses (DeleteOldPhotos).
func (d *DB) EraseEvidence(ctx context.Context, before time.Time, limit int) (int, error) {
	var ids []uint64
	err := d.in(ctx).Raw("SELECT id FROM reports WHERE is_closed = ? AND is_erased = ? AND closed_at < ? ORDER BY id LIMIT ?", true, false, before, limit).Scan(&ids).Error
	if err != nil {
		return 0, translate(err)
	}
	for _, id := range ids {
		if err := d.eraseEvidence(ctx, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

func (d *DB) eraseEvidence(ctx context.Context, report uint64) error {
	return d.Tx(ctx, func(tx *DB) error {
		if err := tx.exec(ctx, "UPDATE reports SET is_erased = ?, words = '', room_name = '' WHERE id = ?", true, report); err != nil {
			return err
		}
		if err := tx.exec(ctx, "DELETE FROM report_entries WHERE report_id = ?", report); err != nil {
			return err
		}
		return tx.exec(ctx, "DELETE FROM report_photos WHERE report_id = ?", report)
	})
}

// DeleteReportsBy deletes the reports of a person with their evidence, one in a transaction.
func (d *DB) DeleteReportsBy(ctx context.Context, reporter uint64) error {
	var ids []uint64
	if err := d.in(ctx).Model(&Report{}).Where("reporter_id = ?", reporter).Pluck("id", &ids).Error; err != nil {
		return translate(err)
	}
	for _, id := range ids {
		if err := d.eraseEvidence(ctx, id); err != nil {
			return err
		}
		if err := d.exec(ctx, "DELETE FROM reports WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}

// EraseEvidenceBy erases what a person wrote, and the photos that they posted, from the evidence of reports: of those
// about messages in rooms of two, or of all.
func (d *DB) EraseEvidenceBy(ctx context.Context, author uint64, everywhere bool) error {
	const among = " AND (? OR report_id IN (SELECT id FROM reports WHERE room_kind = ?))"
	return d.Tx(ctx, func(tx *DB) error {
		for _, statement := range []string{
			"UPDATE report_entries SET quote_text = '' WHERE quote_author = ?",
			"DELETE FROM report_photos WHERE EXISTS (SELECT 1 FROM report_entries e WHERE e.report_id = report_photos.report_id AND e.seq = report_photos.seq AND e.author_id = ?)",
			"DELETE FROM report_entries WHERE version_seq > 0 AND author_id = ?",
			"UPDATE report_entries SET body = '' WHERE author_id = ?",
		} {
			if err := tx.exec(ctx, statement+among, author, everywhere, RoomDirect); err != nil {
				return err
			}
		}
		tx.deleteDroppedAfter(ctx)
		return nil
	})
}
