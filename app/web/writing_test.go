package web

import (
	"fmt"
	"parley/app/bus"
	"sync/atomic"
	"testing"
	"time"
)

// TestAFloodOfTypingMessages reports more often than anybody could that they are typing, over several sockets
// of one person. The others are notified once a second, the posts among them are all answered, and
// nobody waits.
func TestAFloodOfTypingMessages(t *testing.T) {
	onBoth(t, options{limits: true}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob, room := list[0], list[1], s.befriend(list[0], list[1])
		var told atomic.Int64
		defer s.bus.Listen(func(e bus.Event) {
			if e.Kind == bus.EventSignal && e.Signal.Kind == bus.Typing && e.Signal.User == ann.id {
				told.Add(1)
			}
		})()
		start := time.Now()
		sockets := []*talker{ann.talk(room), ann.talk(room), ann.talk(room)}
		other := bob.talk(room)
		for i := range 5 {
			for _, k := range sockets {
				for range 400 {
					k.text(`{"writing":true}`)
				}
			}
			if r := sockets[i%3].say(fmt.Sprint("k", i), fmt.Sprint("message ", i)); r.seq == 0 {
				t.Errorf("message %d: %+v", i, r)
			}
			if r := other.say(fmt.Sprint("o", i), "meanwhile"); r.seq == 0 {
				t.Errorf("of the other: %+v", r)
			}
		}
		for i, k := range sockets { // all before it has been read then
			if r := k.say(fmt.Sprint("end", i), "the end"); r.seq == 0 {
				t.Errorf("the last message: %+v", r)
			}
		}
		if n, most := told.Load(), int64(time.Since(start)/time.Second)+1; n < 1 || n > most {
			t.Errorf("told %d times, in %v", n, time.Since(start))
		}
		s.clock.pass(time.Second)
		before := told.Load()
		sockets[0].text(`{"writing":true}`)
		eventually(t, "the next time", func() bool { return told.Load() > before })
	})
}
