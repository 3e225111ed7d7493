package web

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"

	"parley/views"
)

// metric reads a value as Prometheus does.
func (s *site) metric(name string) float64 {
	s.t.Helper()
	answer := httptest.NewRecorder()
	s.server.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(answer.Body.String())
	if found == nil {
		s.t.Fatalf("there is no %s in\n%s", name, answer.Body)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	must(s.t, err)
	return n
}

// TestMetrics checks that the metrics on the admin listener count what happens.
func TestMetrics(t *testing.T) {
	s, ann, bob, room := talked(t, options{}, 1)
	a, b := ann.open(room), bob.open(room)
	eventually(t, "both streams are counted", func() bool { return s.metric("parley_viewers") == 4 }) // rooms' and lists'
	if n := s.metric("parley_sockets"); n != 2 {
		t.Errorf("%v sockets", n)
	}
	a.talk.say("k", "over the socket")
	a.talk.say("k", "over the socket")
	ann.post(views.RoomPath(room)+"/messages", form("body", "by the form")).mustBe(303)
	ann.post(views.RoomPath(room)+"/messages", form("body", "")).mustBe(422)
	b.room.await("the last message", shows("by the form"))
	for name, want := range map[string]float64{
		`parley_ack_seconds_count{answer="ok",transport="socket"}`:    2,
		`parley_ack_seconds_count{answer="ok",transport="form"}`:      1,
		`parley_ack_seconds_count{answer="refused",transport="form"}`: 1,
		`parley_post_repeats_total`:                                   1,
		`parley_bus_up`:                                               1,
		`parley_bus_peers`:                                            1,
		`parley_gaps_total`:                                           0,
		`parley_resets_total{reason="other-log"}`:                     0,
	} {
		if got := s.metric(name); got != want {
			t.Errorf("%s is %v, not %v", name, got, want)
		}
	}
	eventually(t, "deliveries are timed", func() bool { return s.metric("parley_delivery_seconds_count") == 2 })
	if sum := s.metric("parley_delivery_seconds_sum"); sum <= 0 || sum > 5 {
		t.Errorf("the deliveries took %v s", sum)
	}
	bob.listen(eventsPath(room) + "?after=" + s.cursor(room, 99)).awaitEnd()
	if n := s.metric(`parley_resets_total{reason="bad-cursor"}`); n != 1 {
		t.Errorf("%v resets", n)
	}
}
