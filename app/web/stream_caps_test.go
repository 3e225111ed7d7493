package web

import (
	"fmt"
	"testing"
)

// TestStreamsHaveCaps is T27: the thirteenth is refused, and what was counted is given back.
func TestStreamsHaveCaps(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{limits: true}, 0)
	open := make([]*listener, 12)
	for i := range open {
		open[i] = ann.listen([]string{"/events", eventsPath(room)}[i%2])
	}
	a := ann.get("/events").mustBe(429)
	if a.header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	ann.another().get(eventsPath(room)).mustBe(429) // another session is not another person
	bob.listen("/events").hangUp()                  // somebody else has their own
	talks := make([]*talker, 6)
	for i := range talks {
		talks[i] = ann.talk(room)
	}
	if k, a := ann.tryTalk(socketPath(room), "Origin: "+s.origin()); k != nil || a.status != 429 {
		t.Errorf("the seventh socket: %d", a.status)
	}
	if n := s.server.limiter.Open(); n < 18 || n > 19 {
		t.Errorf("%d are open", n)
	}
	for _, l := range open {
		l.hangUp()
	}
	for _, k := range talks {
		must(t, k.conn.Close())
	}
	eventually(t, "all counts back at zero", func() bool {
		return s.server.limiter.Open() == 0 && s.server.hub.Viewers() == 0 && s.server.sockets.Open() == 0
	})
	ann.listen("/events")
	ann.talk(room)
}

// TestAnAddressHasACapToo checks the 60 of T27.
func TestAnAddressHasACapToo(t *testing.T) {
	t.Parallel()
	s := start(t, options{limits: true, trusted: []string{"127.0.0.1/32"}})
	for i := range 5 {
		b := s.person(fmt.Sprintf("person%d", i))
		for range 12 {
			b.listen("/events")
		}
	}
	last := s.person("last")
	if l := last.tryListen("/events"); l.status != 429 {
		t.Errorf("the 61st: %d", l.status)
	}
	last.listen("/events", "X-Forwarded-For: 9.9.9.9")
}
