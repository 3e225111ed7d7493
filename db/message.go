package db

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MessageKind is what an entry of a room's log is about.
type MessageKind string

// The kinds of entries. Every change that a viewer can see is an entry.
const (
	KindText          MessageKind = "text"   // a message
	KindEdit          MessageKind = "edit"   // a new text for the target, by its author
	KindDelete        MessageKind = "delete" // the author, or a moderator, deleted the target: a placeholder stays, its text and photos are erased
	KindAltText       MessageKind = "alt"    // a new alt text for a photo of the target, by its author
	KindReaction      MessageKind = "react"  // an emoji added to the target ("+" and the emoji) or removed ("-")
	KindOpened        MessageKind = "meet"   // a direct room opened: the two are friends
	KindGroupCreated  MessageKind = "begin"  // the author created a group, or an open room if AboutID is the author as well
	KindJoin          MessageKind = "join"   // the author added somebody, or joined an open room
	KindLeave         MessageKind = "leave"  // somebody left, or the author removed them
	KindOwnerChanged  MessageKind = "owner"  // the author made somebody the owner
	KindRenamed       MessageKind = "rename" // the author renamed the group
	KindAvatarChanged MessageKind = "face"   // the author set or removed the group's photo
	KindRetention     MessageKind = "keep"   // the author decided how many days the room keeps its messages
	KindClosed        MessageKind = "close"  // a direct room closed: both left
	KindAbout         MessageKind = "about"  // the author changed what the room is about
	KindOpenness      MessageKind = "kind"   // the author turned a group into an open room or back; the body is the new RoomKind

	// Whoever joins an open room soon after others adds to the line of the first of them, which is the target. Whoever
	// is in that line already and comes back, and whoever leaves an open room, is not worth a line.
	KindJoinedToo MessageKind = "joined"
	KindCameBack  MessageKind = "back"
	KindWentAway  MessageKind = "left"

	// What the owner and the moderators of a room do.
	KindModerator MessageKind = "moderator" // the owner made somebody a moderator ("on"), or took that back ("off")
	KindBanned    MessageKind = "ban"       // the author banned somebody, who is removed if they were a member
	KindUnbanned  MessageKind = "unban"     // the author lifted a ban
	KindPinned    MessageKind = "pin"       // the author pinned the target ("on"), or took that back ("off")
	KindSlowMode  MessageKind = "slow"      // the author set the least number of seconds between two posts of one person; "0" for none
	KindPosting   MessageKind = "posting"   // the author set who posts: "moderators" or "everybody"
)

// listedKinds are the kinds that are listed in a room; the others change a listed entry.
var listedKinds = []MessageKind{KindText, KindOpened, KindGroupCreated, KindJoin, KindLeave, KindOwnerChanged, KindRenamed, KindAvatarChanged, KindRetention, KindClosed, KindAbout, KindOpenness,
	KindModerator, KindBanned, KindUnbanned, KindPinned, KindSlowMode, KindPosting}

// Message is one entry of a room's log.
type Message struct {
	RoomID     uint64      `gorm:"primaryKey;autoIncrement:false;uniqueIndex:one_key,priority:1;index:of_change,priority:1;index:of_kind,priority:1;index:of_text,priority:1;index:of_author,priority:1"`
	Seq        uint64      `gorm:"primaryKey;autoIncrement:false;index:of_change,priority:4;index:of_kind,priority:3;index:of_text,priority:4;index:of_author,priority:5"`
	Kind       MessageKind `gorm:"size:16;not null;index:of_change,priority:3;index:of_kind,priority:2;index:of_text,priority:2;index:of_author,priority:3"`
	AuthorID   uint64      `gorm:"not null;uniqueIndex:one_key,priority:2;index:of_text,priority:5;index:of_author,priority:2"`
	ClientKey  *string     `gorm:"size:64;uniqueIndex:one_key,priority:3"` // idempotency key; nil if no client posted this
	Body       string      `gorm:"type:text;not null"`
	PhotoCount int         `gorm:"column:photos;not null;default:0"`                                             // the number of its photos
	PhotoID    uint64      `gorm:"not null"`                                                                     // the photo that this entry is about; 0 if none
	TargetSeq  uint64      `gorm:"not null;index:of_change,priority:2"`                                          // the entry that this one changes, or replies to
	AboutID    uint64      `gorm:"not null"`                                                                     // the person who joins, leaves, becomes the owner, is banned, or whose message is deleted
	EditSeq    uint64      `gorm:"not null"`                                                                     // the newest edit, whose body is the current text; 0 if none
	DeleteSeq  uint64      `gorm:"column:gone_seq;not null;index:of_text,priority:3;index:of_author,priority:4"` // the entry that deleted this one; 0 if none, and its own seq if it became too old
	DeletedBy  uint64      `gorm:"column:gone_by;not null;default:0"`                                            // the moderator who deleted it; 0 if its author did
	CreatedAt  time.Time   `gorm:"precision:6;not null"`
	Members    int         `gorm:"not null;default:0"` // the number of members of the room from this entry on, if it changes that; 0 in old logs
}

