package chat

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"parley/db"
)

// Messages that are older than the server or their room keeps them are erased as if their authors had deleted them,
// but without an entry for each: placeholders stay, and texts, earlier texts, photos and words in the index are
// gone. What a stream would send again of them is a placeholder, too. A page whose cursor is from before what is
// erased reloads (Entrance), and one that was open all the time shows what it showed until then.
const (
	retentionInterval = time.Minute
	retentionStep     = 20   // entries in a transaction, which takes a few milliseconds
	retentionShare    = 5    // erasing takes 1/retentionShare of the time
	retentionRooms    = 500  // in one look
	maxRetention      = 3650 // days
)

// ErrBadRetention is for days that a room cannot have.
var ErrBadRetention = errors.New("chat: a room keeps its messages for 1 to 3650 days, or as the server decides")

// KeepRetention erases what is too old, and what is left of deleted rooms, until the context ends. Several processes
// can do it at once.
func (c *Chat) KeepRetention(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(retentionInterval)
	defer ticker.Stop()
	for {
		if err := c.EraseOld(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, db.ErrUnavailable) {
			log.Warn("messages that are too old are still there", "error", err)
		}
		if err := c.EraseRooms(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, db.ErrUnavailable) {
			log.Warn("deleted rooms are still there", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// EraseOld erases all that is too old now, with pauses in between.
func (c *Chat) EraseOld(ctx context.Context) error {
	server := c.settings(ctx).RetentionDays
	own, err := c.store.RetentionDays(ctx)
	if err != nil {
		return err
	}
	for _, days := range append([]int{0}, own...) { // first those without any
		keep := daysKept(days, server)
		if keep == 0 {
			continue
		}
		if err := c.eraseOlder(ctx, days, keep); err != nil {
			return err
		}
	}
	return nil
}

// eraseOlder erases what is older than keep days in the rooms whose own retention is own days, 0 for none.
func (c *Chat) eraseOlder(ctx context.Context, own, keep int) error {
	before := c.now().AddDate(0, 0, -keep)
	for after := uint64(0); ; {
		rooms, err := c.store.RoomsToErase(ctx, after, own, before, retentionRooms)
		if err != nil || len(rooms) == 0 {
			return err
		}
		for _, room := range rooms {
			if err := c.eraseRoom(ctx, room, before); err != nil {
				return err
			}
			after = room
		}
	}
}

// eraseRoom erases what came to a room before a moment, a step at a time.
func (c *Chat) eraseRoom(ctx context.Context, room uint64, before time.Time) error {
	for {
		start := time.Now()
		e, err := c.store.ExpiredIn(ctx, room, before, retentionStep)
		if err != nil || e.To == e.From {
			return err
		}
		err = c.store.WithPriority(db.Idle).Tx(ctx, func(tx *db.DB) error {
			if mine, err := tx.AdvanceErased(ctx, e); err != nil || !mine {
				return err
			}
			for _, m := range e.Messages {
				current, err := tx.MessagesAt(ctx, room, []uint64{m.Seq}) // its author may have deleted it meanwhile
				if err != nil {
					return err
				}
				if current[m.Seq].DeleteSeq != 0 {
					continue
				}
				if err := eraseAt(ctx, tx, m, m.Seq); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		c.engine.RoomChanged(room)
		if err := Sleep(ctx, (retentionShare-1)*time.Since(start)); err != nil {
			return err
		}
	}
}

// SetRetention sets the number of days after which messages in my group are erased; 0 is the server's default, which
// also bounds what a group can choose. Everybody in it reads that.
func (c *Chat) SetRetention(ctx context.Context, me db.User, room uint64, days int) error {
	if days < 0 || days > maxRetention {
		return ErrBadRetention
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, r db.Room) (*db.Message, error) {
		if !isOwner(r, me) {
			return nil, ErrNotFound
		}
		if r.RetentionDays == days {
			return nil, nil
		}
		return &db.Message{Kind: db.KindRetention, Body: strconv.Itoa(days)}, tx.SetRetention(ctx, room, days)
	})
}

// daysKept returns for how many days messages are kept, by the retentions of their room and of the server; 0 means
// forever.
func daysKept(room, server int) int {
	switch {
	case room == 0:
		return server
	case server == 0:
		return room
	}
	return min(room, server)
}
