package chat

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

const (
	// MaxReportWords is the most that somebody may write about a report, and an administrator in an answer, in characters.
	MaxReportWords = 1000

	maxReportsPerDay = 20 // of one person
	reportContext    = 5  // entries before a reported message, and after it
	reportVersions   = 20 // earlier texts of a reported message, the newest

	// ReportsPage is the number of reports on a page.
	ReportsPage = 20
)

// ReportReasons are the reasons that a report may have.
func ReportReasons() []string { return []string{"insult", "threat", "spam", "illegal", "other"} }

// ReportDraft is what somebody says about a message.
type ReportDraft struct{ Reason, Words string }

// Report tells the administrators about a message of somebody else. It keeps the message as it is, and up to
// five entries before it and after it, as far as I may see them: a report must not be a way to read more than I can.
// A second report of the same message is the first one.
func (c *Chat) Report(ctx context.Context, me db.User, room, seq uint64, draft ReportDraft) error {
	if !c.postLimit.allow(me.ID, c.now()) {
		return ErrTooFast
	}
	if _, err := c.Reportable(ctx, me, room, seq); err != nil { // before the draft, whose flaws would tell strangers what is there
		return err
	}
	if !slices.Contains(ReportReasons(), draft.Reason) {
		return ErrBadReason
	}
	words, err := cleanReportWords(draft.Words)
	if err != nil {
		return err
	}
	done, err := c.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	var admins []uint64
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		admins = nil
		if _, err := tx.LockRoom(ctx, room); err != nil { // or the message could be deleted while it is copied
			return err
		}
		r, m, err := c.reportable(ctx, tx, me, room, seq)
		if err != nil {
			return err
		}
		if _, err := tx.ReportOf(ctx, me.ID, room, seq); !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if err := c.countToday(ctx, tx, "report", me, 1, maxReportsPerDay, ErrTooManyReports); err != nil {
			return err
		}
		entries, photos, err := c.evidence(ctx, tx, me, r, m)
		if err != nil {
			return err
		}
		report := db.Report{ReporterID: me.ID, RoomID: room, Seq: seq, AuthorID: m.AuthorID, RoomKind: r.Kind, RoomName: r.Name,
			Reason: draft.Reason, Words: words, CreatedAt: c.now()}
		if err := tx.CreateReport(ctx, &report, entries, photos); err != nil {
			return err
		}
		admins, err = tx.AdminIDs(ctx)
		return err
	})
	if err == nil {
		c.notifyUsers(admins...) // their room lists count the open reports
	}
	return notFound(err)
}

// Reportable returns what I have reported about a message already, without an ID if nothing. ErrNotFound is
// for a message that I cannot report: one that I may not see, my own, or a deleted one.
func (c *Chat) Reportable(ctx context.Context, me db.User, room, seq uint64) (db.Report, error) {
	if _, _, err := c.reportable(ctx, c.store, me, room, seq); err != nil {
		return db.Report{}, notFound(err)
	}
	r, err := c.store.ReportOf(ctx, me.ID, room, seq)
	if errors.Is(err, db.ErrNotFound) {
		return db.Report{}, nil
	}
	return r, err
}

// SeesOwnReports reports whether somebody runs this server alone, so that reports about their own messages come to
// them: nobody else could decide.
func (c *Chat) SeesOwnReports(ctx context.Context, author db.User) (bool, error) {
	if !author.IsAdmin || author.IsSuspended {
		return false, nil
	}
	others, err := c.store.HasOtherAdmin(ctx, author.ID)
	return !others, err
}

func (c *Chat) reportable(ctx context.Context, tx *db.DB, me db.User, room, seq uint64) (db.Room, db.Message, error) {
	in, reader, err := c.readerIn(ctx, tx, me, room)
	if err != nil {
		return db.Room{}, db.Message{}, err
	}
	m, err := reader.message(ctx, seq)
	if err == nil && m.AuthorID == me.ID {
		err = ErrNotFound
	}
	return in.Room, m, err
}

