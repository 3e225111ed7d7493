package db

import (
	"context"
	"time"
)

// RoomKind is who a room is for.
type RoomKind string

// The kinds of rooms.
const (
	Direct RoomKind = "direct" // the two people of a friendship
	Group  RoomKind = "group"  // a name and members
)

// Room is a place to talk. LastSeq is the seq of the newest entry of its log; the row's lock,
// taken by raising it, orders everything that happens in the room.
type Room struct {
	ID        uint64    `gorm:"primaryKey"`
	Kind      RoomKind  `gorm:"size:16;not null"`
	Name      string    `gorm:"size:160;not null"`
	IsOpen    bool      `gorm:"not null"`
	Epoch     uint64    `gorm:"not null"` // changed when a backup is restored, because seq then goes backwards
	LastSeq   uint64    `gorm:"not null"`
	CreatedAt time.Time `gorm:"precision:6;not null"`
}

// Member is one person's time in a room, from JoinedSeq to LeftSeq (0 while it lasts).
// Someone who is added again gets a second row.
type Member struct {
	ID        uint64 `gorm:"primaryKey"`
	RoomID    uint64 `gorm:"not null;uniqueIndex:one_open,priority:1"`
	UserID    uint64 `gorm:"not null;uniqueIndex:one_open,priority:2;index:of_user,priority:1"`
	LeftSeq   uint64 `gorm:"not null;uniqueIndex:one_open,priority:3;index:of_user,priority:2"`
	JoinedSeq uint64 `gorm:"not null"`
	ReadSeq   uint64 `gorm:"not null"` // entries up to here were seen
}

// Head is the end of a room's log.
type Head struct {
	RoomID  uint64
	Epoch   uint64
	LastSeq uint64
}

// CreateRoom stores a new room and sets its ID.
func (d *DB) CreateRoom(ctx context.Context, r *Room) error {
	return d.create(ctx, r)
}
