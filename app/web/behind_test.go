package web

import (
	"testing"
	"time"

	"parley/db"
	"parley/views"
)

// BenchmarkBehind is what a room page and the room list cost somebody who has nothing unread, and somebody behind by
// 60,000 messages of the other person, or of their own: on SQLite, over HTTP.
//
//	go test -run - -bench Behind ./app/web
func BenchmarkBehind(b *testing.B) {
	const many = 60_000
	s := start(b, options{})
	list := s.people("ann", "bob", "cleo", "dan", "erin", "fay")
	for i, by := range []int{-1, 1, 0} {
		me, other := list[2*i], list[2*i+1]
		room := s.befriend(me, other)
		if by >= 0 {
			s.posts(room, list[2*i+by].id, many)
		}
		s.posts(room, other.id, 3)
		name := []string{"none", "theirs", "own"}[i]
		if by < 0 {
			me.post(views.RoomPath(room)+"/read", form()).mustBe(303)
		}
		for what, path := range map[string]string{"room": views.RoomPath(room), "end": views.RoomPath(room) + "?at=end", "list": "/rooms"} {
			b.Run(what+"/"+name, func(b *testing.B) {
				best := time.Hour
				for b.Loop() {
					began := time.Now()
					me.get(path, asDocument).mustBe(200)
					best = min(best, time.Since(began))
				}
				b.ReportMetric(float64(best.Microseconds())/1000, "best-ms")
			})
		}
	}
}

// posts appends many messages of one person to a room at once.
func (s *site) posts(room, author uint64, n int) {
	s.t.Helper()
	ctx, at := s.t.Context(), time.Now().UTC().Truncate(time.Microsecond)
	for n > 0 {
		part := min(n, 500)
		must(s.t, s.store.Tx(ctx, func(tx *db.DB) error {
			r, err := tx.NextSaidSeqs(ctx, room, part)
			if err != nil {
				return err
			}
			rows := make([]db.Message, part)
			for i := range rows {
				rows[i] = db.Message{RoomID: room, Seq: r.LastSeq - uint64(part-1-i), Kind: db.KindText, AuthorID: author, Body: "Somebody says something that takes a line or two of the page.", CreatedAt: at}
			}
			return tx.InsertMessages(ctx, rows)
		}))
		n -= part
	}
}
