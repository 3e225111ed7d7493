package web

import (
	"fmt"
	"testing"

	"parley/e2e/rig"
	"parley/views"
)

// BenchmarkRoomPage loads a room of 60 messages beside a list of 39 rooms: with the cache, in which the page is, and
// without.
func BenchmarkRoomPage(b *testing.B) {
	for _, database := range []string{"sqlite", "mysql"} {
		for _, cached := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/cached=%v", database, cached), func(b *testing.B) {
				o := options{prepare: func(s *Server) {
					if !cached {
						s.chat.Pages, s.chat.Lines = nil, nil
					}
				}}
				if database == "mysql" {
					o.database = rig.MySQL(b)
				}
				benchmarkRoomPage(b, start(b, o))
			})
		}
	}
}

func benchmarkRoomPage(b *testing.B, s *site) {
	ann, _, room := s.used()
	path := views.RoomPath(room)
	ann.get(path).mustBe(200)
	b.ReportAllocs()
	for b.Loop() {
		ann.get(path)
	}
}