func (m *Message) columns() columns[Message] {
	return columns[Message]{
		{"room_id", (*unsigned)(&m.RoomID)}, {"seq", (*unsigned)(&m.Seq)}, {"kind", (*text)(&m.Kind)}, {"author_id", (*unsigned)(&m.AuthorID)},
		{"client_key", &m.ClientKey}, {"body", (*text)(&m.Body)}, {"photos", (*number)(&m.PhotoCount)}, {"photo_id", (*unsigned)(&m.PhotoID)},
		{"target_seq", (*unsigned)(&m.TargetSeq)}, {"about_id", (*unsigned)(&m.AboutID)}, {"edit_seq", (*unsigned)(&m.EditSeq)},
		{"gone_seq", (*unsigned)(&m.DeleteSeq)}, {"gone_by", (*unsigned)(&m.DeletedBy)}, {"created_at", (*moment)(&m.CreatedAt)},
		{"members", (*number)(&m.Members)},
	}
}

// IsListed reports whether an entry is listed in a room, rather than changing another entry.
func (m Message) IsListed() bool { return slices.Contains(listedKinds, m.Kind) }

// IsJoinLine reports whether an entry is the line of those who joined an open room one soon after the other.
func (m Message) IsJoinLine() bool { return m.Kind == KindJoin && m.AuthorID == m.AboutID }

// ChangesMembers reports whether somebody has joined or left the room with this entry.
func (m Message) ChangesMembers() bool {
	return slices.Contains([]MessageKind{KindJoin, KindJoinedToo, KindCameBack, KindLeave, KindWentAway, KindBanned}, m.Kind)
}

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

// InsertMessages appends several entries with one statement. It returns ErrDuplicate if any of their keys was used
// before; then none is stored, and a transaction that the caller has begun must be undone.
func (d *DB) InsertMessages(ctx context.Context, list []Message) error {
	insert := "INSERT"
	if d.sqlite {
		// In case one of several rows fails, SQLite would copy each page before it changes it, to undo the others.
		insert = "INSERT OR FAIL"
	}
	values := make([]any, 0, 15*len(list))
	for _, m := range list {
		values = append(values, m.RoomID, m.Seq, string(m.Kind), m.AuthorID, m.ClientKey, m.Body, m.PhotoCount, m.PhotoID, m.TargetSeq, m.AboutID, m.EditSeq, m.DeleteSeq, m.DeletedBy, m.CreatedAt, m.Members)
	}
	return d.putOff(ctx, insert+insertMessages+strings.Repeat(", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", len(list))[2:], values...)
}

// insertMessages is written by hand, because GORM takes twice the time to write it.
const insertMessages = " INTO `messages` (room_id, seq, kind, author_id, client_key, body, photos, photo_id, target_seq, about_id, edit_seq, gone_seq, gone_by, created_at, members) VALUES "

// MessageByKey returns what an author posted in a room with a key, or ErrNotFound.
func (d *DB) MessageByKey(ctx context.Context, room, author uint64, key string) (Message, error) {
	return one[Message](d.in(ctx).Where("room_id = ? AND author_id = ? AND client_key = ?", room, author, key))
}

