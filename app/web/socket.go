package web

import (
	"bytes"
	"context"
	"crypto/sha1" // #nosec G505 -- RFC 6455 names it; it protects nothing
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"
	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/live"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// The limits of a socket: T30 in docs/threats.md.
const (
	maxSocketFrame = 20 << 10 // 4,000 emoji, or 16 KiB to refuse with a sentence, and what htmx adds
	pingEvery      = 20 * time.Second
	socketSilence  = 65 * time.Second // three pings without an answer
	socketWrite    = 10 * time.Second
)

// Close codes of our own; htmx does not come back after a code of 4000 and more.
const (
	closeSignedOut ws.StatusCode = 4401
	closeNotMember ws.StatusCode = 4404
	closeRestart   ws.StatusCode = 1012
)

// openSocket makes a socket of a request: it posts to one room, under one session.
func (s *Server) openSocket(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if _, _, err := s.chat.Enter(c.ctx, c.me, room); err != nil {
		return err
	}
	key, ok := handshake(c)
	if !ok {
		c.Set(fiber.HeaderUpgrade, "websocket")
		c.Set("Sec-WebSocket-Version", "13")
		return fiber.ErrUpgradeRequired
	}
	if s.draining.Load() {
		return live.ErrDrained
	}
	out, err := s.door.Acquire(live.ConnSocket, c.me.ID, c.addr)
	if err != nil {
		return err
	}
	k := &socketConn{s: s, me: c.me, words: c.words(), session: c.session.ID, room: room, gone: out}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // #nosec G401
	head := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) {
		k.conn, k.early = rawConn(conn), readAhead(conn)
		s.sockets.serve(k, []byte(head))
	})
	return nil
}

// handshake reads the key of a client that asks for a socket, RFC 6455 section 4.2.1.
func handshake(c *call) (key string, ok bool) {
	key = c.Get("Sec-WebSocket-Key")
	random, err := base64.StdEncoding.DecodeString(key)
	h := &c.Request().Header
	return key, err == nil && len(random) == 16 && h.IsGet() && h.IsHTTP11() && h.ConnectionUpgrade() &&
		strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") && c.Get("Sec-WebSocket-Version") == "13"
}

// socketConn is one socket. One goroutine reads; whoever writes holds the lock.
type socketConn struct {
	s       *Server
	me      db.User
	words   *words.Catalog
	session uint64
	room    uint64
	conn    net.Conn
	early   []byte // what came right behind the handshake
	gone    func()

	mu     sync.Mutex
	closed bool
}

func (k *socketConn) run() {
	code := ws.StatusInternalServerError
	k.s.safely("a socket", func() { code = k.takeAll() })
	k.close(code)
}

// takeAll reads posts until the socket ends, one at a time, so that they keep their order.
func (k *socketConn) takeAll() ws.StatusCode {
	in := frameReader{from: io.MultiReader(bytes.NewReader(k.early), k.conn), conn: k.conn, silence: k.s.sockets.silence, pong: k.pong}
	for {
		message, err := in.next()
		if err != nil {
			return closeCode(err)
		}
		if code := k.take(message); code != 0 {
			return code
		}
	}
}

// take posts one message and answers it. It answers a close code when the socket is over.
func (k *socketConn) take(message []byte) ws.StatusCode {
	if isWriting(message) {
		k.takeWriting()
		return 0
	}
	draft, err := parseDraft(message)
	if err != nil {
		return ws.StatusPolicyViolation
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	alive, err := k.s.accounts.AliveSessions(ctx, []uint64{k.session})
	if err == nil && !alive[k.session] {
		return closeSignedOut
	}
	var seq uint64
	if err == nil {
		seq, err = k.s.post(ctx, "socket", k.me, k.room, draft)
	}
	if draft.ReplyTo != 0 && err == nil {
		if code := k.say(views.ClearReply()); code != 0 {
			return code
		}
	}
	if err == nil {
		return k.say(views.Receipt(k.words, draft.Key, seq, chat.NewKey()))
	}
	if statusOf(err) == fiber.StatusNotFound {
		return closeNotMember
	}
	status, sentence := refusal(k.words, err)
	if sentence == "" {
		k.s.o.Log.Error("a post over a socket failed", "error", err, "user", k.me.ID)
		status, sentence = 500, k.words.Refusals.OurFault
	}
	return k.say(views.Refusal(draft.Key, status, sentence, errors.Is(err, chat.ErrBadReply)))
}

// takeWriting tells the others. Nothing of it matters enough to answer, or to end the socket for.
func (k *socketConn) takeWriting() {
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	if err := k.s.chat.NotifyTyping(ctx, k.me, k.room); err != nil {
		k.s.o.Log.Debug("who writes was not told", "error", err)
	}
}

func (k *socketConn) say(answer component) ws.StatusCode {
	html, err := renderHTML(answer)
	if err != nil {
		return ws.StatusInternalServerError
	}
	k.write(ws.NewTextFrame(html))
	return 0
}

func (k *socketConn) ping()               { k.write(ws.NewPingFrame(nil)) }
func (k *socketConn) pong(payload []byte) { k.write(ws.NewPongFrame(payload)) }

// write sends a frame. A client that does not take it is hung up: its key settles the rest.
func (k *socketConn) write(f ws.Frame) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	_ = k.conn.SetWriteDeadline(time.Now().Add(socketWrite))
	if err := ws.WriteFrame(k.conn, f); err != nil {
		k.closed = true
		_ = k.conn.Close()
	}
}

func (k *socketConn) close(code ws.StatusCode) {
	if code != 0 {
		k.write(ws.NewCloseFrame(ws.NewCloseFrameBody(code, "")))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	_ = k.conn.Close()
}
