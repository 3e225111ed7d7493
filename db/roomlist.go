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
	RoomID         uint64
	UserID         uint64 // whose list it is
	Kind           RoomKind
	Name           string
	OwnerID        uint64 // of a group
	PhotoID        uint64 // avatar of a group; 0 if none
	OnlyModerators bool   // may post
	PinCount       int
	IsHidden       bool // from this person, because of a block: no list shows it
	PartnerID      uint64
	Person         User // the other person of a direct room, and otherwise who said the newest message; without what no list shows

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

	LastSeq, JoinedSeq, ReadSeq              uint64
	Chosen, Muted, MentionsOnly, IsModerator bool // of this person
	RoomVersion                              RoomVersion
}

// RoomVersion is what a RoomSummary depends on, besides the room and the person. It never comes again: whatever changes
// a room or an entry of its log raises its last_seq or its erased_seq in the same transaction, a restored log has another
// epoch, whoever joins again has another joined_seq, SQLite may use the id of a deleted room again but not its moment, and
// looks counts what no log has. All of it is one text, because a list asks for the versions of all its rooms, and reading
// many columns takes the driver longer than the query takes the database.
type RoomVersion string

// VersionOfRoom is a room with the version of its summary in somebody's list.
type VersionOfRoom struct {
	RoomID, UserID uint64
	RoomVersion    RoomVersion
}

func (s *RoomSummary) columns() columns[RoomSummary] {
	return columns[RoomSummary]{
		{"room_id", (*unsigned)(&s.RoomID)}, {"user_id", (*unsigned)(&s.UserID)}, {"kind", (*text)(&s.Kind)}, {"name", (*text)(&s.Name)}, {"owner_id", (*unsigned)(&s.OwnerID)},
		{"photo_id", (*unsigned)(&s.PhotoID)}, {"only_moderators", (*flag)(&s.OnlyModerators)}, {"pins", (*number)(&s.PinCount)},
		{"is_hidden", (*flag)(&s.IsHidden)}, {"partner_id", (*unsigned)(&s.PartnerID)}, {"person_id", (*unsigned)(&s.Person.ID)},
		{"username", (*text)(&s.Person.Username)}, {"display_name", (*text)(&s.Person.DisplayName)},
		{"person_photo_id", (*unsigned)(&s.Person.PhotoID)}, {"is_deleted", (*flag)(&s.Person.IsDeleted)},
		{"created_at", (*moment)(&s.CreatedAt)}, {"joined_at", &s.JoinedAt}, {"alone", (*flag)(&s.Alone)},
		{"said_by", (*unsigned)(&s.SaidBy)}, {"said_seq", (*unsigned)(&s.SaidSeq)}, {"said_at", &s.SaidAt}, {"said", (*text)(&s.Said)},
		{"said_gone", (*unsigned)(&s.SaidGone)}, {"photos", (*number)(&s.Photos)},
		{"last_seq", (*unsigned)(&s.LastSeq)}, {"joined_seq", (*unsigned)(&s.JoinedSeq)}, {"read_seq", (*unsigned)(&s.ReadSeq)},
		{"chosen", (*flag)(&s.Chosen)}, {"muted", (*flag)(&s.Muted)}, {"mentions_only", (*flag)(&s.MentionsOnly)},
		{"is_moderator", (*flag)(&s.IsModerator)}, {"version", (*text)(&s.RoomVersion)},
	}
}

func (v *VersionOfRoom) columns() columns[VersionOfRoom] {
	return columns[VersionOfRoom]{{"room_id", (*unsigned)(&v.RoomID)}, {"user_id", (*unsigned)(&v.UserID)}, {"version", (*text)(&v.RoomVersion)}}
}

const roomVersion = "CONCAT_WS(' ', r.epoch, r.last_seq, r.erased_seq, r.created_at, m.joined_seq, m.read_seq, m.sees_all, m.chosen, m.muted, m.mentions_only, m.is_moderator, " + looksNow + ") AS version"

