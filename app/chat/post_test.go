package chat

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
)

func TestKeys(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room, other := w.friends(t, a, b), w.friends(t, a, w.people[2])
		post := func(who db.User, room uint64, key, body string) uint64 {
			t.Helper()
			seq, err := w.Post(ctx, who, room, Draft{Key: key, Body: body})
			must(t, err)
			return seq
		}
		for _, bad := range []string{strings.Repeat("k", 65), " ", "a b", "a ", " a", "a\n", "\x00", "a\x7f", "é", "😀", "n." + strings.Repeat("k", 63), "a\xff"} {
			is(t, fmt.Sprintf("key %q", bad), errOf(w.Post(ctx, a, room, Draft{Key: bad, Body: "x"})), ErrBadKey)
		}
		first := post(a, room, "k", "one")
		equal(t, "again", post(a, room, "k", "one"), first)
		equal(t, "somebody else's", post(b, room, "k", "one"), first+1)
		equal(t, "in another room", post(a, other, "k", "one"), 2)
		equal(t, "another key", post(a, room, "K", "one"), first+2)
		for _, key := range []string{strings.Repeat("k", 64), "~!", "' OR 1=1", "%", "n", "N.x"} {
			key = strings.ReplaceAll(key, " ", "_")
			seq := post(a, room, key, key)
			equal(t, key, post(a, room, key, key), seq)
			is(t, key+" reused", errOf(w.Post(ctx, a, room, Draft{Key: key, Body: "two"})), ErrKeyReused)
		}
		is(t, "reused", errOf(w.Post(ctx, a, room, Draft{Key: "k", Body: "one "})), ErrKeyReused)
		is(t, "reused for a reply", errOf(w.Post(ctx, a, room, Draft{Key: "k", Body: "one", ReplyTo: first})), ErrKeyReused)
		draft := Draft{Key: NewKey(), Body: "one", ReplyTo: first}
		reply, err := w.Post(ctx, a, room, draft)
		must(t, err)
		again, err := w.Post(ctx, a, room, draft)
		must(t, err)
		equal(t, "the same reply", again, reply)
		equal(t, "no reply, from the same page", post(a, room, draft.Key, "one"), reply+1)
		equal(t, "no key", post(a, room, "", "x")+1, post(a, room, "", "x"))

		page := NewKey()
		if page == NewKey() || len(page) != 34 || !strings.HasPrefix(page, "n.") {
			t.Errorf("a page's key is %q", page)
		}
		for _, key := range []string{page, "n.", "n." + strings.Repeat("k", 62)} {
			seq := post(a, room, key, "one")
			equal(t, "a page's key again", post(a, room, key, "one"), seq)
			equal(t, "the same with other line breaks", post(a, room, key, "two\r\nlines"), seq+1)
			equal(t, "again", post(a, room, key, "two\nlines"), seq+1)
			equal(t, "the first again", post(a, room, key, "one"), seq)
			equal(t, "somebody else's", post(b, room, key, "one"), seq+2)
		}
		log := w.log(t, room)
		for _, e := range log[1:] {
			if e.ClientKey == nil || len(*e.ClientKey) > 64 {
				t.Errorf("entry %d has the key %v", e.Seq, e.ClientKey)
			}
		}
	})
}

// TestSamePostAtOnce sends one post twenty times at once, through two processes.
func TestSamePostAtOnce(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, me, room, second := t.Context(), w.people[0], w.friends(t, w.people[0], w.people[1]), w.second(t)
		for round := range 6 {
			w.heard()
			var got [20]uint64
			posts := make([]func() error, len(got))
			for i := range posts {
				posts[i] = func() (err error) {
					got[i], err = []*Chat{w.Chat, second}[i%2].Post(ctx, me, room, Draft{Key: fmt.Sprint("k", round), Body: "x"})
					return err
				}
			}
			for i, err := range atOnce(posts...) {
				must(t, err)
				equal(t, "seq", got[i], uint64(round+2))
			}
			equal(t, "entries", len(w.log(t, room)), round+2)
		}
	})
}

// TestManyPostsAtOnce lets many write to one room, and holds that each seq goes to what was sent,
// and that each sender's messages stand in the order sent.
func TestManyPostsAtOnce(t *testing.T) {
	const senders, posts = 10, 15
	each(t, senders, func(t *testing.T, w *world) {
		ctx, both := t.Context(), []*Chat{w.Chat, w.second(t)}
		r := db.Room{Kind: db.RoomGroup, Name: "All", IsOpen: true, Epoch: 1, CreatedAt: w.clock()}
		must(t, w.store.CreateRoom(ctx, &r))
		for _, u := range w.people[1:] { // the first is no member, and stands in the way of nobody
			must(t, w.store.AddMember(ctx, r.ID, u.ID, 0))
		}
		got := make([][posts]uint64, senders)
		sends := make([]func() error, senders)
		for s := range sends {
			sends[s] = func() error {
				for i := range posts {
					seq, err := both[s%2].Post(ctx, w.people[s], r.ID, Draft{Key: fmt.Sprint(i / 2 * 2), Body: fmt.Sprint(i)})
					switch {
					case s == 0 && errors.Is(err, ErrNotFound), i%2 == 1 && errors.Is(err, ErrKeyReused):
					case err != nil || s == 0 || i%2 == 1:
						return fmt.Errorf("post %d of %d: %d, %w", i, s, seq, err)
					}
					got[s][i] = seq
				}
				return nil
			}
		}
		for _, err := range atOnce(sends...) {
			must(t, err)
		}
		log := w.log(t, r.ID)
		equal(t, "entries", len(log), (senders-1)*(posts+1)/2)
		for s := 1; s < senders; s++ {
			last := uint64(0)
			for i := 0; i < posts; i += 2 {
				e := log[got[s][i]-1]
				if e.AuthorID != w.people[s].ID || e.Body != fmt.Sprint(i) || e.Seq <= last {
					t.Errorf("post %d of %d is %+v", i, s, e.Message)
				}
				last = e.Seq
			}
		}
	})
}

