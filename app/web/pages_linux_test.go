package web

import (
	"io"
	"syscall"
	"testing"

	"parley/e2e/rig"
	"parley/views"
)

// BenchmarkPages is what the pages of TestCosts cost over HTTP, in time and CPU of server and client together.
//
//	go test -run - -bench Pages -benchmem ./app/web
func BenchmarkPages(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchPages(b, start(b, options{})) })
	b.Run("mysql", func(b *testing.B) { benchPages(b, start(b, options{database: rig.MySQL(b)})) })
}

func benchPages(b *testing.B, s *site) {
	ann, _, room := s.used()
	for _, p := range []struct{ name, path string }{
		{"room", views.RoomPath(room)},
		{"rooms", "/rooms"},
		{"friends", "/friends"},
		{"search", "/search?q=word"},
	} {
		b.Run(p.name, func(b *testing.B) {
			ann.get(p.path).mustBe(200)
			began := cpuTime(b)
			for b.Loop() {
				response, err := ann.ask("GET", p.path, nil)
				must(b, err)
				_, err = io.Copy(io.Discard, response.Body)
				must(b, err)
				must(b, response.Body.Close())
			}
			b.ReportMetric(float64(cpuTime(b)-began)/float64(b.N), "cpu-us/op")
		})
	}
}

// cpuTime returns the CPU that the process has used, in microseconds.
func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return (u.Utime.Nano() + u.Stime.Nano()) / 1000
}
