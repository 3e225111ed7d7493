package abuse

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/gobwas/ws"
)

// frames writes as fast as it is read.
func frames(ctx context.Context, t *attempt) {
	kinds := []ws.Frame{
		ws.NewPingFrame(nil), ws.NewFrame(ws.OpText, false, nil), ws.NewTextFrame([]byte(`{"writing":true}`)),
	}
	inParallel(len(kinds), func(i int) {
		var many bytes.Buffer
		for range 100 {
			f := kinds[i]
			if f.Header.OpCode == ws.OpText && !f.Header.Fin && many.Len() > 0 {
				f = ws.NewFrame(ws.OpContinuation, false, nil)
			}
			_ = ws.WriteFrame(&many, ws.MaskFrame(f)) // a buffer takes everything
		}
		for ctx.Err() == nil {
			t.flood(ctx, many.Bytes())
			sleep(ctx, t.pause)
		}
	})
}

// flood counts hundreds of frames.
func (t *attempt) flood(ctx context.Context, many []byte) {
	conn, err := t.dial(ctx, t.group)
	if !t.count(statusOf(err)) {
		return
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for ctx.Err() == nil {
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := conn.Write(many); err != nil {
			return // the server has hung up
		}
		t.counts.requests.Add(1)
		t.counts.accepted.Add(1)
	}
}

func sockets(ctx context.Context, t *attempt) {
	t.keep(ctx, func() {
		conn, err := t.dial(ctx, t.direct)
		if t.count(statusOf(err)) {
			_ = conn.Close()
		}
	})
}
