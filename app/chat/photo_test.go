package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/db"
)

// film is uploads of somebody, each with a text for its bytes, and counts how often they were stored.
func (w *world) film(t *testing.T, who db.User, kept *int, pictures ...string) Draft {
	t.Helper()
	d := Draft{Keep: func(ctx context.Context) (ids []uint64, err error) {
		*kept++
		for range pictures {
			ids = append(ids, w.upload(t, who).ID)
		}
		return ids, nil
	}}
	for _, p := range pictures {
		d.Photos = append(d.Photos, Upload{Sum: p, Alt: "this is " + p})
	}
	return d
}

func (w *world) upload(t *testing.T, who db.User) db.Photo {
	t.Helper()
	p := db.Photo{OwnerID: who.ID, Type: "image/png", Width: 640, Height: 480, Bytes: 2, CreatedAt: w.clock()}
	must(t, w.store.CreatePhoto(t.Context(), &p, []db.PhotoSize{{Size: "small", Data: []byte("s")}, {Size: "large", Data: []byte("l")}}))
	return p
}

func (w *world) bytesOf(t *testing.T, owner db.User) int64 {
	t.Helper()
	bytes, _, err := w.store.PhotoUse(t.Context(), owner.ID, w.clock())
	must(t, err)
	return bytes
}

func alts(e Entry) (list []string) {
	for _, p := range e.Pictures {
		list = append(list, p.Alt)
	}
	return list
}

// TestPhotosOfAMessage holds that they come whole, once, and in their order.
func TestPhotosOfAMessage(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, me, room := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1])
		kept := 0
		d := w.film(t, me, &kept, "a", "b")
		d.Key, d.Body = "k", "  \n"
		seq, err := w.Post(ctx, me, room, d)
		must(t, err)
		e := w.log(t, room)[seq-1]
		equal(t, "text", e.Body, "")
		same(t, "words", alts(e), []string{"this is a", "this is b"})

		again, err := w.Post(ctx, me, room, d)
		must(t, err)
		equal(t, "the same again", again, seq)
		equal(t, "stored", kept, 1)
		other := w.film(t, me, &kept, "a", "c")
		other.Key = "k"
		is(t, "another photo under the key", errOf(w.Post(ctx, me, room, other)), ErrKeyReused)
		is(t, "a text under the key", errOf(w.Post(ctx, me, room, Draft{Key: "k", Body: "x"})), ErrKeyReused)

		page := NewKey()
		d.Key, other.Key = page, page
		first, err := w.Post(ctx, me, room, d)
		must(t, err)
		second, err := w.Post(ctx, me, room, other)
		must(t, err)
		twice, err := w.Post(ctx, me, room, d)
		must(t, err)
		if first == second || twice != first {
			t.Errorf("a page sent %d, with another photo %d, and the first again %d", first, second, twice)
		}
		equal(t, "bytes", w.bytesOf(t, me), 12)

		many := w.film(t, me, &kept, strings.Split("0123456789x", "")...)
		is(t, "eleven", errOf(w.Post(ctx, me, room, many)), ErrTooManyPhotos)
		for _, alt := range []string{strings.Repeat("ä", MaxAlt+1), "\xff", "a\x00b", "\x1b[31m"} {
			long := w.film(t, me, &kept, "a")
			long.Photos[0].Alt = alt
			is(t, "words", errOf(w.Post(ctx, me, room, long)), ErrBadAlt)
		}
		kept = 0
		is(t, "a stranger", errOf(w.Post(ctx, w.people[2], room, w.film(t, w.people[2], &kept, "a"))), ErrNotFound)
		equal(t, "stored for a stranger", kept, 0)
	})
}

// TestPhotosThatAreNotMine holds that nobody posts what another has uploaded, nor one twice, and
// that what was not taken is not kept.
func TestPhotosThatAreNotMine(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, me, you := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, me, you)
		post := func(id uint64) error {
			return errOf(w.Post(ctx, me, room, Draft{Photos: []Upload{{Sum: "x"}}, Keep: func(context.Context) ([]uint64, error) { return []uint64{id}, nil }}))
		}
		yours, mine := w.upload(t, you), w.upload(t, me)
		is(t, "another's", post(yours.ID), ErrPhotoGone)
		is(t, "none", post(987654), ErrPhotoGone)
		must(t, post(mine.ID))
		is(t, "one that stands in a message", post(mine.ID), ErrPhotoGone)
		equal(t, "entries", len(w.log(t, room)), 2)
		if _, err := w.store.PhotoByID(ctx, mine.ID); err != nil {
			t.Errorf("the message has lost its photo: %v", err)
		}
		broken := errors.New("broken")
		is(t, "no room for it", errOf(w.Post(ctx, me, room, Draft{Photos: []Upload{{}}, Keep: func(context.Context) ([]uint64, error) { return nil, broken }})), broken)

		// One of several in a transaction does not take the others with it.
		lost := make(chan error)
		go func() { lost <- post(yours.ID) }()
		w.says(t, me, room, "a text beside it")
		is(t, "another's, beside others", <-lost, ErrPhotoGone)
	})
}

