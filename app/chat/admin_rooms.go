package chat

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"parley/app/text"
	"parley/db"
)

// AdminRoomsPage is the number of rooms on a page of the administrators' list.
const AdminRoomsPage = 25

// maxNamesSearched is the most rooms that an administrator's search looks at.
const maxNamesSearched = 10_000

// MeasuredRoom is a room as administrators see it: nothing of what is said in it.
type MeasuredRoom struct {
	db.Room
	Size  db.RoomSize
	Owner db.User
}

// MeasuredRooms is a page of the rooms that have a name and members. Direct rooms are counted and not listed: who
// talks with whom is nobody else's business.
type MeasuredRooms struct {
	Rooms                      []MeasuredRoom
	Next                       uint64 // where the next page begins; 0 if there is none
	More                       bool   // there are more that match the query
	DirectRooms, DirectEntries int64
}

// MeasuredRooms lists rooms for an administrator: those below an id, the newest first, or those whose name has
// every word of a query.
func (c *Chat) MeasuredRooms(ctx context.Context, me db.User, query string, before uint64) (l MeasuredRooms, err error) {
	if !me.IsAdmin {
		return l, ErrNotFound
	}
	var rooms []db.Room
	if words := foldedWords(text.First(query, maxQuery)); len(words) > 0 {
		rooms, l.More, err = c.sharedRoomsNamed(ctx, words)
	} else {
		if before == 0 {
			before = math.MaxInt64
		}
		rooms, err = c.store.SharedRooms(ctx, before, AdminRoomsPage+1)
		if len(rooms) > AdminRoomsPage {
			rooms = rooms[:AdminRoomsPage]
			l.Next = rooms[AdminRoomsPage-1].ID
		}
	}
	if err != nil {
		return l, err
	}
	if l.Rooms, err = c.measured(ctx, rooms); err != nil {
		return l, err
	}
	l.DirectRooms, l.DirectEntries, err = c.store.DirectRooms(ctx)
	return l, err
}

// sharedRoomsNamed finds the newest rooms whose name has all of the folded words.
func (c *Chat) sharedRoomsNamed(ctx context.Context, words []string) (rooms []db.Room, more bool, err error) {
	names, err := c.store.SharedRoomNames(ctx, maxNamesSearched)
	if err != nil {
		return nil, false, err
	}
	var ids []uint64
	for _, r := range names {
		name := text.Fold(r.Name)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(name, word) }) {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) > AdminRoomsPage {
		ids, more = ids[:AdminRoomsPage], true
	}
	rooms, err = c.store.SharedRoomsAmong(ctx, ids)
	return rooms, more, err
}

func (c *Chat) measured(ctx context.Context, rooms []db.Room) ([]MeasuredRoom, error) {
	sizes, err := c.store.RoomSizes(ctx, rooms)
	if err != nil {
		return nil, err
	}
	owners, err := c.store.UsersByID(ctx, idsOf(rooms, func(r db.Room) uint64 { return r.OwnerID }))
	list := make([]MeasuredRoom, len(rooms))
	for i, r := range rooms {
		list[i] = MeasuredRoom{Room: r, Size: sizes[r.ID], Owner: owners[r.OwnerID]}
	}
	return list, err
}

// MeasuredRoom reads one of these rooms for an administrator; ErrNotFound for a direct one.
func (c *Chat) MeasuredRoom(ctx context.Context, me db.User, room uint64) (MeasuredRoom, error) {
	if !me.IsAdmin {
		return MeasuredRoom{}, ErrNotFound
	}
	r, err := c.sharedRoom(ctx, c.store, room)
	if err != nil {
		return MeasuredRoom{}, notFound(err)
	}
	list, err := c.measured(ctx, []db.Room{r})
	if err != nil {
		return MeasuredRoom{}, err
	}
	return list[0], nil
}

func (c *Chat) sharedRoom(ctx context.Context, tx *db.DB, room uint64) (db.Room, error) {
	r, err := tx.RoomByID(ctx, room)
	if err == nil && r.Kind == db.RoomDirect {
		err = ErrNotFound
	}
	return r, err
}

