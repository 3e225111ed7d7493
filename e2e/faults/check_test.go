package faults

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// goodRun returns a small history without violations: two rooms with two senders and three viewers each, one
// of which reconnects and one of which has to reload.
func goodRun() (*history, *stored) {
	h := &history{Start: time.Unix(1_700_000_000, 0)}
	s := &stored{Rooms: map[uint64]cursor{}, Entries: map[uint64][]row{}}
	at := func(n uint64) time.Time { return h.Start.Add(time.Duration(n) * 100 * time.Millisecond) }
	for room := uint64(1); room <= 2; room++ {
		users := []string{fmt.Sprintf("ann%d", room), fmt.Sprintf("bob%d", room)}
		s.Entries[room] = []row{{Seq: 1, Kind: "meet", Author: users[0]}}
		for _, name := range users {
			s.Memberships = append(s.Memberships, membership{Room: room, User: name, Joined: 1})
		}
		for seq := uint64(2); seq <= 11; seq++ {
			author := users[seq%2]
			c := call{Room: room, Author: author, Transport: "socket", Key: fmt.Sprintf("k%d", seq), Body: fmt.Sprintf("text %d", seq),
				N: int(seq / 2), Sent: at(seq), Done: at(seq).Add(time.Millisecond), Outcome: acked, Seq: seq}
			if seq == 5 {
				first := c
				first.Outcome, first.Seq, first.Why = unknown, 0, "the connection was lost"
				h.Calls = append(h.Calls, first)
			}
			h.Calls = append(h.Calls, c)
			s.Entries[room] = append(s.Entries[room], row{Seq: seq, Kind: "text", Author: author, Key: c.Key, Body: c.Body})
		}
		s.Rooms[room] = cursor{Epoch: 7, Seq: 11}
		for i := range 3 {
			viewer := int(room)*10 + i
			h.MustBeCurrent = append(h.MustBeCurrent, viewer)
			see := func(w eventKind, seq uint64) {
				e := event{Viewer: viewer, Room: room, User: users[i%2], Kind: w, At: at(seq)}
				if w == loaded || w == entry || w == heartbeat {
					e.Cursor = cursor{Epoch: 7, Seq: seq}
				}
				if w == entry {
					e.Data = fmt.Sprintf("<li id=m-%d>", seq)
				}
				h.Events = append(h.Events, e)
			}
			see(loaded, 1)
			see(connected, 1)
			for seq := uint64(2); seq <= 11; seq++ {
				if i == 2 && seq == 6 {
					see(resetSent, 6)
					see(loaded, 6)
					see(connected, 6)
					continue
				}
				see(entry, seq)
				see(heartbeat, seq)
				if i == 1 && seq == 6 {
					see(disconnected, seq)
					see(connected, seq)
				}
			}
		}
	}
	return h, s
}

func TestGoodRunHasNoViolations(t *testing.T) {
	h, s := goodRun()
	for _, v := range check(h, s) {
		t.Error(v)
	}
}

// indexOfEntry returns the index of the event in which a viewer got an entry.
func indexOfEntry(h *history, viewer int, seq uint64) int {
	return slices.IndexFunc(h.Events, func(e event) bool { return e.Viewer == viewer && e.Kind == entry && e.Cursor.Seq == seq })
}