// MayPost reports whether this person may write in the room.
func (s *RoomSummary) MayPost(user uint64) bool {
	return !s.OnlyModerators || s.IsModerator || s.OwnerID == user
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

// Position returns the place of the room in the list.
func (s *RoomSummary) Position() RoomPosition {
	at := s.CreatedAt
	switch {
	case s.SaidAt != nil && s.SaidSeq >= s.JoinedSeq:
		at = *s.SaidAt
	case s.JoinedAt != nil:
		at = *s.JoinedAt
	}
	return RoomPosition{At: at.UnixMicro(), RoomID: s.RoomID}
}

// newest joins the newest message of room r that member m may see, as s.
const newest = "LEFT JOIN messages s ON s.room_id = r.id AND s.seq = r.said_seq AND (s.seq >= m.joined_seq OR m.sees_all = TRUE) "

// listed joins the rooms of a person's list: m is the membership, r the room, s the newest message and j the
// entry with which the membership began. Nothing else is read for each room that somebody is in.
const listed = " CROSS JOIN rooms r ON r.id = m.room_id " + newest + "LEFT JOIN messages j ON j.room_id = r.id AND j.seq = m.joined_seq "

const listedAt = "CASE WHEN s.seq >= m.joined_seq THEN s.created_at ELSE COALESCE(j.created_at, r.created_at) END"

// inList is the condition for a membership m of a room r to be in that person's list.
var inList = "m.left_seq = 0 AND " + visible("r", "m")

// RoomIDs lists the rooms of a person's list in its order: all of them, or n from the beginning or after a
// position.
func (d *DB) RoomIDs(ctx context.Context, user uint64, after *RoomPosition, n int) (ids []uint64, err error) {
	values := map[string]any{"user": user, "n": n}
	query := "SELECT m.room_id FROM members m" + listed + withBlocks("r", "m") + "WHERE m.user_id = @user AND " + inList
	if after != nil {
		values["at"], values["id"] = time.UnixMicro(after.At).UTC(), after.RoomID
		query += " AND (" + listedAt + " < @at OR " + listedAt + " = @at AND m.room_id < @id)"
	}
	query += " ORDER BY " + listedAt + " DESC, m.room_id DESC"
	if n > 0 {
		query += " LIMIT @n"
	}
	return numbers(d.query(ctx, query, values))
}

// versions are those of the rooms that people are in.
const versions = "m.room_id, m.user_id, " + roomVersion + " FROM members m CROSS JOIN rooms r ON r.id = m.room_id WHERE m.left_seq = 0 AND "

// RoomVersions returns the versions of up to n rooms that a person is in, of hidden ones as well, in no order.
func (d *DB) RoomVersions(ctx context.Context, user uint64, n int) ([]VersionOfRoom, error) {
	return all[VersionOfRoom](d.query(ctx, "SELECT "+d.straightJoin()+versions+"m.user_id = ? LIMIT ?", user, n))
}

// AllRoomVersions is RoomVersions for all rooms of these people. There may be no more than BatchSize of them.
func (d *DB) AllRoomVersions(ctx context.Context, users []uint64) ([]VersionOfRoom, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return all[VersionOfRoom](d.query(ctx, "SELECT "+d.straightJoin()+versions+"m.user_id IN ?", padded(users)))
}

// RoomVersionsOf is RoomVersions for these rooms.
func (d *DB) RoomVersionsOf(ctx context.Context, user uint64, rooms []uint64) ([]VersionOfRoom, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	return all[VersionOfRoom](d.query(ctx, "SELECT "+d.straightJoin()+versions+"m.user_id = ? AND m.room_id IN ?", user, padded(rooms)))
}

// straightJoin makes MySQL read the tables in the order of the query, as SQLite does where a join is called CROSS. For several
// people MariaDB would go through all rooms, as long as there are few, and look who is in them.
func (d *DB) straightJoin() string {
	if d.sqlite {
		return ""
	}
	return "STRAIGHT_JOIN "
}

// RoomSummaries returns the summaries of these rooms for people who are in them, of hidden ones as well, in no order.
func (d *DB) RoomSummaries(ctx context.Context, of []RoomUser) (list []RoomSummary, err error) {
	for batch := range slices.Chunk(of, BatchSize) {
		some, err := d.someSummaries(ctx, batch)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

func (d *DB) someSummaries(ctx context.Context, of []RoomUser) (list []RoomSummary, err error) {
	query, values := d.summaries(of)
	list, err = all[RoomSummary](d.query(ctx, query, values...))
	if err != nil {
		return nil, err
	}
	return list, d.countUnread(ctx, list)
}

func (d *DB) summaries(of []RoomUser) (query string, values []any) {
	if d.sqlite {
		return summariesInSQLite(of)
	}
	condition, values := among("m", padded(of))
	return "SELECT STRAIGHT_JOIN " + summary + "FROM members m" + d.forceIndex("one_open") + summarized + condition, values
}

// summariesInSQLite joins a list: compiling a condition for each person took longer than the answer.
func summariesInSQLite(of []RoomUser) (query string, values []any) {
	places := padded(make([]string, len(of)))
	for i := range places {
		var k RoomUser // whom nobody is
		if i < len(of) {
			k = of[i]
		}
		places[i] = "(?, ?)"
		values = append(values, k.User, k.Room)
	}
	return "SELECT " + summary + "FROM (VALUES " + strings.Join(places, ", ") + ") k CROSS JOIN members m" + summarized + "m.user_id = k.column1 AND m.room_id = k.column2", values
}

var summary = "m.room_id, m.user_id, r.kind, r.name, r.owner_id, r.photo_id, r.only_moderators, r.pins, NOT " + visible("r", "m") + " AS is_hidden, " +
	"other.user_id AS partner_id, u.id AS person_id, u.username, u.display_name, u.photo_id AS person_photo_id, u.is_deleted, " +
	"r.created_at, j.created_at AS joined_at, " +
	"NOT EXISTS (SELECT 1 FROM members o WHERE o.room_id = r.id AND o.left_seq = 0 AND o.user_id <> m.user_id) AS alone, " +
	"COALESCE(s.author_id, 0) AS said_by, COALESCE(s.seq, 0) AS said_seq, s.created_at AS said_at, COALESCE(e.body, s.body, '') AS said, " +
	"COALESCE(s.gone_seq, 0) AS said_gone, COALESCE(s.photos, 0) AS photos, " +
	"r.last_seq, m.joined_seq, m.read_seq, m.chosen, m.muted, m.mentions_only, m.is_moderator, " + roomVersion + " "

var summarized = listed +
	"LEFT JOIN messages e ON e.room_id = s.room_id AND e.seq = s.edit_seq AND s.edit_seq > 0 " + withPartner("r", "m") +
	"LEFT JOIN users u ON u.id = COALESCE(other.user_id, s.author_id) " + withBlocks("r", "m") + "WHERE m.left_seq = 0 AND "

// withPartner joins the other person of a direct room as other. Of another room no members are looked up at all: SQLite
// would go through them before it asks for the kind.
func withPartner(rooms, members string) string {
	return "LEFT JOIN members other ON other.room_id = CASE WHEN " + rooms + ".kind = 'direct' THEN " + rooms + ".id END " +
		"AND other.left_seq = 0 AND other.user_id <> " + members + ".user_id "
}
