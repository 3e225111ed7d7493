package chat

import (
	"context"
	"slices"
	"strings"

	"parley/db"
)

// maxReactions is how many different emojis one message may carry.
const maxReactions = 20

// React adds my emoji to a message, or removes it if it is there.
func (c *Chat) React(ctx context.Context, me db.User, room, seq uint64, emoji string) error {
	emoji = strings.TrimSpace(emoji)
	if !isEmoji(emoji) {
		return ErrBadEmoji
	}
	return c.appendEntry(ctx, me, room, func(tx *db.DB, _ db.Room) (*db.Message, error) {
		reader, err := readerOf(ctx, tx, me, room)
		if err != nil {
			return nil, err
		}
		if _, err := reader.message(ctx, seq); err != nil {
			return nil, err
		}
		changes, err := tx.ChangesOf(ctx, room, []uint64{seq})
		if err != nil {
			return nil, err
		}
		reactions := givenReactions(slices.Values(changes))
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
