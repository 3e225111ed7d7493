package faults

import (
	"fmt"
	"slices"
)

// most violations of one kind say nothing that the first few do not.
const mostShown = 3

// check holds what the clients saw against what is stored. It is to be asked when all is healed,
// all calls are settled and the viewers had their time to catch up.
func check(h *history, s *stored) (found []violation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, part := range []func(*history, *stored) []violation{
		checkAcknowledged, checkOnce, checkContiguous, checkViewers, checkCaughtUp,
		checkSameBytes, checkWindows, checkSettled, checkSendersOrder,
	} {
		list := part(h, s)
		if len(list) > mostShown {
			list = append(list[:mostShown:mostShown], violation{Invariant: list[0].Invariant,
				Says: fmt.Sprintf("and %d more", len(list)-mostShown)})
		}
		found = append(found, list...)
	}
	return found
}

type said struct {
	room         uint64
	author, body string
}

// index finds what is stored of a body, which is said only once in a run.
func (s *stored) index() map[said][]row {
	rows := map[said][]row{}
	for room, list := range s.Entries {
		for _, r := range list {
			if r.Kind == "text" {
				key := said{room, r.Author, r.Body}
				rows[key] = append(rows[key], r)
			}
		}
	}
	return rows
}

func (c call) said() said { return said{c.Room, c.Author, c.Body} }

// checkAcknowledged is I1: every acknowledged post is stored, with the seq that was acknowledged.
func checkAcknowledged(h *history, s *stored) (found []violation) {
	rows := s.index()
	for _, c := range h.Calls {
		if c.Outcome != acked {
			continue
		}
		list := rows[c.said()]
		lines := []string{h.call(c)}
		for _, r := range list {
			lines = append(lines, r.String())
		}
		switch {
		case len(list) == 0:
			found = append(found, violation{"I1", "acknowledged and not stored", lines})
		case c.Seq > 0 && !slices.ContainsFunc(list, func(r row) bool { return r.Seq == c.Seq }):
			found = append(found, violation{"I1", "acknowledged with another seq than it has", lines})
		}
	}
	return found
}

// checkOnce is I2: no key and no body is there twice.
func checkOnce(_ *history, s *stored) (found []violation) {
	for room, list := range s.Entries {
		type key struct{ author, key string }
		keys := map[key]row{}
		bodies := map[key]row{}
		for _, r := range list {
			if r.Kind != "text" {
				continue
			}
			first, again := keys[key{r.Author, r.Key}]
			if !again {
				first, again = bodies[key{r.Author, r.Body}]
			}
			if again {
				found = append(found, violation{"I2", fmt.Sprintf("stored twice in room %d", room), []string{first.String(), r.String()}})
			}
			keys[key{r.Author, r.Key}], bodies[key{r.Author, r.Body}] = r, r
		}
	}
	return found
}

// checkContiguous is I3: a room's log is exactly 1 to last_seq.
func checkContiguous(_ *history, s *stored) (found []violation) {
	for room, end := range s.Rooms {
		next := uint64(1)
		var before row
		for _, r := range s.Entries[room] {
			if r.Seq != next {
				found = append(found, violation{"I3", fmt.Sprintf("room %d has no entry %d", room, next), []string{before.String(), r.String()}})
				next = r.Seq
			}
			before = r
			next++
		}
		if next-1 != end.Seq {
			found = append(found, violation{"I3", fmt.Sprintf("room %d says that it ends at %d", room, end.Seq), []string{before.String()}})
		}
	}
	return found
}

// checkSettled is I8: what was unknown or refused for a while is settled by sending it again.
func checkSettled(h *history, _ *stored) (found []violation) {
	last := map[said]call{}
	open := map[said]bool{}
	for _, c := range h.Calls {
		last[c.said()] = c
		if c.Outcome == unknown || c.Outcome == later {
			open[c.said()] = true
		}
	}
	for key := range open {
		if c := last[key]; c.Outcome != acked && c.Outcome != gone {
			found = append(found, violation{"I8", "never settled", []string{h.call(c)}})
		}
	}
	return found
}

// checkSendersOrder is I9: the messages of each sender stand in the order sent. A sender here says
// nothing new before the last is settled.
func checkSendersOrder(h *history, s *stored) (found []violation) {
	rows := s.index()
	type sender struct {
		room   uint64
		author string
	}
	type place struct {
		call call
		row  row
	}
	lines := map[sender][]place{}
	for _, c := range h.Calls {
		if list := rows[c.said()]; len(list) > 0 && c.Outcome == acked {
			key := sender{c.Room, c.Author}
			lines[key] = append(lines[key], place{c, list[0]})
		}
	}
	for _, list := range lines {
		slices.SortStableFunc(list, func(a, b place) int { return a.call.N - b.call.N })
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; a.row.Seq >= b.row.Seq && a.call.N != b.call.N {
				found = append(found, violation{"I9", "stored in another order than sent",
					[]string{h.call(a.call), h.call(b.call), a.row.String(), b.row.String()}})
			}
		}
	}
	return found
}
