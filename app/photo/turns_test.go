package photo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestOneAtATime checks that a photo waits while another one is decoded, and not for ever.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(nil, time.Now)
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
		if len(a.turns.waiting) != 0 {
			t.Errorf("%d still wait", len(a.turns.waiting))
		}
		done()
		if a.turns.busy {
			t.Error("nobody decodes, and the next would wait")
		}
	})
}

// TestTurns checks that people take turns by pixels: five who send two large photos each delay nobody else
// by more than the one that is being decoded.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const large, decoding = 50_000_000, time.Second
		turns := newTurns(time.Now)
		var order []string
		send := func(name string, owner uint64, pixels int) {
			go func() {
				done, err := turns.acquire(context.Background(), owner, pixels)
				if err != nil {
					order = append(order, name+": "+err.Error())
					return
				}
				order = append(order, name)
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
		if !slices.Equal(order, []string{"large 1 of 0", "small"}) {
			t.Errorf("after one was decoded: %q", order)
		}
		time.Sleep(10 * decoding)
		if order[2] != "small again" || order[3] != "large 1 of 1" {
			t.Errorf("the order is %q", order)
		}
		for _, name := range order[3:] {
			if strings.HasPrefix(name, "large 2") && !strings.HasSuffix(name, ErrBusy.Error()) && time.Since(start) < maxWait {
				t.Errorf("a second large one came before all first ones: %q", order)
			}
		}
		if len(order) != 12 || turns.busy {
			t.Errorf("%d of 12 are through, busy: %v", len(order), turns.busy)
		}
		time.Sleep(time.Hour)
		send("later", 11, 1)
		if len(turns.spent) != 1 {
			t.Errorf("%d people are remembered an hour later", len(turns.spent))
		}
		time.Sleep(decoding)
	})
}
