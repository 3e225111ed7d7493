package web

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

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
	half, isBroken := loneSurrogate(message)
	var surrogate uint16
	if isBroken {
		surrogate, _ = escape(message[half:])
		message = slices.Concat(message[:half], []byte(placeholder), message[half+len(placeholder):])
	}
	if err := json.Unmarshal(message, &in); err != nil || in.Body == nil {
		return chat.Draft{}, errNotDraft
	}
	draft := chat.Draft{Key: in.Key, Body: *in.Body, ReplyTo: parseSeq(in.ReplyTo)}
	if isBroken { // the decoder would replace it by U+FFFD; this is refused, because it is not text
		before, after, _ := strings.Cut(draft.Body, "\ufdd0")
		draft.Body = before + string([]byte{0xe0 | byte(surrogate>>12), 0x80 | byte(surrogate>>6&0x3f), 0x80 | byte(surrogate&0x3f)}) + after
	}
	return draft, nil
}

// placeholder is as long as the escape that it takes the place of, and no text has what it stands for.
const placeholder = `\ufdd0`

// loneSurrogate finds half of a surrogate pair of \u escapes in JSON text.
func loneSurrogate(text []byte) (at int, found bool) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		first, ok := escape(text[i:])
		if !ok {
			i++ // another escape, perhaps of a backslash
			continue
		}
		at = i
		i += 5
		if first&0xf800 != 0xd800 {
			continue
		}
		second, ok := escape(text[i+1:])
		if first >= 0xdc00 || !ok || second&0xfc00 != 0xdc00 {
			return at, true
		}
		i += 6
	}
	return 0, false
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
