package chat

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"unicode/utf8"

	"parley/app/text"
	"parley/db"
)

const maxAbout = 200 // characters

// maxDefaultRooms is the most rooms that newcomers are put into: each is a transaction of its own.
const maxDefaultRooms = 10

// SetAbout changes what my group or open room is about; "" is nothing.
func (c *Chat) SetAbout(ctx context.Context, me db.User, room uint64, about string) error {
	about, err := cleanAbout(about)
	if err != nil {
		return err
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) {
			return nil, ErrNotFound
		}
		if r.About == about {
			return nil, nil
		}
		return &db.Message{Kind: db.KindAbout, Body: about}, tx.SetRoomAbout(ctx, room, about)
	})
}

// DescribeGroup gives my group or open room another name, and says what it is about. Both are checked first; the
// description may still be refused after the name was stored, with ErrTooFast for example.
func (c *Chat) DescribeGroup(ctx context.Context, me db.User, room uint64, name, about string) error {
	if _, err := cleanAbout(about); err != nil {
		return err
	}
	if err := c.RenameGroup(ctx, me, room, name); err != nil {
		return err
	}
	return c.SetAbout(ctx, me, room, about)
}

// OwnedRoom returns a group or an open room of mine; ErrNotFound for every other.
func (c *Chat) OwnedRoom(ctx context.Context, me db.User, room uint64) (db.Room, error) {
	r, _, err := c.store.RoomOf(ctx, me.ID, room)
	if err == nil && !isOwner(r, me) {
		err = ErrNotFound
	}
	return r, notFound(err)
}

// SetRoomKind turns my group into an open room, all of whose log everybody may read then, or my open room into a
// group, to which only members belong who were there and those whom they add.
func (c *Chat) SetRoomKind(ctx context.Context, me db.User, room uint64, kind db.RoomKind) error {
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) || kind != db.RoomOpen && kind != db.RoomGroup {
			return nil, ErrNotFound
		}
		if r.Kind == kind {
			return nil, nil
		}
		if kind == db.RoomOpen && !c.MayOpenRooms(ctx, me) {
			return nil, ErrOnlyAdmins
		}
		if kind == db.RoomGroup && r.MemberCount > maxGroup {
			return nil, ErrTooManyForGroup
		}
		return &db.Message{Kind: db.KindOpenness, Body: string(kind)}, tx.SetRoomKind(ctx, room, kind)
	})
}

// SetDefaultRoom sets whether newcomers are members of an open room from sign-up. It is for administrators, who
// need not be members.
func (c *Chat) SetDefaultRoom(ctx context.Context, admin db.User, room uint64, on bool) error {
	return notFound(c.store.Tx(ctx, func(tx *db.DB) error {
		r, err := tx.OpenRoom(ctx, room)
		if err != nil || on == (r.DefaultSince != nil) {
			return err
		}
		now := c.now()
		since, action := &now, db.AuditDefaultOn
		if !on {
			since, action = nil, db.AuditDefaultOff
		} else if n, err := tx.CountDefaultRooms(ctx); err != nil || n >= maxDefaultRooms {
			return cmp.Or(err, ErrTooManyDefaults)
		}
		if err := tx.SetRoomDefault(ctx, room, since); err != nil {
			return err
		}
		return tx.AddAudit(ctx, &db.AuditEntry{At: now, ActorID: admin.ID, Action: action, RoomID: room, Detail: strconv.FormatUint(room, 10)})
	}))
}

// cleanAbout returns the stored form of what a room is about, on one line.
func cleanAbout(about string) (string, error) {
	about, err := text.Line(about)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadAbout, err)
	}
	if utf8.RuneCountInString(about) > maxAbout {
		return "", ErrBadAbout
	}
	return about, nil
}
