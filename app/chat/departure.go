package chat

import (
	"context"
	"errors"
	"time"

	"parley/db"
)

// How much of a deletion one transaction does: a few milliseconds, in which others who write to the room wait.
const (
	departedTexts     = 5
	departedReactions = 20
	departedRows      = 100
	departedRooms     = 100
)

// Departure is somebody whose account is deleted. Each of its steps may be repeated, and two processes may take
// them at once: it does what is left to do.
type Departure struct {
	chat  *Chat
	store *db.DB
	who   db.User
	pause func(ctx context.Context, spent time.Duration) error
}

// Departing returns the departure of a person. pause is called after each transaction with the time that it took, and
// leaves the rest of the time to others.
func (c *Chat) Departing(who db.User, pause func(ctx context.Context, spent time.Duration) error) Departure {
	return Departure{chat: c, store: c.store.WithPriority(db.Idle), who: who, pause: pause}
}

// Leave ends everything between somebody and others: their rooms, friendships, requests and blocks.
func (d Departure) Leave(ctx context.Context) error {
	err := d.eachRoom(ctx, func(r db.Room) error {
		if r.Kind == db.RoomDirect { // ends with the friendship
			return nil
		}
		return d.step(ctx, func() error { return d.leaveRoom(ctx, r.ID) })
	})
	if err != nil {
		return err
	}
	pairs, err := d.store.PairsOf(ctx, d.who.ID)
	if err != nil {
		return err
	}
	for _, f := range pairs {
		if err := d.step(ctx, func() error { return d.endPair(ctx, f) }); err != nil {
			return err
		}
	}
	return nil
}

// Clean removes what somebody has left in rooms: their reactions, keys and the mentions of them, and, if they chose
// so, their messages. Messages in direct rooms go in any case, because nobody can open these any more. Reports by them
// go, too, and what goes from rooms goes from the reports of others.
func (d Departure) Clean(ctx context.Context) error {
	if err := d.step(ctx, func() error { return d.store.DeleteReportsBy(ctx, d.who.ID) }); err != nil {
		return err
	}
	if err := d.step(ctx, func() error { return d.store.EraseEvidenceBy(ctx, d.who.ID, d.who.DeleteMessages) }); err != nil {
		return err
	}
	err := d.eachRoom(ctx, func(r db.Room) error {
		if d.who.DeleteMessages || r.Kind == db.RoomDirect {
			if err := d.eraseTexts(ctx, r.ID); err != nil {
				return err
			}
		}
		if r.IsOpen {
			if err := d.takeBackReactions(ctx, r.ID); err != nil {
				return err
			}
		}
		return d.repeat(ctx, func() (int, error) { return d.store.ForgetKeys(ctx, r.ID, d.who.ID, departedRows) })
	})
	if err != nil {
		return err
	}
	return d.repeat(ctx, func() (int, error) { return d.store.DeleteMentionsOf(ctx, d.who.ID, departedRows) })
}

func (d Departure) eachRoom(ctx context.Context, do func(db.Room) error) error {
	for last := uint64(0); ; {
		rooms, err := d.store.RoomsEverOf(ctx, d.who.ID, last, departedRooms)
		if err != nil || len(rooms) == 0 {
			return err
		}
		for _, r := range rooms {
			if err := do(r); err != nil {
				return err
			}
			last = r.ID
		}
	}
}

// step does one transaction and waits.
func (d Departure) step(ctx context.Context, do func() error) error {
	start := time.Now()
	if err := do(); err != nil {
		return err
	}
	return d.pause(ctx, time.Since(start))
}

// repeat does steps until one finds fewer rows than it would take.
func (d Departure) repeat(ctx context.Context, do func() (int, error)) error {
	for n := departedRows; n == departedRows; {
		err := d.step(ctx, func() (err error) {
			n, err = do()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveRoom is LeaveGroup for somebody who may not be asked any more, whatever is hidden from them.
func (d Departure) leaveRoom(ctx context.Context, room uint64) error {
	done, err := d.chat.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	var grown db.Room
	err = d.store.Tx(ctx, func(tx *db.DB) error {
		grown = db.Room{}
		r, err := tx.LockRoom(ctx, room)
		if err != nil {
			return err
		}
		if !r.IsOpen { // a closed room gets no more entries
			_, err := tx.EndMember(ctx, room, d.who.ID, r.LastSeq)
			return err
		}
		member, err := tx.MembersAmong(ctx, room, []uint64{d.who.ID})
		if err != nil || !member[d.who.ID] {
			return err
		}
		if grown, err = tx.ReserveSeqs(ctx, room, 1); err != nil {
			return err
		}
		if _, err := tx.EndMember(ctx, room, d.who.ID, grown.LastSeq); err != nil {
			return err
		}
		if r.OwnerID == d.who.ID {
			if err := chooseOwner(ctx, tx, r); err != nil {
				return err
			}
		}
		return tx.InsertMessage(ctx, &db.Message{RoomID: room, Seq: grown.LastSeq, Kind: leaveKind(r), AuthorID: d.who.ID, AboutID: d.who.ID, Members: membersWithout(r), CreatedAt: d.chat.now()})
	})
	if err == nil && grown.ID != 0 {
		d.chat.notifyRoom(grown)
		d.chat.notifyUsers(d.who.ID)
	}
	return notFoundIsNothing(err)
}

// endPair ends what is between two people, and leaves no trace of it.
func (d Departure) endPair(ctx context.Context, f db.Friendship) error {
	var room *db.Room
	err := d.store.Tx(ctx, func(tx *db.DB) error {
		room = nil
		now, err := tx.LockPair(ctx, f.LowID, f.HighID, d.chat.now())
		if err != nil {
			return err
		}
		if now.State == db.PairFriends {
			if room, err = d.chat.unfriend(ctx, tx, &now); err != nil && !errors.Is(err, db.ErrNotFound) {
				return err
			}
		}
		return tx.DeletePair(ctx, f)
	})
	if err != nil {
		return err
	}
	if room != nil {
		d.chat.notifyRoom(*room)
	}
	d.chat.notifyUsers(f.Other(d.who.ID))
	return nil
}

// notFoundIsNothing is for what another process has done already.
func notFoundIsNothing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}
