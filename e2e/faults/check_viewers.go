package faults

import (
	"fmt"
	"slices"
)

// byViewer groups the events by viewer, in the order in which the viewer saw them.
func (h *history) byViewer() map[int][]event {
	views := map[int][]event{}
	for _, e := range h.Events {
		views[e.Viewer] = append(views[e.Viewer], e)
	}
	return views
}

// checkViewers is I4: each viewer, across reconnects, gets exactly the next entry, or has to reload its
// page.
func checkViewers(h *history, _ *stored) (found []violation) {
	for _, list := range h.byViewer() {
		var at cursor
		var since []event // from the one that set the cursor
		mustReload := false
		for _, e := range list {
			since = append(since, e)
			problem := ""
			switch e.Kind {
			case loaded:
				if at != (cursor{}) && !mustReload {
					problem = "reloaded its page without being told to"
				}
				at, mustReload, since = e.Cursor, false, []event{e}
			case entry:
				switch {
				case mustReload:
					problem = "got an entry after a reset"
				case e.Cursor.Epoch != at.Epoch:
					problem = "got an entry of another epoch"
				case e.Cursor.Seq <= at.Seq:
					problem = fmt.Sprintf("got %d twice, or late", e.Cursor.Seq)
				case e.Cursor.Seq > at.Seq+1:
					problem = fmt.Sprintf("got %d without %d", e.Cursor.Seq, at.Seq+1)
				}
				at = e.Cursor
				if problem == "" {
					since = []event{e}
				}
			case heartbeat:
				if e.Cursor != (cursor{}) && e.Cursor != at {
					problem = "is assumed at " + e.Cursor.String() + ", but is at " + at.String()
				}
			case resetSent:
				mustReload = true
			}
			if problem != "" {
				found = append(found, violation{"I4", fmt.Sprintf("viewer %d %s", e.Viewer, problem), h.describeEvents(since)})
				break
			}
		}
	}
	return found
}

func (h *history) describeEvents(events []event) (lines []string) {
	if cut := len(events) - 12; cut > 0 { // leave out reconnects between the two that matter
		events = slices.Concat(events[:1], events[len(events)-11:])
	}
	for _, e := range events {
		lines = append(lines, h.describeEvent(e))
	}
	return lines
}

// checkCaughtUp is I5: every viewer that stayed has every entry. The load waits for that first, up to the
// scenario's limit.
func checkCaughtUp(h *history, s *stored) (found []violation) {
	views := h.byViewer()
	for _, viewer := range h.MustBeCurrent {
		var at cursor
		var newest event
		for _, e := range views[viewer] {
			if e.Kind == loaded || e.Kind == entry {
				at = e.Cursor
			}
			newest = e
		}
		if end := s.Rooms[newest.Room]; at != end {
			found = append(found, violation{"I5", fmt.Sprintf("viewer %d is at %s, but room %d ends at %s", viewer, at, newest.Room, end),
				[]string{h.describeEvent(newest)}})
		}
	}
	return found
}

// checkSameBytes is I6: an entry has the same bytes for every viewer, whenever it is delivered.
func checkSameBytes(h *history, _ *stored) (found []violation) {
	type place struct {
		room uint64
		at   cursor
	}
	first := map[place]event{}
	for _, e := range h.Events {
		if e.Kind != entry || e.Data == "" { // only the order is recorded for streamed pages
			continue
		}
		key := place{e.Room, e.Cursor}
		before, seen := first[key]
		if !seen {
			first[key] = e
			continue
		}
		if before.Data != e.Data {
			found = append(found, violation{"I6", fmt.Sprintf("entry %s of room %d differs between viewers", e.Cursor, e.Room),
				[]string{h.describeEvent(before), before.Data, h.describeEvent(e), e.Data}})
		}
	}
	return found
}

// checkMemberships is I7: no viewer gets an entry from outside their membership. The entry that ends it is
// part of it.
func checkMemberships(h *history, s *stored) (found []violation) {
	type place struct {
		room uint64
		user string
	}
	memberships := map[place][]membership{}
	for _, w := range s.Memberships {
		key := place{w.Room, w.User}
		memberships[key] = append(memberships[key], w)
	}
	for _, e := range h.Events {
		if e.Kind != entry || s.Rooms[e.Room].Epoch != e.Cursor.Epoch {
			continue
		}
		inside := slices.ContainsFunc(memberships[place{e.Room, e.User}], func(w membership) bool {
			return e.Cursor.Seq >= w.Joined && (w.Left == 0 || e.Cursor.Seq <= w.Left)
		})
		if !inside {
			found = append(found, violation{"I7", fmt.Sprintf("%s was not in room %d at %d", e.User, e.Room, e.Cursor.Seq),
				[]string{h.describeEvent(e), fmt.Sprintf("%+v", memberships[place{e.Room, e.User}])}})
		}
	}
	return found
}
