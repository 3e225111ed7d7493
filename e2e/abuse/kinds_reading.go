package abuse

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

func searches(ctx context.Context, t *attempt) {
	inParallel(2, func(int) {
		t.keep(ctx, func() { t.load(ctx, "/search?q="+url.QueryEscape(words(t))) })
	})
}

func pages(ctx context.Context, t *attempt) {
	turn := 0
	t.keep(ctx, func() {
		list := []string{t.group, t.direct, t.message(t.lastPost.Load()), "/rooms", "/friends", "/profile", t.group + "/members", t.own, t.group + "/composer"}
		turn++
		t.load(ctx, list[turn%len(list)])
	})
}

func history(ctx context.Context, t *attempt) {
	t.keep(ctx, func() {
		at := t.lastPost.Load()
		t.load(ctx, fmt.Sprintf("%s?before=%d", t.group, 1+t.random.Uint64N(at+1)))
	})
}

// streams opens streams until there may be no more, and each again when it has been read for a while.
func streams(ctx context.Context, t *attempt) {
	inParallel(12, func(i int) {
		paths := []string{t.group + "/events", t.group + "/live", "/events", "/rooms/live", t.direct + "/events", t.group + "/wait"}
		for ctx.Err() == nil {
			t.stream(ctx, paths[i%len(paths)])
			sleep(ctx, t.pause)
		}
	})
}

func (t *attempt) stream(ctx context.Context, path string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.browser.site)
	if err != nil {
		t.count(0, err)
		return
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nCookie: %s\r\n\r\n", path, t.browser.site, t.addr(), t.cookie)
	head := make([]byte, 16)
	if err == nil {
		_, err = io.ReadFull(conn, head)
	}
	if err != nil {
		if ctx.Err() == nil {
			t.count(0, err)
		}
		return
	}
	status := 0
	_, _ = fmt.Sscanf(string(head), "HTTP/1.1 %d", &status)
	if !t.count(status, nil) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(io.Discard, conn) })
	if strings.HasSuffix(path, "/live") { // what is sent into a stream ends it
		sleep(ctx, 2*time.Second)
		_, _ = conn.Write(make([]byte, 1<<20))
	}
	both.Wait()
}
