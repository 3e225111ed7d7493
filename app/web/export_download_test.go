package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/app/export"
	"parley/db"
	"parley/e2e/rig"
	"parley/views"
)

// begun starts an export and reads its head, through a connection that holds little.
func (b *browser) begun() *http.Response {
	t := b.site.t
	t.Helper()
	l := b.site.dial()
	must(t, l.conn.(*net.TCPConn).SetReadBuffer(16<<10))
	body := form("password", goodPassword).Encode()
	l.write("POST " + exportPath + " HTTP/1.1\r\nHost: " + b.site.addr + "\r\nCookie: " + b.cookie() +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + itoa(uint64(len(body))) + "\r\n\r\n" + body)
	response, err := http.ReadResponse(l.in, nil)
	must(t, err)
	if response.StatusCode != 200 {
		t.Fatalf("the export is %d", response.StatusCode)
	}
	return response
}

// rest reads the rest of an archive; the error says that it broke off.
func rest(a *http.Response) error {
	_, err := io.Copy(io.Discard, a.Body)
	return err
}

// large fills a room with n messages of a few kilobytes of noise, which does not compress.
func (s *site) large(room uint64, by *browser, n int) {
	s.t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	for i := 0; i < n; i += 100 {
		list := make([]db.Message, min(100, n-i))
		for j := range list {
			noise := make([]byte, 3000)
			for k := range noise {
				noise[k] = byte(random.Uint32())
			}
			list[j] = db.Message{Kind: db.KindText, AuthorID: by.id, Body: hex.EncodeToString(noise)}
		}
		s.put(room, list)
	}
}

// TestAnExportEndsWithItsSession is T70: within 2 s of the sign-out nothing more arrives, and what has arrived is not a
// complete archive. The same at a shutdown.
func TestAnExportEndsWithItsSession(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		s.large(s.befriend(ann, bob), ann, 1_000)
		a, start := bob.begun(), time.Now()
		bob.another().post("/sessions/"+itoa(bob.session)+"/revoke", nil).mustBe(303)
		if err := rest(a); err == nil || time.Since(start) > rig.Limit(2*time.Second) {
			t.Errorf("signed out, the archive ends after %v: %v", time.Since(start), err)
		}
		bob.signInAgain()
		eventually(t, "the first has given up its place", func() bool {
			lease, err := s.server.exports.Begin(t.Context(), bob.id)
			if err == nil {
				must(t, lease.End())
			}
			return err == nil
		})
		a = bob.begun()
		s.down()
		if err := rest(a); err == nil {
			t.Error("a shutdown has waited for the archive")
		}
	})
}

// TestAnExportEndsWithItsMembership is T71: nothing of a room is read for somebody who has been removed from it,
// though the archive goes on.
func TestAnExportEndsWithItsMembership(t *testing.T) {
	t.Parallel()
	onBoth(t, options{}, func(t *testing.T, s *site) {
		list := s.people("ann", "bob")
		ann, bob := list[0], list[1]
		s.befriend(ann, bob)
		room := ann.makesGroup("Choir", bob)
		s.large(room, ann, 1_000)
		response := bob.begun()
		head := make([]byte, 10_000)
		_, err := io.ReadFull(response.Body, head)
		must(t, err)
		ann.post(views.RoomPath(room)+"/members/bob/remove", nil).mustBe(303)
		ann.says(room, "after bob")
		rest, err := io.ReadAll(response.Body)
		must(t, err)
		files := unzipped(t, string(head)+string(rest))
		var rooms []export.Room
		must(t, json.Unmarshal([]byte(files["rooms.json"]), &rooms))
		for _, r := range rooms {
			if r.ID != room {
				continue
			}
			if !r.Broken || r.Entries >= 1_000 || len(r.Files) == 0 {
				t.Errorf("%d entries, broken: %v", r.Entries, r.Broken)
			}
			if last := files[export.PagePath(room, len(r.Files))]; !strings.Contains(last, templEscaped(en.Own.NoLonger)) || strings.Contains(last, "after bob") {
				t.Error("the last page does not say that it is the last")
			}
			return
		}
		t.Error("the room is not there")
	})
}

// TestExportsTakeLittleMemory checks that an archive of many messages is not in memory, neither while it is made nor
// while its reader is slow. It does not run in parallel with others, whose memory would count.
func TestExportsTakeLittleMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // as in a server; tests may collect less
	s := start(t, options{})
	list := s.people("ann", "bob")
	ann, bob := list[0], list[1]
	const many = 1_500
	s.large(s.befriend(ann, bob), ann, many)
	n, grown := bob.downloads()
	t.Logf("%d bytes of %d messages, with %d KiB of memory", n, many, grown>>10)
	if n < 4<<20 || grown > 96<<20 {
		t.Errorf("%d bytes, with %d KiB of memory", n, grown>>10)
	}
}

// downloads reads a whole archive, and returns its size and by how much the heap grew meanwhile, both in bytes.
func (b *browser) downloads() (size, grown int64) {
	b.site.t.Helper()
	var most atomic.Uint64
	watching, stop := context.WithCancel(context.Background())
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := heap()
	var watch sync.WaitGroup
	watch.Go(func() {
		for watching.Err() == nil {
			most.Store(max(most.Load(), heap()))
			time.Sleep(20 * time.Millisecond)
		}
	})
	size, err := io.Copy(io.Discard, b.begun().Body)
	stop()
	watch.Wait()
	must(b.site.t, err)
	return size, int64(most.Load()) - int64(before)
}

// BenchmarkExport is an archive of a million messages, for docs/export.md.
func BenchmarkExport(b *testing.B) {
	s := start(b, options{})
	list := s.people("ann", "bob")
	room := s.befriend(list[0], list[1])
	const many = 1_000_000
	for n := 0; n < many; n += 1000 {
		messages := make([]db.Message, 1000)
		for i := range messages {
			messages[i] = db.Message{Kind: db.KindText, AuthorID: list[i%2].id, Body: fmt.Sprintf("This is message %d, of a length that people write.", n+i)}
		}
		s.put(room, messages)
	}
	b.ResetTimer()
	for range b.N {
		size, grown := list[1].downloads()
		b.ReportMetric(float64(size)/(1<<20), "MiB")
		b.ReportMetric(float64(grown)/(1<<20), "MiB-heap")
	}
}
