package db

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
)

// Kind says what an entry of a room's log is.
type Kind string

// The kinds of entries. Every change that a viewer can see is one of them.
const (
	Text  Kind = "text"
	Meet  Kind = "meet"  // a direct room opened: the two are friends
	Join  Kind = "join"  // the author came in
	Leave Kind = "leave" // the author left
	Close Kind = "close" // a direct room ended: both left
)

// Message is one entry of a room's log.
type Message struct {
	RoomID    uint64    `gorm:"primaryKey;autoIncrement:false;uniqueIndex:one_key,priority:1"`
	Seq       uint64    `gorm:"primaryKey;autoIncrement:false"`
	Kind      Kind      `gorm:"size:16;not null"`
	AuthorID  uint64    `gorm:"not null;uniqueIndex:one_key,priority:2"`
	ClientKey *string   `gorm:"size:64;uniqueIndex:one_key,priority:3"` // the idempotency key; none for what no client posts
	Body      string    `gorm:"type:text;not null"`
	PhotoID   uint64    `gorm:"not null"`
	TargetSeq uint64    `gorm:"not null"` // the entry that this one is about
	CreatedAt time.Time `gorm:"precision:6;not null"`
}

// IsSaid tells whether somebody says something with this entry, so that it counts as unread.
func (m Message) IsSaid() bool { return m.Kind == Text }

// Span is a part of a room's log, both ends included; a To of 0 is open.
type Span struct{ From, To uint64 }

// InsertMessage appends an entry. ErrDuplicate means that its key was used before.
func (d *DB) InsertMessage(ctx context.Context, m *Message) error {
	return d.create(ctx, m)
}

// InsertMessages appends several entries in one statement. ErrDuplicate means that a key of one
// of them was used before, and none is there.
func (d *DB) InsertMessages(ctx context.Context, list []Message) error {
	return d.create(ctx, &list)
}

// MessageByKey finds what an author posted in a room with a key.
func (d *DB) MessageByKey(ctx context.Context, room, author uint64, key string) (Message, error) {
	return one[Message](d.in(ctx).Where("room_id = ? AND author_id = ? AND client_key = ?", room, author, key))
}

// MessagesAfter reads a room's log forwards from after a seq.
func (d *DB) MessagesAfter(ctx context.Context, room, seq uint64, limit int) ([]Message, error) {
	return all[Message](d.in(ctx).Where("room_id = ? AND seq > ?", room, seq).Order("seq").Limit(limit))
}

// MessagesBefore reads the newest entries below a seq that lie in one of the spans, oldest
// first. Without spans there is nothing to see.
func (d *DB) MessagesBefore(ctx context.Context, room, before uint64, spans []Span, limit int) ([]Message, error) {
	return d.messagesWithin(ctx, room, "seq < ?", before, "seq DESC", spans, limit)
}

// MessagesFrom reads the oldest entries from a seq on that lie in one of the spans, oldest first.
func (d *DB) MessagesFrom(ctx context.Context, room, from uint64, spans []Span, limit int) ([]Message, error) {
	return d.messagesWithin(ctx, room, "seq >= ?", from, "seq", spans, limit)
}

func (d *DB) messagesWithin(ctx context.Context, room uint64, bound string, seq uint64, order string, spans []Span, limit int) ([]Message, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	conditions, values := make([]string, len(spans)), make([]any, 0, 2*len(spans))
	for i, s := range spans {
		conditions[i], values = "seq BETWEEN ? AND ?", append(values, s.From, cmp.Or(s.To, math.MaxInt64))
	}
	rows, err := all[Message](d.in(ctx).Where("room_id = ?", room).Where(bound, seq).
		Where("("+strings.Join(conditions, " OR ")+")", values...).Order(order).Limit(limit))
	if order == "seq DESC" {
		slices.Reverse(rows)
	}
	return rows, err
}
