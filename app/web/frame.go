package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"parley/app/chat"
)

// What a socket is closed for.
var (
	errProtocol = errors.New("web: the frame breaks the protocol")
	errTooBig   = errors.New("web: the frame is too big")
	errNotText  = errors.New("web: the frame is not text")
	errNotUTF8  = errors.New("web: the text is not UTF-8")
	errGoodbye  = errors.New("web: the other side closed the socket")
	errDraft    = errors.New("web: the frame is not a message")
)

func closeCode(err error) ws.StatusCode {
	switch {
	case errors.Is(err, errProtocol):
		return ws.StatusProtocolError
	case errors.Is(err, errTooBig):
		return ws.StatusMessageTooBig
	case errors.Is(err, errNotText):
		return ws.StatusUnsupportedData
	case errors.Is(err, errNotUTF8):
		return ws.StatusInvalidFramePayloadData
	case errors.Is(err, errGoodbye):
		return ws.StatusNormalClosure
	}
	return 0 // the connection is gone
}

// frameReader reads whole text messages. Frames that no browser would send end the socket.
type frameReader struct {
	from    io.Reader
	conn    net.Conn // below from, for its deadline
	silence time.Duration
	pong    func(payload []byte)
	part    []byte // of a message in several frames
	parts   bool
}

func (r *frameReader) next() ([]byte, error) {
	for {
		if err := r.conn.SetReadDeadline(time.Now().Add(r.silence)); err != nil {
			return nil, err
		}
		header, err := ws.ReadHeader(r.from)
		if err != nil {
			return nil, err
		}
		if !header.Masked || header.Rsv != 0 || header.OpCode.IsControl() && (!header.Fin || header.Length > ws.MaxControlFramePayloadSize) {
			return nil, errProtocol
		}
		if header.Length > maxSocketFrame || int64(len(r.part))+header.Length > maxSocketFrame {
			return nil, errTooBig
		}
		payload := make([]byte, header.Length)
		if _, err := io.ReadFull(r.from, payload); err != nil {
			return nil, err
		}
		ws.Cipher(payload, header.Mask, 0)
		switch header.OpCode {
		case ws.OpPing:
			r.pong(payload)
		case ws.OpPong:
		case ws.OpClose:
			return nil, errGoodbye
		case ws.OpText, ws.OpContinuation:
			if (header.OpCode == ws.OpContinuation) != r.parts {
				return nil, errProtocol
			}
			r.part, r.parts = append(r.part, payload...), !header.Fin
			if header.Fin {
				message := r.part
				r.part = nil
				if !utf8.Valid(message) {
					return nil, errNotUTF8
				}
				return message, nil
			}
		case ws.OpBinary:
			return nil, errNotText
		default:
			return nil, errProtocol
		}
	}
}

// isWriting tells the frame by which a page says that somebody writes.
func isWriting(message []byte) bool { return string(message) == `{"writing":true}` }

// parseDraft reads the JSON that hx-ws:send makes of the composer.
func parseDraft(message []byte) (chat.Draft, error) {
	var in struct {
		Body    *string `json:"body"`
		Key     string  `json:"key"`
		ReplyTo string  `json:"reply_to"`
	}
	decoder := json.NewDecoder(bytes.NewReader(message))
	if err := decoder.Decode(&in); err != nil || in.Body == nil || decoder.More() {
		return chat.Draft{}, errDraft
	}
	draft := chat.Draft{Key: in.Key, Body: *in.Body, ReplyTo: seqOf(in.ReplyTo)}
	if hasLoneSurrogate(message) {
		draft.Body = "\xff" // the decoder hides it behind U+FFFD; the rule refuses what is no text
	}
	return draft, nil
}

// hasLoneSurrogate tells whether a JSON text has half of a pair of \u escapes.
func hasLoneSurrogate(text []byte) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		first, ok := escape(text[i:])
		if !ok {
			i++ // another escape, perhaps of a backslash
			continue
		}
		i += 5
		if first&0xf800 != 0xd800 {
			continue
		}
		second, ok := escape(text[i+1:])
		if first >= 0xdc00 || !ok || second&0xfc00 != 0xdc00 {
			return true
		}
		i += 6
	}
	return false
}

func escape(text []byte) (code uint16, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, digit := range text[2:6] {
		code <<= 4
		switch {
		case digit >= '0' && digit <= '9':
			code |= uint16(digit - '0')
		case digit|0x20 >= 'a' && digit|0x20 <= 'f':
			code |= uint16(digit|0x20-'a') + 10
		default:
			return 0, false
		}
	}
	return code, true
}
