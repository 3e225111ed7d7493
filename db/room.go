package db

import (
	"context"
	"slices"
	"time"
)

// RoomKind is who a room is for.
type RoomKind string

// The kinds of rooms.
const (
	RoomDirect RoomKind = "direct" // the two people of a friendship
	RoomGroup  RoomKind = "group"  // a name and members, who see what was said from their time on
	RoomOpen   RoomKind = "open"   // a group that everybody on the server finds, may join, and may read from its beginning
)

// Room is a conversation. LastSeq is the seq of the newest entry of its log. Advancing it takes the
// row's lock, which orders everything that happens in the room.
type Room struct {
	ID      uint64   `gorm:"primaryKey"`
	Kind    RoomKind `gorm:"size:16;not null;index:by_kind,priority:1"`
	Name    string   `gorm:"size:160;not null"`
	About   string   `gorm:"size:400;not null;default:''"`      // what a group or an open room is about, on one line; may be empty
	IsOpen  bool     `gorm:"not null;index:by_kind,priority:2"` // false once it is closed; nothing to do with RoomOpen
	OwnerID uint64   `gorm:"not null"`                          // of a group
	MakerID uint64   `gorm:"not null;default:0"`                // of a group: who created it
	// HiddenFromOwner is set while the owner has a group that was hidden from them, and that no friend gave them.
	HiddenFromOwner bool      `gorm:"not null;default:false"`
	PhotoID         uint64    `gorm:"not null"` // avatar of a group; 0 if none
	Epoch           uint64    `gorm:"not null"` // changes when a backup is restored, because seq then goes back
	LastSeq         uint64    `gorm:"not null"`
	SaidSeq         uint64    `gorm:"not null"`                          // the newest message; 0 if none
	RetentionDays   int       `gorm:"not null;default:0;index:to_erase"` // after which its messages are erased; 0 is as the server decides
	ErasedSeq       uint64    `gorm:"not null;default:0"`                // everything up to this entry has been erased
	CreatedAt       time.Time `gorm:"precision:6;not null"`
	// DefaultSince is set while newcomers become members of an open room by signing up: those who do so from then on.
	DefaultSince *time.Time `gorm:"precision:6"`

	SlowSeconds    int  `gorm:"not null;default:0"`     // between two posts of one person; 0 for none
	OnlyModerators bool `gorm:"not null;default:false"` // may post
	PinCount       int  `gorm:"column:pins;not null;default:0"`

	// MemberCount is kept beside the memberships, because a room may have thousands and every page shows the number.
	MemberCount int `gorm:"not null;default:0"`
}

func (r *Room) columns() columns[Room] {
	return columns[Room]{
		{"id", (*unsigned)(&r.ID)}, {"kind", (*text)(&r.Kind)}, {"name", (*text)(&r.Name)}, {"about", (*text)(&r.About)}, {"is_open", (*flag)(&r.IsOpen)},
		{"owner_id", (*unsigned)(&r.OwnerID)}, {"maker_id", (*unsigned)(&r.MakerID)}, {"hidden_from_owner", (*flag)(&r.HiddenFromOwner)},
		{"photo_id", (*unsigned)(&r.PhotoID)}, {"epoch", (*unsigned)(&r.Epoch)}, {"last_seq", (*unsigned)(&r.LastSeq)},
		{"said_seq", (*unsigned)(&r.SaidSeq)}, {"retention_days", (*number)(&r.RetentionDays)}, {"erased_seq", (*unsigned)(&r.ErasedSeq)},
		{"created_at", (*moment)(&r.CreatedAt)}, {"default_since", &r.DefaultSince}, {"slow_seconds", (*number)(&r.SlowSeconds)},
		{"only_moderators", (*flag)(&r.OnlyModerators)}, {"pins", (*number)(&r.PinCount)}, {"member_count", (*number)(&r.MemberCount)},
	}
}

