package web

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"parley/e2e/rig"
)

// frameBytes returns a frame in which we choose every bit. The mask is zero, so that a payload
// can be read in a dump.
func frameBytes(first byte, masked bool, payload []byte) []byte {
	b := []byte{first}
	var bit byte
	if masked {
		bit = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, bit|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, bit|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, bit|127), uint64(n))
	}
	if masked {
		b = append(b, 0, 0, 0, 0)
	}
	return append(b, payload...)
}

// TestFramesThatNoBrowserSends is T30: each ends its socket at once, with the code that says why,
// and leaves the server as it was.
func TestFramesThatNoBrowserSends(t *testing.T) {
	s, ann, bob, room := talked(t, options{}, 0)
	steady := bob.talk(room)
	good := []byte(`{"body":"hello","key":"k"}`)
	const fin = 0x80
	for _, one := range []struct {
		name string
		raw  []byte
		code ws.StatusCode
	}{
		{"unmasked", frameBytes(fin|1, false, good), 1002},
		{"reserved bit 1", frameBytes(fin|0x40|1, true, good), 1002},
		{"reserved bit 2", frameBytes(fin|0x20|1, true, good), 1002},
		{"reserved bit 3", frameBytes(fin|0x10|1, true, good), 1002},
		{"opcode 3", frameBytes(fin|3, true, good), 1002},
		{"opcode 7", frameBytes(fin|7, true, good), 1002},
		{"opcode 11", frameBytes(fin|11, true, good), 1002},
		{"opcode 15", frameBytes(fin|15, true, good), 1002},
		{"a ping in parts", frameBytes(9, true, good), 1002},
		{"a close in parts", frameBytes(8, true, nil), 1002},
		{"a ping of 126", frameBytes(fin|9, true, make([]byte, 126)), 1002},
		{"a continuation of nothing", frameBytes(fin, true, good), 1002},
		{"a text within a text", append(frameBytes(1, true, good[:5]), frameBytes(fin|1, true, good)...), 1002},
		{"binary", frameBytes(fin|2, true, good), 1003},
		{"binary in parts", frameBytes(2, true, good), 1003},
		{"1 MiB", frameBytes(fin|1, true, make([]byte, 1<<20)), 1009},
		{"1 MiB, said only", frameBytes(fin|1, true, make([]byte, 1<<20))[:14], 1009},
		{"a byte too much", frameBytes(fin|1, true, make([]byte, maxSocketMessage+1)), 1009},
		{"too much in parts", append(frameBytes(1, true, make([]byte, maxSocketMessage)), frameBytes(fin, true, []byte("x"))...), 1009},
		{"2^63 bytes", []byte{fin | 1, 0x80 | 127, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}, 1009},
		{"2^64 bytes", []byte{fin | 1, 0x80 | 127, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}, 0},
		{"not UTF-8", frameBytes(fin|1, true, []byte("{\"body\":\"\xff\",\"key\":\"k\"}")), 1007},
		{"half a character", frameBytes(fin|1, true, []byte("{\"body\":\"\xf0\x9f\"}")), 1007},
		{"a surrogate in UTF-8", frameBytes(fin|1, true, []byte("{\"body\":\"\xed\xa0\x80\"}")), 1007},
		{"an empty text", frameBytes(fin|1, true, nil), 1008},
		{"no JSON", frameBytes(fin|1, true, []byte("hello")), 1008},
		{"HTTP", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 1002},
	} {
		k := ann.talk(room)
		k.raw(one.raw)
		if code := k.awaitClose(time.Second); code != one.code {
			t.Errorf("%s: closed with %d instead of %d", one.name, code, one.code)
		}
	}
	if said := s.said(room); len(said) != 0 {
		t.Errorf("said %q", said)
	}
	if r := steady.say("k", "all the while"); r.seq == 0 {
		t.Errorf("somebody else's socket: %+v", r)
	}
	eventually(t, "all closed sockets forgotten", func() bool { return s.server.sockets.Open() == 1 && s.server.limiter.Open() == 1 })
}

