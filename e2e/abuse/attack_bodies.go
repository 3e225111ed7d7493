package abuse

import (
	"context"
	"fmt"
	"io"
)

// hugeBody is how large the bodies are.
const hugeBody = 100_000_000

// hugeBodies sends bodies of 100 MB as posts, in turn with their length and in chunks that never end, as somebody who is
// signed in and as somebody who is not.
func hugeBodies(ctx context.Context, t *attempt) {
	part := make([]byte, 64<<10)
	for i := range part {
		part[i] = 'x'
	}
	chunk := fmt.Appendf(nil, "%x\r\n%s\r\n", len(part), part)
	n := 0
	t.keep(ctx, func() {
		path := t.own + "/messages"
		if n/2%2 == 1 {
			path = "/sign-in"
		}
		if n++; n%2 == 1 {
			t.pour(ctx, path, part, fmt.Sprint("Content-Length: ", hugeBody))
		} else {
			t.pour(ctx, path, chunk, "Transfer-Encoding: chunked")
		}
	})
}

// pour sends a part again and again, until the server answers or hangs up.
func (t *attempt) pour(ctx context.Context, path string, part []byte, length string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := t.ask(ctx, "POST", path, "Content-Type: application/x-www-form-urlencoded", length)
	if err != nil {
		t.count(0, err)
		return
	}
	defer func() { _ = c.Close() }()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for n := 0; n < hugeBody; n += len(part) {
			if _, err := c.Write(part); err != nil {
				return
			}
		}
	}()
	t.answered(ctx, c)
	_, _ = io.CopyN(io.Discard, c, 1<<20) // the rest of the answer, and the end
	_ = c.Close()
	<-sent
}
