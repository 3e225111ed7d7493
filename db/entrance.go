package db

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// RoomUser names a room and somebody who may be in it.
type RoomUser struct{ Room, User uint64 }

func (r *RoomUser) columns() columns[RoomUser] {
	return columns[RoomUser]{{"room_id", (*unsigned)(&r.Room)}, {"user_id", (*unsigned)(&r.User)}}
}

// Entrance is a room as one of its members may enter it.
type Entrance struct {
	Room    Room
	Member  Member
	Spans   Spans // all that they may see of its log
	Partner User  // the other person of a direct room, without what no list shows; not from Entrances

	PartnerSince uint64 // the entry with which they came
}

// brief are the columns of an entranceRow that Entrances reads: where a log ends and begins, and when the member was there.
// A thousand streams that come at once ask for it.
var brief = "a.id AS a_id, a.epoch AS a_epoch, a.last_seq AS a_last_seq, a.erased_seq AS a_erased_seq, b.room_id AS b_room_id, " +
	"b.user_id AS b_user_id, b.joined_seq AS b_joined_seq, b.left_seq AS b_left_seq, b.sees_all AS b_sees_all, " + visible("a", "b") + " AS visible"

// entranceRow is a room, one time that somebody was in it, and whether it is hidden from them.
type entranceRow struct {
	Room    Room
	Member  Member
	Partner User
	Since   uint64 // of the partner
	Visible bool
}

func (r *entranceRow) columns() columns[entranceRow] {
	return append(append(prefixed("a_", r.Room.columns()), prefixed("b_", r.Member.columns())...), columns[entranceRow]{
		{"c_id", (*unsigned)(&r.Partner.ID)}, {"c_username", (*text)(&r.Partner.Username)}, {"c_display_name", (*text)(&r.Partner.DisplayName)},
		{"c_photo_id", (*unsigned)(&r.Partner.PhotoID)}, {"c_is_deleted", (*flag)(&r.Partner.IsDeleted)},
		{"since", (*unsigned)(&r.Since)}, {"visible", (*flag)(&r.Visible)},
	}...)
}

// Columns of an entranceRow. The memberships are looked up first, as in RoomOf.
var (
	roomAndMember = columnsOf[Room]("a") + ", " + columnsOf[Member]("b")
	entrance      = roomAndMember + ", " + visible("a", "b") + " AS visible, " + partner
	partner       = aliased("c", []string{"id", "username", "display_name", "photo_id", "is_deleted"}) + ", other.joined_seq AS since"
)

var partners = withPartner("a", "b") + "LEFT JOIN users c ON c.id = other.user_id "

func (d *DB) entered() string {
	return " FROM members b" + d.forceIndex("one_open") + " CROSS JOIN rooms a ON a.id = b.room_id " + withBlocks("a", "b")
}

// among is the condition that a member is one of these people in their rooms. MariaDB estimates, for each of them and each
// index of the members, how many there are: without d.forceIndex("one_open"), 16 took nearly three times as long. Not all of its
// versions read an index by (a, b) IN ((1, 2)).
func among(members string, of []RoomUser) (condition string, values []any) {
	if len(of) == 0 {
		return "FALSE", nil
	}
	values = make([]any, 0, 2*len(of))
	for _, k := range of {
		values = append(values, k.Room, k.User)
	}
	one := members + ".room_id = ? AND " + members + ".user_id = ?"
	return "(" + strings.Repeat(one+" OR ", len(of)-1) + one + ")", values
}

// Entrances looks up rooms for those who want to enter them. Whoever is not a member gets none, nor does a member from
// whom the room is hidden, as from RoomOf. Of rooms and members it reads the ids and seqs and nothing else. There may
// be no more than BatchSize of them.
func (d *DB) Entrances(ctx context.Context, asked []RoomUser) (map[RoomUser]Entrance, error) {
	return d.entrances(ctx, brief, "", asked)
}

// EntranceOf is RoomOf with the member's spans and partner, in one statement.
func (d *DB) EntranceOf(ctx context.Context, user, room uint64) (Entrance, error) {
	found, err := d.entrances(ctx, entrance, partners, []RoomUser{{room, user}})
	if err != nil {
		return Entrance{}, err
	}
	e, ok := found[RoomUser{room, user}]
	if !ok {
		return Entrance{}, ErrNotFound
	}
	return e, nil
}

func (d *DB) entrances(ctx context.Context, columns, joins string, asked []RoomUser) (map[RoomUser]Entrance, error) {
	condition, values := among("b", padded(asked))
	rows, err := all[entranceRow](d.query(ctx, "SELECT "+d.straightJoin()+columns+d.entered()+joins+"WHERE "+condition, values...))
	return together(rows), err
}

// together puts together the times of each person in each room, the oldest first.
func together(rows []entranceRow) map[RoomUser]Entrance {
	// SQLite would read all of a room in this order, to save the sorting of what is often one row.
	slices.SortFunc(rows, func(a, b entranceRow) int { return cmp.Compare(a.Member.JoinedSeq, b.Member.JoinedSeq) })
	found, spans := map[RoomUser]Entrance{}, map[RoomUser]Spans{}
	for _, r := range rows {
		k := RoomUser{r.Member.RoomID, r.Member.UserID}
		spans[k] = append(spans[k], r.Member.span())
		if r.Member.LeftSeq == 0 && r.Visible {
			found[k] = Entrance{Room: r.Room, Member: r.Member, Partner: r.Partner, PartnerSince: r.Since}
		}
	}
	for k, e := range found {
		e.Spans = spans[k].united()
		found[k] = e
	}
	return found
}
