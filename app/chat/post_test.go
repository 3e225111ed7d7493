package chat

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/search"
	"parley/db"
)

func TestKeys(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room, other := e.makeFriends(t, a, b), e.makeFriends(t, a, e.people[2])
		post := func(who db.User, room uint64, key, body string) uint64 {
			t.Helper()
			seq, err := e.Post(ctx, who, room, Draft{Key: key, Body: body})
			must(t, err)
			return seq
		}
		for _, bad := range []string{strings.Repeat("k", 65), " ", "a b", "a ", " a", "a\n", "\x00", "a\x7f", "é", "😀", "n." + strings.Repeat("k", 63), "a\xff"} {
			wantError(t, fmt.Sprintf("key %q", bad), errOf(e.Post(ctx, a, room, Draft{Key: bad, Body: "x"})), ErrBadKey)
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
			wantError(t, key+" reused", errOf(e.Post(ctx, a, room, Draft{Key: key, Body: "two"})), ErrKeyReused)
		}
		wantError(t, "reused", errOf(e.Post(ctx, a, room, Draft{Key: "k", Body: "one "})), ErrKeyReused)
		wantError(t, "reused for a reply", errOf(e.Post(ctx, a, room, Draft{Key: "k", Body: "one", ReplyTo: first})), ErrKeyReused)
		draft := Draft{Key: NewKey(), Body: "one", ReplyTo: first}
		reply, err := e.Post(ctx, a, room, draft)
		must(t, err)
		again, err := e.Post(ctx, a, room, draft)
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
		log := e.log(t, room)
		for _, entry := range log[1:] {
			if entry.ClientKey == nil || len(*entry.ClientKey) > 64 {
				t.Errorf("entry %d has the key %v", entry.Seq, entry.ClientKey)
			}
		}
	})
}

// TestSamePostAtOnce sends one post twenty times at once, through two processes.
func TestSamePostAtOnce(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, me, room, second := t.Context(), e.people[0], e.makeFriends(t, e.people[0], e.people[1]), e.secondProcess(t)
		for round := range 6 {
			e.published()
			var got [20]uint64
			posts := make([]func() error, len(got))
			for i := range posts {
				posts[i] = func() (err error) {
					got[i], err = []*Chat{e.Chat, second}[i%2].Post(ctx, me, room, Draft{Key: fmt.Sprint("k", round), Body: "x"})
					return err
				}
			}
			for i, err := range atOnce(posts...) {
				must(t, err)
				equal(t, "seq", got[i], uint64(round+2))
			}
			equal(t, "entries", len(e.log(t, room)), round+2)
		}
	})
}

