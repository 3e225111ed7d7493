package live

import (
	"net"
	"time"

	"parley/app/conn"
)

// output is what the bytes of a viewer are written to. With TLS they are encrypted first, and what the kernel does not
// accept at once is encrypted already, so that no viewer holds up the others in either case.
type output struct {
	nonblockingConn
	tls *conn.TLS // nil without TLS
}

// sealedMore is about how many bytes TLS adds to an event.
const sealedMore = 64

func newOutput(c net.Conn) output {
	if t, ok := c.(*conn.TLS); ok {
		return output{newNonblockingConn(t.Accepted()), t}
	}
	return output{nonblockingConn: newNonblockingConn(c)}
}

// tryWrite writes what the kernel accepts at once, and returns the rest for writeSlowly.
func (o *output) tryWrite(b []byte) (rest []byte, err error) {
	if o.tls != nil {
		if b, err = o.tls.Seal(make([]byte, 0, len(b)+sealedMore), b); err != nil {
			return nil, err
		}
	}
	n, err := o.writeNow(b)
	return b[n:], err
}

// tryEnd makes TLS say that the connection ends properly: a response without chunks could have been cut off otherwise.
func (o *output) tryEnd() {
	if o.tls == nil {
		return
	}
	if b, err := o.tls.SealEnd(nil); err == nil {
		_, _ = o.writeNow(b)
	}
}

// writeSlowly writes a rest, and waits for the kernel for as long as is given.
func (o *output) writeSlowly(rest []byte, timeout time.Duration) error {
	_ = o.conn.SetWriteDeadline(time.Now().Add(timeout))
	_, err := o.conn.Write(rest)
	_ = o.conn.SetWriteDeadline(time.Time{})
	return err
}
