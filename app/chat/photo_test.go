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

// draftWith is a draft with uploads, each with a text in place of its bytes. It counts how often they
// are stored.
func (e *env) draftWith(t *testing.T, who db.User, kept *int, pictures ...string) Draft {
	t.Helper()
	d := Draft{Keep: func(ctx context.Context) (ids []uint64, err error) {
		*kept++
		for range pictures {
			ids = append(ids, e.upload(t, who).ID)
		}
		return ids, nil
	}}
	for _, p := range pictures {
		d.Photos = append(d.Photos, Upload{Sum: p, Alt: "this is " + p})
	}
	return d
}

func (e *env) upload(t *testing.T, who db.User) db.Photo {
	t.Helper()
	p := db.Photo{OwnerID: who.ID, Type: "image/png", Width: 640, Height: 480, Bytes: 2, CreatedAt: e.clock()}
	must(t, e.store.CreatePhoto(t.Context(), &p, []db.PhotoSize{{Size: "small", Data: []byte("s")}, {Size: "large", Data: []byte("l")}}))
	return p
}

func (e *env) bytesOf(t *testing.T, owner db.User) int64 {
	t.Helper()
	bytes, _, err := e.store.PhotoUse(t.Context(), owner.ID, e.clock())
	must(t, err)
	return bytes
}

func alts(entry Entry) (list []string) {
	for _, p := range entry.Pictures {
		list = append(list, p.Alt)
	}
	return list
}

// TestPhotosComeWithTheirMessage checks that they come all together, once, and in their order.
func TestPhotosComeWithTheirMessage(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, me, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		kept := 0
		d := e.draftWith(t, me, &kept, "a", "b")
		d.Key, d.Body = "k", "  \n"
		seq, err := e.Post(ctx, me, room, d)
		must(t, err)
		entry := e.log(t, room)[seq-1]
		equal(t, "text", entry.Body, "")
		equalLists(t, "words", alts(entry), []string{"this is a", "this is b"})

		again, err := e.Post(ctx, me, room, d)
		must(t, err)
		equal(t, "the same again", again, seq)
		equal(t, "stored", kept, 1)
		other := e.draftWith(t, me, &kept, "a", "c")
		other.Key = "k"
		wantError(t, "another photo under the key", errOf(e.Post(ctx, me, room, other)), ErrKeyReused)
		wantError(t, "a text under the key", errOf(e.Post(ctx, me, room, Draft{Key: "k", Body: "x"})), ErrKeyReused)

		page := NewKey()
		d.Key, other.Key = page, page
		first, err := e.Post(ctx, me, room, d)
		must(t, err)
		second, err := e.Post(ctx, me, room, other)
		must(t, err)
		twice, err := e.Post(ctx, me, room, d)
		must(t, err)
		if first == second || twice != first {
			t.Errorf("a page sent %d, with another photo %d, and the first again %d", first, second, twice)
		}
		equal(t, "bytes", e.bytesOf(t, me), 12)

		many := e.draftWith(t, me, &kept, strings.Split("0123456789x", "")...)
		wantError(t, "eleven", errOf(e.Post(ctx, me, room, many)), ErrTooManyPhotos)
		for _, alt := range []string{strings.Repeat("ä", MaxAlt+1), "\xff", "a\x00b", "\x1b31m"} {
			long := e.draftWith(t, me, &kept, "a")
			long.Photos[0].Alt = alt
			wantError(t, "words", errOf(e.Post(ctx, me, room, long)), ErrBadAlt)
		}
		kept = 0
		wantError(t, "a stranger", errOf(e.Post(ctx, e.people[2], room, e.draftWith(t, e.people[2], &kept, "a"))), ErrNotFound)
		equal(t, "stored for a stranger", kept, 0)
	})
}

