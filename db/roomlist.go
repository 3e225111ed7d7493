package db

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// RoomSummary is one room in a person's room list.
type RoomSummary struct {
	RoomHead
	RoomLine
}

// RoomHead is what a line of a room list shows without looking into the room's log, and the version of what it shows of
// the log.
type RoomHead struct {
	RoomID         uint64
	UserID         uint64 // whose list it is
	Kind           RoomKind
	Name           string
	OwnerID        uint64 // of a group
	PhotoID        uint64 // avatar of a group; 0 if none
	OnlyModerators bool   // may post
	PinCount       int
	Muted          bool
	MentionsOnly   bool
	IsModerator    bool   // this person
	PartnerID      uint64 // the other person of a direct room; 0 for a group
	Person         User   // the other person of a direct room, and otherwise who said the newest message; without what no list shows

	Version RoomVersion
}

// RoomVersion says on what the line of a room depends besides the room, the person and the head. It never comes again:
// whatever changes an entry of a log raises its last_seq or its erased_seq in the same transaction, a restored log has
// another epoch, and who joins again has another joined_seq.
type RoomVersion struct {
	Epoch, LastSeq, ErasedSeq uint64
	Made                      int64 // in microseconds since 1970; SQLite may use the id of a deleted room again
	JoinedSeq, ReadSeq        uint64
	SeesAll                   bool
}

// RoomLine is what a line of a room list shows of the room's log, at a version of it.
type RoomLine struct {
	ID        uint64 // of the room
	User      uint64 // whose list it is
	CreatedAt time.Time
	JoinedAt  *time.Time // when this person became a member; nil if the log does not say
	Alone     bool       // nobody else is a member
	Unread    int        // messages of others that this person has not seen, up to maxCounted
	Mentions  int        // unseen entries of others that mention this person, up to maxCounted
	SaidBy    uint64     // author of the newest message that this person may see; 0 if none
	SaidSeq   uint64     // the seq of that message
	SaidAt    *time.Time
	Said      string
	Photos    int    // attached to that message
	SaidGone  uint64 // the entry that deleted that message; 0 if none

	At RoomVersion
}

func (h *RoomHead) columns() columns[RoomHead] {
	return append(columns[RoomHead]{
		{"room_id", (*unsigned)(&h.RoomID)}, {"user_id", (*unsigned)(&h.UserID)}, {"kind", (*text)(&h.Kind)}, {"name", (*text)(&h.Name)}, {"owner_id", (*unsigned)(&h.OwnerID)},
		{"photo_id", (*unsigned)(&h.PhotoID)}, {"only_moderators", (*flag)(&h.OnlyModerators)}, {"pins", (*number)(&h.PinCount)},
		{"muted", (*flag)(&h.Muted)}, {"mentions_only", (*flag)(&h.MentionsOnly)}, {"is_moderator", (*flag)(&h.IsModerator)},
		{"partner_id", (*unsigned)(&h.PartnerID)}, {"person_id", (*unsigned)(&h.Person.ID)}, {"username", (*text)(&h.Person.Username)},
		{"display_name", (*text)(&h.Person.DisplayName)}, {"person_photo_id", (*unsigned)(&h.Person.PhotoID)}, {"is_deleted", (*flag)(&h.Person.IsDeleted)},
	}, h.Version.columns()...)
}

func (v *RoomVersion) columns() []column {
	return []column{{"epoch", (*unsigned)(&v.Epoch)}, {"last_seq", (*unsigned)(&v.LastSeq)}, {"erased_seq", (*unsigned)(&v.ErasedSeq)},
		{"made", (*microseconds)(&v.Made)}, {"joined_seq", (*unsigned)(&v.JoinedSeq)}, {"read_seq", (*unsigned)(&v.ReadSeq)},
		{"sees_all", (*flag)(&v.SeesAll)}}
}

const roomVersion = "r.epoch, r.last_seq, r.erased_seq, r.created_at AS made, m.joined_seq, m.read_seq, m.sees_all"