// TestFramesThatBrowsersMaySend checks what is rare but valid.
func TestFramesThatBrowsersMaySend(t *testing.T) {
	s, ann, _, room := talked(t, options{}, 0)
	k := ann.talk(room)
	text := []byte(`{"body":"in parts 🧩","key":"k1"}`)
	for i := range text { // a byte each, a ping between them, and some without anything
		var first byte
		if i == 0 {
			first = 1
		}
		k.raw(frameBytes(first, true, text[i:i+1]))
		k.raw(frameBytes(0x80|9, true, []byte{byte(i)}))
		k.raw(frameBytes(0, true, nil))
	}
	k.raw(frameBytes(0x80, true, nil))
	for i := range text {
		if f := k.next(); f.Header.OpCode != ws.OpPong || !bytes.Equal(f.Payload, []byte{byte(i)}) {
			t.Fatalf("pong %d: %v %q", i, f.Header, f.Payload)
		}
	}
	if r := k.receipt(); r.seq != 2 || r.key != "k1" {
		t.Errorf("%+v", r)
	}
	k.frame(ws.NewPongFrame([]byte("nobody asked")))
	if r := k.say("k2", "after a pong"); r.seq != 3 {
		t.Errorf("%+v", r)
	}
	k.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(1001, "going away")))
	if code := k.awaitClose(time.Second); code != 1000 {
		t.Errorf("a goodbye was answered with %d", code)
	}
	if said := s.said(room); strings.Join(said, "|") != "in parts 🧩|after a pong" {
		t.Errorf("said %q", said)
	}
	slowly := ann.talk(room) // a byte at a time, as over a bad line
	for _, b := range frameBytes(0x81, true, []byte(`{"body":"slowly","key":"k3"}`)) {
		slowly.raw([]byte{b})
	}
	if r := slowly.receipt(); r.seq != 4 {
		t.Errorf("%+v", r)
	}
}

// TestSilentSockets checks that a client that does not answer the pings is given up, and that one that
// does may be quiet forever.
func TestSilentSockets(t *testing.T) {
	const silence = 400 * time.Millisecond
	s, ann, bob, room := talked(t, options{prepare: func(s *Server) { s.sockets.MaxSilence = silence }}, 0)
	dead, alive := ann.talk(room), bob.talk(room)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		dead.awaitClose(testPatience)
	}()
	for begin := time.Now(); time.Since(begin) < 3*silence; {
		s.server.sockets.Ping()
		s.server.conns.Check()
		if f := alive.next(); f.Header.OpCode != ws.OpPing {
			t.Fatalf("no ping but %v", f.Header)
		}
		alive.frame(ws.NewPongFrame(nil))
		time.Sleep(silence / 8)
	}
	<-gone
	if r := alive.say("k", "still here"); r.seq == 0 {
		t.Errorf("%+v", r)
	}
}

// TestASocketThatReadsNothing checks that it keeps nothing from the others.
func TestASocketThatReadsNothing(t *testing.T) {
	s, ann, bob, room := talked(t, options{limits: true}, 0)
	stuck := ann.talk(room)
	must(t, stuck.conn.(*net.TCPConn).SetReadBuffer(4096))
	full := make(chan struct{})
	go func() { // ask for more answers than fit into the buffers, and read none
		defer close(full)
		ping := bytes.Repeat(frameBytes(0x89, true, make([]byte, 125)), 500)
		for {
			_ = stuck.conn.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := stuck.conn.Write(ping); err != nil {
				return
			}
		}
	}()
	<-full
	other := bob.talk(room)
	begin := time.Now()
	s.server.sockets.Ping()
	s.server.conns.Check()
	if took := time.Since(begin); took > rig.Limit(time.Second) {
		t.Errorf("looking after the sockets took %v", took)
	}
	if f := other.next(); f.Header.OpCode != ws.OpPing {
		t.Errorf("no ping but %v", f.Header)
	}
	if r := other.say("k", "hello"); r.seq == 0 {
		t.Errorf("%+v", r)
	}
}

// TestNothingIsLeftBehind checks that goroutines come back to where they were.
func TestNothingIsLeftBehind(t *testing.T) {
	s, ann, bob, room := talked(t, options{}, 1)
	ann.open(room).b.site.client.CloseIdleConnections()
	settled := func() int {
		s.client.CloseIdleConnections()
		return runtime.NumGoroutine()
	}
	before := settled()
	for i := range 20 {
		p := bob.open(room)
		p.talk.post(fmt.Sprint("k", i), "hello")
		switch i % 4 {
		case 0:
			p.talk.raw([]byte("nonsense"))
		case 1:
			_ = p.talk.conn.Close()
		case 2:
			_ = p.talk.conn.(*net.TCPConn).SetLinger(0)
			_ = p.talk.conn.Close()
		case 3:
			p.talk.receipt()
			p.talk.frame(ws.NewCloseFrame(nil))
			p.talk.awaitClose(testPatience)
		}
		p.room.hangUp()
		p.lists.hangUp()
	}
	eventually(t, "as few goroutines as before", func() bool { return settled() <= before+4 })
}