// A check that cannot fail proves nothing: each of these cases breaks one thing.
func TestEachInvariantCanFail(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(h *history, s *stored)
		want  []string
	}{
		{"an acknowledgement is forged", func(h *history, _ *stored) {
			h.Calls = append(h.Calls, call{Room: 1, Author: "ann1", Body: "never stored", Key: "x", N: 99, Outcome: acked, Seq: 12, Sent: h.Start, Done: h.Start})
		}, []string{"I1"}},
		{"the wrong seq is acknowledged", func(h *history, _ *stored) { h.Calls[0].Seq++ }, []string{"I1"}},
		{"a form's message is not stored", func(h *history, s *stored) {
			h.Calls[0].Seq = 0
			s.Entries[1][1].Body = "another text"
		}, []string{"I1"}},
		{"a retry is stored again", func(_ *history, s *stored) {
			r := s.Entries[1][4]
			r.Seq = 12
			s.Entries[1] = append(s.Entries[1], r)
			s.Rooms[1] = cursor{7, 12}
		}, []string{"I2", "I5"}},
		{"a text is stored again under another key", func(_ *history, s *stored) {
			r := s.Entries[1][4]
			r.Seq, r.Key = 12, "other"
			s.Entries[1] = append(s.Entries[1], r)
			s.Rooms[1] = cursor{7, 12}
		}, []string{"I2", "I5"}},
		{"an entry is missing from the log", func(h *history, s *stored) {
			s.Entries[2] = slices.Delete(s.Entries[2], 3, 4)
			h.Calls = slices.DeleteFunc(h.Calls, func(c call) bool { return c.Room == 2 && c.Seq == 4 })
		}, []string{"I3"}},
		{"a log ends before its room does", func(_ *history, s *stored) { s.Rooms[2] = cursor{7, 12} }, []string{"I3", "I5"}},
		{"an event is dropped", func(h *history, _ *stored) { i := indexOfEntry(h, 10, 5); h.Events = slices.Delete(h.Events, i, i+2) }, []string{"I4"}},
		{"the last event is dropped", func(h *history, _ *stored) {
			i := indexOfEntry(h, 10, 11)
			h.Events = slices.Delete(h.Events, i, i+2)
		}, []string{"I5"}},
		{"the last event is dropped and a heartbeat shows it", func(h *history, _ *stored) {
			i := indexOfEntry(h, 10, 11)
			h.Events = slices.Delete(h.Events, i, i+1)
		}, []string{"I4", "I5"}},
		{"an event is duplicated", func(h *history, _ *stored) {
			i := indexOfEntry(h, 11, 5)
			h.Events = slices.Insert(h.Events, i, h.Events[i])
		}, []string{"I4"}},
		{"two events change places", func(h *history, _ *stored) {
			i, j := indexOfEntry(h, 11, 8), indexOfEntry(h, 11, 9)
			h.Events[i], h.Events[j] = h.Events[j], h.Events[i]
		}, []string{"I4"}},
		{"a viewer does not reload after a reset", func(h *history, _ *stored) {
			i := slices.IndexFunc(h.Events, func(e event) bool { return e.Viewer == 12 && e.Kind == resetSent })
			h.Events = slices.Delete(h.Events, i+1, i+2)
		}, []string{"I4"}},
		{"the epoch changes without a reset", func(h *history, s *stored) {
			for i, e := range h.Events {
				if e.Viewer == 10 && e.Kind == entry && e.Cursor.Seq == 11 {
					h.Events[i].Cursor.Epoch = 8
				}
			}
			_ = s
		}, []string{"I4", "I5"}},
		{"an entry is rendered differently for one viewer", func(h *history, _ *stored) { h.Events[indexOfEntry(h, 21, 7)].Data = "<li class=mine>" }, []string{"I6"}},
		{"a viewer gets an entry from after they left", func(_ *history, s *stored) { s.Memberships[0].Left = 6 }, []string{"I7"}},
		{"a viewer gets an entry from before they joined", func(_ *history, s *stored) { s.Memberships[0].Joined = 5 }, []string{"I7"}},
		{"an unknown outcome is never settled", func(h *history, _ *stored) {
			h.Calls = slices.DeleteFunc(h.Calls, func(c call) bool { return c.Room == 1 && c.Seq == 5 })
		}, []string{"I8"}},
		{"two messages of a sender change places", func(h *history, s *stored) {
			a, b := &s.Entries[1][3], &s.Entries[1][5]
			a.Body, b.Body, a.Key, b.Key = b.Body, a.Body, b.Key, a.Key
			for i := range h.Calls {
				h.Calls[i].Seq = 0
			}
		}, []string{"I9"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := goodRun()
			c.spoil(h, s)
			var got []string
			for _, v := range check(h, s) {
				if !slices.Contains(got, v.Invariant) {
					got = append(got, v.Invariant)
				}
				if len(v.History) == 0 && len(v.Text) == 0 {
					t.Errorf("%s has neither text nor history", v.Invariant)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}
