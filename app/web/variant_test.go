package web

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"parley/db"
	"parley/views/words"
)

// TestSpanKey checks that a key says the same as its spans, and that equal spans have equal keys.
func TestSpanKey(t *testing.T) {
	t.Parallel()
	lists := [][]db.Span{nil, {{From: 1}}, {{From: 1, To: 17}}, {{From: 1, To: 17}, {From: 40}}, {{From: 1, To: 17}, {From: 40, To: 40}},
		{{From: math.MaxUint64 - 1}}, {{From: 255, To: 256}, {From: 65_535, To: 65_536}}}
	keys := map[spanKey]bool{}
	for _, spans := range lists {
		key := spanKeyOf(spans)
		if key != spanKeyOf(slices.Clone(spans)) || keys[key] {
			t.Errorf("%v has the key %q", spans, string(key))
		}
		keys[key] = true
		for _, seq := range []uint64{0, 1, 2, 16, 17, 18, 39, 40, 41, 254, 255, 256, 257, 65_534, 65_535, 65_536, 65_537, math.MaxUint64 - 1, math.MaxUint64} {
			want := slices.ContainsFunc(spans, func(s db.Span) bool { return s.Has(seq) })
			if key.spans().Has(seq) != want {
				t.Errorf("%v has %d: %v", spans, seq, !want)
			}
		}
	}
}

// TestWhoSeesAllOfAnEntryGetsTheSameBytes renders changes of all kinds for people who joined at any time. Those from whom
// nothing is hidden that an entry refers to get what is rendered without looking at what they may see.
func TestWhoSeesAllOfAnEntryGetsTheSameBytes(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		ann, bob, _, _ := circle(s)
		room := ann.makesGroup("Choir", bob)
		first := s.says(ann, room, "hello")
		second := bob.says(room, "hello to you", "reply_to", itoa(first))
		path := messagePath(room, second)
		bob.post(path+"/edit", form("body", "hello, hello")).mustBe(303)
		third := ann.says(room, "thanks", "reply_to", itoa(second))
		ann.post(path+"/react", form("emoji", "👍")).mustBe(303)
		bob.post(path+"/react", form("emoji", "👍")).mustBe(303)
		ann.post(path+"/pin", nil).mustBe(303)
		ann.post(messagePath(room, third)+"/delete", nil).mustBe(303)
		ann.post(path+"/react", form("emoji", "👍")).mustBe(303)
		_, entries, err := s.server.chat.After(t.Context(), room, 0, 100)
		must(t, err)
		same, other := 0, 0
		for _, streamed := range []bool{false, true} {
			v := variant{locale: locale{time.UTC, words.English()}, streamed: streamed}
			for _, e := range entries {
				all := s.server.renderEntry(e, v, "")
				for from := uint64(1); from <= e.Seq; from++ {
					key := spanKeyOf(db.Spans{{From: from}})
					got := s.server.renderEntry(e, v, key)
					switch {
					case !key.hasAll(e.Earliest(), e.Seq):
						if !bytes.Equal(got, all) {
							other++
						}
					case !bytes.Equal(got, all):
						t.Errorf("entry %d (%s) is %q from %d on, instead of %q", e.Seq, e.Kind, got, from, all)
					default:
						same++
					}
				}
			}
		}
		if same < 20 || other < 5 {
			t.Errorf("%d were the same, and from %d something was hidden", same, other)
		}
		if got := s.server.renderEntry(entries[len(entries)-1], variant{locale: locale{time.UTC, words.English()}}, spanKeyOf(nil)); len(got) > 0 {
			t.Errorf("somebody who was never in the room gets %q", got)
		}
	})
}
