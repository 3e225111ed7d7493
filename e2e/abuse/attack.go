package abuse

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// attack is what some of a crowd do during a hostile evening.
type attack struct {
	kind
	people int
	from   int // the first of them in the crowd
}

// crowdSize is the number of people that attacks need, and inRooms the number of them who have a room to send things
// to.
const (
	crowdSize = 1100
	inRooms   = 24
)

// attacks are everything that the six do not do.
var attacks = []attack{
	{kind{"loris", "heads that come byte by byte, a thousand at a time", loris}, 1000, 0},
	{kind{"forgotten", "ten streams a person that nobody reads", forgottenStreams}, 1000, 0},
	{kind{"sign-ins", "500 sign-ins at the same moment, three times", signInsAtOnce}, 500, 0},
	{kind{"bombs", "pictures of a few kB that are 24 and 400 megapixels, in parallel", bombs}, inRooms, 0},
	{kind{"floods", "empty frames, pings and “is typing”, three sockets each at full speed", frames}, 20, 0},
	{kind{"bodies", "bodies of 100 MB, declared, and in chunks without end", hugeBodies}, 12, 0},
	{kind{"storms", "a thousand streams that break off at the same moment and come back, every ten seconds", storms}, 100, 1000},
}

// stranger returns a member of the crowd as an attacker: at one of the processes, with an address of 127.0.0.0/8 that
// each kind of attack has for itself.
func (s *site) stranger(kind, n int) *abuser {
	m := s.crowd[n%len(s.crowd)]
	addr := fmt.Sprintf("127.%d.%d.%d", 10+kind, n>>8, n&255)
	b := newBrowser(s.processes[n%len(s.processes)].Addr, m.name, func() string { return addr })
	b.cookie = m.cookie
	room := s.crowdRooms[n]
	return &abuser{browser: b, site: s, n: n, own: room, group: room}
}

// dialPlain connects from the attacker's own address.
func (b *browser) dialPlain(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(b.addr())}, Timeout: patience}
	return dialer.DialContext(ctx, "tcp", b.site)
}

// ask opens a connection of its own and sends the head of a request, with the attacker's session. The connection is
// closed when the context ends, or by the caller.
func (t *attempt) ask(ctx context.Context, method, path string, headers ...string) (net.Conn, error) {
	c, err := t.dialPlain(ctx)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	lines := append([]string{method + " " + path + " HTTP/1.1", "Host: " + t.browser.site, "Cookie: " + t.cookie}, headers...)
	_, err = c.Write([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n"))
	return c, err
}

// answered reads the status of an answer, and reports whether it was accepted. What the end of the context cuts off is
// not counted.
func (t *attempt) answered(ctx context.Context, c net.Conn) bool {
	_ = c.SetDeadline(time.Now().Add(patience))
	response, err := http.ReadResponse(bufio.NewReaderSize(c, 256), nil)
	switch {
	case err != nil && ctx.Err() != nil:
		return false
	case err != nil:
		return t.count(0, err)
	}
	return t.count(response.StatusCode, nil)
}
