package web

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/views"
)

// TestAStormOfReturns lets more streams come at once than the HTTP server gets at a time: none is refused, and whoever
// reads pages goes on. conn.TestAStormIsServedInOrder has the rest.
func TestAStormOfReturns(t *testing.T) {
	const crowd = 2 * openingAtOnce
	s, ann, bob, room := talked(t, options{}, 3)
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", eventsPath(room), s.addr, ann.cookie())
	var done atomic.Bool
	refused := make(chan string, crowd)
	go func() {
		defer done.Store(true)
		crowdOf(crowd, func(int) {
			if status, err := s.keepsOpen(request); err != nil || !strings.HasPrefix(status, "HTTP/1.1 200") {
				refused <- fmt.Sprint(status, err)
			}
		})
	}()
	pages := 0
	for ; !done.Load(); pages++ {
		bob.get(views.RoomPath(room)).mustBe(200)
	}
	close(refused)
	for why := range refused {
		t.Fatalf("%d were refused, such as with %s", len(refused)+1, why)
	}
	eventually(t, "all streams are there", func() bool { return s.server.hub.Viewers() == crowd })
	t.Logf("%d pages meanwhile", pages)
}

// keepsOpen sends a request on a connection of its own, which stays open until the test ends, and returns the status
// line of the answer.
func (s *site) keepsOpen(request string) (status string, err error) {
	c, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", s.addr)
	if err != nil {
		return "", err
	}
	s.t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(testPatience)); err != nil {
		return "", err
	}
	if _, err := c.Write([]byte(request)); err != nil {
		return "", err
	}
	return bufio.NewReaderSize(c, 512).ReadString('\n')
}
