package chat

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/db"
)

// maxSlow is the slowest pace of slow mode, in seconds.
const maxSlow = 6 * 60 * 60

// moderates reports whether a member may do in a room what moderators may. The owner may, too. The two people
// of a direct room are equals.
func moderates(r db.Room, m db.Member) bool {
	return r.Kind != db.RoomDirect && (m.IsModerator || r.OwnerID == m.UserID)
}

// checkModerates returns ErrNotFound unless I moderate a room.
func checkModerates(ctx context.Context, tx *db.DB, r db.Room, me db.User) error {
	m, err := tx.MemberNow(ctx, r.ID, me.ID)
	if err == nil && !moderates(r, m) {
		err = ErrNotFound
	}
	return err
}

// BannedFrom returns those of these rooms that I am banned from.
func (c *Chat) BannedFrom(ctx context.Context, me db.User, rooms ...uint64) ([]uint64, error) {
	return c.store.BannedFrom(ctx, me.ID, rooms)
}

// checkEnter returns ErrBanned for somebody who is banned from a room. Every way into a room asks it, with the
// room's lock, so that nobody comes in while they are banned.
func checkEnter(ctx context.Context, tx *db.DB, r db.Room, user uint64) error {
	banned, err := tx.IsBanned(ctx, r.ID, user)
	if err == nil && banned {
		err = ErrBanned
	}
	return err
}

// checkMayExclude returns ErrNotFound unless I may remove or ban somebody: nobody the owner or themselves, and
// nobody but the owner a moderator.
func checkMayExclude(ctx context.Context, tx *db.DB, r db.Room, me db.User, other uint64) error {
	if err := checkModerates(ctx, tx, r, me); err != nil {
		return err
	}
	m, err := tx.MemberNow(ctx, r.ID, other)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if other == me.ID || other == r.OwnerID || m.IsModerator && r.OwnerID != me.ID {
		return ErrNotFound
	}
	return nil
}

// audit records an act of mine.
func (c *Chat) audit(ctx context.Context, tx *db.DB, me db.User, e db.AuditEntry) error {
	e.At, e.ActorID = c.now(), me.ID
	return tx.AddAudit(ctx, &e)
}

// moderate is appendEntry for a room that I moderate, with a record of the act.
func (c *Chat) moderate(ctx context.Context, me db.User, room uint64, act db.AuditEntry, fn func(tx *db.DB, r db.Room) (*db.Message, error)) error {
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if err := checkModerates(ctx, tx, r, me); err != nil {
			return nil, err
		}
		entry, err := fn(tx, r)
		if err != nil || entry == nil {
			return nil, err
		}
		act.RoomID = room
		return entry, c.audit(ctx, tx, me, act)
	})
}

// SetModerator makes a member of my group a moderator, or takes that back.
func (c *Chat) SetModerator(ctx context.Context, me db.User, room uint64, username string, on bool) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	act := db.AuditEntry{Action: db.AuditModeratorOff, UserID: other.ID}
	if on {
		act.Action = db.AuditModeratorOn
	}
	err = c.moderate(ctx, me, room, act, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) || other.ID == me.ID {
			return nil, ErrNotFound
		}
		if _, err := tx.MemberNow(ctx, room, other.ID); err != nil {
			return nil, err
		}
		if changed, err := tx.SetModerator(ctx, room, other.ID, on); err != nil || !changed {
			return nil, err
		}
		return &db.Message{Kind: db.KindModerator, AboutID: other.ID, Body: onOff(on)}, nil
	})
	if err == nil {
		c.notifyUsers(other.ID)
	}
	return err
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// Ban removes somebody from a group that I own or moderate, and keeps them out. They may have left before.
func (c *Chat) Ban(ctx context.Context, me db.User, room uint64, username string) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	return c.endMembership(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if err := checkMayExclude(ctx, tx, r, me, other.ID); err != nil {
			return nil, err
		}
		spans, err := tx.SpansOf(ctx, other.ID, room)
		if err != nil {
			return nil, err
		}
		if len(spans) == 0 { // or the answer would reveal who has an account
			return nil, ErrNotFound
		}
		if err := checkEnter(ctx, tx, r, other.ID); errors.Is(err, ErrBanned) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		if err := tx.AddBan(ctx, &db.Ban{RoomID: room, UserID: other.ID, ByID: me.ID, At: c.now()}); err != nil {
			return nil, err
		}
		return &db.Message{Kind: db.KindBanned, AboutID: other.ID}, c.audit(ctx, tx, me, db.AuditEntry{Action: db.AuditBan, RoomID: room, UserID: other.ID})
	})
}

