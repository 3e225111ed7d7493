package db

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// Counts of unread messages end at maxCounted: lists show "999+" from there on. Counting reads no more than
// two indexes, which hold all that decides whether a message counts, and only a stretch of each:
//
//   - of_text has the messages of a room that are not deleted, in their order. A window of it has the answer
//     unless many messages are one's own.
//   - of_author has them by author. Where the window is not enough, the other people of the room are counted
//     by name, so that nobody walks through what they have written themselves.
//
// So a count costs the same whether ten messages wait or a million, and whoever they are by.
const (
	maxCounted  = 1000
	countWindow = maxCounted + 200
	firstWindow = 200
)

// texts are the messages of a room after a seq that count as unread, if they are by others.
const textsAfter = "room_id = ? AND kind = 'text' AND gone_seq = 0 AND seq > ?"

// through makes MySQL use an index. It would choose another one where its statistics are old, and read on
// and on. SQLite has no statistics and chooses by the columns.
func (d *DB) through(index string) string {
	if d.sqlite {
		return ""
	}
	return " FORCE INDEX (" + index + ")"
}

// messages begins a query of messages through an index.
func (d *DB) messages(ctx context.Context, index string) *gorm.DB {
	return d.in(ctx).Table("messages" + d.through(index))
}

// countUnread fills in the unread messages and mentions of rooms.
func (d *DB) countUnread(ctx context.Context, user uint64, lines []RoomLine) error {
	var near, far []*RoomLine
	for i, l := range lines {
		switch {
		case l.At.ReadSeq >= l.At.LastSeq:
		case l.At.LastSeq-l.At.ReadSeq <= countWindow:
			near = append(near, &lines[i])
		default:
			far = append(far, &lines[i])
		}
	}
	if err := d.countNear(ctx, user, near); err != nil {
		return err
	}
	return d.countFar(ctx, user, far)
}

// unreadCount is how many messages and mentions are unread in a room.
type unreadCount struct {
	room             uint64
	looked           int // messages that were looked at, from countFar
	unread, mentions int
}

func (c *unreadCount) columns() columns[unreadCount] {
	return columns[unreadCount]{{"room_id", (*unsigned)(&c.room)}, {"looked", (*number)(&c.looked)}, {"unread", (*number)(&c.unread)}, {"mentions", (*number)(&c.mentions)}}
}

// countNear counts in rooms that have no more entries to look at than a window has.
func (d *DB) countNear(ctx context.Context, user uint64, lines []*RoomLine) error {
	if len(lines) == 0 {
		return nil
	}
	values := map[string]any{"user": user}
	parts := make([]string, len(lines))
	for i, l := range lines {
		n := strconv.Itoa(i)
		values["room"+n], values["read"+n] = l.ID, l.At.ReadSeq
		if parts[i] = "room_id = @room" + n + " AND seq > @read" + n; d.sqlite {
			parts[i] = "(@room" + n + ", @read" + n + ")"
		}
	}
	// SQLite bounds an index by a column of another table. MySQL does so by values only, which it finds in any order.
	query := "SELECT column1 AS room_id, (SELECT COUNT(*) FROM messages WHERE room_id = column1 AND kind = 'text' AND gone_seq = 0 " +
		"AND seq > column2 AND author_id <> @user) AS unread, " +
		"(SELECT COUNT(*) FROM mentions c JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> @user " +
		"WHERE c.user_id = @user AND c.room_id = column1 AND c.taken_back_seq = 0 AND c.is_own IS NULL AND c.seq > column2) AS mentions " +
		"FROM (VALUES " + strings.Join(parts, ", ") + ")"
	if !d.sqlite {
		within := "((" + strings.Join(parts, ") OR (") + ")) "
		query = "SELECT room_id, COUNT(*) AS unread, 0 AS mentions FROM messages" + d.through("of_text") +
			" WHERE kind = 'text' AND gone_seq = 0 AND author_id <> @user AND " + within + "GROUP BY room_id UNION ALL " +
			"SELECT c.room_id, 0, COUNT(*) FROM (SELECT room_id, seq FROM mentions" + d.through("of_called") +
			" WHERE user_id = @user AND taken_back_seq = 0 AND is_own IS NULL AND " + within + ") c " +
			"JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> @user GROUP BY c.room_id"
	}
	counts, err := all[unreadCount](d.in(ctx).Raw(query, values))
	if err != nil {
		return err
	}
	for _, c := range counts {
		for _, l := range lines {
			if l.ID == c.room {
				l.Unread, l.Mentions = min(l.Unread+c.unread, maxCounted), min(l.Mentions+c.mentions, maxCounted)
			}
		}
	}
	return nil
}

