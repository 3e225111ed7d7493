package faults

import (
	"slices"
	"time"
)

// timeSpan is a part of a run.
type timeSpan struct{ from, to time.Time }

func (s timeSpan) contains(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

// failedPosts returns the number of calls, sent within a span, that were not acknowledged.
func (h *history) failedPosts(in timeSpan) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.Calls {
		if in.contains(c.Sent) && c.Outcome != acked {
			n++
		}
	}
	return n
}

// latencies returns the durations of calls that were sent within a span, by outcome.
func (h *history) latencies(in timeSpan, outcomes ...outcome) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.Calls {
		if in.contains(c.Sent) && slices.Contains(outcomes, c.Outcome) {
			took = append(took, c.Done.Sub(c.Sent))
		}
	}
	return took
}

// deliveryTimes returns the times from sending a message until each stream delivered it.
func (h *history) deliveryTimes(s *stored, in timeSpan) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rows := s.index()
	type place struct{ room, seq uint64 }
	sent := map[place]time.Time{}
	for _, c := range h.Calls {
		if list := rows[c.messageID()]; c.Outcome == acked && in.contains(c.Sent) && len(list) > 0 {
			sent[place{c.Room, list[0].Seq}] = c.Sent
		}
	}
	for _, e := range h.Events {
		if at, ok := sent[place{e.Room, e.Cursor.Seq}]; ok && e.Kind == entry {
			took = append(took, e.At.Sub(at))
		}
	}
	return took
}

// count returns the number of events of a kind within a span.
func (h *history) count(w eventKind, in timeSpan) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.Events {
		if e.Kind == w && in.contains(e.At) {
			n++
		}
	}
	return n
}

// outages returns the durations for which pages had no stream, for streams lost within a span. A page that
// never reconnected counts until now.
func (h *history) outages(in timeSpan) (took []time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lostAt := map[int]time.Time{}
	for _, e := range h.Events {
		switch since, away := lostAt[e.Viewer]; {
		case e.Kind == disconnected && in.contains(e.At):
			lostAt[e.Viewer] = e.At
		case e.Kind == connected && away:
			took = append(took, e.At.Sub(since))
			delete(lostAt, e.Viewer)
		}
	}
	for _, since := range lostAt {
		took = append(took, time.Since(since))
	}
	return took
}

// quantile returns 0 for an empty list.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