// Member is one person's membership of a room, from JoinedSeq to LeftSeq (0 while it lasts). Someone
// who is added again gets another row.
type Member struct {
	ID        uint64 `gorm:"primaryKey"`
	RoomID    uint64 `gorm:"not null;uniqueIndex:one_open,priority:1;index:in_order,priority:1;index:by_start,priority:1"`
	UserID    uint64 `gorm:"not null;uniqueIndex:one_open,priority:2;index:of_user,priority:1;index:in_order,priority:4"`
	LeftSeq   uint64 `gorm:"not null;uniqueIndex:one_open,priority:3;index:of_user,priority:2;index:in_order,priority:2"`
	JoinedSeq uint64 `gorm:"not null;index:in_order,priority:3;index:by_start,priority:2"`
	ReadSeq   uint64 `gorm:"not null"` // entries up to this one were seen
	Muted     bool   `gorm:"not null;default:false"`
	SeesAll   bool   `gorm:"not null;default:false"` // and what was said before JoinedSeq: the room was open in this time
	Chosen    bool   `gorm:"not null;default:false"` // they joined of their own accord, so no block hides the room from them

	MentionsOnly bool `gorm:"not null;default:false"` // messages that do not mention them do not notify them
	IsModerator  bool `gorm:"not null;default:false"` // ends with the membership
}

func (m *Member) columns() columns[Member] {
	return columns[Member]{
		{"id", (*unsigned)(&m.ID)}, {"room_id", (*unsigned)(&m.RoomID)}, {"user_id", (*unsigned)(&m.UserID)}, {"left_seq", (*unsigned)(&m.LeftSeq)},
		{"joined_seq", (*unsigned)(&m.JoinedSeq)}, {"read_seq", (*unsigned)(&m.ReadSeq)}, {"muted", (*flag)(&m.Muted)}, {"sees_all", (*flag)(&m.SeesAll)},
		{"chosen", (*flag)(&m.Chosen)}, {"mentions_only", (*flag)(&m.MentionsOnly)}, {"is_moderator", (*flag)(&m.IsModerator)},
	}
}

// setMakers fills in who created the groups of an older version, which had it in their logs only.
func (d *DB) setMakers(ctx context.Context) error {
	return d.exec(ctx, "UPDATE rooms SET maker_id = COALESCE((SELECT m.author_id FROM messages m WHERE m.room_id = rooms.id AND m.seq = 1 AND m.kind = ?), owner_id) "+
		"WHERE kind = ? AND maker_id = 0", KindGroupCreated, RoomGroup)
}

// Head is the end of a room's log.
type Head struct {
	RoomID  uint64
	Epoch   uint64
	LastSeq uint64
}

func (h *Head) columns() columns[Head] {
	return columns[Head]{{"id", (*unsigned)(&h.RoomID)}, {"epoch", (*unsigned)(&h.Epoch)}, {"last_seq", (*unsigned)(&h.LastSeq)}}
}

// CreateRoom stores a new room and sets its ID.
func (d *DB) CreateRoom(ctx context.Context, r *Room) error {
	return d.create(ctx, r)
}

// NextSeq locks the room until the transaction ends and reserves its next seq, the LastSeq of the
// room that it returns. It returns ErrNotFound if the room is closed or does not exist. It must
// come before every read of its transaction.
func (d *DB) NextSeq(ctx context.Context, room uint64) (Room, error) {
	return d.advance(ctx, room, "UPDATE rooms SET last_seq = last_seq + 1 WHERE id = ? AND is_open = ?", room, true)
}

// NextSaidSeqs is NextSeq for n messages, the last of which gets LastSeq.
func (d *DB) NextSaidSeqs(ctx context.Context, room uint64, n int) (Room, error) {
	return d.advance(ctx, room, raiseSaid, n, n, room, true)
}

// raiseSaid sets said_seq first: in MySQL, unlike the standard, an assignment sees those to its left.
const raiseSaid = "UPDATE rooms SET said_seq = last_seq + ?, last_seq = last_seq + ? WHERE id = ? AND is_open = ?"