// changeAsAdmin changes a room that has a name and members for an administrator, who need not be in it. fn has the
// room's lock, and may append an entry.
func (c *Chat) changeAsAdmin(ctx context.Context, me db.User, room uint64, action db.AuditAction, fn func(tx *db.DB, r db.Room) (line db.AuditEntry, grown *db.Room, err error)) error {
	if !me.IsAdmin {
		return ErrNotFound
	}
	done, err := c.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	var grown *db.Room
	err = c.store.Tx(ctx, func(tx *db.DB) error {
		if _, err := tx.LockRoom(ctx, room); err != nil {
			return err
		}
		r, err := c.sharedRoom(ctx, tx, room)
		if err != nil {
			return err
		}
		var line db.AuditEntry
		if line, grown, err = fn(tx, r); err != nil {
			return err
		}
		line.At, line.ActorID, line.Action, line.RoomID = c.now(), me.ID, action, room
		return tx.AddAudit(ctx, &line)
	})
	switch {
	case errors.Is(err, errNothingNew):
		return nil
	case err != nil:
		return notFound(err)
	}
	if grown != nil {
		c.notifyRoom(*grown) // the lists of all who were in it follow its log
	}
	return nil
}

// CloseRoom ends a room for everybody: all leave, and nobody can come back. What was said stays in the database
// until the room is deleted.
func (c *Chat) CloseRoom(ctx context.Context, me db.User, room uint64) error {
	return c.changeAsAdmin(ctx, me, room, db.AuditCloseRoom, func(tx *db.DB, r db.Room) (line db.AuditEntry, grown *db.Room, err error) {
		if !r.IsOpen {
			return line, nil, errNothingNew
		}
		grown, err = c.close(ctx, tx, room)
		return line, grown, err
	})
}

func (c *Chat) close(ctx context.Context, tx *db.DB, room uint64) (*db.Room, error) {
	r, err := tx.CloseRoom(ctx, room)
	if err != nil {
		return nil, err
	}
	if err := tx.InsertMessage(ctx, &db.Message{RoomID: room, Seq: r.LastSeq, Kind: db.KindClosed, CreatedAt: c.now()}); err != nil {
		return nil, err
	}
	return &r, tx.EndMembers(ctx, room, r.LastSeq)
}

// DeleteRoom ends a room for everybody, and erases it from then on (EraseRooms). The name guards against a
// wrong click: it must be the room's.
func (c *Chat) DeleteRoom(ctx context.Context, me db.User, room uint64, name string) error {
	return c.changeAsAdmin(ctx, me, room, db.AuditDeleteRoom, func(tx *db.DB, r db.Room) (line db.AuditEntry, grown *db.Room, err error) {
		if text.Fold(text.OneLine(name)) != text.Fold(r.Name) {
			return line, nil, ErrWrongName
		}
		if r.IsOpen {
			if grown, err = c.close(ctx, tx, room); err != nil {
				return line, nil, err
			}
		}
		return line, grown, tx.BeginRemoval(ctx, room, c.now())
	})
}

// TransferRoom makes a member the owner of a room.
func (c *Chat) TransferRoom(ctx context.Context, me db.User, room uint64, username string) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	return c.changeAsAdmin(ctx, me, room, db.AuditRoomOwner, func(tx *db.DB, r db.Room) (line db.AuditEntry, grown *db.Room, err error) {
		members, err := tx.MembersAmong(ctx, room, []uint64{other.ID})
		switch {
		case err != nil:
			return line, nil, err
		case !members[other.ID]:
			return line, nil, ErrNotMember
		case r.OwnerID == other.ID:
			return line, nil, errNothingNew
		}
		next, err := tx.NextSeq(ctx, room)
		if err != nil {
			return line, nil, err
		}
		if err := tx.SetRoomOwner(ctx, room, other.ID, me.ID); err != nil {
			return line, nil, err
		}
		line.UserID = other.ID
		return line, &next, tx.InsertMessage(ctx, &db.Message{RoomID: room, Seq: next.LastSeq, Kind: db.KindOwnerChanged, AuthorID: me.ID, AboutID: other.ID, CreatedAt: c.now()})
	})
}

// EraseRooms erases what is left of deleted rooms, in steps of some milliseconds between which others write. It
// goes on until nothing is left or the context ends; whatever is left then is erased the next time.
func (c *Chat) EraseRooms(ctx context.Context) error {
	store := c.store.WithPriority(db.Idle)
	for {
		rooms, err := store.RoomRemovals(ctx, 1)
		if err != nil || len(rooms) == 0 {
			return err
		}
		for done := false; !done; {
			start := time.Now()
			if done, err = store.EraseSome(ctx, rooms[0]); err != nil {
				return err
			}
			if err := Sleep(ctx, min(3*time.Since(start), 50*time.Millisecond)); err != nil { // a quarter of the time
				return err
			}
		}
	}
}
