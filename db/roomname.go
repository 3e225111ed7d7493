package db

import "context"

// NamedRoom is a room of somebody's with what it takes to name it, and nothing that is said in it.
type NamedRoom struct {
	ID      uint64
	Kind    RoomKind
	Name    string
	Partner User // the other person of a direct room, without what no list shows
}

func (r *NamedRoom) columns() columns[NamedRoom] {
	return columns[NamedRoom]{
		{"id", (*unsigned)(&r.ID)}, {"kind", (*text)(&r.Kind)}, {"name", (*text)(&r.Name)}, {"partner_id", (*unsigned)(&r.Partner.ID)},
		{"username", (*text)(&r.Partner.Username)}, {"display_name", (*text)(&r.Partner.DisplayName)},
		{"photo_id", (*unsigned)(&r.Partner.PhotoID)}, {"is_deleted", (*flag)(&r.Partner.IsDeleted)},
	}
}

// roomByName is the columns of a NamedRoom, of room r and its partner u.
const roomByName = "r.id, r.kind, r.name, u.id AS partner_id, u.username, u.display_name, u.photo_id, u.is_deleted"

// withPartnerUser joins the other person of direct room r of member m as u.
func (d *DB) withPartnerUser() string {
	return withPartner("r", "m") + "LEFT JOIN users u" + d.forceIndex("PRIMARY") + " ON u.id = other.user_id "
}

// roomsByName selects the rooms of members m by name.
func (d *DB) roomsByName() string {
	return "SELECT " + roomByName + " FROM members m JOIN rooms r ON r.id = m.room_id " + d.withPartnerUser()
}

// NamedRooms returns up to n rooms of a person's list, in no order.
func (d *DB) NamedRooms(ctx context.Context, user uint64, n int) ([]NamedRoom, error) {
	return all[NamedRoom](d.query(ctx, d.roomsByName()+withBlocks("r", "m")+"WHERE m.user_id = @user AND "+inList+" LIMIT @n", map[string]any{"user": user, "n": n}))
}

// NamedRoomsOf returns those of these rooms that a person is in, also those that are hidden from them, in no order.
func (d *DB) NamedRoomsOf(ctx context.Context, user uint64, rooms []uint64) ([]NamedRoom, error) {
	if len(rooms) == 0 {
		return nil, nil
	}
	return all[NamedRoom](d.query(ctx, d.roomsByName()+"WHERE m.user_id = @user AND m.left_seq = 0 AND m.room_id IN @rooms", map[string]any{"user": user, "rooms": rooms}))
}
