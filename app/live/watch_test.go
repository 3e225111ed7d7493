package live_test

import (
	"crypto/tls"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// eachWatcher runs a test with each way to watch for hang-ups.
func eachWatcher(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	for name, readers := range map[string]bool{"as usual here": false, "a goroutine for each": true} {
		t.Run(name, func(t *testing.T) {
			test(t, newFixture(t, live.Intervals{Readers: readers}))
		})
	}
}

func TestHangUps(t *testing.T) {
	t.Parallel()
	ways := map[string]func(c *net.TCPConn){
		"closes":               func(c *net.TCPConn) { _ = c.Close() },
		"closes its half":      func(c *net.TCPConn) { _ = c.CloseWrite() },
		"resets":               func(c *net.TCPConn) { _ = c.SetLinger(0); _ = c.Close() },
		"sends, then closes":   func(c *net.TCPConn) { _, _ = c.Write([]byte("x")); _ = c.Close() },
		"sends without end":    func(c *net.TCPConn) { _, _ = c.Write(make([]byte, 1<<20)) },
		"sends a bit too much": func(c *net.TCPConn) { sendSlowly(c, live.MaxSentIn+1) },
	}
	eachWatcher(t, func(t *testing.T, f *fixture) {
		stays := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		for name, hangUp := range ways {
			ended := make(chan struct{})
			v := f.viewer(1)
			v.OnEnd = func() { close(ended) }
			p := f.open(v, from(bus.Cursor{Epoch: 1}))
			rig.Eventually(t, "both are there", func() bool { return f.hub.Viewers() == 2 })
			hangUp(p.conn.(*net.TCPConn))
			rig.Eventually(t, "who "+name+" is gone", func() bool { return f.hub.Viewers() == 1 })
			<-ended
		}
		f.post(1, "x")
		stays.receives(1, 1)
	})
}

// sendSlowly sends bytes in several packets.
func sendSlowly(c net.Conn, bytes int) {
	for bytes > 0 {
		n, _ := c.Write(make([]byte, min(bytes, 200)))
		if n == 0 {
			return
		}
		bytes -= n
		time.Sleep(time.Millisecond) // or they would arrive together
	}
}

// Whoever closes only their half of the connection gets a proper end of the response.
func TestAHalfClosedStreamEndsProperly(t *testing.T) {
	t.Parallel()
	eachWatcher(t, func(t *testing.T, f *fixture) {
		p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		_ = p.conn.(*net.TCPConn).CloseWrite()
		rig.Eventually(t, "it ends", p.hasEnded)
		if p.err != nil {
			t.Errorf("the stream broke: %v", p.err)
		}
	})
}

// TestTheEndOfTLS ends a stream whose page says in TLS that it has ended, and leaves the connection open.
func TestTheEndOfTLS(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{})
	f.encrypt()
	p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	if err := p.conn.(*tls.Conn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	rig.Eventually(t, "it ends", p.hasEnded)
	if p.err != nil {
		t.Errorf("the stream broke: %v", p.err)
	}
}

// A proxy may have a few bytes left over.
func TestAFewBytesEndNoStream(t *testing.T) {
	t.Parallel()
	eachWatcher(t, func(t *testing.T, f *fixture) {
		p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		sendSlowly(p.conn, live.MaxSentIn)
		f.post(1, "x")
		p.receives(1, 1)
		if p.hasEnded() {
			t.Error("it ended")
		}
		if _, err := p.conn.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		rig.Eventually(t, "one more ends it", p.hasEnded)
	})
}

// A connection without a descriptor, as in a test or behind a wrapper.
func TestHangUpsOfPipes(t *testing.T) {
	t.Parallel()
	eachWatcher(t, func(t *testing.T, f *fixture) {
		near, far := net.Pipe()
		p := &page{t: t, conn: far}
		go p.read()
		f.hub.Serve(near, responseHead(true), f.viewer(1), from(bus.Cursor{Epoch: 1}))
		p.hangUp()
		rig.Eventually(t, "it is gone", func() bool { return f.hub.Viewers() == 0 })
	})
}

// Something may be rendered for a viewer, with its lock held, when another one hangs up.
func TestABusyViewerHidesNoHangUp(t *testing.T) {
	t.Parallel()
	eachWatcher(t, func(t *testing.T, f *fixture) {
		busy := f.viewer(0)
		first := f.open(busy, nil)
		second := f.open(f.viewer(0), nil)
		rig.Eventually(t, "both are there", func() bool { return f.hub.Viewers() == 2 })
		release := busy.Hold()
		first.hangUp()
		second.hangUp()
		rig.Eventually(t, "the other one is gone", func() bool { return f.hub.Viewers() == 1 })
		release()
		rig.Eventually(t, "both are gone", func() bool { return f.hub.Viewers() == 0 })
	})
}

// The next viewers get the descriptors of those who leave, and no viewer ends because of another's hang-up. Nothing is
// left of ten thousand.
func TestTenThousandHangUpsLeaveNothingBehind(t *testing.T) {
	const turns, each = 50, 200
	eachWatcher(t, func(t *testing.T, f *fixture) {
		stays := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		rig.Eventually(t, "one is there", func() bool { return f.hub.Size().InRooms == 1 })
		goroutines, files := runtime.NumGoroutine(), openFiles(t)
		far := make(chan net.Conn, each)
		for range turns {
			var people sync.WaitGroup
			for range 4 {
				people.Go(func() {
					for range each / 4 {
						near, c := f.connect(&net.Dialer{})
						far <- c
						f.hub.Serve(near, responseHead(true), f.viewer(0), nil)
						if len(far) > each/2 {
							_ = (<-far).Close()
						}
					}
				})
			}
			people.Wait()
			for len(far) > 0 {
				_ = (<-far).Close()
			}
		}
		rig.Eventually(t, "all are gone", func() bool { return f.hub.Viewers() == 1 })
		rig.Eventually(t, "their goroutines are gone", func() bool { return runtime.NumGoroutine() <= goroutines })
		rig.Eventually(t, "their descriptors are closed", func() bool { return openFiles(t) <= files })
		f.post(1, "x")
		stays.receives(1, 1)
	})
}

// openFiles returns how many descriptors this process has open, or 0 where that cannot be seen.
func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Log(err)
	}
	return len(list)
}