// AuthorKey is a key with the author who chose it, and the room that it is for.
type AuthorKey struct {
	RoomID    uint64
	AuthorID  uint64
	ClientKey string
}

func (k *AuthorKey) columns() columns[AuthorKey] {
	return columns[AuthorKey]{{"room_id", (*unsigned)(&k.RoomID)}, {"author_id", (*unsigned)(&k.AuthorID)}, {"client_key", (*text)(&k.ClientKey)}}
}

// UsedKeys returns those of some keys with which their authors have posted in their rooms, with one statement.
func (d *DB) UsedKeys(ctx context.Context, keys []AuthorKey) (map[AuthorKey]bool, error) {
	used := map[AuthorKey]bool{}
	if len(keys) == 0 {
		return used, nil
	}
	byAuthor := map[RoomUser][]string{}
	for _, k := range keys {
		author := RoomUser{k.RoomID, k.AuthorID}
		byAuthor[author] = append(byAuthor[author], k.ClientKey)
	}
	conditions, values := make([]string, 0, len(byAuthor)), make([]any, 0, 3*len(byAuthor))
	for author, list := range byAuthor { // with the room in each condition, or SQLite reads all of the room
		conditions, values = append(conditions, "(room_id = ? AND author_id = ? AND client_key IN ?)"), append(values, author.Room, author.User, list)
	}
	rows, err := all[AuthorKey](d.query(ctx, "SELECT room_id, author_id, client_key FROM messages"+d.forceIndex("one_key")+" WHERE "+strings.Join(conditions, " OR "), values...))
	for _, k := range rows {
		used[k] = true
	}
	return used, err
}

// MessagesAfter returns the entries of a room after a seq, oldest first.
func (d *DB) MessagesAfter(ctx context.Context, room, seq uint64, limit int) ([]Message, error) {
	return all[Message](d.query(ctx, "SELECT * FROM messages WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?", room, seq, limit))
}

// LogAfter is MessagesAfter with the epoch of the log that they belong to, in one statement unless there are none; 0
// if there is no such room.
func (d *DB) LogAfter(ctx context.Context, room, seq uint64, limit int) (epoch uint64, list []Message, err error) {
	rows, err := all[messageInLog](d.query(ctx, "SELECT messages.*, rooms.epoch FROM messages JOIN rooms ON rooms.id = messages.room_id "+
		"WHERE messages.room_id = ? AND messages.seq > ? ORDER BY messages.seq LIMIT ?", room, seq, limit))
	if err != nil {
		return 0, nil, err
	}
	if len(rows) == 0 {
		heads, err := d.Heads(ctx, []uint64{room})
		if err != nil || len(heads) == 0 {
			return 0, nil, err
		}
		return heads[0].Epoch, nil, nil
	}
	for _, r := range rows {
		list = append(list, r.Message)
	}
	return rows[0].epoch, list, nil
}

// messageInLog is an entry with the epoch of its log.
type messageInLog struct {
	Message
	epoch uint64
}

func (m *messageInLog) columns() columns[messageInLog] {
	return append(columns[messageInLog](m.Message.columns()), column{"epoch", (*unsigned)(&m.epoch)})
}

// MessagesBefore returns the newest listed entries below a seq that lie in one of the spans, oldest
// first. Without spans there are none.
func (d *DB) MessagesBefore(ctx context.Context, room, before uint64, spans []Span, limit int) ([]Message, error) {
	if before <= 1 { // the first entry
		return nil, nil
	}
	return d.listedWithin(ctx, room, listedQuery{to: min(before-1, math.MaxInt64), limit: limit, down: true}, spans)
}

// MessagesFrom returns the oldest listed entries from a seq on that lie in one of the spans, oldest first.
func (d *DB) MessagesFrom(ctx context.Context, room, from uint64, spans []Span, limit int) ([]Message, error) {
	return d.listedWithin(ctx, room, listedQuery{from: from, to: math.MaxInt64, limit: limit}, spans)
}

