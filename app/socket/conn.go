package socket

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// CloseCode is why a socket is closed. The client in htmx comes back after Restart, and does not
// after PolicyViolation and codes of 4000 or more.
type CloseCode uint16

// The codes of RFC 6455 that are used here, and SignedOut, which is our own.
const (
	KeepOpen        CloseCode = 0 // no code: do not close the socket
	Normal          CloseCode = CloseCode(ws.StatusNormalClosure)
	ProtocolError   CloseCode = CloseCode(ws.StatusProtocolError)
	NotText         CloseCode = CloseCode(ws.StatusUnsupportedData)
	InvalidText     CloseCode = CloseCode(ws.StatusInvalidFramePayloadData)
	PolicyViolation CloseCode = CloseCode(ws.StatusPolicyViolation)
	TooBig          CloseCode = CloseCode(ws.StatusMessageTooBig)
	InternalError   CloseCode = CloseCode(ws.StatusInternalServerError)
	Restart         CloseCode = 1012
	SignedOut       CloseCode = 4401
)

// Conn is an open socket. One goroutine reads from it; whoever writes holds the lock.
type Conn struct {
	server  *Server
	raw     net.Conn
	options Options

	mu     sync.Mutex
	closed bool
}

// Send sends a text message. A client that does not accept it in time is disconnected.
func (c *Conn) Send(text []byte) { c.write(ws.NewTextFrame(text)) }

// SignOut closes the socket because its session has ended.
func (c *Conn) SignOut() { go c.close(SignedOut) }

// Drain closes the socket because the process is shutting down. There is no way to tell the client
// when to come back.
func (c *Conn) Drain(time.Duration) { go c.close(Restart) }

// run handles messages until the socket ends. A panic of the handler ends this socket only.
func (c *Conn) run() {
	code := InternalError
	c.server.recovering("a socket", func() { code = c.handleAll() })
	c.close(code)
}

func (c *Conn) handleAll() CloseCode {
	in := newReader(c)
	for {
		message, err := in.next()
		if errors.Is(err, errTooManyFrames) && c.options.OnFlood != nil {
			c.options.OnFlood()
		}
		if err != nil {
			return closeCode(err)
		}
		if code := c.options.Handle(c, message); code != KeepOpen {
			return code
		}
	}
}

func (c *Conn) ping()               { c.write(ws.NewPingFrame(nil)) }
func (c *Conn) pong(payload []byte) { c.write(ws.NewPongFrame(payload)) }

func (c *Conn) write(f ws.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	_ = c.raw.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := ws.WriteFrame(c.raw, f); err != nil {
		c.closed = true
		_ = c.raw.Close()
	}
}

// close closes the socket with a code; 0 is for a connection that is gone already.
func (c *Conn) close(code CloseCode) {
	if code != 0 {
		c.write(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusCode(code), "")))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	_ = c.raw.Close()
}
