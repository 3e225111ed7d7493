package live_test

import (
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/conn"
	"parley/app/live"
	"parley/e2e/rig"
)

// A thousand viewers come and go at random, some of them while they are still joining, and leave
// nothing behind.
func TestAThousandViewersLeaveNothingBehind(t *testing.T) {
	f := newFixture(t, live.Intervals{BeatInterval: 3 * time.Millisecond, RoomTTL: 50 * time.Millisecond, ListsInterval: 5 * time.Millisecond})
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			time.Sleep(rand.N(2 * time.Millisecond))
			if rand.IntN(20) == 0 {
				return errUnavailable
			}
			return nil
		}
	})
	limiter := conn.NewLimiter(false)
	before := runtime.NumGoroutine()
	var opened, gone atomic.Int64
	var people, writer sync.WaitGroup
	var done atomic.Bool
	writer.Go(func() {
		for room := uint64(1); !done.Load(); room = room%10 + 1 {
			f.post(room, "x")
			time.Sleep(time.Millisecond)
		}
	})
	for range 20 {
		people.Go(func() {
			for range 50 {
				v := f.viewer(rand.Uint64N(11))
				place, err := limiter.Acquire(conn.Stream, v.User, netip.MustParseAddr("192.0.2.1"))
				if err != nil {
					t.Error(err)
					return
				}
				v.OnEnd = func() { place.Release(); gone.Add(1) }
				f.source.update(func() { f.source.follows[v.User] = []uint64{v.Room, 3, 4} })
				opened.Add(1)
				p := f.open(v, nil)
				switch rand.IntN(4) {
				case 0: // at once
				case 1:
					f.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: v.Session})
				case 2:
					f.remove(v.Room, v.User)
				default:
					time.Sleep(rand.N(20 * time.Millisecond))
				}
				p.hangUp()
			}
		})
	}
	people.Wait()
	done.Store(true)
	writer.Wait()
	rig.Eventually(t, "all have ended", func() bool { return gone.Load() == opened.Load() })
	rig.Eventually(t, "the hub holds nothing", func() bool { return f.hub.Size() == live.HubSize{} })
	rig.Eventually(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
	if gone.Load() != 1000 || limiter.Open() != 0 {
		t.Errorf("%d have ended, %d are counted", gone.Load(), limiter.Open())
	}
}

// A viewer that hangs up while the database is slow is noticed at once.
func TestHangingUpWhileJoining(t *testing.T) {
	t.Parallel()
	f := newFixture(t, live.Intervals{SweepInterval: time.Hour})
	wait := make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(wait) }) }
	defer release()
	f.source.update(func() {
		f.source.fault = func(what string, _ uint64) error {
			if what == "heads" {
				<-wait
			}
			return nil
		}
	})
	for range 5 {
		p := f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
		rig.Eventually(t, "it is joining", func() bool { return f.hub.Viewers() == 1 })
		p.hangUp()
		rig.Eventually(t, "it is gone", func() bool { return f.hub.Viewers() == 0 })
	}
	release()
	rig.Eventually(t, "nobody is in the room", func() bool {
		s := f.hub.Size()
		return s.InRooms+s.Holders+s.Users == 0
	})
	f.open(f.viewer(1), from(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "somebody is in the room", func() bool { return f.hub.Size().InRooms == 1 })
}

func TestHubsLeaveNoGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		s, b := newFakeSource(), bus.NewLocal(discardLog)
		hub := live.NewHub(s.liveSource(), conn.NewRegistry(s.alive, b, discardLog, conn.CheckInterval), b, discardLog)
		hub.Close()
		hub.Close()
		if err := b.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	rig.Eventually(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}