func (l *RoomLine) columns() columns[RoomLine] {
	return append(columns[RoomLine]{
		{"id", (*unsigned)(&l.ID)}, {"user_id", (*unsigned)(&l.User)}, {"created_at", (*moment)(&l.CreatedAt)}, {"joined_at", &l.JoinedAt}, {"alone", (*flag)(&l.Alone)},
		{"said_by", (*unsigned)(&l.SaidBy)}, {"said_seq", (*unsigned)(&l.SaidSeq)}, {"said_at", &l.SaidAt}, {"said", (*text)(&l.Said)},
		{"said_gone", (*unsigned)(&l.SaidGone)}, {"photos", (*number)(&l.Photos)},
	}, l.At.columns()...)
}

// MayPost reports whether this person may write in the room.
func (h RoomHead) MayPost(user uint64) bool {
	return !h.OnlyModerators || h.IsModerator || h.OwnerID == user
}

// RoomPosition is a place in a person's room list, which runs from the room with the newest message to the
// one with the oldest. A room without a message since this person joined stands where they did.
type RoomPosition struct {
	At     int64 // in microseconds since 1970
	RoomID uint64
}

// Compare orders positions from the bottom of the list to its top, as cmp.Compare does.
func (p RoomPosition) Compare(other RoomPosition) int {
	return cmp.Or(cmp.Compare(p.At, other.At), cmp.Compare(p.RoomID, other.RoomID))
}

// Position returns where the room stands in the list.
func (l RoomLine) Position() RoomPosition {
	at := l.CreatedAt
	switch {
	case l.SaidAt != nil && l.SaidSeq >= l.At.JoinedSeq:
		at = *l.SaidAt
	case l.JoinedAt != nil:
		at = *l.JoinedAt
	}
	return RoomPosition{At: at.UnixMicro(), RoomID: l.ID}
}

// newest joins the newest message of room r that member m may see, as s.
const newest = "LEFT JOIN messages s ON s.room_id = r.id AND s.seq = r.said_seq AND (s.seq >= m.joined_seq OR m.sees_all = TRUE) "

// listed joins the rooms of a person's list: m is the membership, r the room, s the newest message and j the
// entry with which the membership began. Nothing else is read for each room that somebody is in.
const listed = " m CROSS JOIN rooms r ON r.id = m.room_id " + newest + "LEFT JOIN messages j ON j.room_id = r.id AND j.seq = m.joined_seq "

const listedAt = "CASE WHEN s.seq >= m.joined_seq THEN s.created_at ELSE COALESCE(j.created_at, r.created_at) END"

// inList is the condition for a membership m of a room r to be in that person's list.
var inList = "m.left_seq = 0 AND " + visible("r", "m")

// RoomIDs lists the rooms of a person's list in its order: all of them, or n from the beginning or after a
// position.
func (d *DB) RoomIDs(ctx context.Context, user uint64, after *RoomPosition, n int) (ids []uint64, err error) {
	values := map[string]any{"user": user, "n": n}
	query := "SELECT m.room_id FROM members" + listed + withBlocks("r", "m") + "WHERE m.user_id = @user AND " + inList
	if after != nil {
		values["at"], values["id"] = time.UnixMicro(after.At).UTC(), after.RoomID
		query += " AND (" + listedAt + " < @at OR " + listedAt + " = @at AND m.room_id < @id)"
	}
	query += " ORDER BY " + listedAt + " DESC, m.room_id DESC"
	if n > 0 {
		query += " LIMIT @n"
	}
	return numbers(d.in(ctx).Raw(query, values))
}

// heads are those of people's rooms.
var heads = "m.room_id, m.user_id, r.kind, r.name, r.owner_id, r.photo_id, r.only_moderators, r.pins, m.muted, m.mentions_only, m.is_moderator, " +
	"other.user_id AS partner_id, u.id AS person_id, u.username, u.display_name, u.photo_id AS person_photo_id, u.is_deleted, " + roomVersion +
	" FROM members m CROSS JOIN rooms r ON r.id = m.room_id " + newest + withPartner("r", "m") +
	"LEFT JOIN users u ON u.id = COALESCE(other.user_id, s.author_id) " + withBlocks("r", "m") + "WHERE " + inList

// RoomHeads returns the heads of up to n rooms of a person's list, in no order.
func (d *DB) RoomHeads(ctx context.Context, user uint64, n int) ([]RoomHead, error) {
	return all[RoomHead](d.in(ctx).Raw("SELECT "+d.inOrder()+heads+" AND m.user_id = @user LIMIT @n", map[string]any{"user": user, "n": n}))
}

