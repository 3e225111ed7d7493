package markup

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestCacheParsesOnce checks T43's "once per text": whoever asks gets the one result, also those who ask while
// it is being parsed.
func TestCacheParsesOnce(t *testing.T) {
	c := NewCache(1 << 20)
	var texts [8][16]*Text
	var group sync.WaitGroup
	for i := range texts {
		group.Go(func() {
			for n := range texts[i] {
				texts[i][n] = c.Text(fmt.Sprintf("**%d** @ada", n))
			}
		})
	}
	group.Wait()
	for i := range texts {
		if texts[i] != texts[0] {
			t.Fatal("a text was parsed twice")
		}
	}
	if texts[0][0] == texts[0][1] {
		t.Error("two texts are one")
	}
	if (*Cache)(nil).Text("*so*").Plain() != "so" {
		t.Error("without a cache, nothing is parsed")
	}
}

// TestCacheIsBounded checks that the cache never counts more bytes than it may, forgets what was not asked
// for the longest, and that what it counts is about what a text takes.
func TestCacheIsBounded(t *testing.T) {
	const most = 64 << 10
	c := NewCache(most)
	kept := c.Text("kept **because** it is asked for")
	for i := range 2000 {
		c.Text(fmt.Sprintf("%d: **so** @ada https://a.example/%d %s", i, i, strings.Repeat("x", i%2000)))
		if c.texts.Bytes() > most {
			t.Fatalf("after %d texts the cache holds %d bytes of %d", i, c.texts.Bytes(), most)
		}
		if c.Text("kept **because** it is asked for") != kept {
			t.Fatalf("after %d texts one that is asked for all the time was forgotten", i)
		}
	}
	if c.texts.Len() < 10 || c.texts.Bytes() < most/2 {
		t.Errorf("the cache holds only %d texts, of %d bytes", c.texts.Len(), c.texts.Bytes())
	}
	huge := strings.Repeat("a ", most)
	if c.Text(huge).Plain() != huge || c.texts.Bytes() > most {
		t.Errorf("a text larger than the cache left %d bytes of %d texts", c.texts.Bytes(), c.texts.Len())
	}
	for _, piece := range costly {
		text := strings.Repeat(piece, 4000/len(piece))
		if n := Parse(text).size(); n > 50*len(text)+1024 {
			t.Errorf("%q takes %d bytes, more than 50 times its %d", piece, n, len(text))
		}
	}
}

// BenchmarkCache shows a long text again and again: parsed each time, and parsed once.
func BenchmarkCache(b *testing.B) {
	text := strings.Repeat("See *you* at **the station**, @ada. https://a.example/x\n", 70)
	known := func(name string) bool { return name == "ada" }
	for name, cache := range map[string]*Cache{"without": nil, "with": NewCache(1 << 20)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = cache.Text(text).Format(known)
			}
		})
	}
}
