package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// order enters with the given priorities, one after the other, while somebody writes, and returns in which
// order they get their turns.
func order(t *testing.T, waiting []Priority) (turns []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var w writer
		must(t, w.enter(t.Context(), Idle))
		var all sync.WaitGroup
		for i, p := range waiting {
			all.Go(func() {
				must(t, w.enter(t.Context(), p))
				turns = append(turns, fmt.Sprintf("%c%d", "hnli"[p], i))
				w.leave()
			})
			synctest.Wait()
		}
		w.leave()
		all.Wait()
		equal(t, "busy in the end", w.busy, false)
	})
	return turns
}

func TestWritersTakeTurns(t *testing.T) {
	got := order(t, []Priority{Idle, Low, Normal, Low, Normal, Idle, Normal})
	equal(t, "the most urgent first, each in the order of coming", fmt.Sprint(got), fmt.Sprint([]string{"n2", "n4", "n6", "l1", "l3", "i0", "i5"}))

	// A hundred changes do not keep everybody else waiting, and a hundred sign-ins do not keep a change.
	many := slices.Concat(slices.Repeat([]Priority{Normal}, 100), []Priority{Idle}, slices.Repeat([]Priority{Low}, 30))
	turns := order(t, many)
	equal(t, "the first sign-in", slices.Index(turns, "l101"), patience[Low])
	equal(t, "the index", slices.Index(turns, "i100"), patience[Idle])
	equal(t, "all had their turn", len(turns), len(many))
	turns = order(t, slices.Concat(slices.Repeat([]Priority{Low}, 100), []Priority{Normal}))
	equal(t, "a change behind a hundred sign-ins", slices.Index(turns, "n100"), 0)
	turns = order(t, slices.Concat(slices.Repeat([]Priority{Normal}, 100), []Priority{High}))
	equal(t, "a post behind a hundred changes", slices.Index(turns, "h100"), 0)
	turns = order(t, slices.Concat(slices.Repeat([]Priority{High}, 100), []Priority{Normal}))
	equal(t, "a change behind a hundred posts", slices.Index(turns, "n100"), patience[Normal])
}

func TestWritersGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w writer
		must(t, w.enter(t.Context(), Normal))
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				// The turn may come at the very moment of giving up, and must then go to the next.
				if err := w.enter(ctx, Low); err == nil {
					w.leave()
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		cancel()
		w.leave()
		all.Wait()
		equal(t, "busy", w.busy, false)
		equal(t, "still waiting", len(w.waiting[Low]), 0)
		if err := w.enter(ctx, Normal); !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that has ended: %v", err)
		}
		must(t, w.enter(t.Context(), Normal))
	})
}
