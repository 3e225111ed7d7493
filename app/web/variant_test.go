package web

import (
	"math"
	"slices"
	"testing"

	"parley/db"
)

// TestSpanKey holds that a key says the same as its spans, and that equal spans have equal keys.
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