// SetRoomOwner makes somebody the owner of a group. If it is hidden from them, it stays so unless a friend
// of theirs gives it: those whom they block could bring it back otherwise.
func (d *DB) SetRoomOwner(ctx context.Context, room, owner, giver uint64) error {
	hidden, err := d.IsHidden(ctx, owner, room)
	if err != nil {
		return err
	}
	if hidden {
		friends, err := d.FriendsAmong(ctx, owner, []uint64{giver})
		if err != nil {
			return err
		}
		hidden = !friends[giver]
	}
	return d.exec(ctx, "UPDATE rooms SET owner_id = ?, hidden_from_owner = ? WHERE id = ?", owner, hidden, room)
}

// SetRoomName renames a group.
func (d *DB) SetRoomName(ctx context.Context, room uint64, name string) error {
	return d.exec(ctx, "UPDATE rooms SET name = ? WHERE id = ?", name, room)
}

// SetRoomPhoto sets the avatar of a group, 0 for none, and deletes the previous one.
func (d *DB) SetRoomPhoto(ctx context.Context, room, photo uint64) error {
	if err := d.exec(ctx, "UPDATE rooms SET photo_id = ? WHERE id = ?", photo, room); err != nil {
		return err
	}
	return d.dropPhotos(ctx, "room_id = ? AND seq = 0 AND id <> ?", room, photo)
}

// ReopenRoom is NextSeq for a closed room, and opens it.
func (d *DB) ReopenRoom(ctx context.Context, room uint64) (Room, error) {
	return d.advance(ctx, room, "UPDATE rooms SET last_seq = last_seq + 1, is_open = NOT is_open WHERE id = ? AND is_open = ?", room, false)
}

// CloseRoom is NextSeq for the last entry of a room, and closes it.
func (d *DB) CloseRoom(ctx context.Context, room uint64) (Room, error) {
	return d.advance(ctx, room, "UPDATE rooms SET last_seq = last_seq + 1, is_open = NOT is_open WHERE id = ? AND is_open = ?", room, true)
}

// advance runs a statement that raises a room's seq, and returns the room as it is then.
func (d *DB) advance(ctx context.Context, room uint64, statement string, values ...any) (r Room, err error) {
	if d.sqlite {
		err := d.write(ctx, func(tx *DB) error {
			r, err = one[Room](tx.query(ctx, statement+" RETURNING *", values...))
			return err
		})
		return r, err
	}
	n, err := d.affect(ctx, statement, values...)
	if err != nil {
		return r, err
	}
	if n == 0 {
		return r, ErrNotFound
	}
	return one[Room](d.query(ctx, "SELECT * FROM rooms WHERE id = ?", room))
}

// visible is the condition that a room is not hidden from a member: a group is while they block whoever owns
// or created it, unless it is their own by now, or they joined it by themselves. Their membership goes on
// meanwhile, so nobody else can tell. It needs withBlocks.
func visible(rooms, members string) string {
	return "(" + rooms + ".kind = 'direct' OR " + members + ".chosen = TRUE OR " + rooms + ".owner_id = " + members + ".user_id AND " + rooms + ".hidden_from_owner = FALSE OR " +
		"NOT " + blocks("fo", members) + " AND NOT " + blocks("fm", members) + ")"
}

// withBlocks joins the friendships of a member with whoever owns a room and with whoever made it. Subqueries would say
// the same, and MariaDB takes 80 µs to plan them each time.
func withBlocks(rooms, members string) string {
	pair := func(name, other string) string {
		user := members + ".user_id"
		return "LEFT JOIN friendships " + name + " ON " +
			name + ".low_id = CASE WHEN " + other + " = 0 THEN NULL WHEN " + other + " < " + user + " THEN " + other + " ELSE " + user + " END AND " +
			name + ".high_id = CASE WHEN " + other + " < " + user + " THEN " + user + " ELSE " + other + " END "
	}
	return pair("fo", rooms+".owner_id") + pair("fm", rooms+".maker_id")
}

