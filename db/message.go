package db

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
)

// MessageKind is what an entry of a room's log is about.
type MessageKind string

// The kinds of entries. Every change that a viewer can see is an entry.
const (
	KindText          MessageKind = "text"   // a message
	KindEdit          MessageKind = "edit"   // a new text for the target, by its author
	KindDelete        MessageKind = "delete" // the author deleted the target: a placeholder stays, its text and photos are erased
	KindAltText       MessageKind = "alt"    // a new alt text for a photo of the target, by its author
	KindReaction      MessageKind = "react"  // an emoji added to the target ("+" and the emoji) or removed ("-")
	KindOpened        MessageKind = "meet"   // a direct room opened: the two are friends
	KindGroupCreated  MessageKind = "begin"  // the author created a group
	KindJoin          MessageKind = "join"   // the author added somebody
	KindLeave         MessageKind = "leave"  // somebody left, or the author removed them
	KindOwnerChanged  MessageKind = "owner"  // the author made somebody the owner
	KindRenamed       MessageKind = "rename" // the author renamed the group
	KindAvatarChanged MessageKind = "face"   // the author set or removed the group's photo
	KindClosed        MessageKind = "close"  // a direct room closed: both left
)

// listedKinds are the kinds that are listed in a room; the others change a listed entry.
var listedKinds = []MessageKind{KindText, KindOpened, KindGroupCreated, KindJoin, KindLeave, KindOwnerChanged, KindRenamed, KindAvatarChanged, KindClosed}

// Message is one entry of a room's log.
type Message struct {
	RoomID     uint64      `gorm:"primaryKey;autoIncrement:false;uniqueIndex:one_key,priority:1;index:of_target,priority:1"`
	Seq        uint64      `gorm:"primaryKey;autoIncrement:false;index:of_target,priority:3"`
	Kind       MessageKind `gorm:"size:16;not null"`
	AuthorID   uint64      `gorm:"not null;uniqueIndex:one_key,priority:2"`
	ClientKey  *string     `gorm:"size:64;uniqueIndex:one_key,priority:3"` // idempotency key; nil if no client posted this
	Body       string      `gorm:"type:text;not null"`
	PhotoCount int         `gorm:"column:photos;not null;default:0"`    // how many photos it has
	PhotoID    uint64      `gorm:"not null"`                            // the photo that this entry is about; 0 if none
	TargetSeq  uint64      `gorm:"not null;index:of_target,priority:2"` // the entry that this one changes, or replies to
	AboutID    uint64      `gorm:"not null"`                            // the person who joins, leaves or becomes the owner
	EditSeq    uint64      `gorm:"not null"`                            // the newest edit, whose body is the current text; 0 if none
	DeleteSeq  uint64      `gorm:"column:gone_seq;not null"`            // the entry that deleted this one; 0 if none
	CreatedAt  time.Time   `gorm:"precision:6;not null"`
}

// IsListed reports whether an entry is listed in a room, rather than changing another entry.
func (m Message) IsListed() bool { return slices.Contains(listedKinds, m.Kind) }

// IsText reports whether an entry is a message, which counts as unread.
func (m Message) IsText() bool { return m.Kind == KindText }

// Span is a part of a room's log, both ends included; a To of 0 is open.
type Span struct{ From, To uint64 }

// Has reports whether an entry lies in the span.
func (s Span) Has(seq uint64) bool { return seq >= s.From && (s.To == 0 || seq <= s.To) }

// InsertMessage appends an entry. It returns ErrDuplicate if its key was used before.
func (d *DB) InsertMessage(ctx context.Context, m *Message) error {
	return d.create(ctx, m)
}

// InsertMessages appends several entries with one statement. It returns ErrDuplicate if any of their
// keys was used before, and then none is stored.
func (d *DB) InsertMessages(ctx context.Context, list []Message) error {
	return d.create(ctx, &list)
}

// MessageByKey returns what an author posted in a room with a key, or ErrNotFound.
func (d *DB) MessageByKey(ctx context.Context, room, author uint64, key string) (Message, error) {
	return one[Message](d.in(ctx).Where("room_id = ? AND author_id = ? AND client_key = ?", room, author, key))
}

// MessagesAfter returns the entries of a room after a seq, oldest first.
func (d *DB) MessagesAfter(ctx context.Context, room, seq uint64, limit int) ([]Message, error) {
	return all[Message](d.in(ctx).Where("room_id = ? AND seq > ?", room, seq).Order("seq").Limit(limit))
}

// MessagesBefore returns the newest listed entries below a seq that lie in one of the spans, oldest
// first. Without spans there are none.
func (d *DB) MessagesBefore(ctx context.Context, room, before uint64, spans []Span, limit int) ([]Message, error) {
	return d.listedWithin(ctx, room, "seq < ?", before, "seq DESC", spans, limit)
}

// MessagesFrom returns the oldest listed entries from a seq on that lie in one of the spans, oldest first.
func (d *DB) MessagesFrom(ctx context.Context, room, from uint64, spans []Span, limit int) ([]Message, error) {
	return d.listedWithin(ctx, room, "seq >= ?", from, "seq", spans, limit)
}

func (d *DB) listedWithin(ctx context.Context, room uint64, bound string, seq uint64, order string, spans []Span, limit int) ([]Message, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	conditions, values := make([]string, len(spans)), make([]any, 0, 2*len(spans))
	for i, s := range spans {
		conditions[i], values = "seq BETWEEN ? AND ?", append(values, s.From, cmp.Or(s.To, math.MaxInt64))
	}
	rows, err := all[Message](d.in(ctx).Where("room_id = ? AND kind IN ?", room, listedKinds).Where(bound, seq).
		Where("("+strings.Join(conditions, " OR ")+")", values...).Order(order).Limit(limit))
	if order == "seq DESC" {
		slices.Reverse(rows)
	}
	return rows, err
}

// MessagesAt maps those of the seqs that exist in a room to their entries.
func (d *DB) MessagesAt(ctx context.Context, room uint64, seqs []uint64) (map[uint64]Message, error) {
	found := make(map[uint64]Message, len(seqs))
	if len(seqs) == 0 {
		return found, nil
	}
	rows, err := all[Message](d.in(ctx).Where("room_id = ? AND seq IN ?", room, seqs))
	for _, m := range rows {
		found[m.Seq] = m
	}
	return found, err
}

// ChangesOf returns the entries that change these: edits, alt texts, reactions and deletions, oldest
// first.
func (d *DB) ChangesOf(ctx context.Context, room uint64, targets []uint64) ([]Message, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	return all[Message](d.in(ctx).Where("room_id = ? AND target_seq IN ? AND kind IN ?", room, targets, []MessageKind{KindEdit, KindAltText, KindReaction, KindDelete}).Order("seq"))
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
	return d.deletePhotosOf(ctx, room, seq)
}
