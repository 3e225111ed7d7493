package db

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// RoomSummary is one room in a person's room list.
type RoomSummary struct {
	RoomID    uint64
	Kind      RoomKind
	Name      string
	OwnerID   uint64 // of a group
	CreatedAt time.Time
	JoinedAt  *time.Time // when this person became a member; nil if the log does not say
	Alone     bool       // nobody else is a member
	PartnerID uint64     // the other person of a direct room; 0 for a group
	Person    User       // the other person of a direct room, and otherwise who said the newest message
	Unread    int        // messages of others that this person has not seen, up to maxCounted
	Mentions  int        // unseen entries of others that mention this person, up to maxCounted
	Muted     bool
	SaidBy    uint64 // author of the newest message that this person may see; 0 if none
	SaidSeq   uint64 // the seq of that message
	SaidAt    *time.Time
	Said      string
	Photos    int    // attached to that message
	SaidGone  uint64 // the entry that deleted that message; 0 if none
	PhotoID   uint64 // avatar of a group; 0 if none

	JoinedSeq, ReadSeq, LastSeq uint64

	MentionsOnly   bool
	IsModerator    bool // this person
	OnlyModerators bool // may post
	PinCount       int
}

func (s *RoomSummary) columns() columns[RoomSummary] {
	return append(columns[RoomSummary]{
		{"room_id", (*unsigned)(&s.RoomID)}, {"kind", (*text)(&s.Kind)}, {"name", (*text)(&s.Name)}, {"owner_id", (*unsigned)(&s.OwnerID)},
		{"photo_id", (*unsigned)(&s.PhotoID)}, {"created_at", (*moment)(&s.CreatedAt)}, {"joined_at", &s.JoinedAt}, {"muted", (*flag)(&s.Muted)},
		{"mentions_only", (*flag)(&s.MentionsOnly)}, {"is_moderator", (*flag)(&s.IsModerator)}, {"only_moderators", (*flag)(&s.OnlyModerators)},
		{"pin_count", (*number)(&s.PinCount)}, {"joined_seq", (*unsigned)(&s.JoinedSeq)}, {"read_seq", (*unsigned)(&s.ReadSeq)},
		{"last_seq", (*unsigned)(&s.LastSeq)}, {"alone", (*flag)(&s.Alone)}, {"partner_id", (*unsigned)(&s.PartnerID)},
		{"said_by", (*unsigned)(&s.SaidBy)}, {"said_seq", (*unsigned)(&s.SaidSeq)}, {"said_at", &s.SaidAt}, {"said", (*text)(&s.Said)},
		{"said_gone", (*unsigned)(&s.SaidGone)}, {"photos", (*number)(&s.Photos)},
	}, prefixed("u_", s.Person.columns())...)
}

// MayPost reports whether this person may write in the room.
func (s RoomSummary) MayPost(user uint64) bool {
	return !s.OnlyModerators || s.IsModerator || s.OwnerID == user
}

// RoomPosition is a place in a person's room list, which runs from the room with the newest message to the
// one with the oldest. A room without a message since this person joined stands where they did.
type RoomPosition struct {
	At     int64 // in microseconds since 1970
	RoomID uint64
}

func (p RoomPosition) compare(other RoomPosition) int {
	return cmp.Or(cmp.Compare(p.At, other.At), cmp.Compare(p.RoomID, other.RoomID))
}

// Position returns where the room stands in the list.
func (s RoomSummary) Position() RoomPosition {
	at := s.CreatedAt
	switch {
	case s.SaidAt != nil && s.SaidSeq >= s.JoinedSeq:
		at = *s.SaidAt
	case s.JoinedAt != nil:
		at = *s.JoinedAt
	}
	return RoomPosition{At: at.UnixMicro(), RoomID: s.RoomID}
}

// listed joins the rooms of a person's list: m is the membership, r the room, s the newest message and j the
// entry with which the membership began. Nothing else is read for each room that somebody is in.
const listed = " m JOIN rooms r ON r.id = m.room_id " +
	"LEFT JOIN messages s ON s.room_id = r.id AND s.seq = r.said_seq AND (s.seq >= m.joined_seq OR m.sees_all = TRUE) " +
	"LEFT JOIN messages j ON j.room_id = r.id AND j.seq = m.joined_seq "

const listedAt = "CASE WHEN s.seq >= m.joined_seq THEN s.created_at ELSE COALESCE(j.created_at, r.created_at) END"

// inList is the condition for a membership m of a room r that is in @user's list.
var inList = "m.user_id = @user AND m.left_seq = 0 AND " + notHidden("r", "m")

// RoomIDs lists the rooms of a person's list in its order: all of them, or n from the beginning or after a
// position.
func (d *DB) RoomIDs(ctx context.Context, user uint64, after *RoomPosition, n int) (ids []uint64, err error) {
	query, values := listedPage("m.room_id", user, after, n)
	return numbers(d.in(ctx).Raw(query, values))
}

