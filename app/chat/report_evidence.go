package chat

import (
	"context"

	"parley/db"
)

// ReportDetail is a report with its evidence.
type ReportDetail struct {
	GivenReport
	Entries []Entry      // the reported message, and what surrounded it
	Texts   []db.Message // earlier ones of the reported message, the oldest first
	Others  int          // further open reports of the same message
	Exists  bool         // the message has not been deleted since
	InRoom  bool         // its author is a member of the room, which is not a direct one
}

// ReportDetail reads a report for an administrator. One about their own message is ErrNotFound, see Reports.
func (c *Chat) ReportDetail(ctx context.Context, me db.User, id uint64) (d ReportDetail, err error) {
	if !me.IsAdmin {
		return d, ErrNotFound
	}
	err = c.store.Snapshot(ctx, func(tx *db.DB) error {
		r, err := tx.ReportSeenBy(ctx, me.ID, id)
		if err != nil {
			return err
		}
		given, err := c.withPeople(ctx, []db.Report{r})
		if err != nil {
			return err
		}
		d = ReportDetail{GivenReport: given[0]}
		if err := c.readEvidence(ctx, tx, &d); err != nil || r.IsClosed {
			return err
		}
		others, err := tx.OpenReportsOf(ctx, r.RoomID, r.Seq)
		if err != nil {
			return err
		}
		d.Others = len(others) - 1
		found, err := tx.MessagesAt(ctx, r.RoomID, []uint64{r.Seq})
		if err != nil {
			return err
		}
		m, exists := found[r.Seq]
		d.Exists = exists && m.DeleteSeq == 0
		if r.RoomKind == db.RoomDirect {
			return nil
		}
		members, err := tx.MembersAmong(ctx, r.RoomID, []uint64{r.AuthorID})
		d.InRoom = members[r.AuthorID]
		return err
	})
	return d, notFound(err)
}

// readEvidence makes entries of what a report keeps, so that the same component shows them as shows a room.
func (c *Chat) readEvidence(ctx context.Context, tx *db.DB, d *ReportDetail) error {
	kept, photos, err := tx.EvidenceOf(ctx, d.ID)
	if err != nil {
		return err
	}
	var ids []uint64
	for _, e := range kept {
		ids = append(ids, e.AuthorID, e.AboutID, e.QuoteAuthor, e.JoinedNext)
	}
	people, err := tx.UsersByID(ctx, ids)
	if err != nil {
		return err
	}
	pictures, err := tx.PhotosByID(ctx, idsOf(photos, func(p db.ReportPhoto) uint64 { return p.PhotoID }))
	if err != nil {
		return err
	}
	var above *db.Message
	for _, e := range kept {
		m := db.Message{RoomID: d.RoomID, Seq: e.Seq, Kind: e.Kind, AuthorID: e.AuthorID, Body: e.Body, PhotoID: e.PhotoID,
			TargetSeq: e.QuoteSeq, AboutID: e.AboutID, DeleteSeq: e.DeleteSeq, CreatedAt: e.CreatedAt}
		if e.VersionSeq != 0 {
			d.Texts = append(d.Texts, m)
			continue
		}
		entry := Entry{Message: m, Author: people[e.AuthorID], About: people[e.AboutID], Edited: e.IsEdited, RedactedBefore: above, texts: c.Texts,
			JoinedNext: people[e.JoinedNext], JoinedToo: e.JoinedToo}
		if e.QuoteSeq != 0 {
			entry.Quote = &Quote{Seq: e.QuoteSeq, Author: people[e.QuoteAuthor], Text: e.QuoteText, Photos: e.QuotePhotos, Hidden: e.QuoteHidden}
		}
		for _, p := range photos {
			if picture, exists := pictures[p.PhotoID]; exists && p.Seq == e.Seq {
				picture.Alt = p.Alt
				entry.Pictures = append(entry.Pictures, picture)
			}
		}
		d.Entries = append(d.Entries, entry)
		above = &m
	}
	return nil
}
