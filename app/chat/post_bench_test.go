package chat

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/bus"
	"parley/db"
	"parley/e2e/rig"
)

// BenchmarkPost measures what group commit brings: a number of people post in one room, or spread over a
// hundred, each as soon as their last post was acknowledged, on a MariaDB that flushes at every
// commit; once with one post in a transaction at most, and once as it is.
//
//	go test -run - -bench Post -benchtime 5s ./app/chat
func BenchmarkPost(b *testing.B) {
	for _, rooms := range []int{1, 100} {
		for _, senders := range []int{1, 8, 64} {
			for _, limit := range []int{1, maxBatch} {
				b.Run(fmt.Sprintf("rooms=%d/senders=%d/batch=%d", rooms, senders, limit), func(b *testing.B) {
					benchmarkPost(b, rig.MySQL(b), rooms, senders, limit)
				})
			}
		}
	}
}

// BenchmarkPostSQLite is the same for a file, which one transaction writes at a time, whatever its rooms.
func BenchmarkPostSQLite(b *testing.B) {
	for _, rooms := range []int{1, 100} {
		for _, senders := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("rooms=%d/senders=%d", rooms, senders), func(b *testing.B) {
				benchmarkPost(b, "sqlite:"+b.TempDir()+"/parley.db", rooms, senders, maxBatch)
			})
		}
	}
}

func benchmarkPost(b *testing.B, address string, rooms, senders, limit int) {
	store, err := db.Open(address)
	must(b, err)
	defer func() { must(b, store.Close()) }()
	must(b, store.Migrate(b.Context()))
	bus := bus.NewLocal(slog.New(slog.DiscardHandler))
	defer func() { must(b, bus.Close()) }()
	c := New(store, bus, Options{Now: time.Now})
	c.posts.limit = limit
	people, ids := crowd(b, c, senders, rooms)

	var posted atomic.Int64
	times := make([][]time.Duration, senders)
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() {
			for n := posted.Add(1); n <= int64(b.N); n = posted.Add(1) {
				start := time.Now()
				if _, err := c.Post(b.Context(), people[i], ids[int(n)%rooms], Draft{Key: strconv.FormatInt(n, 10), Body: "Somebody says something."}); err != nil {
					b.Error(err)
				}
				times[i] = append(times[i], time.Since(start))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	took := slices.Concat(times...)
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	b.ReportMetric(float64(b.N)/float64(c.Stats.Batches.Load()), "posts/tx")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// crowd makes people who are all in the same rooms.
func crowd(b *testing.B, c *Chat, people, rooms int) (everybody []db.User, ids []uint64) {
	b.Helper()
	for i := range people {
		u := db.User{Username: "person" + strconv.Itoa(i), DisplayName: "P", TimeZone: "UTC", CreatedAt: time.Now()}
		must(b, c.store.CreateUser(b.Context(), &u))
		everybody = append(everybody, u)
		if i > 0 {
			must(b, request(b.Context(), c, u, everybody[0].Username))
			must(b, c.AcceptFriend(b.Context(), everybody[0], u.Username))
		}
	}
	var names []string
	for _, u := range everybody[1:] {
		names = append(names, u.Username)
	}
	for i := range rooms {
		id, err := c.CreateGroup(b.Context(), everybody[0], "Room "+strconv.Itoa(i), names)
		must(b, err)
		ids = append(ids, id)
	}
	return everybody, ids
}
