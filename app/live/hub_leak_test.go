package live_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
	"parley/e2e/rig"
)

// A thousand viewers come and go at random, some of them while they are still on the way in, and
// nothing is left of them.
func TestNothingIsLeftOfAThousandViewers(t *testing.T) {
	h := open(t, live.HubTimes{Beat: 3 * time.Millisecond, Linger: 50 * time.Millisecond, Lists: 5 * time.Millisecond})
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			time.Sleep(rand.N(2 * time.Millisecond))
			if rand.IntN(20) == 0 {
				return errAway
			}
			return nil
		}
	})
	door := live.NewConnLimiter(false)
	before := runtime.NumGoroutine()
	var opened, gone atomic.Int64
	var people, writer sync.WaitGroup
	var done atomic.Bool
	writer.Go(func() {
		for room := uint64(1); !done.Load(); room = room%10 + 1 {
			h.post(room, "x")
			time.Sleep(time.Millisecond)
		}
	})
	for range 20 {
		people.Go(func() {
			for range 50 {
				v := h.someone(rand.Uint64N(11))
				out, err := door.Acquire(live.ConnStream, v.User, addr)
				if err != nil {
					t.Error(err)
					return
				}
				v.OnEnd = func() { out(); gone.Add(1) }
				h.world.set(func() { h.world.follows[v.User] = []uint64{v.Room, 3, 4} })
				opened.Add(1)
				p := h.watch(v, nil)
				switch rand.IntN(4) {
				case 0: // at once
				case 1:
					h.bus.Publish(bus.Signal{Kind: bus.SessionEnded, Session: v.Session})
				case 2:
					h.remove(v.Room, v.User)
				default:
					time.Sleep(rand.N(20 * time.Millisecond))
				}
				p.leave()
			}
		})
	}
	people.Wait()
	done.Store(true)
	writer.Wait()
	rig.Eventually(t, "all are let go", func() bool { return gone.Load() == opened.Load() })
	rig.Eventually(t, "the hub holds nothing", func() bool { return h.hub.Size() == live.HubSize{} })
	rig.Eventually(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
	if gone.Load() != 1000 || door.Open() != 0 {
		t.Errorf("%d were let go, %d are inside", gone.Load(), door.Open())
	}
}

// A viewer that hangs up while the database takes its time is noticed at once.
func TestHangingUpOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := open(t, live.HubTimes{TickUp: time.Hour})
	wait := make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(wait) }) }
	defer release()
	h.world.set(func() {
		h.world.fault = func(what string, _ uint64) error {
			if what == "heads" {
				<-wait
			}
			return nil
		}
	})
	for range 5 {
		p := h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
		rig.Eventually(t, "it is on its way", func() bool { return h.hub.Viewers() == 1 })
		p.leave()
		rig.Eventually(t, "it is gone", func() bool { return h.hub.Viewers() == 0 })
	}
	release()
	rig.Eventually(t, "nobody is in the room", func() bool {
		s := h.hub.Size()
		return s.InRooms+s.Holders+s.Users == 0
	})
	h.watch(h.someone(1), at(bus.Cursor{Epoch: 1}))
	rig.Eventually(t, "somebody is in the room", func() bool { return h.hub.Size().InRooms == 1 })
}

// A hub can be started and closed again and again.
func TestHubsComeAndGo(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		world, b := newWorld(), bus.NewLocal(quiet)
		hub := live.NewHub(world.source(), b, quiet)
		hub.Close()
		hub.Close()
		if err := b.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	rig.Eventually(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}
