package views

import (
	"crypto/sha256"
	"encoding/binary"

	"parley/db"
	"parley/views/words"
)

// ItemKey is all that an item depends on: entries with equal keys have the same item, wherever and whenever they were
// read. So nothing has to be forgotten when something changes.
type ItemKey struct {
	words *words.Catalog
	of    byte
	rest  [sha256.Size]byte
}

// ItemKeyOf returns the key of an entry's item. The parsed text and whether it is few emojis follow from the body.
func ItemKeyOf(e Entry) ItemKey {
	zone, offset := e.At.Zone()
	m := e.Message
	k := make(keyBytes, 0, 1024)
	k = k.numbers(m.RoomID, m.Seq, m.AuthorID, m.AboutID, m.PhotoID, uint64(e.At.UnixMicro()), uint64(offset))
	k = k.texts(zone, string(m.Kind), m.Body)
	k = k.flags(e.Text != nil, e.FewEmojis, e.Continues, e.SameMinute, e.Edited, e.Deleted, e.Expired, e.Highlighted, e.Evidence, e.Quote != nil)
	k = k.person(e.Author).people(e.Mentioned).flags(e.DeletedBy != nil, e.Event != nil)
	if by := e.DeletedBy; by != nil {
		k = k.person(*by)
	}
	if about := e.Event; about != nil {
		k = k.numbers(uint64(about.JoinedToo)).person(about.Subject).person(about.JoinedNext)
	}
	if q := e.Quote; q != nil {
		k = k.numbers(q.Seq, uint64(q.Photos)).texts(q.Text).flags(q.Hidden, q.Fixed).person(q.Author)
	}
	k = k.numbers(uint64(len(e.Photos)))
	for _, p := range e.Photos {
		k = k.numbers(p.ID, uint64(p.Width), uint64(p.Height)).texts(p.Alt)
	}
	for _, r := range e.Reactions {
		k = k.texts(r.Emoji).people(r.By)
	}
	return k.key(e.Words, ofEntry)
}

// keyBytes is what a key is made from. No two entries have the same bytes: texts and lists say how long they are.
type keyBytes []byte

func (k keyBytes) key(w *words.Catalog, of byte) ItemKey { return ItemKey{w, of, sha256.Sum256(k)} }

func (k keyBytes) numbers(list ...uint64) keyBytes {
	for _, n := range list {
		k = binary.AppendUvarint(k, n)
	}
	return k
}

func (k keyBytes) texts(list ...string) keyBytes {
	for _, s := range list {
		k = append(binary.AppendUvarint(k, uint64(len(s))), s...)
	}
	return k
}

func (k keyBytes) flags(list ...bool) keyBytes {
	for _, is := range list {
		if is {
			k = append(k, 1)
		} else {
			k = append(k, 0)
		}
	}
	return k
}

func (k keyBytes) person(u db.User) keyBytes {
	return k.numbers(u.ID, u.PhotoID).texts(u.Username, u.DisplayName).flags(u.IsDeleted, u.SharesName)
}

func (k keyBytes) people(list []db.User) keyBytes {
	k = k.numbers(uint64(len(list)))
	for _, u := range list {
		k = k.person(u)
	}
	return k
}
