package web

import (
	"encoding/json"
	"errors"

	"parley/app/chat"
)

var errNotDraft = errors.New("web: the message is not a draft")

// isTyping reports whether a page says with this message that somebody is typing.
func isTyping(message []byte) bool { return string(message) == `{"writing":true}` }

// parseDraft parses the JSON that hx-ws:send makes of the composer.
func parseDraft(message []byte) (chat.Draft, error) {
	var in struct {
		Body    *string `json:"body"`
		Key     string  `json:"key"`
		ReplyTo string  `json:"reply_to"`
	}
	if err := json.Unmarshal(message, &in); err != nil || in.Body == nil {
		return chat.Draft{}, errNotDraft
	}
	draft := chat.Draft{Key: in.Key, Body: *in.Body, ReplyTo: parseSeq(in.ReplyTo)}
	if hasLoneSurrogate(message) {
		draft.Body = "\xff" // the decoder replaces it by U+FFFD; this is refused because it is not text
	}
	return draft, nil
}

// hasLoneSurrogate reports whether JSON text has half of a surrogate pair of \u escapes.
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

// escape parses the \u escape at the start of a text.
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
