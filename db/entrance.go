package db

import (
	"context"
	"strings"
)

// RoomUser names a room and somebody who may be in it.
type RoomUser struct{ Room, User uint64 }

// Entrance is a room as one of its members may enter it.
type Entrance struct {
	Room   Room
	Member Member
	Spans  Spans // all that they may see of its log
}

type entranceRow struct {
	A       Room   `gorm:"embedded;embeddedPrefix:a_"`
	B       Member `gorm:"embedded;embeddedPrefix:b_"`
	Visible bool
}

// Entrances looks up rooms for those who want to enter them. Who is no member gets none, nor does a member from whom
// the room is hidden, as from RoomOf. There may be no more than BatchSize of them.
func (d *DB) Entrances(ctx context.Context, asked []RoomUser) (map[RoomUser]Entrance, error) {
	places, values := make([]string, len(asked)), make([]any, 0, 2*len(asked))
	for i, k := range asked {
		places[i] = "b.room_id = ? AND b.user_id = ?"
		values = append(values, k.Room, k.User)
	}
	query := d.in(ctx)
	rows, err := all[entranceRow](query.Raw("SELECT "+columnsOfBoth[Room, Member](query)+", "+notHiddenFrom("b.user_id", "a", "b")+" AS visible "+
		"FROM members b CROSS JOIN rooms a ON a.id = b.room_id WHERE "+strings.Join(places, " OR ")+" ORDER BY b.joined_seq", values...))
	found, spans := map[RoomUser]Entrance{}, map[RoomUser]Spans{}
	for _, r := range rows {
		k := RoomUser{r.B.RoomID, r.B.UserID}
		spans[k] = append(spans[k], r.B.span())
		if r.B.LeftSeq == 0 && r.Visible {
			found[k] = Entrance{Room: r.A, Member: r.B}
		}
	}
	for k, e := range found {
		e.Spans = spans[k].united()
		found[k] = e
	}
	return found, err
}