// TestManyPostsAtOnce lets many post to one room, and checks that each seq is that of what was sent, and
// that each sender's messages are in the order in which they were sent.
func TestManyPostsAtOnce(t *testing.T) {
	const senders, posts = 10, 15
	onBoth(t, senders, func(t *testing.T, e *env) {
		ctx, both := t.Context(), []*Chat{e.Chat, e.secondProcess(t)}
		r := db.Room{Kind: db.RoomGroup, Name: "All", IsOpen: true, Epoch: 1, CreatedAt: e.clock()}
		must(t, e.store.CreateRoom(ctx, &r))
		for _, u := range e.people[1:] { // the first is not a member, and must not hold up the others
			must(t, e.store.AddMember(ctx, r.ID, u.ID, 0))
		}
		got := make([][posts]uint64, senders)
		sends := make([]func() error, senders)
		for s := range sends {
			sends[s] = func() error {
				for i := range posts {
					seq, err := both[s%2].Post(ctx, e.people[s], r.ID, Draft{Key: fmt.Sprint(i / 2 * 2), Body: fmt.Sprint(i)})
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
		log := e.log(t, r.ID)
		equal(t, "entries", len(log), (senders-1)*(posts+1)/2)
		for s := 1; s < senders; s++ {
			last := uint64(0)
			for i := 0; i < posts; i += 2 {
				entry := log[got[s][i]-1]
				if entry.AuthorID != e.people[s].ID || entry.Body != fmt.Sprint(i) || entry.Seq <= last {
					t.Errorf("post %d of %d is %+v", i, s, entry.Message)
				}
				last = entry.Seq
			}
		}
	})
}

func TestWhoMayPost(t *testing.T) {
	onBoth(t, 3, func(t *testing.T, e *env) {
		ctx, a, b, stranger := t.Context(), e.people[0], e.people[1], e.people[2]
		room := e.makeFriends(t, a, b)
		e.makeFriends(t, a, stranger)
		post := func(what string, who db.User, room uint64, key, body string, want error) {
			t.Helper()
			seq, err := e.Post(ctx, who, room, Draft{Key: key, Body: body})
			wantError(t, what, err, want)
			equal(t, what+", seq", seq != 0, want == nil)
		}
		post("a member", a, room, "k", "x", nil)
		e.published()
		for _, room := range []uint64{room, 0, 999, 1 << 62} {
			post("a stranger", stranger, room, "k", "x", ErrNotFound)
		}
		must(t, e.Block(ctx, b, a.Username))
		e.published()
		post("who was a member", a, room, "new", "x", ErrNotFound)
		post("with a key that was used", a, room, "k", "x", ErrNotFound)
		post("and another text", a, room, "k", "y", ErrNotFound)
		post("nothing", a, room, "k", "", ErrEmpty)
		equal(t, "signals", len(e.published()), 0)
		equal(t, "entries", len(e.log(t, room)), 3)

		limited := e.process(t, e.store, Options{Now: e.clock, Limits: true})
		for range 2 * postsAtOnce {
			wantError(t, "a key that was used does not count against the limit", errOf(limited.Post(ctx, a, room, Draft{Key: "k", Body: "x"})), ErrNotFound)
		}
	})
}

func TestPostsAreRateLimited(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		limited := e.process(t, e.store, Options{Now: e.clock, Limits: true})
		burst := func(who db.User, want int) {
			t.Helper()
			n := 0
			for ; n <= postsAtOnce; n++ {
				if _, err := limited.Post(ctx, who, room, Draft{Body: "x"}); err != nil {
					wantError(t, "too fast", err, ErrTooFast)
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
		wantError(t, "a reaction, too", limited.React(ctx, a, room, 2, "😀"), ErrTooFast)
		wantError(t, "what is no message", errOf(limited.Post(ctx, a, room, Draft{})), ErrEmpty)
		burst(b, postsAtOnce)
		e.advance(time.Second)
		burst(a, postsPerSecond)
		e.advance(time.Hour)
		burst(b, postsAtOnce)
		for n := range postsAtOnce + 1 { // searches have a limit of their own
			_, err := limited.Search(ctx, b, search.Request{Author: a.Username})
			equal(t, "a search too many", errors.Is(err, ErrTooFast), n == postsAtOnce)
		}
		wantError(t, "no search", errOf(limited.Search(ctx, b, search.Request{})), search.ErrEmpty)
		equal(t, "people with a limiter", len(limited.postLimit.limiters), 1)
		for range 2 * postsAtOnce {
			e.post(t, a, room, "without limits")
		}
	})
}

// TestSignalsComeAfterTheCommit reads what a signal is about while it is being published.
func TestSignalsComeAfterTheCommit(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b, other := t.Context(), e.people[0], e.people[1], e.secondProcess(t)
		var found []db.MessageKind
		stop := e.bus.Listen(func(e bus.Event) {
			if e.Signal.Kind != bus.EntryAdded {
				return
			}
			epoch, list, err := other.After(ctx, e.Signal.Room, e.Signal.Seq-1, 9)
			if err != nil || len(list) != 1 || list[0].Seq != e.Signal.Seq || epoch != e.Signal.Epoch {
				t.Errorf("a signal of %+v, and found %+v, %v", e.Signal, list, err)
				return
			}
			found = append(found, list[0].Kind)
		})
		defer stop()
		room := e.makeFriends(t, a, b)
		seq := e.post(t, a, room, "x")
		wantError(t, "empty", errOf(e.Post(ctx, a, room, Draft{})), ErrEmpty)
		must(t, e.Edit(ctx, a, room, seq, "y"))
		must(t, e.React(ctx, b, room, seq, "😀"))
		must(t, e.Delete(ctx, a, room, seq))
		must(t, e.RemoveFriend(ctx, a, b.Username))
		equalLists(t, "found", found, []db.MessageKind{db.KindOpened, db.KindText, db.KindEdit, db.KindReaction, db.KindDelete, db.KindClosed})
	})
}

func TestRepliesQuoteAMessage(t *testing.T) {
	onBoth(t, 2, func(t *testing.T, e *env) {
		ctx, a, b := t.Context(), e.people[0], e.people[1]
		room := e.makeFriends(t, a, b)
		first, gone := e.post(t, a, room, "first\nline"), e.post(t, a, room, "gone")
		must(t, e.Delete(ctx, a, room, gone))
		for _, to := range []uint64{1, gone, gone + 1, 99, 1 << 62} {
			wantError(t, fmt.Sprint("to ", to), errOf(e.Post(ctx, b, room, Draft{Body: "x", ReplyTo: to})), ErrBadReply)
		}
		seq, err := e.Post(ctx, b, room, Draft{Key: "k", Body: "reply", ReplyTo: first})
		must(t, err)
		reply := e.log(t, room)[seq-1]
		if reply.Quote == nil || *reply.Quote != (Quote{Seq: first, Author: a, Text: "first"}) {
			t.Errorf("quote %+v", reply.Quote)
		}
		equal(t, "target", reply.TargetSeq, first)
	})
}
