package faults

import (
	"fmt"
	"slices"
)

// byViewer sorts the events by viewer; each viewer's are in the order in which it saw them.
func (h *history) byViewer() map[int][]event {
	views := map[int][]event{}
	for _, e := range h.Events {
		views[e.Viewer] = append(views[e.Viewer], e)
	}
	return views
}

// checkViewers is I4: each viewer, across its reconnects, gets the next entry and no other, or is
// told to load its page again.
func checkViewers(h *history, _ *stored) (found []violation) {
	for _, list := range h.byViewer() {
		var at cursor
		var since []event // from what set the cursor on
		told := false
		for _, e := range list {
			since = append(since, e)
			bad := ""
			switch e.What {
			case loaded:
				if at != (cursor{}) && !told {
					bad = "loaded its page again, and nobody had told it to"
				}
				at, told, since = e.Cursor, false, []event{e}
			case entry:
				switch {
				case told:
					bad = "got an entry after a reset"
				case e.Cursor.Epoch != at.Epoch:
					bad = "got an entry of another epoch"
				case e.Cursor.Seq <= at.Seq:
					bad = fmt.Sprintf("got %d again, or late", e.Cursor.Seq)
				case e.Cursor.Seq > at.Seq+1:
					bad = fmt.Sprintf("got %d without %d", e.Cursor.Seq, at.Seq+1)
				}
				at = e.Cursor
				if bad == "" {
					since = []event{e}
				}
			case heartbeat:
				if e.Cursor != (cursor{}) && e.Cursor != at {
					bad = "is believed at " + e.Cursor.String() + " and is at " + at.String()
				}
			case resetting:
				told = true
			}
			if bad != "" {
				found = append(found, violation{"I4", fmt.Sprintf("viewer %d %s", e.Viewer, bad), h.lines(since)})
				break
			}
		}
	}
	return found
}

func (h *history) lines(events []event) (lines []string) {
	if cut := len(events) - 12; cut > 0 { // connects and losses between the two that matter
		events = slices.Concat(events[:1], events[len(events)-11:])
	}
	for _, e := range events {
		lines = append(lines, h.event(e))
	}
	return lines
}

// checkCaughtUp is I5: everybody who stayed has everything. The rig waits for it as long as the
// fault's bar allows, and asks then.
func checkCaughtUp(h *history, s *stored) (found []violation) {
	views := h.byViewer()
	for _, viewer := range h.Last {
		var at cursor
		var newest event
		for _, e := range views[viewer] {
			if e.What == loaded || e.What == entry {
				at = e.Cursor
			}
			newest = e
		}
		if end := s.Rooms[newest.Room]; at != end {
			found = append(found, violation{"I5", fmt.Sprintf("viewer %d is at %s, and room %d ends at %s", viewer, at, newest.Room, end),
				[]string{h.event(newest)}})
		}
	}
	return found
}

// checkSameBytes is I6: an entry is the same bytes for everybody, whenever it comes.
func checkSameBytes(h *history, _ *stored) (found []violation) {
	type place struct {
		room uint64
		at   cursor
	}
	first := map[place]event{}
	for _, e := range h.Events {
		if e.What != entry || e.Data == "" { // of a streamed page only the order is read here
			continue
		}
		key := place{e.Room, e.Cursor}
		before, seen := first[key]
		if !seen {
			first[key] = e
			continue
		}
		if before.Data != e.Data {
			found = append(found, violation{"I6", fmt.Sprintf("entry %s of room %d is not the same for all", e.Cursor, e.Room),
				[]string{h.event(before), before.Data, h.event(e), e.Data}})
		}
	}
	return found
}

// checkWindows is I7: nobody gets an entry from outside their time in the room. The entry that ends
// it belongs to it.
func checkWindows(h *history, s *stored) (found []violation) {
	type place struct {
		room uint64
		user string
	}
	windows := map[place][]window{}
	for _, w := range s.Windows {
		key := place{w.Room, w.User}
		windows[key] = append(windows[key], w)
	}
	for _, e := range h.Events {
		if e.What != entry || s.Rooms[e.Room].Epoch != e.Cursor.Epoch {
			continue
		}
		inside := slices.ContainsFunc(windows[place{e.Room, e.User}], func(w window) bool {
			return e.Cursor.Seq >= w.Joined && (w.Left == 0 || e.Cursor.Seq <= w.Left)
		})
		if !inside {
			found = append(found, violation{"I7", fmt.Sprintf("%s was not in room %d at %d", e.User, e.Room, e.Cursor.Seq),
				[]string{h.event(e), fmt.Sprintf("%+v", windows[place{e.Room, e.User}])}})
		}
	}
	return found
}
