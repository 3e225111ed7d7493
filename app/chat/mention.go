package chat

import (
	"context"
	"slices"

	"parley/app/markup"
	"parley/db"
)

// maxLookups is the most names of one text that are looked up: twice as many as a group has room for, because
// some are not names but the punctuation behind one.
const maxLookups = 200

// lookedUp returns those names of a text that are looked up.
func lookedUp(text *markup.Text) []string {
	list := text.Candidates()
	return list[:min(len(list), maxLookups)]
}

// setEditMentions makes the mentions of a message those of its newest text. Whoever an earlier text mentioned
// is not mentioned again, and still known by name after leaving the room, because whoever reads the message
// knows them too. Whoever this text does not name is no longer mentioned, but the row of that stays for the
// replay of the earlier text.
func setEditMentions(ctx context.Context, tx *db.DB, r db.Room, m db.Message, text *markup.Text) error {
	earlier, err := tx.MentionsOf(ctx, r.ID, []uint64{m.Seq})
	if err != nil {
		return err
	}
	known, err := tx.MembersNamed(ctx, r.ID, lookedUp(text))
	if err != nil {
		return err
	}
	ids := make([]uint64, len(earlier))
	for i, e := range earlier {
		ids[i] = e.UserID
	}
	people, err := tx.UsersByID(ctx, ids)
	if err != nil {
		return err
	}
	for id, u := range people {
		known[u.Username] = id
	}
	named := mentionsOf(db.Message{RoomID: r.ID, Seq: r.LastSeq, AuthorID: m.AuthorID}, text, known)
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

// mentionsOf returns whom a text mentions, of the people who are known by these names: by the rule that shows
// the text as well.
func mentionsOf(entry db.Message, text *markup.Text, known map[string]uint64) (list []db.Mention) {
	for _, name := range text.Mentions(func(name string) bool { return known[name] != 0 }) {
		mention := db.Mention{RoomID: entry.RoomID, Seq: entry.Seq, UserID: known[name]}
		if mention.UserID == entry.AuthorID {
			mention.IsOwn = new(true)
		}
		list = append(list, mention)
	}
	return list
}
