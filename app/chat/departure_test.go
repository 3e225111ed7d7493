package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/db"
)

func withoutPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// depart is a whole departure.
func depart(ctx context.Context, c *Chat, who db.User, pause func(context.Context, time.Duration) error) error {
	d := c.Departing(who, pause)
	if err := d.Leave(ctx); err != nil {
		return err
	}
	return d.Clean(ctx)
}

// TestADepartureIsWhole is T72: however often it breaks off, in two processes at once, and while the person goes on
// posting, in the end they are in no room, no message or reaction of theirs is left, and each log has no holes and
// no entry twice.
func TestADepartureIsWhole(t *testing.T) {
	t.Parallel()
	onBoth(t, 4, func(t *testing.T, e *env) {
		ctx, who := t.Context(), e.people[0]
		who.DeleteMessages = true
		direct := e.makeFriends(t, who, e.people[1])
		e.makeFriends(t, who, e.people[2])
		e.makeFriends(t, e.people[1], e.people[2])
		room, err := e.CreateGroup(ctx, who, "Choir", []string{e.people[1].Username, e.people[2].Username})
		must(t, err)
		theirs, err := e.CreateGroup(ctx, e.people[1], "Others", []string{who.Username, e.people[2].Username})
		must(t, err)
		must(t, e.LeaveGroup(ctx, who, theirs)) // and yet their words there go
		for _, at := range []uint64{direct, room} {
			for i := range 13 {
				_, err := e.Post(ctx, who, at, Draft{Body: fmt.Sprint("word ", i), Key: fmt.Sprint("k", i)})
				must(t, err)
			}
		}
		posted, err := e.Post(ctx, e.people[1], room, Draft{Body: "stays"})
		must(t, err)
		for _, emoji := range []string{"👍", "🎉"} {
			must(t, e.React(ctx, who, room, posted, emoji))
		}

		stop := make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() { // with a request that began in time
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
					_, _ = e.Post(ctx, who, room, Draft{Body: fmt.Sprint("late ", i)})
				}
			}
		})
		second := e.secondProcess(t)
		for breaks := range 6 {
			steps := 0
			running.Go(func() { _ = depart(ctx, second, who, withoutPause) })
			err := depart(ctx, e.Chat, who, func(context.Context, time.Duration) error {
				if steps++; steps > breaks {
					return context.Canceled
				}
				return nil
			})
			if err == nil && breaks < 2 {
				t.Error("it was whole at once")
			}
		}
		close(stop)
		running.Wait()
		must(t, depart(ctx, e.Chat, who, withoutPause))

		for _, at := range []uint64{direct, room, theirs} {
			rows, err := e.store.MessagesAfter(ctx, at, 0, 10_000)
			must(t, err)
			given, deleted, left := 0, map[uint64]int{}, 0
			for i, m := range rows {
				if m.Seq != uint64(i+1) {
					t.Fatalf("room %d has entry %d at %d", at, m.Seq, i+1)
				}
				switch {
				case m.Kind == db.KindText && m.AuthorID == who.ID && (m.DeleteSeq == 0 || m.Body != ""):
					t.Errorf("room %d still has %q", at, m.Body)
				case m.ClientKey != nil && m.AuthorID == who.ID:
					t.Errorf("room %d still has a key", at)
				case m.Kind == db.KindDelete:
					deleted[m.TargetSeq]++
				case m.Kind == db.KindLeave && at == room:
					left++
				case m.Kind == db.KindReaction && m.Body[0] == '+':
					given++
				case m.Kind == db.KindReaction:
					given--
				}
			}
			for seq, n := range deleted {
				if n != 1 {
					t.Errorf("room %d: entry %d was deleted %d times", at, seq, n)
				}
			}
			if given > 0 || at == room && left != 1 {
				t.Errorf("room %d: %d reactions, left %d times", at, given, left)
			}
			members, err := e.store.MembersAmong(ctx, at, []uint64{who.ID})
			must(t, err)
			if members[who.ID] {
				t.Errorf("still in room %d", at)
			}
		}
		pairs, err := e.store.PairsOf(ctx, who.ID)
		must(t, err)
		if len(pairs) > 0 {
			t.Errorf("still %+v", pairs)
		}
		r, _, err := e.store.RoomOf(ctx, e.people[1].ID, room)
		must(t, err)
		if r.OwnerID != e.people[1].ID {
			t.Errorf("the room went to %d", r.OwnerID)
		}
	})
}
