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
	"parley/app/conn"
	"parley/app/live"
)

var benchHead = []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n")

// benchLog is a log that costs nothing to read, so that a benchmark measures the hub.
type benchLog struct {
	mu   sync.Mutex
	last uint64
	body []byte
}

func (l *benchLog) grow() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	return l.last
}

func (l *benchLog) source() live.Source {
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
				list = append(list, live.Record{Seq: seq + 1, Render: func(any, string) []byte { return l.body }})
			}
			return 1, list, nil
		},
		Lists: func(_ context.Context, users []uint64) (map[uint64]live.Lists, error) {
			lists := map[uint64]live.Lists{}
			for _, user := range users {
				render := func(context.Context, *live.Viewer) ([]byte, bool, error) { return []byte("lists"), true, nil }
				lists[user] = live.Lists{Rooms: []uint64{1, 2, 3, 4, 5}, Render: render}
			}
			return lists, nil
		},
	}
}

// newRegistry returns a registry whose sessions never end.
func newRegistry(b bus.Bus) *conn.Registry {
	alive := func(_ context.Context, sessions []uint64) (map[uint64]bool, error) {
		alive := map[uint64]bool{}
		for _, id := range sessions {
			alive[id] = true
		}
		return alive, nil
	}
	return conn.NewRegistry(alive, b, discardLog, conn.CheckInterval)
}

// bareViewers connects viewers whose far end is a bare file descriptor, which costs this process little.
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
		hub.Serve(conn, benchHead, &live.Viewer{User: id, Session: id, Room: 1, Variant: "UTC", Sees: fmt.Sprint("from ", i), Chunked: true},
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

// spin polls often, because the time that it waits is measured.
func spin(holds func() bool) {
	for !holds() {
		time.Sleep(20 * time.Microsecond)
	}
}

// BenchmarkDelivery measures one entry to one of 1,000 viewers: kernel and all, readers not counted.
func BenchmarkDelivery(b *testing.B) {
	const viewers = 1000
	log := &benchLog{body: fmt.Appendf(nil, "<li>%0300d</li>", 7)}
	local := bus.NewLocal(discardLog)
	hub := live.NewHub(log.source(), newRegistry(local), local, discardLog)
	far := bareViewers(b, hub, viewers)
	defer closeAll(far)
	publish := func() {
		seq := log.grow()
		local.Publish(bus.Signal{Kind: bus.EntryAdded, Room: 1, Epoch: 1, Seq: seq})
	}
	publish()
	spin(func() bool { return hub.Stats.Delivered.Load() == viewers })
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
		publish()
		spin(func() bool { return hub.Stats.Delivered.Load() >= want })
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

// processorTime returns the CPU time of this process, which other programs distort less than wall time.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIdleViewer measures the memory of an idle viewer: heap and stack, without the kernel's.
func BenchmarkIdleViewer(b *testing.B) {
	const viewers = 4000
	log := &benchLog{body: []byte("x")}
	for range b.N {
		local := bus.NewLocal(discardLog)
		hub := live.NewHub(log.source(), newRegistry(local), local, discardLog)
		before := weight()
		far := bareViewers(b, hub, viewers)
		spin(func() bool { return hub.Viewers() == viewers })
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
