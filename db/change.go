package db

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// CountChanges counts the entries of a kind that change an entry, up to a limit.
func (d *DB) CountChanges(ctx context.Context, room, target uint64, kind MessageKind, limit int) (n int, err error) {
	err = d.in(ctx).Raw("SELECT COUNT(*) FROM (SELECT seq FROM messages WHERE room_id = ? AND target_seq = ? AND kind = ? LIMIT ?) c", room, target, kind, limit).Scan(&n).Error
	return n, translate(err)
}

// ChangeSeq is the position of a change of an entry in the log.
type ChangeSeq struct{ TargetSeq, Seq, PhotoID uint64 }

func (c *ChangeSeq) columns() columns[ChangeSeq] {
	return columns[ChangeSeq]{{"target_seq", (*unsigned)(&c.TargetSeq)}, {"seq", (*unsigned)(&c.Seq)}, {"photo_id", (*unsigned)(&c.PhotoID)}}
}

// ChangeSeqs returns the entries of a kind that change these, oldest first, without their texts.
func (d *DB) ChangeSeqs(ctx context.Context, room uint64, targets []uint64, kind MessageKind) ([]ChangeSeq, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	columns := "target_seq, seq"
	if kind == KindAltText {
		columns += ", photo_id" // which is not in the index
	}
	return all[ChangeSeq](d.query(ctx, "SELECT "+columns+" FROM messages"+d.forceIndex("of_change")+" WHERE room_id = ? AND target_seq IN ? AND kind = ? ORDER BY seq", room, targets, kind))
}

