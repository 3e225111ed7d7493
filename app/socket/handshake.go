package socket

import (
	"crypto/sha1" // #nosec G505 -- RFC 6455 names it; it protects nothing
	"encoding/base64"
)

// Version is the only version of the protocol, in a Sec-WebSocket-Version header.
const Version = "13"

// acceptGUID is what RFC 6455 section 1.3 appends to a client's key.
const acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// Handshake returns the response to a request for a WebSocket, from its Sec-WebSocket-Key and
// Sec-WebSocket-Version headers. It is not ok if the headers are not those of a client. The caller
// checks the rest of RFC 6455 section 4.2.1: the method, the HTTP version and the upgrade headers.
func Handshake(key, version string) (response []byte, ok bool) {
	random, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(random) != 16 || version != Version {
		return nil, false
	}
	sum := sha1.Sum([]byte(key + acceptGUID)) // #nosec G401
	return []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"), true
}