// evidence is a message and what surrounds it, as somebody sees it now.
func (c *Chat) evidence(ctx context.Context, tx *db.DB, me db.User, r db.Room, m db.Message) (entries []db.ReportEntry, photos []db.ReportPhoto, err error) {
	reader, err := c.readerOf(ctx, tx, me, r.ID)
	if err != nil {
		return nil, nil, err
	}
	above, err := tx.MessagesBefore(ctx, r.ID, m.Seq, reader.spans, reportContext)
	if err != nil {
		return nil, nil, err
	}
	below, err := tx.MessagesFrom(ctx, r.ID, m.Seq+1, reader.spans, reportContext)
	if err != nil {
		return nil, nil, err
	}
	list, err := reader.entries(ctx, slices.Concat(above, []db.Message{m}, below), r.LastSeq)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range list {
		entries = append(entries, reportEntry(e))
		for _, p := range e.Pictures {
			photos = append(photos, db.ReportPhoto{Seq: e.Seq, Place: p.Place, PhotoID: p.ID, Alt: p.Alt})
		}
	}
	versions, _, err := reader.versions(ctx, m, math.MaxUint64, reportVersions+1)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range versions[:len(versions)-1] { // the last is the one that it has
		entries = append(entries, db.ReportEntry{Seq: m.Seq, VersionSeq: v.Seq, Kind: m.Kind, AuthorID: m.AuthorID, Body: v.Body, CreatedAt: v.CreatedAt})
	}
	return entries, photos, nil
}

func reportEntry(e Entry) db.ReportEntry {
	kept := db.ReportEntry{Seq: e.Seq, Kind: e.Kind, AuthorID: e.AuthorID, AboutID: e.AboutID, Body: e.Body, IsEdited: e.Edited,
		DeleteSeq: e.DeleteSeq, PhotoID: e.PhotoID, CreatedAt: e.CreatedAt, JoinedNext: e.JoinedNext.ID, JoinedToo: e.JoinedToo}
	if q := e.Quote; q != nil && e.DeleteSeq == 0 {
		kept.QuoteSeq, kept.QuoteAuthor, kept.QuoteText, kept.QuotePhotos, kept.QuoteHidden = q.Seq, q.Author.ID, q.Text, q.Photos, q.Hidden
	}
	return kept
}

// cleanReportWords returns the stored form of what was written; "" is fine.
func cleanReportWords(words string) (string, error) {
	words, err := text.Body(words)
	switch {
	case errors.Is(err, text.ErrNothing):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrBadText, err)
	case utf8.RuneCountInString(words) > MaxReportWords:
		return "", ErrLongWords
	}
	return words, nil
}

// OwnReport is something that I have reported.
type OwnReport struct {
	db.Report
	Author db.User // of the message
}

// OwnReports lists what I have reported, below an id and the newest first, and where the next page begins; 0
// if there is none. Answers that are on the page count as seen.
func (c *Chat) OwnReports(ctx context.Context, me db.User, before uint64) (list []OwnReport, next uint64, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := c.store.ReportsBy(ctx, me.ID, before, ReportsPage+1)
	if err != nil {
		return nil, 0, err
	}
	if len(rows) > ReportsPage {
		rows = rows[:ReportsPage]
		next = rows[ReportsPage-1].ID
	}
	people, err := c.store.UsersByID(ctx, idsOf(rows, func(r db.Report) uint64 { return r.AuthorID }))
	for _, r := range rows {
		list = append(list, OwnReport{Report: r, Author: people[r.AuthorID]})
	}
	return list, next, err
}

// AnswersSeen records that I have seen the answers on a page of my reports.
func (c *Chat) AnswersSeen(ctx context.Context, me db.User, list []OwnReport) error {
	var ids []uint64
	for _, r := range list {
		if r.IsClosed && !r.AnswerSeen {
			ids = append(ids, r.ID)
		}
	}
	news, err := c.store.SetAnswersSeen(ctx, me.ID, ids)
	if news {
		c.notifyUsers(me.ID)
	}
	return err
}

// idsOf collects an id of each row, once.
func idsOf[T any](rows []T, id func(T) uint64) []uint64 {
	ids := make([]uint64, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, id(row))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
