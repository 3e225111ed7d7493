package photo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestOneAtATime checks that a photo waits while another one is decoded, but not forever.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(nil, time.Now, defaultBounds)
		done, err := a.turns.acquire(t.Context(), owner+1, 1) // another photo is being decoded
		must(t, err)
		start := time.Now()
		if _, err := a.Save(t.Context(), owner, asPNG(t, fourColors(2, 2)), PurposeAvatar); !errors.Is(err, ErrBusy) || time.Since(start) != maxWait {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := a.Save(ctx, owner, asPNG(t, fourColors(2, 2)), PurposeAvatar); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a browser that left: %v", err)
		}
		if _, err := a.Save(t.Context(), owner, []byte("no image"), PurposeAvatar); !errors.Is(err, ErrNotImage) {
			t.Errorf("a file that is not an image should not wait: %v", err)
		}
		if failed, refused := a.Stats.Failed.Load(), a.Stats.Refused.Load(); failed != 2 || refused != 1 || a.Waiting() != 0 {
			t.Errorf("counted: %d failed, %d refused, %d wait", failed, refused, a.Waiting())
		}
		if len(a.turns.waiting) != 0 {
			t.Errorf("%d still wait", len(a.turns.waiting))
		}
		done()
		if a.turns.busy {
			t.Error("nobody decodes, and the next would wait")
		}
	})
}

// TestTurns checks that people take turns by pixels: five people who send two large photos each delay nobody else
// by more than the one that is being decoded.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const large, decoding = 50_000_000, time.Second
		turns := newTurns(time.Now)
		var mu sync.Mutex
		var notes []string
		note := func(what string) {
			mu.Lock()
			defer mu.Unlock()
			notes = append(notes, what)
		}
		noted := func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(notes)
		}
		send := func(name string, owner uint64, pixels int) {
			go func() {
				done, err := turns.acquire(context.Background(), owner, pixels)
				if err != nil {
					note(name + ": " + err.Error())
					return
				}
				note(name)
				time.Sleep(decoding)
				done()
			}()
			synctest.Wait()
		}
		for i := range 2 {
			for one := range uint64(5) {
				send(fmt.Sprintf("large %d of %d", i+1, one), one, large)
			}
		}
		start := time.Now()
		send("small", 10, 12_000_000)
		send("small again", 10, 12_000_000)
		time.Sleep(decoding + time.Millisecond)
		synctest.Wait()
		if order := noted(); !slices.Equal(order, []string{"large 1 of 0", "small"}) {
			t.Errorf("after one was decoded: %q", order)
		}
		time.Sleep(10 * decoding)
		synctest.Wait()
		order := noted()
		if order[2] != "small again" || order[3] != "large 1 of 1" {
			t.Errorf("the order is %q", order)
		}
		for _, name := range order[3:] {
			if strings.HasPrefix(name, "large 2") && !strings.HasSuffix(name, ErrBusy.Error()) && time.Since(start) < maxWait {
				t.Errorf("a second large one came before all first ones: %q", order)
			}
		}
		if busy, _ := turns.state(); len(order) != 12 || busy {
			t.Errorf("%d of 12 are through, busy: %v", len(order), busy)
		}
		time.Sleep(time.Hour)
		send("later", 11, 1)
		if _, people := turns.state(); people != 1 {
			t.Errorf("%d people are remembered an hour later", people)
		}
		time.Sleep(decoding)
	})
}

// state reports whether a photo is being decoded, and how many people are remembered.
func (t *turns) state() (busy bool, people int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.busy, len(t.spent)
}
