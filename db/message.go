package db

import (
	"context"
	"time"
)

// Kind says what an entry of a room's log is.
type Kind string

// The kinds of entries. Every change that a viewer can see is one of them.
const (
	Text  Kind = "text"
	Join  Kind = "join"  // the author came in, or for a direct room: the two became friends
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

// InsertMessage appends an entry. ErrDuplicate means that its key was used before.
func (d *DB) InsertMessage(ctx context.Context, m *Message) error {
	return d.create(ctx, m)
}
