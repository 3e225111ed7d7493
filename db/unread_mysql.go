package db

import (
	"context"
	"slices"
	"strings"
)

// nearCount is the number of texts in a part of a room by one author, or of somebody's mentions there. MySQL bounds an
// index by values only, and not by the columns of another table, and MariaDB takes some 100 µs to plan a SELECT. So
// there is none for each line, but one for all rooms of which one line is counted, one for each of the others, and one
// for all mentions.
type nearCount struct {
	of              RoomUser // the author, if that is one of those whose lines are counted, or whose mentions they are
	part            int      // of a room with several lines: how many of their marks are before these texts; otherwise 0
	texts, mentions int
}

func (c *nearCount) columns() columns[nearCount] {
	return append(columns[nearCount](c.of.columns()), columns[nearCount]{{"part", (*number)(&c.part)}, {"texts", (*number)(&c.texts)}, {"mentions", (*number)(&c.mentions)}}...)
}

// linesOfRoom are the lines of one room that are counted together.
type linesOfRoom struct {
	lines []*RoomSummary
	marks []uint64 // the seqs up to which they are read, in order
}

// countNearInMySQL is countNear on MySQL.
func (d *DB) countNearInMySQL(ctx context.Context, lines []*RoomSummary) error {
	rooms := map[uint64]*linesOfRoom{}
	for _, l := range lines {
		if rooms[l.RoomID] == nil {
			rooms[l.RoomID] = &linesOfRoom{}
		}
		r := rooms[l.RoomID]
		r.lines, r.marks = append(r.lines, l), append(r.marks, l.ReadSeq)
	}
	for _, r := range rooms {
		slices.Sort(r.marks)
		r.marks = slices.Compact(r.marks)
	}
	query, values := d.nearInMySQL(lines, rooms)
	counts, err := all[nearCount](d.query(ctx, query, values...))
	if err != nil {
		return err
	}
	for _, c := range counts {
		rooms[c.of.Room].add(c)
	}
	for _, l := range lines {
		l.Unread, l.Mentions = min(l.Unread, maxCounted), min(l.Mentions, maxCounted)
	}
	return nil
}

// add counts some texts or mentions for those who have not seen them.
func (r *linesOfRoom) add(c nearCount) {
	for _, l := range r.lines {
		if l.UserID == c.of.User {
			l.Mentions += c.mentions
			continue
		}
		if mark, _ := slices.BinarySearch(r.marks, l.ReadSeq); c.part == 0 || mark < c.part {
			l.Unread += c.texts
		}
	}
}

func (d *DB) nearInMySQL(lines []*RoomSummary, rooms map[uint64]*linesOfRoom) (query string, values []any) {
	var single, mentions []string
	var ofSingle, ofMentions []any
	var shared []*linesOfRoom
	for _, l := range lines {
		mentions = append(mentions, "user_id = ? AND room_id = ? AND seq > ?")
		ofMentions = append(ofMentions, l.UserID, l.RoomID, l.ReadSeq)
		if r := rooms[l.RoomID]; len(r.lines) == 1 {
			single = append(single, "room_id = ? AND seq > ? AND author_id <> ?")
			ofSingle = append(ofSingle, l.RoomID, l.ReadSeq, l.UserID)
		} else if r.lines[0] == l {
			shared = append(shared, r)
		}
	}
	texts := " FROM messages" + d.forceIndex("of_text") + " WHERE kind = 'text' AND gone_seq = 0 AND "
	parts := []string{"SELECT c.room_id, c.user_id, 0 AS part, 0 AS texts, COUNT(*) AS mentions FROM (SELECT room_id, user_id, seq FROM mentions" + d.forceIndex("of_called") +
		" WHERE taken_back_seq = 0 AND is_own IS NULL AND (" + strings.Join(mentions, " OR ") + ")) c " +
		"JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> c.user_id GROUP BY c.user_id, c.room_id"}
	values = ofMentions
	if len(single) > 0 {
		parts = append(parts, "SELECT room_id, 0, 0, COUNT(*), 0"+texts+"("+strings.Join(single, " OR ")+") GROUP BY room_id")
		values = append(values, ofSingle...)
	}
	for _, r := range shared {
		var users, after []uint64
		for _, l := range r.lines {
			users = append(users, l.UserID)
		}
		for _, mark := range r.marks {
			after = append(after, mark+1)
		}
		parts = append(parts, "(SELECT ?, CASE WHEN author_id IN ? THEN author_id ELSE 0 END AS author, INTERVAL(seq, "+strings.TrimSuffix(strings.Repeat("?, ", len(after)), ", ")+") AS part, COUNT(*), 0"+
			texts+"room_id = ? AND seq > ? GROUP BY author, part ORDER BY NULL)")
		values = append(values, r.lines[0].RoomID, users)
		for _, seq := range after {
			values = append(values, seq)
		}
		values = append(values, r.lines[0].RoomID, r.marks[0])
	}
	return strings.Join(parts, " UNION ALL "), values
}