// TestOnlyOwnUnusedPhotosCanBePosted checks that nobody posts what another has uploaded, nor one photo
// twice, and that what was refused is deleted.
func TestOnlyOwnUnusedPhotosCanBePosted(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, you := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, me, you)
		post := func(id uint64) error {
			return errOf(e.Post(ctx, me, room, Draft{Photos: []Upload{{Sum: "x"}}, Keep: func(context.Context) ([]uint64, error) { return []uint64{id}, nil }}))
		}
		yours, mine := e.upload(t, you), e.upload(t, me)
		wantError(t, "another's", post(yours.ID), ErrPhotoGone)
		wantError(t, "none", post(987654), ErrPhotoGone)
		must(t, post(mine.ID))
		wantError(t, "one that stands in a message", post(mine.ID), ErrPhotoGone)
		equal(t, "entries", len(e.log(t, room)), 2)
		if _, err := e.store.PhotoByID(ctx, mine.ID); err != nil {
			t.Errorf("the message has lost its photo: %v", err)
		}
		broken := errors.New("broken")
		wantError(t, "no room for it", errOf(e.Post(ctx, me, room, Draft{Photos: []Upload{{}}, Keep: func(context.Context) ([]uint64, error) { return nil, broken }})), broken)

		// One of several in a transaction does not take the others with it.
		lost := make(chan error)
		go func() { lost <- post(yours.ID) }()
		e.post(t, me, room, "a text beside it")
		wantError(t, "another's, beside others", <-lost, ErrPhotoGone)
	})
}

// TestAltTextsAreEntries checks that an alt text is an entry like any change, and shown as it was.
func TestAltTextsAreEntries(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, room := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1])
		kept := 0
		seq, err := e.Post(ctx, me, room, e.draftWith(t, me, &kept, "a", "b"))
		must(t, err)
		must(t, e.SetAltText(ctx, me, room, seq, 2, " a\ncat "))
		must(t, e.SetAltText(ctx, me, room, seq, 2, "a cat"))
		must(t, e.SetAltText(ctx, me, room, seq, 1, ""))
		log := e.log(t, room)
		equal(t, "entries", len(log), int(seq)+2)
		equalLists(t, "at first", alts(log[seq-1]), []string{"this is a", "this is b"})
		equalLists(t, "then", alts(*log[seq].Target), []string{"this is a", "a cat"})
		equalLists(t, "at last", alts(*log[seq+1].Target), []string{"", "a cat"})
		v, err := e.History(ctx, e.people[1], room, Place{})
		must(t, err)
		equalLists(t, "on a page", alts(v.Entries[len(v.Entries)-1]), []string{"", "a cat"})
		for _, n := range []int{-1, 0, 3} {
			wantError(t, "no such photo", e.SetAltText(ctx, me, room, seq, n, "x"), ErrNotFound)
		}
		wantError(t, "another's", e.SetAltText(ctx, e.people[1], room, seq, 1, "x"), ErrNotFound)
		wantError(t, "too long", e.SetAltText(ctx, me, room, seq, 1, strings.Repeat("x", MaxAlt+1)), ErrBadAlt)

		must(t, e.Edit(ctx, me, room, seq, "now with words"))
		must(t, e.Edit(ctx, me, room, seq, ""))
		plain := e.post(t, me, room, "words alone")
		wantError(t, "a text is not emptied", e.Edit(ctx, me, room, plain, ""), ErrEmpty)

		must(t, e.Delete(ctx, me, room, seq))
		equal(t, "bytes that are left", e.bytesOf(t, me), 0)
		for _, entry := range e.log(t, room) {
			if entry.Kind == db.KindAltText && entry.Body != "" || len(entry.Pictures) > 0 || entry.Target != nil && len(entry.Target.Pictures) > 0 {
				t.Errorf("after the deletion entry %d shows %+v", entry.Seq, entry)
			}
		}
	})
}

