package chat

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"parley/db"
)

// writing is one transaction that appends posts to the logs of their rooms, with a few statements for all of them.
type writing struct {
	chat *Chat
	tx   *db.DB
	wait bool // for the locks of the rooms
	now  time.Time

	batch   []*pending         // those that are written; the posts of a room follow each other
	rooms   map[uint64]db.Room // that are locked
	looks   uint64             // the version of everybody's names and photos
	refused map[*pending]error // those that are not, if the others are committed
	skipped map[uint64]bool    // rooms that somebody else has locked
	gone    []*pending         // those whose photos are gone
}

// errPhotosGone means that the photos of some posts were found missing after later posts had got their seqs.
var errPhotosGone = errors.New("chat: photos of some posts are gone")

// do writes what can be written. The locks of the rooms come first, and because they last until the commit, the order of
// commits is the order of seq in each.
func (w *writing) do(ctx context.Context) (err error) {
	w.refused, w.skipped = map[*pending]error{}, map[uint64]bool{}
	if err := w.lock(ctx); err != nil {
		return err
	}
	if err := w.check(ctx); err != nil {
		return err
	}
	if len(w.batch) == 0 {
		return nil
	}
	entries := make([]db.Message, len(w.batch))
	grown := make([]db.Room, 0, len(w.rooms))
	for i, p := range w.batch {
		r := w.rooms[p.entry.RoomID]
		r.LastSeq++
		r.SaidSeq = r.LastSeq
		w.rooms[r.ID] = r
		p.entry.Seq, p.entry.CreatedAt = r.LastSeq, w.now
		entries[i] = p.entry
		if i+1 == len(w.batch) || w.batch[i+1].entry.RoomID != r.ID {
			grown = append(grown, r)
		}
	}
	if err := w.tx.SetLastSaid(ctx, grown); err != nil {
		return err
	}
	if err := w.tx.InsertMessages(ctx, entries); err != nil {
		return err
	}
	if err := w.addMentions(ctx); err != nil {
		return err
	}
	return w.claimPhotos(ctx)
}

// keep keeps those posts in the batch for which there is no reason to refuse them.
func (w *writing) keep(reason func(*pending) error) {
	w.batch = slices.DeleteFunc(slices.Clone(w.batch), func(p *pending) bool {
		err := reason(p)
		if err != nil {
			w.refused[p] = err
		}
		return err != nil
	})
}

// lock locks the rooms. What is not locked then is another's, or closed, or does not exist.
func (w *writing) lock(ctx context.Context) (err error) {
	asked := slices.Sorted(maps.Keys(rooms(w.batch)))
	if w.rooms, err = w.tx.LockRooms(ctx, asked, w.wait); err != nil {
		return err
	}
	missing := func(p *pending) bool {
		_, locked := w.rooms[p.entry.RoomID]
		return !locked
	}
	if w.wait {
		w.keep(func(p *pending) error {
			if missing(p) {
				return db.ErrNotFound
			}
			return nil
		})
		return nil
	}
	w.batch = slices.DeleteFunc(slices.Clone(w.batch), func(p *pending) bool {
		if missing(p) {
			w.skipped[p.entry.RoomID] = true
		}
		return missing(p)
	})
	return nil
}

// check checks that everybody is signed in and in the room where they post, after it is locked, so that nobody can be
// removed in between, and keeps to what its moderators have set.
func (w *writing) check(ctx context.Context) error {
	if len(w.batch) == 0 {
		return nil
	}
	found, err := w.tx.PostersAmong(ctx, authors(w.batch), sessions(w.batch), w.now)
	if err != nil {
		return err
	}
	w.looks = found.Looks
	w.keep(func(p *pending) error {
		if p.session != 0 && found.Sessions[p.session] != p.entry.AuthorID {
			return ErrSignedOut
		}
		if _, is := found.Moderates[p.author()]; !is {
			return db.ErrNotFound
		}
		return nil
	})
	return w.checkPace(ctx, func(p *pending) bool {
		return found.Moderates[p.author()] || w.rooms[p.entry.RoomID].OwnerID == p.entry.AuthorID
	})
}

// author returns who posts, and where.
func (p *pending) author() db.RoomUser {
	return db.RoomUser{Room: p.entry.RoomID, User: p.entry.AuthorID}
}

// authors lists who posts, each once.
func authors(batch []*pending) (list []db.RoomUser) {
	seen := map[db.RoomUser]bool{}
	for _, p := range batch {
		if who := p.author(); !seen[who] {
			seen[who] = true
			list = append(list, who)
		}
	}
	return list
}

// sessions lists the sessions that have to be checked, each once.
func sessions(batch []*pending) (list []uint64) {
	for _, p := range batch {
		if p.session != 0 && !slices.Contains(list, p.session) {
			list = append(list, p.session)
		}
	}
	return list
}

// addMentions stores whom the entries mention, of those who are in their rooms at that time. It needs the rooms' locks,
// like every entry.
func (w *writing) addMentions(ctx context.Context) error {
	names := map[uint64][]string{}
	for _, p := range w.batch {
		if len(p.usernames) > 0 {
			names[p.entry.RoomID] = append(names[p.entry.RoomID], p.usernames...)
		}
	}
	if len(names) == 0 {
		return nil
	}
	for room, list := range names {
		slices.Sort(list)
		names[room] = slices.Compact(list)
	}
	members, err := w.tx.MembersNamedIn(ctx, names)
	if err != nil {
		return err
	}
	var list []db.Mention
	for _, p := range w.batch {
		if len(p.usernames) > 0 {
			list = append(list, mentionsOf(p.entry, p.text, members[p.entry.RoomID])...)
		}
	}
	return w.tx.AddMentions(ctx, list)
}

// claimPhotos attaches photos to the entries that they came with. Whoever reads those sees them whole.
func (w *writing) claimPhotos(ctx context.Context) (err error) {
	for _, p := range w.batch {
		for _, photo := range p.photos {
			photo.Seq = p.entry.Seq
			claimed := w.tx.ClaimPhoto(ctx, photo)
			if errors.Is(claimed, db.ErrNotFound) {
				w.gone, err = append(w.gone, p), errPhotosGone
				break
			}
			if claimed != nil {
				return claimed
			}
		}
	}
	return err
}
