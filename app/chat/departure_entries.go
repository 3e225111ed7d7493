package chat

import (
	"cmp"
	"context"
	"slices"

	"parley/app/search"
	"parley/db"
)

// parting is a change that somebody leaves behind: the deletion of a message of theirs, or a reaction taken back.
type parting struct {
	target uint64
	emoji  string // "" deletes the message
}

// eraseTexts deletes all messages of the person in a room, as Delete does.
func (d Departure) eraseTexts(ctx context.Context, room uint64) error {
	seqs, err := d.store.TextsBy(ctx, room, d.who.ID)
	if err != nil {
		return err
	}
	list := make([]parting, len(seqs))
	for i, seq := range seqs {
		list[i].target = seq
	}
	return d.appendAll(ctx, room, list, departedTexts)
}

// takeBackReactions takes back what the person has given in a room.
func (d Departure) takeBackReactions(ctx context.Context, room uint64) error {
	rows, err := d.store.ReactionsBy(ctx, room, d.who.ID)
	if err != nil {
		return err
	}
	given := map[parting]bool{}
	for _, m := range rows {
		if m.Body != "" {
			given[parting{m.TargetSeq, m.Body[1:]}] = m.Body[0] == '+'
		}
	}
	var list []parting
	for p, still := range given {
		if still {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b parting) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.emoji, b.emoji))
	})
	return d.appendAll(ctx, room, list, departedReactions)
}

// appendAll makes changes, atOnce of them in a transaction. In a closed room, which nobody has open, no entries
// record them.
func (d Departure) appendAll(ctx context.Context, room uint64, list []parting, atOnce int) error {
	for batch := range slices.Chunk(list, atOnce) {
		if err := d.step(ctx, func() error { return d.appendSome(ctx, room, batch) }); err != nil {
			return err
		}
	}
	return nil
}

func (d Departure) appendSome(ctx context.Context, room uint64, batch []parting) error {
	done, err := d.chat.changes.Take(ctx, room)
	if err != nil {
		return err
	}
	defer done()
	targets := make([]uint64, len(batch))
	for i, p := range batch {
		targets[i] = p.target
	}
	var r db.Room
	var todo []parting
	err = d.store.Tx(ctx, func(tx *db.DB) error {
		if r, err = tx.LockRoom(ctx, room); err != nil {
			return err
		}
		found, err := tx.MessagesAt(ctx, room, targets)
		if err != nil {
			return err
		}
		todo = slices.DeleteFunc(slices.Clone(batch), func(p parting) bool {
			m := found[p.target]
			return m.Kind != db.KindText || m.DeleteSeq != 0
		})
		if len(todo) == 0 {
			return nil
		}
		last := r.LastSeq
		if r.IsOpen {
			if r, err = tx.ReserveSeqs(ctx, room, len(todo)); err != nil {
				return err
			}
		}
		for i, p := range todo {
			if r.IsOpen {
				last++
			}
			if p.emoji == "" {
				err = eraseAt(ctx, tx, found[todo[i].target], last)
			}
			if err != nil {
				return err
			}
			if r.IsOpen {
				err = tx.InsertMessage(ctx, d.entryFor(p, room, last))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil || len(todo) == 0:
	case r.IsOpen:
		d.chat.notifyRoom(r)
	default:
		d.chat.engine.RoomChanged(room)
	}
	return notFoundIsNothing(err)
}

func (d Departure) entryFor(p parting, room, seq uint64) *db.Message {
	m := &db.Message{RoomID: room, Seq: seq, Kind: db.KindDelete, AuthorID: d.who.ID, TargetSeq: p.target, CreatedAt: d.chat.now()}
	if p.emoji != "" {
		m.Kind, m.Body = db.KindReaction, "-"+p.emoji
	}
	return m
}

// eraseAt erases a message. deletion is the entry that deletes it, or its own seq if none does.
func eraseAt(ctx context.Context, tx *db.DB, m db.Message, deletion uint64) error {
	if err := search.Remove(ctx, tx, m); err != nil {
		return err
	}
	return tx.EraseMessage(ctx, m.RoomID, m.Seq, deletion)
}