// Unban lifts a ban. It has no effect if there is none.
func (c *Chat) Unban(ctx context.Context, me db.User, room uint64, username string) error {
	other, err := c.userOrNobody(ctx, username)
	if err != nil {
		return err
	}
	return c.moderate(ctx, me, room, db.AuditEntry{Action: db.AuditUnban, UserID: other.ID}, func(tx *db.DB, _ db.Room) (*db.Message, error) {
		if lifted, err := tx.RemoveBan(ctx, room, other.ID); err != nil || !lifted {
			return nil, err
		}
		return &db.Message{Kind: db.KindUnbanned, AboutID: other.ID}, nil
	})
}

// SetSlowMode sets the least number of seconds between two posts of one person in a room that I moderate; 0 is no
// limit.
func (c *Chat) SetSlowMode(ctx context.Context, me db.User, room uint64, seconds int) error {
	if seconds < 0 || seconds > maxSlow {
		return ErrBadPace
	}
	pace := strconv.Itoa(seconds)
	return c.moderate(ctx, me, room, db.AuditEntry{Action: db.AuditSlowMode, Detail: pace}, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if r.SlowSeconds == seconds {
			return nil, nil
		}
		return &db.Message{Kind: db.KindSlowMode, Body: pace}, tx.SetSlowMode(ctx, room, seconds)
	})
}

// Who may post in a room, as its log has it.
const (
	postingModerators = "moderators"
	postingEverybody  = "everybody"
)

// OnlyModerators reports whether a choice of who may post means moderators, or returns ErrBadPosting.
func OnlyModerators(choice string) (bool, error) {
	switch choice {
	case postingModerators:
		return true, nil
	case postingEverybody:
		return false, nil
	}
	return false, ErrBadPosting
}

// SetOnlyModerators sets whether only moderators post in a room that I moderate.
func (c *Chat) SetOnlyModerators(ctx context.Context, me db.User, room uint64, on bool) error {
	who := postingEverybody
	if on {
		who = postingModerators
	}
	return c.moderate(ctx, me, room, db.AuditEntry{Action: db.AuditPosting, Detail: who}, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if r.OnlyModerators == on {
			return nil, nil
		}
		return &db.Message{Kind: db.KindPosting, Body: who}, tx.SetOnlyModerators(ctx, room, on)
	})
}

// Banned is somebody who is banned from a room.
type Banned struct {
	User, By db.User
	At       time.Time
}

// Moderation is what the moderators of a room see of it.
type Moderation struct {
	Room   db.Room
	Banned []Banned // a page of them
	Next   uint64   // where the page after it begins; 0 if there is none
}

// Moderation reads a room that I moderate; ErrNotFound for every other. The page of those who are banned begins
// after the id of one of them.
func (c *Chat) Moderation(ctx context.Context, me db.User, room, after uint64) (v Moderation, err error) {
	r, m, err := c.store.RoomOf(ctx, me.ID, room)
	if err != nil {
		return v, notFound(err)
	}
	if !moderates(r, m) {
		return v, ErrNotFound
	}
	bans, err := c.store.BansOf(ctx, room, after, PeoplePage+1)
	if err != nil {
		return v, err
	}
	v.Room = r
	if len(bans) > PeoplePage {
		bans = bans[:PeoplePage]
		v.Next = bans[PeoplePage-1].UserID
	}
	var ids []uint64
	for _, b := range bans {
		ids = append(ids, b.UserID, b.ByID)
	}
	people, err := c.store.UsersByID(ctx, ids)
	if err != nil {
		return v, err
	}
	var alike lookalikes
	for _, u := range people {
		alike.add(&u)
	}
	for _, b := range bans {
		v.Banned = append(v.Banned, Banned{User: alike.mark(people[b.UserID]), By: alike.mark(people[b.ByID]), At: b.At})
	}
	return v, nil
}