// EditsBefore returns the newest edits of an entry below a seq that lie in one of the spans, oldest first.
func (d *DB) EditsBefore(ctx context.Context, room, target, before uint64, spans []Span, limit int) (rows []Message, err error) {
	merged := joined(spans)
	slices.Reverse(merged)
	for _, s := range merged {
		to := min(before-1, cmp.Or(s.To, math.MaxInt64))
		if to < target || len(rows) == limit {
			break
		}
		part, err := all[Message](d.messages(ctx, "of_change").Where("room_id = ? AND target_seq = ? AND kind = ? AND seq BETWEEN ? AND ?", room, target, KindEdit, s.From, to).
			Order("seq DESC").Limit(limit - len(rows)))
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	slices.Reverse(rows)
	return rows, nil
}

// ReactionCount is how often somebody has given or taken back one emoji. Body is that of the entries, "+"
// or "-" and the emoji.
type ReactionCount struct {
	TargetSeq, AuthorID uint64
	Body                string
	FirstSeq, LastSeq   uint64
	Times               int
}

func (c *ReactionCount) columns() columns[ReactionCount] {
	return columns[ReactionCount]{
		{"target_seq", (*unsigned)(&c.TargetSeq)}, {"author_id", (*unsigned)(&c.AuthorID)}, {"body", (*text)(&c.Body)},
		{"first_seq", (*unsigned)(&c.FirstSeq)}, {"last_seq", (*unsigned)(&c.LastSeq)}, {"times", (*number)(&c.Times)},
	}
}

// MaxReactions is the number of reactions to one entry that are read, the newest: given and taken back by everybody. A
// hundred people who give one each, and some who change their mind, stay far below.
const MaxReactions = 1000

// ReactionCounts sums up the reactions to these entries until a seq, in no order.
func (d *DB) ReactionCounts(ctx context.Context, room uint64, targets []uint64, until uint64) (list []ReactionCount, err error) {
	err = d.eachReacted(ctx, room, targets, until, func(targets []uint64, from uint64) error {
		// A TEXT would make MySQL group on the disk. No reaction is longer than 80 characters.
		part, err := all[ReactionCount](d.query(ctx, "SELECT target_seq, author_id, SUBSTR(body, 1, 80) AS body, MIN(seq) AS first_seq, MAX(seq) AS last_seq, COUNT(*) AS times FROM messages"+d.forceIndex("of_change")+" "+
			"WHERE room_id = ? AND target_seq IN ? AND kind = ? AND seq BETWEEN ? AND ? GROUP BY target_seq, author_id, SUBSTR(body, 1, 80)",
			room, targets, KindReaction, from, until))
		list = append(list, part...)
		return err
	})
	return list, err
}

// Reactions returns the reactions to these entries until a seq, in no order.
func (d *DB) Reactions(ctx context.Context, room uint64, targets []uint64, until uint64) (list []Message, err error) {
	err = d.eachReacted(ctx, room, targets, until, func(targets []uint64, from uint64) error {
		part, err := all[Message](d.messages(ctx, "of_change").Where("room_id = ? AND target_seq IN ? AND kind = ? AND seq BETWEEN ? AND ?", room, targets, KindReaction, from, until))
		list = append(list, part...)
		return err
	})
	return list, err
}

// reacted is an entry and the number of its reactions.
type reacted struct {
	target    uint64
	reactions int
}

func (r *reacted) columns() columns[reacted] {
	return columns[reacted]{{"target_seq", (*unsigned)(&r.target)}, {"n", (*number)(&r.reactions)}}
}

// eachReacted calls read with those of the entries that have reactions, and with the first of these to read.
// An entry with more than MaxReactions is from the time before they were bounded.
func (d *DB) eachReacted(ctx context.Context, room uint64, targets []uint64, until uint64, read func(targets []uint64, from uint64) error) error {
	if len(targets) == 0 {
		return nil
	}
	counts, err := all[reacted](d.query(ctx, "SELECT target_seq, COUNT(*) AS n FROM messages"+d.forceIndex("of_change")+" WHERE room_id = ? AND target_seq IN ? AND kind = ? AND seq <= ? GROUP BY target_seq",
		room, targets, KindReaction, until))
	if err != nil {
		return err
	}
	var few []uint64
	for _, c := range counts {
		if c.reactions <= MaxReactions {
			few = append(few, c.target)
			continue
		}
		var first uint64
		err := d.in(ctx).Raw("SELECT seq FROM messages"+d.forceIndex("of_change")+" WHERE room_id = ? AND target_seq = ? AND kind = ? AND seq <= ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
			room, c.target, KindReaction, until, MaxReactions-1).Scan(&first).Error
		if err != nil {
			return translate(err)
		}
		if err := read([]uint64{c.target}, first); err != nil {
			return err
		}
	}
	if len(few) == 0 {
		return nil
	}
	return read(few, 0)
}

// SetEdited points an entry at its newest edit.
func (d *DB) SetEdited(ctx context.Context, room, seq, edit uint64) error {
	return d.exec(ctx, "UPDATE messages SET edit_seq = ? WHERE room_id = ? AND seq = ?", edit, room, seq)
}

// EraseMessage erases the texts of an entry and of all its edits, its photos and its mentions.
func (d *DB) EraseMessage(ctx context.Context, room, seq, deletion uint64) error {
	if err := d.exec(ctx, "UPDATE messages SET body = '', photos = 0, gone_seq = ? WHERE room_id = ? AND seq = ?", deletion, room, seq); err != nil {
		return err
	}
	if err := d.deleteMentionsOf(ctx, room, seq); err != nil {
		return err
	}
	if err := d.exec(ctx, "UPDATE messages SET body = '' WHERE room_id = ? AND target_seq = ? AND kind IN ?", room, seq, []MessageKind{KindEdit, KindAltText}); err != nil {
		return err
	}
	if _, err := d.RemovePin(ctx, room, seq); err != nil {
		return err
	}
	return d.dropPhotos(ctx, "room_id = ? AND seq = ?", room, seq)
}

// SetDeletedBy records that a moderator has deleted an entry.
func (d *DB) SetDeletedBy(ctx context.Context, room, seq, moderator uint64) error {
	return d.exec(ctx, "UPDATE messages SET gone_by = ? WHERE room_id = ? AND seq = ?", moderator, room, seq)
}
