package main

import (
	"net"
	"strings"
	"testing"
	"time"
)

// stream lets a viewer read what a server would write, and returns what it finds wrong.
func stream(t *testing.T, watches bool, written string) *audience {
	t.Helper()
	ours, theirs := net.Pipe()
	a := &audience{}
	v := &viewer{room: 7, epoch: 1, watches: watches, conn: ours, of: a}
	v.last.Store(4)
	a.viewers = append(a.viewers, v)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		v.read(newReader(ours))
	}()
	if _, err := theirs.Write([]byte(written)); err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	<-ended
	a.problems = a.problems[:len(a.problems)-1] // that the stream has ended
	return a
}

// TestViewersFindWhatIsWrong checks the checks: a measurement is worth nothing if they would pass whatever comes.
func TestViewersFindWhatIsWrong(t *testing.T) {
	token := newToken(1)
	entry := func(seq, body string) string { return "3f\r\nid: 1-" + seq + "\ndata: <li>" + body + "</li>\n\n\r\n" }
	for name, c := range map[string]struct {
		written string
		acked   uint64
		wrong   string
	}{
		"in order":        {entry("5", token) + entry("6", "x"), 5, ""},
		"one is missing":  {entry("5", token) + entry("7", "x"), 5, "entry 7 came after 5"},
		"out of order":    {entry("5", token) + entry("7", "x") + entry("6", "x"), 5, "entry 6 came after 7"},
		"another number":  {entry("5", token), 6, "message 6 was seen as"},
		"not delivered":   {entry("5", "x"), 5, "0 of 1 watching viewers saw it"},
		"delivered twice": {entry("5", token) + entry("6", token), 5, "2 of 1"},
		"the last lacks":  {entry("5", token), 5, "lacks the last"},
		"another epoch":   {strings.ReplaceAll(entry("5", token), "1-", "2-"), 5, "cursor"},
	} {
		t.Run(name, func(t *testing.T) {
			a := stream(t, true, c.written)
			crew := crew{acked: map[string]uint64{token: c.acked}}
			crew.check(a, 1)
			head := a.viewers[0].last.Load()
			if c.wrong == "lacks the last" {
				head++
			}
			a.await(map[uint64]uint64{7: head}, time.Millisecond)
			found := strings.Join(a.problems, "; ")
			if c.wrong == "" && found != "" || !strings.Contains(found, c.wrong) {
				t.Errorf("found %q instead of %q", found, c.wrong)
			}
		})
	}
}

func TestRounded(t *testing.T) {
	for x, want := range map[float64]float64{0.0123456: 0.0123, 123456: 123000, 1: 1, 0: 0, -45.678: -45.7} {
		if got := rounded(x); got != want {
			t.Errorf("rounded(%v) = %v instead of %v", x, got, want)
		}
	}
}
