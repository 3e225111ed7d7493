package batch

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

var errDown = errors.New("down")

func bounded[K comparable, V any](atOnce, most int, load Func[K, V]) *Loader[K, V] {
	l := New(most, load)
	l.atOnce = atOnce
	return l
}

// TestWhatWaitsGoesTogether asks while a query runs: the others are one query, each key once, and everybody gets the
// value of their own key.
func TestWhatWaitsGoesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var queries [][]int
		l := bounded(1, 100, func(_ context.Context, keys []int) (map[int]string, error) {
			queries = append(queries, slices.Clone(keys))
			time.Sleep(time.Second)
			found := map[int]string{}
			for _, k := range keys {
				if k < 50 {
					found[k] = fmt.Sprint("value ", k)
				}
			}
			return found, nil
		})
		var all sync.WaitGroup
		ask := func(key int) {
			all.Go(func() {
				value, found, err := l.Load(t.Context(), key)
				if err != nil || found != (key < 50) || found && value != fmt.Sprint("value ", key) {
					t.Errorf("%d is %q, %v, %v", key, value, found, err)
				}
			})
		}
		ask(0)
		synctest.Wait()
		for key := range 60 {
			ask(key)
			ask(key)
		}
		all.Wait()
		if len(queries) != 2 || len(queries[1]) != 60 {
			t.Errorf("the queries were %v", queries)
		}
	})
}

// TestWhoComesMeanwhileGoesTogether asks one after the other while a query runs: that is one more query, though three
// could run, and it does not wait for the first for long.
func TestWhoComesMeanwhileGoesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sizes []int
		l := bounded(3, 100, func(_ context.Context, keys []int) (map[int]bool, error) {
			mu.Lock()
			sizes = append(sizes, len(keys))
			mu.Unlock()
			if slices.Contains(keys, 0) {
				time.Sleep(time.Second)
			}
			return nil, nil
		})
		var all sync.WaitGroup
		begun := time.Now()
		for key := range 5 {
			all.Go(func() {
				_, _, _ = l.Load(t.Context(), key)
				if took := time.Since(begun); key > 0 && took > 2*patience {
					t.Errorf("%d took %v", key, took)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if !slices.Equal(sizes, []int{1, 4}) {
			t.Errorf("the queries had %v keys", sizes)
		}
	})
}

// TestNoAnswerIsOlderThanItsQuestion changes a value while a query for it runs: whoever asks then gets the new one.
func TestNoAnswerIsOlderThanItsQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		value := "old"
		l := bounded(3, 100, func(_ context.Context, keys []int) (map[int]string, error) {
			read := value
			time.Sleep(time.Second)
			return map[int]string{keys[0]: read}, nil
		})
		var before sync.WaitGroup
		before.Go(func() { _, _, _ = l.Load(t.Context(), 1) })
		synctest.Wait()
		value = "new"
		if got, _, err := l.Load(t.Context(), 1); err != nil || got != "new" {
			t.Errorf("%q, %v", got, err)
		}
		before.Wait()
	})
}

// TestQueriesAreBounded asks for more keys than fit into one query: there are several, no more at a time than allowed,
// and a caller who gives up delays nobody.
func TestQueriesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most, queries := 0, 0, 0
		l := bounded(2, 10, func(_ context.Context, keys []int) (map[int]bool, error) {
			mu.Lock()
			running++
			queries++
			most = max(most, running)
			mu.Unlock()
			if len(keys) > 10 {
				t.Errorf("%d keys", len(keys))
			}
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return nil, nil
		})
		impatient, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		var all sync.WaitGroup
		for key := range 100 {
			all.Go(func() {
				ctx, want := t.Context(), error(nil)
				if key%7 == 0 {
					ctx, want = impatient, context.DeadlineExceeded
				}
				if _, found, err := l.Load(ctx, key); found || !errors.Is(err, want) {
					t.Errorf("%d: %v, %v", key, found, err)
				}
			})
		}
		all.Wait()
		if most != 2 || queries < 10 || queries > 12 {
			t.Errorf("%d queries, %d at a time", queries, most)
		}
	})
}

// TestFailuresReachWhoAsked makes queries fail, panic and take too long.
func TestFailuresReachWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bounded(1, 10, func(ctx context.Context, keys []string) (map[string]int, error) {
			switch keys[0] {
			case "fail":
				return nil, errDown
			case "panic":
				panic("at the disco")
			case "hang":
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return map[string]int{keys[0]: 1}, nil
		})
		for key, want := range map[string]string{"fail": "down", "panic": "at the disco", "hang": "deadline"} {
			if _, found, err := l.Load(t.Context(), key); found || err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, %v", key, found, err)
			}
		}
		if n, found, err := l.Load(t.Context(), "well"); n != 1 || !found || err != nil {
			t.Errorf("after them: %d, %v, %v", n, found, err)
		}
	})
}

// TestALookUpOfItsOwnEndsWithItsContext cancels somebody who waits for nobody else: their query ends, and the next is asked.
func TestALookUpOfItsOwnEndsWithItsContext(t *testing.T) {
	var hangs bool
	l := bounded(1, 100, func(ctx context.Context, keys []int) (map[int]string, error) {
		if hangs {
			<-ctx.Done()
			return nil, errDown
		}
		return map[int]string{keys[0]: "value"}, nil
	})
	hangs = true
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := l.Load(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("the one who has gone: %v", err)
	}
	hangs = false
	if value, found, err := l.Load(t.Context(), 1); value != "value" || !found || err != nil {
		t.Errorf("the next: %q, %v, %v", value, found, err)
	}
}
