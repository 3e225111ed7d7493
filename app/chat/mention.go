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

// addEditMentions stores whom the edit of a message mentions, but for those whom the message and its
// earlier edits did.
func addEditMentions(ctx context.Context, tx *db.DB, r db.Room, m db.Message, usernames []string) error {
	earlier, err := mentionedBefore(ctx, tx, m)
	if err != nil || len(usernames) == 0 {
		return err
	}
	members, err := tx.MembersNamed(ctx, r.ID, usernames)
	if err != nil {
		return err
	}
	fresh := mentionsOf(db.Message{RoomID: r.ID, Seq: r.LastSeq}, usernames, members)
	return tx.AddMentions(ctx, slices.DeleteFunc(fresh, func(m db.Mention) bool {
		return slices.ContainsFunc(earlier, func(e db.Mention) bool { return e.UserID == m.UserID })
	}))
}

func mentionsOf(entry db.Message, usernames []string, members map[string]uint64) (list []db.Mention) {
	for _, name := range usernames {
		if user, in := members[name]; in {
			list = append(list, db.Mention{RoomID: entry.RoomID, Seq: entry.Seq, UserID: user})
		}
	}
	return list
}

// mentionedBefore is whom a message and its edits mention so far.
func mentionedBefore(ctx context.Context, tx *db.DB, m db.Message) ([]db.Mention, error) {
	changes, err := tx.ChangesOf(ctx, m.RoomID, []uint64{m.Seq})
	if err != nil {
		return nil, err
	}
	texts := []uint64{m.Seq}
	for _, change := range changes {
		if change.Kind == db.KindEdit {
			texts = append(texts, change.Seq)
		}
	}
	return tx.MentionsOf(ctx, m.RoomID, texts)
}
