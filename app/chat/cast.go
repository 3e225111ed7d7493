package chat

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"parley/db"
)

// cast is what a page shows besides the log of its room and can change without an entry of it: how people look, and
// the mentions of deleted accounts. Entries that are loaded with a cast have of people only what is in its version.
type cast struct {
	names  db.RoomNames
	like   likeNames
	people map[uint64]db.User // of the room, and others who were looked up

	others   []uint64            // people who are or were not in the room, or came after very many
	messages []uint64            // that may mention somebody
	mentions []db.MessageMention // in these
}

// castOf reads the people of a room. It is the first read of a page's snapshot, and includes the end of the log.
func castOf(ctx context.Context, tx *db.DB, room uint64) (*cast, error) {
	names, err := tx.NamesIn(ctx, room)
	c := &cast{names: names, people: make(map[uint64]db.User, len(names.People))}
	for _, n := range names.People {
		c.people[n.UserID] = db.User{ID: n.UserID, Username: n.Username, DisplayName: n.DisplayName, PhotoID: n.PhotoID, IsDeleted: n.IsDeleted}
	}
	return c, err
}

// find returns the people with these ids.
func (c *cast) find(ctx context.Context, tx *db.DB, ids []uint64) (map[uint64]db.User, error) {
	var missing []uint64
	for _, id := range ids {
		if _, known := c.people[id]; !known {
			missing = append(missing, id)
		}
	}
	return c.people, c.addOthers(ctx, tx, missing)
}

func (c *cast) addOthers(ctx context.Context, tx *db.DB, ids []uint64) error {
	found, err := tx.UsersByID(ctx, ids)
	for _, id := range ids { // including those who do not exist, or no longer do
		u := found[id]
		c.people[id] = db.User{ID: u.ID, Username: u.Username, DisplayName: u.DisplayName, PhotoID: u.PhotoID, IsDeleted: u.IsDeleted}
		c.others = append(c.others, id)
	}
	slices.Sort(c.others)
	return err
}

// addMentions notes the mentions in some messages. Without any there will be none either: new ones come with entries.
func (c *cast) addMentions(messages []uint64, found []db.MessageMention) {
	if len(found) > 0 {
		c.messages, c.mentions = append(c.messages, messages...), append(c.mentions, found...)
	}
}

// castOfPair is castOf for a direct room that one of the two enters, who have both been in it from its first entry on.
func castOfPair(me db.User, in db.Entrance) *cast {
	c := &cast{people: map[uint64]db.User{me.ID: me, in.Partner.ID: in.Partner}}
	for u, since := range map[uint64]uint64{me.ID: in.Member.JoinedSeq, in.Partner.ID: in.PartnerSince} {
		c.names.People = append(c.names.People, db.MemberName{UserID: u, Since: since})
	}
	return c
}

// castAgain reads a cast for a page that was shown with these others and messages.
func castAgain(ctx context.Context, tx *db.DB, me db.User, in db.Entrance, others, messages []uint64) (now *cast, err error) {
	room := in.Room.ID
	if in.Room.Kind == db.RoomDirect && in.Partner.ID != 0 && in.Member.JoinedSeq == 1 && in.PartnerSince == 1 {
		now = castOfPair(me, in)
	} else if now, err = castOf(ctx, tx, room); err != nil {
		return nil, err
	}
	if err := now.addOthers(ctx, tx, others); err != nil {
		return nil, err
	}
	now.mentions, err = tx.MentionsOf(ctx, room, messages)
	return now, err
}

// castVersion is equal for two casts with which a page looks the same.
type castVersion [sha256.Size]byte

func (c *cast) version() castVersion {
	v := binary.AppendUvarint(nil, c.names.Crowded)
	v = binary.AppendUvarint(binary.AppendUvarint(v, uint64(len(c.names.People))), uint64(len(c.others)))
	for _, n := range slices.SortedFunc(slices.Values(c.names.People), func(a, b db.MemberName) int { return cmp.Compare(a.UserID, b.UserID) }) {
		v = binary.AppendUvarint(appendPerson(v, c.people[n.UserID]), n.Since)
	}
	for _, id := range c.others {
		v = appendPerson(binary.AppendUvarint(v, id), c.people[id])
	}
	slices.SortFunc(c.mentions, func(a, b db.MessageMention) int {
		return cmp.Or(cmp.Compare(a.MessageSeq, b.MessageSeq), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.UserID, b.UserID))
	})
	for i, m := range c.mentions {
		if i == 0 || m != c.mentions[i-1] { // what is pinned may be in the page as well
			v = binary.AppendUvarint(binary.AppendUvarint(binary.AppendUvarint(v, m.MessageSeq), m.Seq), m.UserID)
		}
	}
	return sha256.Sum256(v)
}

func appendPerson(v []byte, u db.User) []byte {
	v = binary.AppendUvarint(binary.AppendUvarint(v, u.ID), u.PhotoID)
	for _, text := range []string{u.Username, u.DisplayName} {
		v = append(binary.AppendUvarint(v, uint64(len(text))), text...)
	}
	if u.IsDeleted {
		return append(v, 1)
	}
	return append(v, 0)
}
