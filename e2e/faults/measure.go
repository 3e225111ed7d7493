package faults

import (
	"slices"
	"time"
)

// span is a part of a run.
type span struct{ from, to time.Time }

func (s span) has(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

// failed counts the attempts, begun within a span, that were not acknowledged.
func (h *history) failed(in span) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.Calls {
		if in.has(c.Sent) && c.Outcome != acked {
			n++
		}
	}
	return n
}

// answers are how long the calls of an outcome took that were begun within a span.
func (h *history) answers(in span, outcomes ...outcome) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.Calls {
		if in.has(c.Sent) && slices.Contains(outcomes, c.Outcome) {
			took = append(took, c.Done.Sub(c.Sent))
		}
	}
	return took
}

// deliveries are how long it took from sending a message to each page that had it from its stream.
func (h *history) deliveries(s *stored, in span) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rows := s.index()
	type spot struct{ room, seq uint64 }
	sent := map[spot]time.Time{}
	for _, c := range h.Calls {
		if list := rows[c.said()]; c.Outcome == acked && in.has(c.Sent) && len(list) > 0 {
			sent[spot{c.Room, list[0].Seq}] = c.Sent
		}
	}
	for _, e := range h.Events {
		if at, ok := sent[spot{e.Room, e.Cursor.Seq}]; ok && e.What == entry {
			took = append(took, e.At.Sub(at))
		}
	}
	return took
}

// count counts what happened on the streams within a span.
func (h *history) count(w what, in span) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.Events {
		if e.What == w && in.has(e.At) {
			n++
		}
	}
	return n
}

// absences are how long pages were without a stream, for those that lost it within a span; a page
// that never came back was away until now.
func (h *history) absences(in span) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gone := map[int]time.Time{}
	for _, e := range h.Events {
		switch since, away := gone[e.Viewer]; {
		case e.What == lost && in.has(e.At):
			gone[e.Viewer] = e.At
		case e.What == connected && away:
			took = append(took, e.At.Sub(since))
			delete(gone, e.Viewer)
		}
	}
	for _, since := range gone {
		took = append(took, time.Since(since))
	}
	return took
}

// quantile is 0 for an empty list.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
