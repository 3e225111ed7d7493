package socket

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// deafConn takes every deadline and write, and has nothing to read.
type deafConn struct{ net.Conn }

func (deafConn) Read([]byte) (int, error)         { return 0, io.EOF }
func (deafConn) Write(b []byte) (int, error)      { return len(b), nil }
func (deafConn) Close() error                     { return nil }
func (deafConn) SetReadDeadline(time.Time) error  { return nil }
func (deafConn) SetWriteDeadline(time.Time) error { return nil }

// Whatever a client sends, a message is text of an allowed size, and everything else is an error.
func FuzzReader(f *testing.F) {
	const maxMessage = 64
	masked := func(frame ws.Frame) []byte { return ws.MustCompileFrame(ws.MaskFrame(frame)) }
	f.Add(masked(ws.NewTextFrame([]byte("hello"))))
	f.Add(append(masked(ws.NewFrame(ws.OpText, false, []byte("\xc3"))), masked(ws.NewFrame(ws.OpContinuation, true, []byte("\xa9")))...))
	f.Add(append(masked(ws.NewPingFrame([]byte("x"))), masked(ws.NewCloseFrame(nil))...))
	f.Add([]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add(masked(ws.NewTextFrame(bytes.Repeat([]byte("x"), maxMessage+1))))
	f.Add(masked(ws.NewBinaryFrame([]byte("x"))))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	server := &Server{MaxSilence: time.Minute, log: slog.New(slog.DiscardHandler), maxMessage: maxMessage}
	f.Fuzz(func(t *testing.T, sent []byte) {
		in := newReader(&Conn{server: server, raw: deafConn{}, options: Options{Early: sent}})
		for {
			message, err := in.next()
			if err != nil {
				return
			}
			if len(message) > maxMessage || !utf8.Valid(message) {
				t.Errorf("the message is %q", message)
			}
		}
	})
}