func TestWhoMayPost(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		ctx, a, b, stranger := t.Context(), w.people[0], w.people[1], w.people[2]
		room := w.friends(t, a, b)
		w.friends(t, a, stranger)
		post := func(what string, who db.User, room uint64, key, body string, want error) {
			t.Helper()
			seq, err := w.Post(ctx, who, room, Draft{Key: key, Body: body})
			is(t, what, err, want)
			equal(t, what+", seq", seq != 0, want == nil)
		}
		post("a member", a, room, "k", "x", nil)
		w.heard()
		for _, room := range []uint64{room, 0, 999, 1 << 62} {
			post("a stranger", stranger, room, "k", "x", ErrNotFound)
		}
		must(t, w.Block(ctx, b, a.Username))
		w.heard()
		post("who was a member", a, room, "new", "x", ErrNotFound)
		post("with a key that was used", a, room, "k", "x", ErrNotFound)
		post("and another text", a, room, "k", "y", ErrNotFound)
		post("nothing", a, room, "k", "", ErrEmpty)
		equal(t, "rung", len(w.heard()), 0)
		equal(t, "entries", len(w.log(t, room)), 3)

		limited := w.rules(t, w.store, Options{Now: w.clock, Limits: true})
		for range 2 * postsAtOnce {
			is(t, "a key that was used takes nothing from the pace", errOf(limited.Post(ctx, a, room, Draft{Key: "k", Body: "x"})), ErrNotFound)
		}
	})
}

func TestPace(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		limited := w.rules(t, w.store, Options{Now: w.clock, Limits: true})
		burst := func(who db.User, want int) {
			t.Helper()
			n := 0
			for ; n <= postsAtOnce; n++ {
				if _, err := limited.Post(ctx, who, room, Draft{Body: "x"}); err != nil {
					is(t, "too fast", err, ErrTooFast)
					break
				}
			}
			equal(t, "posts", n, want)
		}
		_, err := limited.Post(ctx, a, room, Draft{Key: "k", Body: "x"})
		must(t, err)
		burst(a, postsAtOnce-1)
		for range 3 * postsAtOnce {
			_, err := limited.Post(ctx, a, room, Draft{Key: "k", Body: "x"})
			must(t, err) // what is there already costs nothing
		}
		is(t, "a reaction, too", limited.React(ctx, a, room, 2, "😀"), ErrTooFast)
		is(t, "what is no message", errOf(limited.Post(ctx, a, room, Draft{})), ErrEmpty)
		burst(b, postsAtOnce)
		w.pass(time.Second)
		burst(a, postsPerSecond)
		w.pass(time.Hour)
		burst(b, postsAtOnce)
		equal(t, "people remembered", len(limited.pace.people), 1)
		for range 2 * postsAtOnce {
			w.says(t, a, room, "without limits")
		}
	})
}

// TestRingAfterCommit reads, within the ring, what it tells of.
func TestRingAfterCommit(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b, other := t.Context(), w.people[0], w.people[1], w.second(t)
		var found []db.MessageKind
		stop := w.bus.Listen(func(e bus.Event) {
			if e.Signal.Kind != bus.EntryAdded {
				return
			}
			epoch, list, err := other.After(ctx, e.Signal.Room, e.Signal.Seq-1, 9)
			if err != nil || len(list) != 1 || list[0].Seq != e.Signal.Seq || epoch != e.Signal.Epoch {
				t.Errorf("rung for %+v, and found %+v, %v", e.Signal, list, err)
				return
			}
			found = append(found, list[0].Kind)
		})
		defer stop()
		room := w.friends(t, a, b)
		seq := w.says(t, a, room, "x")
		is(t, "empty", errOf(w.Post(ctx, a, room, Draft{})), ErrEmpty)
		must(t, w.Edit(ctx, a, room, seq, "y"))
		must(t, w.React(ctx, b, room, seq, "😀"))
		must(t, w.Delete(ctx, a, room, seq))
		must(t, w.RemoveFriend(ctx, a, b.Username))
		same(t, "rung and found", found, []db.MessageKind{db.KindOpened, db.KindText, db.KindEdit, db.KindReaction, db.KindDelete, db.KindClosed})
	})
}

func TestReplies(t *testing.T) {
	each(t, 2, func(t *testing.T, w *world) {
		ctx, a, b := t.Context(), w.people[0], w.people[1]
		room := w.friends(t, a, b)
		first, gone := w.says(t, a, room, "first\nline"), w.says(t, a, room, "gone")
		must(t, w.Delete(ctx, a, room, gone))
		for _, to := range []uint64{1, gone, gone + 1, 99, 1 << 62} {
			is(t, fmt.Sprint("to ", to), errOf(w.Post(ctx, b, room, Draft{Body: "x", ReplyTo: to})), ErrBadReply)
		}
		seq, err := w.Post(ctx, b, room, Draft{Key: "k", Body: "reply", ReplyTo: first})
		must(t, err)
		e := w.log(t, room)[seq-1]
		if e.Quote == nil || *e.Quote != (Quote{Seq: first, Author: a, Text: "first"}) {
			t.Errorf("quote %+v", e.Quote)
		}
		equal(t, "target", e.TargetSeq, first)
	})
}
