package chat

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parley/db"
)

// How far the reactions to one message may go. What somebody gives and takes back is an entry each time, so
// what they do is bounded beside what there is at a time.
const (
	maxReactions          = 20               // different emojis at a time
	maxOwnReactionChanges = 2 * maxReactions // given and taken back by one person: each emoji once
	maxReactionChanges    = db.MaxReactions  // given and taken back by everybody
)

// React adds my emoji to a message, or removes it if it is there.
func (c *Chat) React(ctx context.Context, me db.User, room, seq uint64, emoji string) error {
	emoji = cleanEmoji(emoji)
	if !IsEmoji(emoji) {
		return ErrBadEmoji
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, _ db.Room) (*db.Message, error) {
		reader, err := c.readerOf(ctx, tx, me, room)
		if err != nil {
			return nil, err
		}
		if _, err := reader.message(ctx, seq); err != nil {
			return nil, err
		}
		// Counted first: what follows may take long where there are more than there may be.
		if n, err := tx.CountChanges(ctx, room, seq, db.KindReaction, maxReactionChanges); err != nil || n >= maxReactionChanges {
			return nil, cmp.Or(err, ErrTooManyReactions)
		}
		counts, err := tx.ReactionCounts(ctx, room, []uint64{seq}, math.MaxInt64)
		if err != nil {
			return nil, err
		}
		mine := 0
		for _, n := range counts {
			if n.AuthorID == me.ID {
				mine += n.Times
			}
		}
		if mine >= maxOwnReactionChanges {
			return nil, ErrTooManyOwn
		}
		reactions := givenReactions(slices.Values(summed(counts)))
		i := slices.IndexFunc(reactions, func(g given) bool { return looksLike(g.emoji, emoji) })
		if i < 0 && len(reactions) >= maxReactions {
			return nil, ErrTooManyEmojis
		}
		sign, known := "+", emoji
		if i >= 0 {
			known = reactions[i].emoji
			if slices.Contains(reactions[i].users, me.ID) {
				sign = "-"
			}
		}
		return &db.Message{Kind: db.KindReaction, TargetSeq: seq, Body: sign + known}, nil
	})
}

// summed returns the entries that decide which reactions there are, oldest first: of those with which
// somebody gave an emoji, or took it back, the first, for the order of the emojis, and the last.
func summed(counts []db.ReactionCount) (list []db.Message) {
	for _, n := range counts {
		m := db.Message{Kind: db.KindReaction, AuthorID: n.AuthorID, TargetSeq: n.TargetSeq, Body: n.Body, Seq: n.FirstSeq}
		list = append(list, m)
		if n.LastSeq != n.FirstSeq {
			m.Seq = n.LastSeq
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b db.Message) int { return cmp.Compare(a.Seq, b.Seq) })
	return list
}
