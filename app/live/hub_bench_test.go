package live_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/app/bus"
	"parley/app/live"
)

var benchHead = []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n")

// tape is a log with nothing to it, so that a benchmark measures the hub.
type tape struct {
	mu   sync.Mutex
	last uint64
	body []byte
}

func (l *tape) grow() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	return l.last
}

func (l *tape) source() live.Source {
	return live.Source{
		Heads: func(_ context.Context, rooms []uint64) (map[uint64]bus.Cursor, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			return map[uint64]bus.Cursor{rooms[0]: {Epoch: 1, Seq: l.last}}, nil
		},
		After: func(_ context.Context, _, seq uint64, limit int) (uint64, []live.Record, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			var list []live.Record
			for ; seq < l.last && len(list) < limit; seq++ {
				list = append(list, live.Record{Seq: seq + 1, Render: func(string) []byte { return l.body }})
			}
			return 1, list, nil
		},
		Alive: func(_ context.Context, sessions []uint64) (map[uint64]bool, error) {
			alive := map[uint64]bool{}
			for _, s := range sessions {
				alive[s] = true
			}
			return alive, nil
		},
		Lists: func(context.Context, uint64) ([]uint64, func(*live.Viewer) ([]byte, bool), error) {
			return []uint64{1, 2, 3, 4, 5}, func(*live.Viewer) ([]byte, bool) { return []byte("lists"), true }, nil
		},
	}
}

// bareViewers connects viewers whose far end is a bare descriptor, which costs this process nothing.
func bareViewers(b *testing.B, hub *live.Hub, n int) (far []int) {
	b.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	to := netip.MustParseAddrPort(listener.Addr().String())
	for i := range n {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err != nil {
			b.Fatal(err)
		}
		if err := syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}); err != nil {
			b.Fatal(err)
		}
		if err := syscall.SetNonblock(fd, true); err != nil {
			b.Fatal(err)
		}
		far = append(far, fd)
		conn, err := listener.Accept()
		if err != nil {
			b.Fatal(err)
		}
		id := uint64(i + 1)
		hub.Serve(conn, benchHead, &live.Viewer{User: id, Session: id, Room: 1, Variant: "UTC", Chunked: true},
			&bus.Cursor{Epoch: 1})
	}
	return far
}

func drainAll(far []int, buffer []byte) {
	for _, fd := range far {
		for {
			if n, err := syscall.Read(fd, buffer); n <= 0 || err != nil {
				break
			}
		}
	}
}

func closeAll(far []int) {
	for _, fd := range far {
		_ = syscall.Close(fd)
	}
}

// waits looks often, because what it waits for is measured.
func waits(holds func() bool) {
	for !holds() {
		time.Sleep(20 * time.Microsecond)
	}
}

// BenchmarkDelivery measures one entry to one of 1,000 viewers: kernel and all, readers not counted.
func BenchmarkDelivery(b *testing.B) {
	const viewers = 1000
	log := &tape{body: fmt.Appendf(nil, "<li>%0300d</li>", 7)}
	local := bus.NewLocal(quiet)
	hub := live.NewHub(log.source(), local, quiet)
	far := bareViewers(b, hub, viewers)
	defer closeAll(far)
	ring := func() {
		seq := log.grow()
		local.Publish(bus.Signal{Kind: bus.EntryAdded, Room: 1, Epoch: 1, Seq: seq})
	}
	ring()
	waits(func() bool { return hub.Stats.Delivered.Load() == viewers })
	time.Sleep(500 * time.Millisecond) // the lists
	buffer := make([]byte, 256<<10)
	drainAll(far, buffer)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	used := -processorTime(b)
	for n := range b.N {
		want := hub.Stats.Delivered.Load() + viewers
		ring()
		waits(func() bool { return hub.Stats.Delivered.Load() >= want })
		if n%50 == 49 {
			b.StopTimer()
			used += processorTime(b)
			drainAll(far, buffer)
			used -= processorTime(b)
			b.StartTimer()
		}
	}
	b.StopTimer()
	used += processorTime(b)
	runtime.ReadMemStats(&after)
	each := float64(b.N) * viewers
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/each, "ns/delivery")
	b.ReportMetric(float64(used.Nanoseconds())/each, "cpu-ns/delivery")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/each, "allocs/delivery")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/each, "B/delivery")
	closeAll(far)
	hub.Close()
}

// processorTime is what this process has used, which other programs on the machine distort less than
// the time on the wall.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIdleViewer weighs a viewer to whom nothing happens: heap and stack, the kernel's not.
func BenchmarkIdleViewer(b *testing.B) {
	const viewers = 4000
	log := &tape{body: []byte("x")}
	for range b.N {
		local := bus.NewLocal(quiet)
		hub := live.NewHub(log.source(), local, quiet)
		before := weight()
		far := bareViewers(b, hub, viewers)
		waits(func() bool { return hub.Viewers() == viewers })
		time.Sleep(2 * time.Second)
		after := weight()
		b.ReportMetric(float64(after-before)/viewers, "bytes/viewer")
		closeAll(far)
		hub.Close()
	}
}

func weight() int64 {
	for range 5 { // stacks shrink by half at each
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