// TestDescribe holds that words for a photo are an entry like any change, seen as they were.
func TestDescribe(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, me, room := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1])
		kept := 0
		seq, err := w.Post(ctx, me, room, w.film(t, me, &kept, "a", "b"))
		must(t, err)
		must(t, w.SetAltText(ctx, me, room, seq, 2, " a\ncat "))
		must(t, w.SetAltText(ctx, me, room, seq, 2, "a cat"))
		must(t, w.SetAltText(ctx, me, room, seq, 1, ""))
		log := w.log(t, room)
		equal(t, "entries", len(log), int(seq)+2)
		same(t, "at first", alts(log[seq-1]), []string{"this is a", "this is b"})
		same(t, "then", alts(*log[seq].Target), []string{"this is a", "a cat"})
		same(t, "at last", alts(*log[seq+1].Target), []string{"", "a cat"})
		v, err := w.History(ctx, w.people[1], room, Place{})
		must(t, err)
		same(t, "on a page", alts(v.Entries[len(v.Entries)-1]), []string{"", "a cat"})
		for _, n := range []int{-1, 0, 3} {
			is(t, "no such photo", w.SetAltText(ctx, me, room, seq, n, "x"), ErrNotFound)
		}
		is(t, "another's", w.SetAltText(ctx, w.people[1], room, seq, 1, "x"), ErrNotFound)
		is(t, "too long", w.SetAltText(ctx, me, room, seq, 1, strings.Repeat("x", MaxAlt+1)), ErrBadAlt)

		must(t, w.Edit(ctx, me, room, seq, "now with words"))
		must(t, w.Edit(ctx, me, room, seq, ""))
		plain := w.says(t, me, room, "words alone")
		is(t, "a text is not emptied", w.Edit(ctx, me, room, plain, ""), ErrEmpty)

		must(t, w.Delete(ctx, me, room, seq))
		equal(t, "bytes that are left", w.bytesOf(t, me), 0)
		for _, e := range w.log(t, room) {
			if e.Kind == db.KindAltText && e.Body != "" || len(e.Pictures) > 0 || e.Target != nil && len(e.Target.Pictures) > 0 {
				t.Errorf("after the deletion entry %d shows %+v", e.Seq, e)
			}
		}
	})
}

// TestWhoSeesAPhoto goes through everybody's right to each kind of photo.
func TestWhoSeesAPhoto(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		ctx, me, friend, late, stranger := t.Context(), w.people[0], w.people[1], w.people[2], w.people[3]
		w.friends(t, me, friend)
		w.friends(t, me, late)
		room, err := w.CreateGroup(ctx, me, "Choir", []string{friend.Username})
		must(t, err)
		kept := 0
		seq, err := w.Post(ctx, me, room, w.film(t, me, &kept, "a"))
		must(t, err)
		must(t, w.AddMember(ctx, me, room, late.Username))
		must(t, w.SetGroupAvatar(ctx, me, room, func(context.Context) (uint64, error) { return w.upload(t, me).ID, nil }))
		sees := func(what string, id uint64, want ...db.User) {
			t.Helper()
			p, err := w.store.PhotoByID(ctx, id)
			must(t, err)
			for _, who := range w.people {
				may, err := w.MaySeePhoto(ctx, who, p)
				must(t, err)
				if should := slices.ContainsFunc(want, func(u db.User) bool { return u.ID == who.ID }); may != should {
					t.Errorf("%s: %s sees it: %v", what, who.Username, may)
				}
			}
		}
		said := w.log(t, room)[seq-1].Pictures[0].ID
		r, _, err := w.store.RoomOf(ctx, me.ID, room)
		must(t, err)
		sees("in a message", said, me, friend)
		sees("of the room", r.PhotoID, me, friend, late)
		onItsWay := w.upload(t, me)
		sees("on its way", onItsWay.ID, me)
		must(t, w.store.SetUserPhoto(ctx, me.ID, onItsWay.ID))
		sees("a face", onItsWay.ID, me, friend, late)
		must(t, w.RemoveMember(ctx, me, room, friend.Username))
		sees("after she was put out", said, me)
		must(t, w.AddMember(ctx, me, room, friend.Username))
		sees("after she came back", said, me, friend)

		is(t, "the face of another's group", w.SetGroupAvatar(ctx, friend, room, nil), ErrNotFound)
		is(t, "of one that is not there", w.SetGroupAvatar(ctx, stranger, room, nil), ErrNotFound)
		is(t, "taken away by another", w.RemoveGroupAvatar(ctx, friend, room), ErrNotFound)
		must(t, w.RemoveGroupAvatar(ctx, me, room))
		must(t, w.RemoveGroupAvatar(ctx, me, room))
		if _, err := w.store.PhotoByID(ctx, r.PhotoID); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the old face: %v", err)
		}
		log := w.log(t, room)
		equal(t, "the last entry", log[len(log)-1].Kind, db.KindAvatarChanged)
		if _, err := w.store.PhotoByID(ctx, said); err != nil {
			t.Errorf("the face took the message's photo with it: %v", err)
		}
	})
}

// TestOldUploads sweeps what was never used, and nothing else.
func TestOldUploads(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.people[0]
		room, err := w.CreateGroup(ctx, me, "Choir", nil)
		must(t, err)
		kept := 0
		_, err = w.Post(ctx, me, room, w.film(t, me, &kept, "a"))
		must(t, err)
		face, lost := w.upload(t, me), w.upload(t, me)
		must(t, w.store.SetUserPhoto(ctx, me.ID, face.ID))
		must(t, w.SetGroupAvatar(ctx, me, room, func(context.Context) (uint64, error) { return w.upload(t, me).ID, nil }))
		w.pass(25 * time.Hour)
		young := w.upload(t, me)
		n, err := w.store.DeleteOldPhotos(ctx, w.clock().Add(-24*time.Hour), 10)
		must(t, err)
		equal(t, "swept", n, 1)
		_, err = w.store.PhotoByID(ctx, lost.ID)
		is(t, "the one that was never used", err, db.ErrNotFound)
		_, err = w.store.PhotoByID(ctx, young.ID)
		must(t, err)
		equal(t, "bytes that are left", w.bytesOf(t, me), 8)
	})
}
