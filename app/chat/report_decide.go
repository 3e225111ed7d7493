package chat

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/db"
)

// evidenceTime is how long the evidence of a report is kept after it was closed.
const evidenceTime = 30 * 24 * time.Hour

// What an administrator can do about a reported message, beside answering. Suspending the author is auth's.
const (
	ActDelete  = "delete"  // the message
	ActRemove  = "remove"  // its author from the room
	ActBan     = "ban"     // the same, and they cannot come back
	ActSuspend = "suspend" // its author
)

// ReportAnswers are the answers that a report may get.
func ReportAnswers() []string { return []string{"acted", "warned", "fine", "unclear"} }

// GivenReport is a report as administrators see it.
type GivenReport struct {
	db.Report
	Reporter, Author, Closer db.User
}

// ReportsPlace is which reports to list. The zero value is all of them, the open ones first.
type ReportsPlace struct {
	Only  string // "open", "closed" or "" for both
	After *db.ReportPosition
}

// Reports lists reports for an administrator, and where the next page begins; nil if there is none. Nobody sees those
// about their own messages as long as another administrator can decide about them.
func (c *Chat) Reports(ctx context.Context, me db.User, at ReportsPlace) (list []GivenReport, next *db.ReportPosition, err error) {
	if !me.IsAdmin {
		return nil, nil, ErrNotFound
	}
	before := uint64(math.MaxInt64)
	if at.After != nil {
		before = at.After.ID
	}
	var rows []db.Report
	switch at.Only {
	case "open", "closed":
		rows, err = c.store.ReportsIn(ctx, me.ID, at.Only == "closed", before, ReportsPage+1)
	default:
		rows, err = c.store.Reports(ctx, me.ID, at.After, ReportsPage+1)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(rows) > ReportsPage {
		rows = rows[:ReportsPage]
		last := rows[ReportsPage-1]
		next = &db.ReportPosition{IsClosed: last.IsClosed, ID: last.ID}
	}
	list, err = c.withPeople(ctx, rows)
	return list, next, err
}

func (c *Chat) withPeople(ctx context.Context, rows []db.Report) ([]GivenReport, error) {
	var ids []uint64
	for _, r := range rows {
		ids = append(ids, r.ReporterID, r.AuthorID, r.ClosedBy)
	}
	people, err := c.store.UsersByID(ctx, ids)
	list := make([]GivenReport, len(rows))
	for i, r := range rows {
		list[i] = GivenReport{Report: r, Reporter: people[r.ReporterID], Author: people[r.AuthorID], Closer: people[r.ClosedBy]}
	}
	return list, err
}

// OpenReports counts the reports that wait for my answer, up to a hundred.
func (c *Chat) OpenReports(ctx context.Context, me db.User) (int, error) {
	if !me.IsAdmin {
		return 0, nil
	}
	return c.store.CountOpenReports(ctx, me.ID, 100)
}

// Decision is what an administrator decides about a report.
type Decision struct {
	Acts          []string // what was chosen of the acts above; none dismisses the report
	Answer, Words string   // for the reporter
}

// CheckDecision returns a decision as it is stored, or what is wrong with it.
func CheckDecision(d Decision) (Decision, error) {
	if !slices.Contains(ReportAnswers(), d.Answer) {
		return d, ErrBadAnswer
	}
	var acts []string
	for _, act := range []string{ActDelete, ActRemove, ActBan, ActSuspend} { // each once, in this order
		if slices.Contains(d.Acts, act) {
			acts = append(acts, act)
		}
	}
	d.Acts = acts
	var err error
	d.Words, err = cleanReportWords(d.Words)
	return d, err
}

// Decide closes a report, and all others of the same message, with what was decided. Everybody who had reported
// it hears of it. ErrReportClosed means that somebody else has decided already.
func (c *Chat) Decide(ctx context.Context, me db.User, id uint64, d Decision) error {
	if !me.IsAdmin {
		return ErrNotFound
	}
	d, err := CheckDecision(d)
	if err != nil {
		return err
	}
	report, err := c.store.ReportSeenBy(ctx, me.ID, id)
	if err != nil {
		return notFound(err)
	}
	done, err := c.changes.Take(ctx, report.RoomID)
	if err != nil {
		return err
	}
	defer done()
	var grown *db.Room
	var changed []uint64 // whose room lists change
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		grown, changed = nil, nil
		if _, err := tx.LockRoom(ctx, report.RoomID); err != nil && !errors.Is(err, db.ErrNotFound) { // the room may be gone
			return err
		}
		open, err := tx.OpenReportsOf(ctx, report.RoomID, report.Seq)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(open, func(r db.Report) bool { return r.ID == id }) {
			return ErrReportClosed
		}
		now := c.now()
		outcome := db.Report{ClosedAt: &now, ClosedBy: me.ID, Acts: strings.Join(d.Acts, " "), Answer: d.Answer, AnswerWords: d.Words}
		if _, err := tx.CloseReports(ctx, idsOf(open, func(r db.Report) uint64 { return r.ID }), outcome); err != nil {
			return err
		}
		admins, err := tx.AdminIDs(ctx)
		if err != nil {
			return err
		}
		changed = append(admins, idsOf(open, func(r db.Report) uint64 { return r.ReporterID })...)
		if err := c.auditReport(ctx, tx, me, report, db.AuditReport); err != nil {
			return err
		}
		grown, err = c.act(ctx, tx, me, report, d.Acts)
		return err
	})
	if err != nil {
		return notFound(err)
	}
	if grown != nil {
		c.notifyRoom(*grown)
	}
	c.notifyUsers(append(changed, report.AuthorID)...)
	return nil
}