// listedPage selects from n rooms of a person's list as RoomIDs does.
func listedPage(columns string, user uint64, after *RoomPosition, n int) (query string, values map[string]any) {
	values = map[string]any{"user": user, "n": n}
	query = "SELECT " + columns + " FROM members" + listed + "WHERE " + inList
	if after != nil {
		values["at"], values["id"] = time.UnixMicro(after.At).UTC(), after.RoomID
		query += " AND (" + listedAt + " < @at OR " + listedAt + " = @at AND m.room_id < @id)"
	}
	query += " ORDER BY " + listedAt + " DESC, m.room_id DESC"
	if n > 0 {
		query += " LIMIT @n"
	}
	return query, values
}

// RoomPage returns n rooms of a person's list as RoomSummaries does, from the beginning or after a position, and one
// more wherever that is; 0 for none.
func (d *DB) RoomPage(ctx context.Context, user uint64, after *RoomPosition, n int, with uint64) ([]RoomSummary, error) {
	page, values := listedPage(membershipColumns, user, after, n)
	if with != 0 {
		values["with"] = with
		page = "SELECT * FROM (" + page + ") top UNION " + memberships + "m.room_id = @with"
	}
	return d.summaries(ctx, user, page, values)
}

// RoomSummaries returns these rooms as a person's list shows them, in its order. Rooms that the list does
// not have are left out.
func (d *DB) RoomSummaries(ctx context.Context, user uint64, rooms []uint64) ([]RoomSummary, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	return d.summaries(ctx, user, memberships+"m.room_id IN @rooms", map[string]any{"user": user, "rooms": rooms})
}

// membershipColumns are what summaries has to know of a membership.
const membershipColumns = "m.room_id, m.user_id, m.joined_seq, m.read_seq, m.sees_all, m.muted, m.mentions_only, m.is_moderator"

// memberships selects the memberships of certain rooms of @user's list.
var memberships = "SELECT " + membershipColumns + " FROM members m JOIN rooms r ON r.id = m.room_id WHERE " + inList + " AND "

// summaries returns the rooms of some memberships, which the query rows selects: everything else is read of them alone.
func (d *DB) summaries(ctx context.Context, user uint64, rows string, values map[string]any) (lines []RoomSummary, err error) {
	query := d.in(ctx)
	lines, err = all[RoomSummary](query.Raw("SELECT r.id AS room_id, r.kind, r.name, r.owner_id, r.photo_id, r.created_at, j.created_at AS joined_at, "+
		"m.muted, m.mentions_only, m.is_moderator, r.only_moderators, r.pins AS pin_count, m.joined_seq, m.read_seq, r.last_seq, "+
		"CASE WHEN r.kind = 'direct' THEN other.user_id IS NULL "+
		"ELSE NOT EXISTS (SELECT 1 FROM members o WHERE o.room_id = r.id AND o.left_seq = 0 AND o.user_id <> m.user_id) END AS alone, "+
		"COALESCE(other.user_id, 0) AS partner_id, "+columnsOf[User](query, "u")+", "+
		"COALESCE(s.author_id, 0) AS said_by, COALESCE(s.seq, 0) AS said_seq, s.created_at AS said_at, COALESCE(e.body, s.body, '') AS said, "+
		"COALESCE(s.gone_seq, 0) AS said_gone, COALESCE(s.photos, 0) AS photos FROM ("+rows+")"+listed+
		"LEFT JOIN messages e ON e.room_id = s.room_id AND e.seq = s.edit_seq AND s.edit_seq > 0 "+
		withPartner("r", "m")+"LEFT JOIN users u ON u.id = COALESCE(other.user_id, s.author_id)", values))
	if err != nil {
		return nil, err
	}
	// Databases would sort whole lines, with the texts of messages.
	slices.SortFunc(lines, func(a, b RoomSummary) int { return b.Position().compare(a.Position()) })
	return lines, d.countUnread(ctx, user, lines)
}

// withPartner joins the other person of a direct room as other. Of another room no members are looked up at all: SQLite
// would go through them before it asks for the kind.
func withPartner(rooms, members string) string {
	return "LEFT JOIN members other ON other.room_id = CASE WHEN " + rooms + ".kind = 'direct' THEN " + rooms + ".id END " +
		"AND other.left_seq = 0 AND other.user_id <> " + members + ".user_id "
}

// PartnersOf maps those of these rooms that are direct rooms of a person to the other person.
func (d *DB) PartnersOf(ctx context.Context, user uint64, rooms []uint64) (map[uint64]uint64, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	rows, err := all[RoomUser](d.in(ctx).Raw("SELECT other.room_id, other.user_id FROM members m JOIN rooms r ON r.id = m.room_id AND r.kind = ? "+
		"JOIN members other ON other.room_id = m.room_id AND other.left_seq = 0 AND other.user_id <> m.user_id "+
		"WHERE m.user_id = ? AND m.left_seq = 0 AND m.room_id IN ?", RoomDirect, user, rooms))
	partners := make(map[uint64]uint64, len(rows))
	for _, row := range rows {
		partners[row.Room] = row.User
	}
	return partners, err
}