// blocks is the condition that a member blocks the other person of a pair that may not be there.
func blocks(pair, members string) string {
	return "COALESCE(CASE WHEN " + pair + ".low_id = " + members + ".user_id THEN " + pair + ".low_blocks ELSE " + pair + ".high_blocks END, FALSE)"
}

// RoomOf returns a room and the user's membership of it. A stranger gets ErrNotFound, as for a room
// that does not exist, and so does a member from whom the room is hidden. The membership is looked up first
// (which CROSS means to SQLite), or the time of the answer would tell a stranger which rooms there are.
func (d *DB) RoomOf(ctx context.Context, user, room uint64) (Room, Member, error) {
	row, err := one[entranceRow](d.query(ctx, "SELECT "+roomAndMember+d.entered()+
		"WHERE b.room_id = @room AND b.user_id = @user AND b.left_seq = 0 AND "+visible("a", "b"), map[string]any{"room": room, "user": user}))
	return row.Room, row.Member, err
}

// HiddenFrom reports whether a room is hidden from any of these people, its members: the opposite of visible.
func (d *DB) HiddenFrom(ctx context.Context, r Room, users ...uint64) (bool, error) {
	if r.Kind == RoomDirect {
		return false, nil
	}
	if !r.HiddenFromOwner {
		users = slices.DeleteFunc(slices.Clone(users), func(u uint64) bool { return u == r.OwnerID })
	}
	if len(users) == 0 {
		return false, nil
	}
	const query = "low_id IN @users AND high_id IN @theirs AND low_blocks = TRUE OR high_id IN @users AND low_id IN @theirs AND high_blocks = TRUE"
	theirs := []uint64{r.OwnerID, r.MakerID}
	pairs, err := all[Friendship](d.in(ctx).Where(query, map[string]any{"users": users, "theirs": theirs}))
	if err != nil || len(pairs) == 0 {
		return false, err
	}
	var chose []uint64 // usually nobody has come as far as this
	err = d.in(ctx).Model(&Member{}).Where("room_id = ? AND user_id IN ? AND left_seq = 0 AND chosen = ?", r.ID, users, true).Pluck("user_id", &chose).Error
	return slices.ContainsFunc(pairs, func(f Friendship) bool {
		blocker := func(u uint64) bool {
			return slices.Contains(users, u) && f.Blocks(u) && slices.Contains(theirs, f.Other(u)) && !slices.Contains(chose, u)
		}
		return blocker(f.LowID) || blocker(f.HighID)
	}), translate(err)
}

// IsHidden reports whether a room is hidden from a user because they block somebody.
func (d *DB) IsHidden(ctx context.Context, user, room uint64) (bool, error) {
	rooms, err := all[Room](d.in(ctx).Where("id = ?", room))
	if err != nil || len(rooms) == 0 {
		return false, err
	}
	return d.HiddenFrom(ctx, rooms[0], user)
}

// Heads returns the ends of these rooms' logs, 500 rooms per query.
func (d *DB) Heads(ctx context.Context, rooms []uint64) (heads []Head, err error) {
	for batch := range slices.Chunk(rooms, 500) {
		found, err := all[Head](d.query(ctx, "SELECT id, epoch, last_seq FROM rooms WHERE id IN ?", padded(batch)))
		if err != nil {
			return nil, err
		}
		heads = append(heads, found...)
	}
	return heads, nil
}

// RoomsByID returns those of these rooms that exist.
func (d *DB) RoomsByID(ctx context.Context, ids []uint64) (map[uint64]Room, error) {
	found := make(map[uint64]Room, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rooms, err := all[Room](d.in(ctx).Where("id IN ?", ids))
	for _, r := range rooms {
		found[r.ID] = r
	}
	return found, err
}

// RoomsOf returns those of these rooms that a person is in.
func (d *DB) RoomsOf(ctx context.Context, user uint64, rooms []uint64) ([]Room, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	return all[Room](d.in(ctx).Where("id IN ? AND id IN (SELECT room_id FROM members WHERE user_id = ? AND left_seq = 0)", rooms, user).Order("id"))
}
