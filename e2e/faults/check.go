package faults

import (
	"fmt"
	"slices"
)

// mostShown limits the violations of each invariant: more of them add nothing.
const mostShown = 3

// check compares what the clients saw with what is stored. Before it is called, all faults must have been
// removed, all calls be settled, and the viewers have had time to catch up.
func check(h *history, s *stored) (found []violation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, part := range []func(*history, *stored) []violation{
		checkAcknowledged, checkOnce, checkContiguous, checkViewers, checkCaughtUp,
		checkSameBytes, checkMemberships, checkSettled, checkSendersOrder,
	} {
		list := part(h, s)
		if len(list) > mostShown {
			list = append(list[:mostShown:mostShown], violation{Invariant: list[0].Invariant,
				Text: fmt.Sprintf("and %d more", len(list)-mostShown)})
		}
		found = append(found, list...)
	}
	return found
}

type messageID struct {
	room         uint64
	author, body string
}

// index returns the rows of each message. A body is posted only once in a run.
func (s *stored) index() map[messageID][]row {
	rows := map[messageID][]row{}
	for room, list := range s.Entries {
		for _, r := range list {
			if r.Kind == "text" {
				key := messageID{room, r.Author, r.Body}
				rows[key] = append(rows[key], r)
			}
		}
	}
	return rows
}

func (c call) messageID() messageID { return messageID{c.Room, c.Author, c.Body} }

// checkAcknowledged is I1: every acknowledged post is stored, with the seq that was acknowledged.
func checkAcknowledged(h *history, s *stored) (found []violation) {
	rows := s.index()
	for _, c := range h.Calls {
		if c.Outcome != acked {
			continue
		}
		list := rows[c.messageID()]
		lines := []string{h.describeCall(c)}
		for _, r := range list {
			lines = append(lines, r.String())
		}
		switch {
		case len(list) == 0:
			found = append(found, violation{"I1", "acknowledged, but not stored", lines})
		case c.Seq > 0 && !slices.ContainsFunc(list, func(r row) bool { return r.Seq == c.Seq }):
			found = append(found, violation{"I1", "acknowledged with another seq than stored", lines})
		}
	}
	return found
}

// checkOnce is I2: no key and no body is stored twice.
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
			found = append(found, violation{"I3", fmt.Sprintf("room %d should end at %d", room, end.Seq), []string{before.String()}})
		}
	}
	return found
}

// checkSettled is I8: a post whose outcome was unknown or not final is settled by another attempt.
func checkSettled(h *history, _ *stored) (found []violation) {
	last := map[messageID]call{}
	open := map[messageID]bool{}
	for _, c := range h.Calls {
		last[c.messageID()] = c
		if c.Outcome == unknown || c.Outcome == retryLater {
			open[c.messageID()] = true
		}
	}
	for key := range open {
		if c := last[key]; c.Outcome != acked && c.Outcome != notMember {
			found = append(found, violation{"I8", "never settled", []string{h.describeCall(c)}})
		}
	}
	return found
}

// checkSendersOrder is I9: the messages of each sender are stored in the order in which they were sent. A
// sender here posts nothing new before the last message is settled.
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
		if list := rows[c.messageID()]; len(list) > 0 && c.Outcome == acked {
			key := sender{c.Room, c.Author}
			lines[key] = append(lines[key], place{c, list[0]})
		}
	}
	for _, list := range lines {
		slices.SortStableFunc(list, func(a, b place) int { return a.call.N - b.call.N })
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; a.row.Seq >= b.row.Seq && a.call.N != b.call.N {
				found = append(found, violation{"I9", "stored in another order than sent",
					[]string{h.describeCall(a.call), h.describeCall(b.call), a.row.String(), b.row.String()}})
			}
		}
	}
	return found
}
