package db

import (
	"context"
	"slices"
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
// So a count costs the same whether ten messages wait or a million, and no matter who wrote them.
const (
	maxCounted  = 1000
	countWindow = maxCounted + 200
	firstWindow = 200
)

// texts are the messages of a room after a seq that count as unread, if they are by others.
const textsAfter = "room_id = ? AND kind = 'text' AND gone_seq = 0 AND seq > ?"

// forceIndex makes MySQL use an index. It would choose another one where its statistics are old, and read on
// and on. SQLite has no statistics and chooses by the columns.
func (d *DB) forceIndex(index string) string {
	if d.sqlite {
		return ""
	}
	return " FORCE INDEX (" + index + ")"
}

// messages begins a query of messages through an index.
func (d *DB) messages(ctx context.Context, index string) *gorm.DB {
	return d.in(ctx).Table("messages" + d.forceIndex(index))
}

// countUnread fills in the unread messages and mentions of rooms.
func (d *DB) countUnread(ctx context.Context, lines []RoomSummary) error {
	var near, far []*RoomSummary
	for i, l := range lines {
		switch {
		case l.ReadSeq >= l.LastSeq:
		case l.LastSeq-l.ReadSeq <= countWindow:
			near = append(near, &lines[i])
		default:
			far = append(far, &lines[i])
		}
	}
	if err := d.countNear(ctx, near); err != nil {
		return err
	}
	return d.countFar(ctx, far)
}

// unreadCount is the number of messages and mentions that are unread in a room.
type unreadCount struct {
	of               RoomUser
	looked           int // messages that were looked at, from countFar
	unread, mentions int
}

func (c *unreadCount) columns() columns[unreadCount] {
	return append(columns[unreadCount](c.of.columns()), columns[unreadCount]{{"looked", (*number)(&c.looked)}, {"unread", (*number)(&c.unread)}, {"mentions", (*number)(&c.mentions)}}...)
}

// countNear counts in rooms that have no more entries to look at than a window has.
func (d *DB) countNear(ctx context.Context, lines []*RoomSummary) error {
	if len(lines) == 0 {
		return nil
	}
	if !d.sqlite {
		return d.countNearInMySQL(ctx, lines)
	}
	query, values := nearInSQLite(lines)
	counts, err := all[unreadCount](d.query(ctx, query, values...))
	if err != nil {
		return err
	}
	byRoom := byRoomUser(lines)
	for _, c := range counts {
		l := byRoom[c.of]
		l.Unread, l.Mentions = min(c.unread, maxCounted), min(c.mentions, maxCounted)
	}
	return nil
}

// nearInSQLite bounds the indexes by columns of another table.
func nearInSQLite(lines []*RoomSummary) (query string, values []any) {
	for _, l := range lines {
		values = append(values, l.UserID, l.RoomID, l.ReadSeq)
	}
	return "SELECT column1 AS user_id, column2 AS room_id, (SELECT COUNT(*) FROM messages WHERE room_id = column2 AND kind = 'text' AND gone_seq = 0 " +
		"AND seq > column3 AND author_id <> column1) AS unread, " +
		"(SELECT COUNT(*) FROM mentions c JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> column1 " +
		"WHERE c.user_id = column1 AND c.room_id = column2 AND c.taken_back_seq = 0 AND c.is_own IS NULL AND c.seq > column3) AS mentions " +
		"FROM (VALUES " + strings.TrimSuffix(strings.Repeat("(?, ?, ?), ", len(lines)), ", ") + ")", values
}

// countFar counts in rooms with more entries than a window has.
func (d *DB) countFar(ctx context.Context, lines []*RoomSummary) error {
	var parts []string
	var values []any
	for _, l := range lines {
		parts = append(parts, "SELECT ? AS user_id, ? AS room_id, t.looked, t.unread, x.mentions FROM "+
			"(SELECT COUNT(*) AS looked, COUNT(CASE WHEN author_id <> ? THEN 1 END) AS unread FROM "+
			"(SELECT author_id FROM messages"+d.forceIndex("of_text")+" WHERE "+textsAfter+" ORDER BY seq LIMIT ?) w) t, "+
			"(SELECT COUNT(*) AS mentions FROM (SELECT room_id, seq FROM mentions"+d.forceIndex("of_called")+
			" WHERE user_id = ? AND room_id = ? AND taken_back_seq = 0 AND is_own IS NULL AND seq > ? ORDER BY seq LIMIT ?) c "+
			"JOIN messages n ON n.room_id = c.room_id AND n.seq = c.seq AND n.author_id <> ?) x")
		values = append(values, l.UserID, l.RoomID, l.UserID, l.RoomID, l.ReadSeq, countWindow, l.UserID, l.RoomID, l.ReadSeq, countWindow, l.UserID)
	}
	if len(parts) == 0 {
		return nil
	}
	counts, err := all[unreadCount](d.query(ctx, strings.Join(parts, " UNION ALL "), values...))
	if err != nil {
		return err
	}
	byRoom := byRoomUser(lines)
	for _, c := range counts {
		line := byRoom[c.of]
		line.Unread, line.Mentions = min(c.unread, maxCounted), min(c.mentions, maxCounted)
		if c.looked == countWindow && c.unread < maxCounted {
			n, err := d.countByOthers(ctx, c.of.User, c.of.Room, line.ReadSeq)
			if err != nil {
				return err
			}
			line.Unread = n
		}
	}
	return nil
}

func byRoomUser(lines []*RoomSummary) map[RoomUser]*RoomSummary {
	found := make(map[RoomUser]*RoomSummary, len(lines))
	for _, l := range lines {
		found[RoomUser{l.RoomID, l.UserID}] = l
	}
	return found
}

// countByOthers counts the messages of a room after a seq that others have written, up to maxCounted, one
// author after the other.
func (d *DB) countByOthers(ctx context.Context, user, room, read uint64) (n int, err error) {
	others, err := d.authorsBut(ctx, user, room)
	if err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(others, 500) {
		var part int
		err := d.in(ctx).Raw("SELECT COUNT(*) FROM (SELECT 1 FROM messages"+d.forceIndex("of_author")+" WHERE "+textsAfter+" AND author_id IN ? LIMIT ?) w",
			room, read, batch, maxCounted-n).Scan(&part).Error
		if n += part; err != nil || n >= maxCounted {
			return n, translate(err)
		}
	}
	return n, nil
}

// authorsBut lists who may have written in a room: all who are in it or were, but for one person.
func (d *DB) authorsBut(ctx context.Context, user, room uint64) (ids []uint64, err error) {
	return numbers(d.query(ctx, "SELECT DISTINCT user_id FROM members"+d.forceIndex("one_open")+" WHERE room_id = ? AND user_id <> ?", room, user))
}

// unreadWindow is the number of messages that were looked at, and the first of them by others; 0 if none.
type unreadWindow struct {
	looked int
	first  uint64
}

func (w *unreadWindow) columns() columns[unreadWindow] {
	return columns[unreadWindow]{{"looked", (*number)(&w.looked)}, {"first", (*unsigned)(&w.first)}}
}

// FirstUnread returns the first entry after a seq that counts as unread for a person, or 0.
func (d *DB) FirstUnread(ctx context.Context, user, room, read uint64) (uint64, error) {
	w, err := one[unreadWindow](d.query(ctx, "SELECT COUNT(*) AS looked, COALESCE(MIN(CASE WHEN author_id <> ? THEN seq END), 0) AS first FROM "+
		"(SELECT seq, author_id FROM messages"+d.forceIndex("of_text")+" WHERE "+textsAfter+" ORDER BY seq LIMIT ?) w",
		user, room, read, firstWindow))
	if err != nil || w.first != 0 || w.looked < firstWindow {
		return w.first, err
	}
	others, err := d.authorsBut(ctx, user, room)
	if err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(others, 200) {
		var parts []string
		var values []any
		for _, author := range batch {
			parts = append(parts, "SELECT MIN(seq) AS seq FROM messages"+d.forceIndex("of_author")+" WHERE "+textsAfter+" AND author_id = ?")
			values = append(values, room, read, author)
		}
		firsts, err := numbers(d.query(ctx, "SELECT seq FROM ("+strings.Join(parts, " UNION ALL ")+") f WHERE seq IS NOT NULL", values...))
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
