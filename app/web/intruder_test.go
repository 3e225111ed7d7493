package web

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/e2e/rig"
)

// TestNobodyTalksIntoAStream checks that a client that sends into its open stream, which no browser does, is
// disconnected.
func TestNobodyTalksIntoAStream(t *testing.T) {
	t.Parallel()
	s, ann, _, room := talked(t, options{}, 1)
	for _, path := range []string{"/events", fmt.Sprintf("/rooms/%d/events", room), fmt.Sprintf("/rooms/%d/live", room)} {
		l := s.dial()
		l.write("GET " + path + " HTTP/1.1\r\nHost: " + s.addr + "\r\nCookie: " + ann.cookie() + "\r\n\r\n\r\n")
		first := make([]byte, 12)
		if _, err := io.ReadFull(l.in, first); err != nil || string(first) != "HTTP/1.1 200" {
			t.Fatalf("%s: %q, %v", path, first, err)
		}
		l.write(strings.Repeat("x", 500)) // as a proxy with another request might
		time.Sleep(50 * time.Millisecond)
		if n := s.server.limiter.Open(); n != 1 {
			t.Errorf("%s: %d are open after a little", path, n)
		}
		for range 64 {
			l.write(strings.Repeat("x", 64<<10))
		}
		eventually(t, "the stream's end", func() bool { return s.server.limiter.Open() == 0 })
		_ = l.conn.Close()
	}
}

// TestAFloodOfFrames is T30: six sockets of one person send as fast as they can, and others do not notice.
// Whoever carries on is disconnected, and cannot connect again at once.
func TestAFloodOfFrames(t *testing.T) {
	t.Parallel()
	typing := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(`{"writing":true}`))))
	post := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(`{"body":"too fast","key":"k"}`))))
	for name, frames := range map[string][]byte{
		"pings":           frameBytes(0x89, true, make([]byte, 125)),
		"pongs":           frameBytes(0x8a, true, nil),
		"empty fragments": append(frameBytes(1, true, nil), append(bytes.Repeat(frameBytes(0, true, nil), 20), frameBytes(0x80, true, []byte(`{"writing":true}`))...)...),
		"typing":          typing,
		"posts":           post,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ann, bob, room := talked(t, options{limits: true}, 0)
			other, sockets := bob.talk(room), make([]*talker, 6)
			for i := range sockets {
				sockets[i] = ann.talk(room)
			}
			var ended sync.WaitGroup
			for _, k := range sockets {
				ended.Go(func() { _, _ = k.conn.Write(bytes.Repeat(frames, 6000)) })
				ended.Go(func() {
					if code := k.awaitClose(testPatience); code != 1008 && code != 0 { // the kernel drops it where it was not read
						t.Errorf("closed with %d", code)
					}
				})
			}
			var slowest time.Duration
			for i := range 10 {
				begin := time.Now()
				if r := other.say(fmt.Sprint("k", i), "meanwhile"); r.seq == 0 {
					t.Errorf("somebody else's post: %+v", r)
				}
				slowest = max(slowest, time.Since(begin))
			}
			ended.Wait()
			if k, a := ann.tryTalk(socketPath(room), "Origin: "+s.origin()); k != nil || a.status != 429 {
				t.Errorf("a new socket at once: %d", a.status)
			}
			t.Logf("others' posts took %v at most", slowest)
			if slowest > rig.Limit(4*time.Second) {
				t.Errorf("others' posts took %v", slowest)
			}
		})
	}
}

// TestPostsBeyondThePaceCostNothing checks that they are refused before the database is asked anything.
func TestPostsBeyondThePaceCostNothing(t *testing.T) {
	t.Parallel()
	address, w := throughProxy(t, rig.MySQL(t))
	s, ann, _, room := talked(t, options{database: address, limits: true}, 0)
	s.clock.stop() // or the pace comes back, one every fifth of a second
	k := ann.talk(room)
	for i := range 60 {
		k.post(fmt.Sprint("k", i), "hello")
	}
	taken := 0
	for range 60 {
		if r := k.receipt(); r.seq != 0 {
			taken++
		}
	}
	if taken != 20 {
		t.Errorf("%d were taken", taken)
	}
	w.hang()
	begin := time.Now()
	for i := range 100 {
		if r := k.say(fmt.Sprint("late", i), "hello"); r.refused != 429 || r.problem == "" {
			t.Fatalf("%+v", r)
		}
	}
	if took := time.Since(begin); took > rig.Limit(workTime) {
		t.Errorf("it took %v", took)
	}
	w.restore()
}
