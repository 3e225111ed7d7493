package db

import "context"

// TokenRoom names a session by the hash of its token, and a room that its owner opens.
type TokenRoom struct {
	Hash string
	Room uint64
}

// Entrant is somebody who opens a room: what ReadersByHash says of them, and EntranceOf.
type Entrant struct {
	SignedIn
	Entrance *Entrance // nil if RoomOf would find none
}

// entrantRow is a session with one time that its owner was in the room.
type entrantRow struct {
	in    SignedIn
	entry entranceRow
}

func (r *entrantRow) columns() columns[entrantRow] {
	return append(append(columns[entrantRow](nil), r.in.columns()...), r.entry.columns()...)
}

// EntrantsByHash returns those of these sessions that exist. One that is asked for alone, as is usual, takes one
// statement, several take two, and what waits for them, if anything does, takes one more. There may be no more than BatchSize of them.
func (d *DB) EntrantsByHash(ctx context.Context, asked []TokenRoom) (map[TokenRoom]Entrant, error) {
	if len(asked) == 1 {
		return d.entrant(ctx, asked[0])
	}
	hashes := make([]string, len(asked))
	for i, k := range asked {
		hashes[i] = k.Hash
	}
	readers, err := d.ReadersByHash(ctx, hashes)
	if err != nil || len(readers) == 0 {
		return nil, err
	}
	places := make([]RoomUser, 0, len(asked))
	for _, k := range asked {
		if r, found := readers[k.Hash]; found {
			places = append(places, RoomUser{k.Room, r.User.ID})
		}
	}
	entrances, err := d.entrances(ctx, entrance, partners, places)
	found := make(map[TokenRoom]Entrant, len(asked))
	for _, k := range asked {
		r, signedIn := readers[k.Hash]
		if !signedIn {
			continue
		}
		one := Entrant{SignedIn: r}
		if e, may := entrances[RoomUser{k.Room, r.User.ID}]; may {
			one.Entrance = &e
		}
		found[k] = one
	}
	return found, err
}

func (d *DB) entrant(ctx context.Context, k TokenRoom) (map[TokenRoom]Entrant, error) {
	rows, err := all[entrantRow](d.query(ctx, "SELECT "+d.straightJoin()+signedIn+", "+entrance+
		" FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN members b"+d.forceIndex("one_open")+" ON b.room_id = ? AND b.user_id = u.id LEFT JOIN rooms a ON a.id = b.room_id "+
		withBlocks("a", "b")+partners+"WHERE s.token_hash = ?", k.Room, k.Hash))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	times := make([]entranceRow, len(rows))
	for i, r := range rows {
		times[i] = r.entry
	}
	one := Entrant{SignedIn: rows[0].in}
	waiting, err := d.waitingFor(ctx, []User{one.User})
	if err != nil {
		return nil, err
	}
	one.Waiting = waiting[one.User.ID]
	if e, may := together(times)[RoomUser{k.Room, one.User.ID}]; may {
		one.Entrance = &e
	}
	return map[TokenRoom]Entrant{k: one}, nil
}