// countFar counts in rooms with more entries than a window has.
func (d *DB) countFar(ctx context.Context, user uint64, lines []*RoomLine) error {
	byRoom := map[uint64]*RoomLine{}
	var parts []string
	var values []any
	for _, l := range lines {
		byRoom[l.ID] = l
		parts = append(parts, "SELECT ? AS room_id, t.looked, t.unread, x.mentions FROM "+
			"(SELECT COUNT(*) AS looked, COUNT(CASE WHEN author_id <> ? THEN 1 END) AS unread FROM "+
			"(SELECT author_id FROM messages"+d.through("of_text")+" WHERE "+textsAfter+" ORDER BY seq LIMIT ?) w) t, "+
			"(SELECT COUNT(*) AS mentions FROM (SELECT room_id, seq FROM mentions"+d.through("of_called")+
			" WHERE user_id = ? AND room_id = ? AND taken_back_seq = 0 AND is_own IS NULL AND seq > ? ORDER BY seq LIMIT ?) c "+
			"JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> ?) x")
		values = append(values, l.ID, user, l.ID, l.At.ReadSeq, countWindow, user, l.ID, l.At.ReadSeq, countWindow, user)
	}
	if len(parts) == 0 {
		return nil
	}
	counts, err := all[unreadCount](d.in(ctx).Raw(strings.Join(parts, " UNION ALL "), values...))
	if err != nil {
		return err
	}
	for _, c := range counts {
		line := byRoom[c.room]
		line.Unread, line.Mentions = min(c.unread, maxCounted), min(c.mentions, maxCounted)
		if c.looked == countWindow && c.unread < maxCounted {
			n, err := d.countByOthers(ctx, user, c.room, line.At.ReadSeq)
			if err != nil {
				return err
			}
			line.Unread = n
		}
	}
	return nil
}

// countByOthers counts the messages of a room after a seq that others have written, up to maxCounted, one
// author after the other.
func (d *DB) countByOthers(ctx context.Context, user, room, read uint64) (n int, err error) {
	others, err := d.authorsBut(ctx, user, room)
	if err != nil {
		return 0, err
	}
	for batch := range chunks(others, 500) {
		var part int
		err := d.in(ctx).Raw("SELECT COUNT(*) FROM (SELECT 1 FROM messages"+d.through("of_author")+" WHERE "+textsAfter+" AND author_id IN ? LIMIT ?) w",
			room, read, batch, maxCounted-n).Scan(&part).Error
		if n += part; err != nil || n >= maxCounted {
			return n, translate(err)
		}
	}
	return n, nil
}

// authorsBut lists who may have written in a room: all who are in it or were, but for one person.
func (d *DB) authorsBut(ctx context.Context, user, room uint64) (ids []uint64, err error) {
	return numbers(d.in(ctx).Raw("SELECT DISTINCT user_id FROM members"+d.through("one_open")+" WHERE room_id = ? AND user_id <> ?", room, user))
}

// unreadWindow is how many messages were looked at, and which of them is the first by others; 0 if none.
type unreadWindow struct {
	looked int
	first  uint64
}

func (w *unreadWindow) columns() columns[unreadWindow] {
	return columns[unreadWindow]{{"looked", (*number)(&w.looked)}, {"first", (*unsigned)(&w.first)}}
}

// FirstUnread returns the first entry after a seq that counts as unread for a person, or 0.
func (d *DB) FirstUnread(ctx context.Context, user, room, read uint64) (uint64, error) {
	w, err := one[unreadWindow](d.in(ctx).Raw("SELECT COUNT(*) AS looked, COALESCE(MIN(CASE WHEN author_id <> ? THEN seq END), 0) AS first FROM "+
		"(SELECT seq, author_id FROM messages"+d.through("of_text")+" WHERE "+textsAfter+" ORDER BY seq LIMIT ?) w",
		user, room, read, firstWindow))
	if err != nil || w.first != 0 || w.looked < firstWindow {
		return w.first, err
	}
	others, err := d.authorsBut(ctx, user, room)
	if err != nil {
		return 0, err
	}
	for batch := range chunks(others, 200) {
		var parts []string
		var values []any
		for _, author := range batch {
			parts = append(parts, "SELECT MIN(seq) AS seq FROM messages"+d.through("of_author")+" WHERE "+textsAfter+" AND author_id = ?")
			values = append(values, room, read, author)
		}
		firsts, err := numbers(d.in(ctx).Raw("SELECT seq FROM ("+strings.Join(parts, " UNION ALL ")+") f WHERE seq IS NOT NULL", values...))
		if err != nil {
			return 0, err
		}
		if w.first != 0 {
			firsts = append(firsts, w.first)
		}
		if len(firsts) > 0 {
			w.first = slices.Min(firsts)
		}
	}
	return w.first, nil
}
