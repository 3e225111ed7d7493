package chat

import (
	"context"
	"slices"
	"strings"

	"parley/app/markup"
	"parley/db"
)

// maxNamed is how many people one text may name: as many as a group has room for.
const maxNamed = 100

// mentionedIn returns the usernames that a text mentions, at most as many as are looked up.
func mentionedIn(body string) []string {
	names := markup.Mentions(body)
	return names[:min(len(names), maxNamed)]
}

// mention stores whom an entry names, of those who are in the room at that time and are not on the
// list already. It needs the room's lock, like every entry.
func mention(ctx context.Context, tx *db.DB, room, seq uint64, names []string, already []db.Mention) error {
	if len(names) == 0 {
		return nil
	}
	members, err := tx.MembersNamed(ctx, room, names)
	if err != nil {
		return err
	}
	return tx.AddMentions(ctx, mentions(room, seq, names, members, already))
}

func mentions(room, seq uint64, names []string, members map[string]uint64, already []db.Mention) (list []db.Mention) {
	for _, name := range names {
		user, in := members[name]
		if in && !slices.ContainsFunc(already, func(m db.Mention) bool { return m.UserID == user }) {
			list = append(list, db.Mention{RoomID: room, Seq: seq, UserID: user})
		}
	}
	return list
}

// mentionGroup does that for the entries of one transaction, with one question and one statement.
func mentionGroup(ctx context.Context, tx *db.DB, room uint64, group []*waiting) error {
	var names []string
	for _, one := range group {
		names = append(names, one.names...)
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	members, err := tx.MembersNamed(ctx, room, slices.Compact(names))
	if err != nil {
		return err
	}
	var list []db.Mention
	for _, one := range group {
		list = append(list, mentions(room, one.entry.Seq, one.names, members, nil)...)
	}
	return tx.AddMentions(ctx, list)
}

// mentionedBefore is whom a message and its edits name so far.
func mentionedBefore(ctx context.Context, tx *db.DB, room, seq uint64) ([]db.Mention, error) {
	changes, err := tx.ChangesOf(ctx, room, []uint64{seq})
	if err != nil {
		return nil, err
	}
	texts := []uint64{seq}
	for _, change := range changes {
		if change.Kind == db.KindEdit {
			texts = append(texts, change.Seq)
		}
	}
	return tx.MentionsOf(ctx, room, texts)
}

// loadNamed finds whom the texts of a batch name. Most have no @ at all.
func (d *dresser) loadNamed(changes []db.Message) error {
	var texts []uint64
	for seq, m := range d.rows {
		if m.Kind == db.KindText && strings.Contains(m.Body, "@") {
			texts = append(texts, seq)
		}
	}
	for _, change := range changes {
		if change.Kind == db.KindEdit && strings.Contains(change.Body, "@") {
			texts = append(texts, change.Seq)
		}
	}
	list, err := d.tx.MentionsOf(d.ctx, d.room, texts)
	d.named = map[uint64][]uint64{}
	for _, m := range list {
		d.named[m.Seq] = append(d.named[m.Seq], m.UserID)
	}
	return err
}

// namedAt is whom a message names after the edits up to a seq.
func (d *dresser) namedAt(seq, at uint64) (list []db.User) {
	for _, u := range d.named[seq] {
		list = append(list, d.people[u])
	}
	for change := range d.changesAt(seq, at) {
		if change.Kind == db.KindEdit {
			for _, u := range d.named[change.Seq] {
				list = append(list, d.people[u])
			}
		}
	}
	return list
}
