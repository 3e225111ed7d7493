package chat

import (
	"context"
	"slices"

	"parley/app/markup"
	"parley/db"
)

// maxMentions is how many people one text may mention: as many as a group has room for.
const maxMentions = 100

// mentionedIn returns the usernames that a text mentions, at most as many as are looked up.
func mentionedIn(body string) []string {
	names := markup.MentionCandidates(body)
	return names[:min(len(names), maxMentions)]
}

// addBatchMentions stores whom the entries of one transaction mention, of those who are in the room at
// that time. It needs the room's lock, like every entry.
func addBatchMentions(ctx context.Context, tx *db.DB, room uint64, batch []*pending) error {
	var usernames []string
	for _, p := range batch {
		usernames = append(usernames, p.usernames...)
	}
	if len(usernames) == 0 {
		return nil
	}
	slices.Sort(usernames)
	members, err := tx.MembersNamed(ctx, room, slices.Compact(usernames))
	if err != nil {
		return err
	}
	var list []db.Mention
	for _, p := range batch {
		list = append(list, mentionsOf(p.entry, p.usernames, members)...)
	}
	return tx.AddMentions(ctx, list)
}

// setEditMentions makes the mentions of a message those of its newest text. Whoever an earlier text mentioned
// is not mentioned anew. Whoever this one does not name is no longer mentioned, but the row of that stays
// for the replay of the earlier text.
func setEditMentions(ctx context.Context, tx *db.DB, r db.Room, m db.Message, usernames []string) error {
	earlier, err := tx.MentionsOf(ctx, r.ID, []uint64{m.Seq})
	if err != nil {
		return err
	}
	members, err := tx.MembersNamed(ctx, r.ID, usernames)
	if err != nil {
		return err
	}
	named := mentionsOf(db.Message{RoomID: r.ID, Seq: r.LastSeq}, usernames, members)
	var again, takenBack []db.Mention
	for _, e := range earlier {
		i := slices.IndexFunc(named, func(n db.Mention) bool { return n.UserID == e.UserID })
		switch {
		case i < 0 && e.TakenBackSeq == 0:
			takenBack = append(takenBack, e.Mention)
		case i >= 0:
			named = slices.Delete(named, i, i+1)
			if e.TakenBackSeq != 0 {
				again = append(again, e.Mention)
			}
		}
	}
	if err := tx.TakeBackMentions(ctx, r.ID, takenBack, r.LastSeq); err != nil {
		return err
	}
	if err := tx.TakeBackMentions(ctx, r.ID, again, 0); err != nil {
		return err
	}
	return tx.AddMentions(ctx, named)
}

func mentionsOf(entry db.Message, usernames []string, members map[string]uint64) (list []db.Mention) {
	for _, name := range usernames {
		if user, in := members[name]; in {
			list = append(list, db.Mention{RoomID: entry.RoomID, Seq: entry.Seq, UserID: user})
		}
	}
	return list
}