// TestWhoSeesAPhoto checks who may see each kind of photo.
func TestWhoSeesAPhoto(t *testing.T) {
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, me, friend, late, stranger := t.Context(), e.people[0], e.people[1], e.people[2], e.people[3]
		e.makeFriends(t, me, friend)
		e.makeFriends(t, me, late)
		room, err := e.CreateGroup(ctx, me, "Choir", []string{friend.Username})
		must(t, err)
		kept := 0
		seq, err := e.Post(ctx, me, room, e.draftWith(t, me, &kept, "a"))
		must(t, err)
		must(t, e.AddMember(ctx, me, room, late.Username))
		must(t, e.SetGroupAvatar(ctx, me, room, func(context.Context) (uint64, error) { return e.upload(t, me).ID, nil }))
		sees := func(what string, id uint64, want ...db.User) {
			t.Helper()
			p, err := e.store.PhotoByID(ctx, id)
			must(t, err)
			for _, who := range e.people {
				may, err := e.MaySeePhoto(ctx, who, p)
				must(t, err)
				if should := slices.ContainsFunc(want, func(u db.User) bool { return u.ID == who.ID }); may != should {
					t.Errorf("%s: %s sees it: %v", what, who.Username, may)
				}
			}
		}
		said := e.log(t, room)[seq-1].Pictures[0].ID
		r, _, err := e.store.RoomOf(ctx, me.ID, room)
		must(t, err)
		sees("in a message", said, me, friend)
		sees("of the room", r.PhotoID, me, friend, late)
		onItsWay := e.upload(t, me)
		sees("on its way", onItsWay.ID, me)
		must(t, e.store.SetUserPhoto(ctx, me.ID, onItsWay.ID))
		sees("an avatar", onItsWay.ID, me, friend, late)
		must(t, e.RemoveMember(ctx, me, room, friend.Username))
		sees("after she was removed", said, me)
		must(t, e.AddMember(ctx, me, room, friend.Username))
		sees("after she came back", said, me, friend)

		wantError(t, "the avatar of another's group", e.SetGroupAvatar(ctx, friend, room, nil), ErrNotFound)
		wantError(t, "of one that is not there", e.SetGroupAvatar(ctx, stranger, room, nil), ErrNotFound)
		wantError(t, "taken away by another", e.RemoveGroupAvatar(ctx, friend, room), ErrNotFound)
		must(t, e.RemoveGroupAvatar(ctx, me, room))
		must(t, e.RemoveGroupAvatar(ctx, me, room))
		if _, err := e.store.PhotoByID(ctx, r.PhotoID); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("the old avatar: %v", err)
		}
		log := e.log(t, room)
		equal(t, "the last entry", log[len(log)-1].Kind, db.KindAvatarChanged)
		if _, err := e.store.PhotoByID(ctx, said); err != nil {
			t.Errorf("the avatar took the message's photo with it: %v", err)
		}
	})
}

// TestOldUploads deletes what was never used, and nothing else.
func TestOldUploads(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me := t.Context(), e.people[0]
		room, err := e.CreateGroup(ctx, me, "Choir", nil)
		must(t, err)
		kept := 0
		_, err = e.Post(ctx, me, room, e.draftWith(t, me, &kept, "a"))
		must(t, err)
		avatar, lost := e.upload(t, me), e.upload(t, me)
		must(t, e.store.SetUserPhoto(ctx, me.ID, avatar.ID))
		must(t, e.SetGroupAvatar(ctx, me, room, func(context.Context) (uint64, error) { return e.upload(t, me).ID, nil }))
		e.advance(25 * time.Hour)
		young := e.upload(t, me)
		n, err := e.store.DeleteOldPhotos(ctx, e.clock().Add(-24*time.Hour), 10)
		must(t, err)
		equal(t, "swept", n, 1)
		_, err = e.store.PhotoByID(ctx, lost.ID)
		wantError(t, "the one that was never used", err, db.ErrNotFound)
		_, err = e.store.PhotoByID(ctx, young.ID)
		must(t, err)
		equal(t, "bytes that are left", e.bytesOf(t, me), 8)
	})
}
