package chat

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/app/settings"
	"parley/e2e/rig"
)

// TestErasedWordsLeaveTheIndexSoon erases long texts where no entry of a log records it, in a room that is closed and
// because they are too old: their words are removed from the index within seconds, although all rooms are looked at
// only every sweepInterval.
func TestErasedWordsLeaveTheIndexSoon(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, e *env) {
		server := settings.Defaults()
		e.settings = func(context.Context) settings.Values { return server }
		ann, bob := e.people[0], e.people[1]
		direct := e.makeFriends(t, ann, bob)
		group, err := e.CreateGroup(t.Context(), ann, "Books", []string{bob.Username})
		must(t, err)
		for _, room := range []uint64{direct, group} {
			e.post(t, ann, room, strings.Repeat("pelican ", 40))
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			e.KeepIndex(ctx, slog.New(slog.DiscardHandler))
		}()
		defer func() {
			stop()
			<-ended
		}()
		isUpToDate := func() bool {
			behind, err := e.store.RoomsBehind(ctx, 0, 10)
			must(t, err)
			return len(behind) == 0
		}
		rig.Eventually(t, "everything is indexed", isUpToDate)

		departure := e.Departing(ann, withoutPause)
		must(t, departure.Leave(ctx))
		rig.Eventually(t, "what they left is indexed", isUpToDate)
		must(t, departure.Clean(ctx)) // in the direct room only: they didn’t choose to delete their messages
		rig.Eventually(t, "the words of the direct room are removed", isUpToDate)

		server.RetentionDays = 5
		e.advance(10 * 24 * time.Hour)
		must(t, e.EraseOld(ctx))
		rig.Eventually(t, "the old words are removed", isUpToDate)
	})
}
