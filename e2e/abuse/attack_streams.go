package abuse

import (
	"context"
	"io"
	"net"
	"time"
)

// streamsEach is the number of streams that a person opens at once; twelve are allowed.
const streamsEach = 10

// forgottenStreams opens streams within ten seconds, and never reads or closes them.
func forgottenStreams(ctx context.Context, t *attempt) {
	sleep(ctx, time.Duration(t.random.Int64N(int64(10*time.Second))))
	var open []net.Conn
	for range streamsEach {
		if ctx.Err() != nil {
			break
		}
		c, err := t.ask(ctx, "GET", "/events")
		if err != nil {
			t.count(0, err)
			continue
		}
		if t.answered(ctx, c) {
			open = append(open, c)
		}
	}
	<-ctx.Done()
	for _, c := range open {
		_ = c.Close()
	}
}

// storms opens as many streams, reads them, and hangs up on all at the same moment as everybody else.
func storms(ctx context.Context, t *attempt) {
	const every = 10 * time.Second
	for ctx.Err() == nil {
		wave, over := context.WithDeadline(ctx, time.Now().Add(every).Truncate(every))
		inParallel(streamsEach, func(int) { t.readUntil(wave) })
		<-wave.Done()
		over()
	}
}

// readUntil reads a stream until the context ends.
func (t *attempt) readUntil(ctx context.Context) {
	c, err := t.ask(ctx, "GET", "/events")
	if err != nil {
		if ctx.Err() == nil {
			t.count(0, err)
		}
		return
	}
	defer func() { _ = c.Close() }()
	_ = c.(*net.TCPConn).SetLinger(0) // its end is a reset, as of a network that has gone
	if t.answered(ctx, c) {
		_ = c.SetDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, c)
	}
}