// auditReport writes down something that was done because of a report.
func (c *Chat) auditReport(ctx context.Context, tx *db.DB, me db.User, report db.Report, action db.AuditAction) error {
	line := db.AuditEntry{At: c.now(), ActorID: me.ID, Action: action, UserID: report.AuthorID, RoomID: report.RoomID, Seq: report.Seq}
	if action == db.AuditReport {
		line.Detail = strconv.FormatUint(report.ID, 10)
	}
	return tx.AddAudit(ctx, &line)
}

// act does to a room what was decided, and returns it if its log has grown. What is done already, or has gone
// with the room, needs nothing more.
func (c *Chat) act(ctx context.Context, tx *db.DB, me db.User, report db.Report, acts []string) (grown *db.Room, err error) {
	r, err := tx.RoomByID(ctx, report.RoomID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if slices.Contains(acts, ActDelete) {
		found, err := tx.MessagesAt(ctx, r.ID, []uint64{report.Seq})
		if err != nil {
			return nil, err
		}
		if m, exists := found[report.Seq]; exists && m.Kind == db.KindText && m.DeleteSeq == 0 {
			if grown, err = c.deleteAs(ctx, tx, me, m); err != nil {
				return nil, err
			}
			if err := c.auditReport(ctx, tx, me, report, db.AuditDeleteMessage); err != nil {
				return nil, err
			}
		}
	}
	bans := slices.Contains(acts, ActBan)
	if !bans && !slices.Contains(acts, ActRemove) || r.Kind == db.RoomDirect || !r.IsOpen {
		return grown, nil
	}
	members, err := tx.MembersAmong(ctx, r.ID, []uint64{report.AuthorID})
	if err != nil || !members[report.AuthorID] {
		return grown, err
	}
	action, kind := db.AuditRemoveMember, db.KindLeave
	if bans {
		action, kind = db.AuditBan, db.KindBanned
		if err := tx.AddBan(ctx, &db.Ban{RoomID: r.ID, UserID: report.AuthorID, ByID: me.ID, At: c.now()}); err != nil && !errors.Is(err, db.ErrDuplicate) {
			return nil, err
		}
	}
	if err := c.auditReport(ctx, tx, me, report, action); err != nil {
		return nil, err
	}
	return c.removeAs(ctx, tx, me, r.ID, report.AuthorID, kind)
}

// deleteAs deletes somebody else's message for an administrator, who need not be in the room.
func (c *Chat) deleteAs(ctx context.Context, tx *db.DB, me db.User, m db.Message) (*db.Room, error) {
	r, err := tx.NextSeqOfAny(ctx, m.RoomID)
	if err != nil {
		return nil, err
	}
	if err := tx.SetDeletedBy(ctx, m.RoomID, m.Seq, me.ID); err != nil {
		return nil, err
	}
	if err := eraseAt(ctx, tx, m, r.LastSeq); err != nil {
		return nil, err
	}
	return &r, tx.InsertMessage(ctx, &db.Message{RoomID: r.ID, Seq: r.LastSeq, Kind: db.KindDelete, AuthorID: me.ID, AboutID: m.AuthorID, TargetSeq: m.Seq, CreatedAt: c.now()})
}

// removeAs ends somebody's membership for an administrator, who need not be in the room.
func (c *Chat) removeAs(ctx context.Context, tx *db.DB, me db.User, room, who uint64, kind db.MessageKind) (*db.Room, error) {
	r, err := tx.NextSeqOfAny(ctx, room)
	if err != nil {
		return nil, err
	}
	wasMember, err := tx.EndMember(ctx, room, who, r.LastSeq)
	if err != nil {
		return nil, err
	}
	if who == r.OwnerID {
		if err := chooseOwner(ctx, tx, r); err != nil {
			return nil, err
		}
	}
	n := r.MemberCount
	if wasMember {
		n = membersWithout(r)
	}
	return &r, tx.InsertMessage(ctx, &db.Message{RoomID: room, Seq: r.LastSeq, Kind: kind, AuthorID: me.ID, AboutID: who, Members: n, CreatedAt: c.now()})
}

// MaySeeEvidence reports whether I am an administrator and a photo belongs to a report that I may see.
func (c *Chat) MaySeeEvidence(ctx context.Context, me db.User, photo uint64) (bool, error) {
	if !me.IsAdmin {
		return false, nil
	}
	return c.store.IsEvidence(ctx, me.ID, photo)
}

// EraseEvidence erases the evidence of reports that were closed long ago. Call it from time to time.
func (c *Chat) EraseEvidence(ctx context.Context) error {
	const batch = 50
	for n := batch; n == batch; {
		var err error
		if n, err = c.store.WithPriority(db.Idle).EraseEvidence(ctx, c.now().Add(-evidenceTime), batch); err != nil {
			return err
		}
	}
	return nil
}
