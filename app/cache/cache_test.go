package cache

import (
	"fmt"
	"sync"
	"testing"
)

func TestKeepsWhatWasAskedForLast(t *testing.T) {
	c := New[string, int](3 * (overhead + 10))
	for i, key := range []string{"a", "b", "c"} {
		c.Add(key, i, 10)
	}
	if _, ok := c.Get("a"); !ok {
		t.Error("a is gone while there is room")
	}
	c.Add("d", 3, 10)
	if _, ok := c.Get("b"); ok {
		t.Error("b was not asked for the longest, and is still there")
	}
	for key, want := range map[string]int{"a": 0, "c": 2, "d": 3} {
		if got, ok := c.Get(key); !ok || got != want {
			t.Errorf("%s is %d, %v", key, got, ok)
		}
	}
	if c.Len() != 3 || c.Bytes() != 3*(overhead+10) {
		t.Errorf("%d values of %d bytes", c.Len(), c.Bytes())
	}
}

func TestCountsAValueThatIsReplaced(t *testing.T) {
	c := New[string, int](1000)
	c.Add("a", 1, 300)
	c.Add("a", 2, 100)
	if got, _ := c.Get("a"); got != 2 || c.Bytes() != 100+overhead || c.Len() != 1 {
		t.Errorf("%d, %d bytes of %d values", got, c.Bytes(), c.Len())
	}
	c.Add("a", 3, 1000) // with the overhead too large
	if _, ok := c.Get("a"); ok || c.Bytes() != 0 {
		t.Errorf("%v, %d bytes", ok, c.Bytes())
	}
}

func TestNeverHoldsMoreThanItsBytes(t *testing.T) {
	c := New[int, int](10_000)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 1000 {
				c.AddFor(uint64(i*w%5), i*7%97, w, i%3000)
				c.Get(i % 97)
				if n := c.Bytes(); n < 0 || n > 10_000 {
					t.Errorf("%d bytes", n)
				}
			}
		})
	}
	all.Wait()
	for _, key := range c.list.Keys() {
		c.list.Remove(key)
	}
	if c.Bytes() != 0 || len(c.owners) != 0 {
		t.Errorf("%d bytes of nothing, of %d owners", c.Bytes(), len(c.owners))
	}
}

// TestNobodyPushesOutTheOthers has one ask for far more than the cache holds.
func TestNobodyPushesOutTheOthers(t *testing.T) {
	const size = 1000
	c := New[string, int](100 * (size + overhead))
	for _, key := range []string{"a", "b", "c"} {
		c.AddFor(1, key, 1, size)
	}
	c.Add("of nobody", 0, size)
	for i := range 400 {
		c.AddFor(2, fmt.Sprint(i), i, size)
		if i%3 == 0 {
			c.Get("0")
		}
	}
	for _, key := range []string{"a", "b", "c", "of nobody", "0", "399"} { // 0 was asked for again and again
		if _, ok := c.Get(key); !ok {
			t.Errorf("%q is gone", key)
		}
	}
	if n := c.owners[2].list.Len(); n != 100/share+1 || c.Len() != n+4 {
		t.Errorf("%d of %d are of one", n, c.Len())
	}
	c.AddFor(1, "0", 0, size) // another has made it meanwhile
	if c.owners[1].list.Len() != 4 || c.owners[1].used != 4*(size+overhead) {
		t.Errorf("%d of %d bytes are of the first", c.owners[1].list.Len(), c.owners[1].used)
	}
	// One that is larger than a share is kept, beside what was there before.
	c.AddFor(3, "small", 1, size)
	c.AddFor(3, "large", 1, 20*size)
	for _, key := range []string{"small", "large"} {
		if _, ok := c.Get(key); !ok {
			t.Errorf("%s is not kept", key)
		}
	}
}

func TestOneMakesAValue(t *testing.T) {
	c := New[string, int](10_000)
	made := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for {
				if _, ok := c.Get("a"); ok {
					return
				}
				done, wait := c.Claim("a")
				if done == nil {
					<-wait
					continue
				}
				if _, ok := c.Get("a"); !ok {
					made++ // the race detector checks that there is one at a time
					c.Add("a", made, 1)
				}
				done()
			}
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	done, _ := c.Claim("a")
	done()
	if done, _ := c.Claim("a"); done == nil {
		t.Error("still claimed")
	}
}

func TestNoCacheKeepsNothing(t *testing.T) {
	var c *Cache[string, int]
	c.Add("a", 1, 1)
	done, _ := c.Claim("a")
	done()
	if _, ok := c.Get("a"); ok || c.Bytes() != 0 || c.Len() != 0 {
		t.Error(fmt.Sprint("kept: ", c.Len()))
	}
}
