package web

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/app/conn"
	websocket "parley/app/socket" // socket is a kind of response here
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// maxSocketMessage is the size of the largest message of a socket: 4,000 emoji, or 16 KiB to refuse with
// a sentence, and what htmx adds. T30 in docs/threats.md.
const maxSocketMessage = 20 << 10

// closeNotMember tells a page that its reader is no longer in the room.
const closeNotMember websocket.CloseCode = 4404

// openSocket makes a request a socket, which posts to one room under one session.
func (s *Server) openSocket(c *call) error {
	room, err := c.number("room")
	if err != nil {
		return err
	}
	if err := s.chat.CheckMember(c.ctx, c.me, room); err != nil {
		return err
	}
	response, ok := handshake(c)
	if !ok {
		c.Set(fiber.HeaderUpgrade, "websocket")
		c.Set("Sec-WebSocket-Version", websocket.Version)
		return fiber.ErrUpgradeRequired
	}
	if s.draining.Load() {
		return conn.ErrDraining
	}
	place, err := s.limiter.Acquire(conn.Socket, c.me.ID, c.addr)
	if err != nil {
		return err
	}
	r := &roomSocket{server: s, me: c.me, words: c.words(), session: c.session.ID, room: room, addr: c.addr}
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(wrapped net.Conn) {
		raw := takeConn(wrapped)
		s.sockets.Serve(raw, websocket.Options{
			Session:  r.session,
			Response: response,
			Early:    readAhead(wrapped),
			Handle:   r.handle,
			OnEnd:    place.Release,
			OnFlood:  r.suspend,
		})
	})
	return nil
}

// handshake returns the response to a client that asks for a socket, RFC 6455 section 4.2.1.
func handshake(c *call) (response []byte, ok bool) {
	h := &c.Request().Header
	if !h.IsGet() || !h.IsHTTP11() || !h.ConnectionUpgrade() || !strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") {
		return nil, false
	}
	return websocket.Handshake(c.Get("Sec-WebSocket-Key"), c.Get("Sec-WebSocket-Version"))
}

// roomSocket handles the messages of one socket.
type roomSocket struct {
	server  *Server
	me      db.User
	words   *words.Catalog
	session uint64
	room    uint64
	addr    netip.Addr
}

// suspend keeps somebody who has sent too many frames from the next socket for a while.
func (r *roomSocket) suspend() {
	r.server.limiter.Suspend(conn.Socket, r.me.ID)
	r.server.logExcess(fiber.StatusTooManyRequests, socketRoute, r.me.ID, r.addr)
}

// handle posts one message and sends the receipt, or the reason why it was not posted.
func (r *roomSocket) handle(c *websocket.Conn, message []byte) websocket.CloseCode {
	if isTyping(message) {
		r.notifyTyping()
		return websocket.KeepOpen
	}
	draft, err := parseDraft(message)
	if err != nil {
		return websocket.PolicyViolation
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	seq, err := r.post(ctx, draft)
	if errors.Is(err, chat.ErrSignedOut) {
		return websocket.SignedOut
	}
	if err == nil {
		return send(c, views.Receipt(r.words, draft.Key, seq, chat.NewKey()))
	}
	if statusOf(err) == fiber.StatusNotFound {
		return closeNotMember
	}
	status, sentence := refusal(r.words, err)
	if status == fiber.StatusTooManyRequests {
		r.server.metrics.tooMany.WithLabelValues(socketRoute).Inc()
		r.server.logExcess(status, socketRoute, r.me.ID, r.addr)
	}
	if status >= fiber.StatusInternalServerError || sentence == "" {
		r.server.options.Log.Error("a post over a socket failed", "status", status, "error", err, "user", r.me.ID)
	}
	if sentence == "" {
		status, sentence = fiber.StatusInternalServerError, r.words.Refusals.OurFault
	}
	return send(c, views.Refusal(draft.Key, statusForScript(status, err), sentence, errors.Is(err, chat.ErrBadReply)))
}

// post posts a message if its author is still signed in. What comes too fast costs no query.
func (r *roomSocket) post(ctx context.Context, draft chat.Draft) (uint64, error) {
	if err := r.server.chat.CheckPace(r.me); err != nil {
		r.server.metrics.observePost("socket", time.Now(), err)
		return 0, err
	}
	draft.Session = r.session
	return r.server.post(ctx, "socket", r.me, r.room, draft)
}

// notifyTyping notifies the others in the room. It does not matter enough to report an error to the page.
func (r *roomSocket) notifyTyping() {
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	if err := r.server.chat.NotifyTyping(ctx, r.me, r.room); err != nil {
		r.server.options.Log.Debug("announcing who is typing failed", "error", err)
	}
}

func send(c *websocket.Conn, answer component) websocket.CloseCode {
	html, err := renderHTML(answer)
	if err != nil {
		return websocket.InternalError
	}
	c.Send(html)
	return websocket.KeepOpen
}