// inOrder makes MySQL read the tables in the order of the query, as SQLite does where a join is called CROSS. For several
// people MariaDB would go through all rooms, as long as there are few, and look who is in them.
func (d *DB) inOrder() string {
	if d.sqlite {
		return ""
	}
	return "STRAIGHT_JOIN "
}

// AllRoomHeads returns the heads of all rooms of these people's lists, in no order. There may be no more than BatchSize of them.
func (d *DB) AllRoomHeads(ctx context.Context, users []uint64) ([]RoomHead, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return all[RoomHead](d.in(ctx).Raw("SELECT "+d.inOrder()+heads+" AND m.user_id IN @users", map[string]any{"users": users}))
}

// RoomHeadsOf is RoomHeads for these rooms. Those that the list does not have are left out.
func (d *DB) RoomHeadsOf(ctx context.Context, user uint64, rooms []uint64) ([]RoomHead, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	return all[RoomHead](d.in(ctx).Raw("SELECT "+d.inOrder()+heads+" AND m.user_id = @user AND m.room_id IN @rooms", map[string]any{"user": user, "rooms": rooms}))
}

// RoomLines returns the lines of these rooms of people, each at its version of that moment or a later one.
func (d *DB) RoomLines(ctx context.Context, of []RoomUser) (lines []RoomLine, err error) {
	for batch := range chunks(of, BatchSize) {
		some, err := d.someLines(ctx, batch)
		if err != nil {
			return nil, err
		}
		lines = append(lines, some...)
	}
	return lines, nil
}

func (d *DB) someLines(ctx context.Context, of []RoomUser) (lines []RoomLine, err error) {
	var places []string
	var values []any
	for user, rooms := range byUser(of, func(k RoomUser) uint64 { return k.User }) {
		ids := make([]uint64, len(rooms))
		for i, k := range rooms {
			ids[i] = k.Room
		}
		places = append(places, "m.user_id = ? AND m.room_id IN ?")
		values = append(values, user, ids)
	}
	lines, err = all[RoomLine](d.in(ctx).Raw("SELECT "+d.inOrder()+"m.room_id AS id, m.user_id, r.created_at, j.created_at AS joined_at, "+
		"NOT EXISTS (SELECT 1 FROM members o WHERE o.room_id = r.id AND o.left_seq = 0 AND o.user_id <> m.user_id) AS alone, "+
		"COALESCE(s.author_id, 0) AS said_by, COALESCE(s.seq, 0) AS said_seq, s.created_at AS said_at, COALESCE(e.body, s.body, '') AS said, "+
		"COALESCE(s.gone_seq, 0) AS said_gone, COALESCE(s.photos, 0) AS photos, "+roomVersion+" FROM members"+listed+
		"LEFT JOIN messages e ON e.room_id = s.room_id AND e.seq = s.edit_seq AND s.edit_seq > 0 "+
		"WHERE m.left_seq = 0 AND ("+strings.Join(places, " OR ")+")", values...))
	if err != nil {
		return nil, err
	}
	return lines, d.countUnread(ctx, lines)
}

// Summaries puts heads and lines together, in the order of the list. A room of which there is only one is left out.
func Summaries(heads []RoomHead, lines []RoomLine) []RoomSummary {
	byRoom := make(map[RoomUser]*RoomLine, len(lines))
	for i := range lines {
		byRoom[RoomUser{lines[i].ID, lines[i].User}] = &lines[i]
	}
	list := make([]RoomSummary, 0, len(heads))
	for _, h := range heads {
		if l := byRoom[RoomUser{h.RoomID, h.UserID}]; l != nil {
			list = append(list, RoomSummary{h, *l})
		}
	}
	slices.SortFunc(list, func(a, b RoomSummary) int { return b.Position().Compare(a.Position()) })
	return list
}

// withPartner joins the other person of a direct room as other. Of another room no members are looked up at all: SQLite
// would go through them before it asks for the kind.
func withPartner(rooms, members string) string {
	return "LEFT JOIN members other ON other.room_id = CASE WHEN " + rooms + ".kind = 'direct' THEN " + rooms + ".id END " +
		"AND other.left_seq = 0 AND other.user_id <> " + members + ".user_id "
}