func (d *DB) listedWithin(ctx context.Context, room uint64, q listedQuery, spans []Span) (rows []Message, err error) {
	merged := joined(spans)
	if q.down {
		slices.Reverse(merged)
	}
	for _, s := range merged {
		part := q
		part.from, part.to = max(q.from, s.From), min(q.to, cmp.Or(s.To, math.MaxInt64))
		part.limit -= len(rows)
		if part.limit <= 0 {
			break
		}
		found, err := d.listed(ctx, room, part)
		if err != nil {
			return nil, err
		}
		rows = append(rows, found...)
	}
	if q.down {
		slices.Reverse(rows)
	}
	return rows, nil
}

// joined merges spans that have nothing between them: somebody who is removed and added again and again
// has many of those.
func joined(spans []Span) (list []Span) {
	for _, s := range spans {
		if n := len(list); n > 0 && list[n-1].To != 0 && s.From <= list[n-1].To+1 {
			list[n-1].To = s.To
			continue
		}
		list = append(list, s)
	}
	return list
}

// listedQuery is a range of a log, both ends included, the number of listed entries to read in it, and the
// end to begin at.
type listedQuery struct {
	from, to uint64
	limit    int
	down     bool // the newest first
}

func (q listedQuery) order() string {
	if q.down {
		return "seq DESC"
	}
	return "seq"
}

// listed reads the first listed entries of a range. Usually they are close to its beginning. Where they
// are not, because somebody has changed something a thousand times in a row, it asks for each kind by
// itself: the index has the entries of one kind next to each other.
func (d *DB) listed(ctx context.Context, room uint64, q listedQuery) ([]Message, error) {
	if q.from > q.to {
		return nil, nil
	}
	near := q
	if steps := uint64(4*q.limit + 50); q.down {
		near.from = max(q.from, q.to-min(q.to, steps))
	} else {
		near.to = min(q.to, q.from+steps)
	}
	rows, err := all[Message](d.messages(ctx, "PRIMARY").Where("room_id = ? AND seq BETWEEN ? AND ? AND kind IN ?", room, near.from, near.to, listedKinds).
		Order(q.order()).Limit(q.limit))
	if err != nil || len(rows) == q.limit || near == q {
		return rows, err
	}
	parts, values := make([]string, len(listedKinds)), make([]any, 0, 5*len(listedKinds))
	for i, kind := range listedKinds {
		parts[i] = "SELECT seq FROM (SELECT seq FROM messages" + d.forceIndex("of_kind") + " WHERE room_id = ? AND kind = ? AND seq BETWEEN ? AND ? ORDER BY " + q.order() + " LIMIT ?) k" + strconv.Itoa(i)
		values = append(values, room, kind, q.from, q.to, q.limit)
	}
	seqs, err := numbers(d.query(ctx, "SELECT seq FROM ("+strings.Join(parts, " UNION ALL ")+") k ORDER BY "+q.order()+" LIMIT ?", append(values, q.limit)...))
	if err != nil || len(seqs) == 0 {
		return nil, err
	}
	return all[Message](d.in(ctx).Where("room_id = ? AND seq IN ?", room, seqs).Order(q.order()))
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

// SeqSince returns the first seq of a room whose entry is no older than a moment, or 0. It halves the log
// again and again, which takes some twenty look-ups in a log of a million entries and needs no index on
// their times. Where the clocks of two processes differ, it may be off by as much as they do.
func (d *DB) SeqSince(ctx context.Context, r Room, moment time.Time) (uint64, error) {
	low, high := uint64(1), r.LastSeq+1 // the seq is one of these, or between
	for low < high {
		middle := low + (high-low)/2
		rows, err := all[Message](d.in(ctx).Select("seq", "created_at").Where("room_id = ? AND seq >= ?", r.ID, middle).Order("seq").Limit(1))
		switch {
		case err != nil:
			return 0, err
		case len(rows) > 0 && rows[0].CreatedAt.Before(moment):
			low = rows[0].Seq + 1
		default:
			high = middle
		}
	}
	if low > r.LastSeq {
		return 0, nil
	}
	return low, nil
}
